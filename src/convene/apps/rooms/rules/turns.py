"""Hands, turns, invitations and questions: what may be done when, and what the room's balance is called."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from convene.foundation.errors import RuleBroken

TURN_SECONDS = (20, 600)
"""A limit shorter than the first is no turn, longer than the second no limit."""
QUESTION_LENGTH = 400
FEWEST_FOR_BALANCE = 5
"""The balance of fewer people would tell who spoke."""
EVEN, FAIRLY_EVEN = 0.20, 0.45
"""Gini up to which time is called evenly, and fairly evenly, shared."""


class Balance(StrEnum):
    """How evenly the time was shared, in a word."""

    UNKNOWN = "unknown"
    EVEN = "even"
    FAIRLY_EVEN = "fairly_even"
    UNEVEN = "uneven"


BALANCE_WORDS = {
    Balance.UNKNOWN: gettext_lazy("too early to say"),
    Balance.EVEN: gettext_lazy("evenly shared"),
    Balance.FAIRLY_EVEN: gettext_lazy("fairly evenly shared"),
    Balance.UNEVEN: gettext_lazy("a few voices fill most of the time"),
}


def balance_of(gini: float | None) -> Balance:
    """None: too few people, or nobody has spoken."""
    if gini is None:
        return Balance.UNKNOWN
    if gini <= EVEN:
        return Balance.EVEN
    return Balance.FAIRLY_EVEN if gini <= FAIRLY_EVEN else Balance.UNEVEN


def check_limit(seconds: int | None) -> None:
    least, most = TURN_SECONDS
    if seconds is not None and not least <= seconds <= most:
        raise RuleBroken(
            _("Between %(least)d and %(most)d seconds, or leave it empty for no limit.")
            % {"least": least, "most": most},
            code="turn_limit",
            field="turn_seconds",
        )


def check_turns_on(*, turns_on: bool) -> None:
    if not turns_on:
        raise RuleBroken(
            _("Turns are not taken at the moment: just speak, or ask a question here."), code="turns_off"
        )


def check_here(*, here: bool) -> None:
    if not here:
        raise RuleBroken(_("Say first that you are here."), code="not_here")


def check_question(text: str) -> str:
    """The question without spaces around it."""
    tidy = " ".join(text.split())
    if not tidy:
        raise RuleBroken(_("Write your question first."), code="empty", field="text")
    if len(tidy) > QUESTION_LENGTH:
        raise RuleBroken(
            _("At most %(n)d characters: this has %(have)d.") % {"n": QUESTION_LENGTH, "have": len(tidy)},
            code="too_long",
            field="text",
        )
    return tidy


def seconds_of(started_at: datetime, ended_at: datetime | None, now: datetime) -> float:
    """How long a turn lasted, or lasts so far; never less than nothing."""
    return max(0.0, ((ended_at or now) - started_at).total_seconds())
