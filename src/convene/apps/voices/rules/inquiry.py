"""What an inquiry and its statements must be."""

from __future__ import annotations

import datetime as dt
import unicodedata
from collections.abc import Collection

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from convene.foundation.errors import RuleBroken

SHORTEST, LONGEST = 3, 200
MOST_BY_ONE = 10
"""Statements one author may add, so that nobody fills the list."""
MOST_PLACES = 20
VALUES = (1, 0, -1)


def tidy(text: str) -> str:
    return " ".join(text.split())


def sameness(text: str) -> str:
    """Equal for texts that differ only in case, spaces, accents and signs."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in plain if letter.isalnum())


def check_question(text: str) -> str:
    found = tidy(text)
    if len(found) < SHORTEST:
        raise RuleBroken(_("Write the question people shall answer."), code="empty", field="question")
    return found


def check_statement(text: str, known: Collection[str] = ()) -> str:
    """The text without spaces around it. `known`: texts that are there already."""
    found = tidy(text)
    if len(found) < SHORTEST:
        raise RuleBroken(_("Write one view, in a sentence."), code="empty", field="text")
    if len(found) > LONGEST:
        raise RuleBroken(
            _("%(n)d characters at most: one view in one sentence. What you wrote has %(has)d.")
            % {"n": LONGEST, "has": len(found)},
            code="too_long",
            field="text",
        )
    if sameness(found) in {sameness(one) for one in known}:
        raise RuleBroken(_("This is on the list already; you can vote on it."), code="known", field="text")
    return found


def check_how_many(written: int) -> None:
    if written >= MOST_BY_ONE:
        raise RuleBroken(
            ngettext(
                "You have added %(n)d statement, the most one person may.",
                "You have added %(n)d statements, the most one person may.",
                MOST_BY_ONE,
            )
            % {"n": MOST_BY_ONE},
            code="too_many",
            field="text",
        )


def check_value(value: int) -> None:
    if value not in VALUES:
        raise RuleBroken(_("Agree, disagree or pass."), code="value")


def check_open(state: str, closes_at: dt.datetime | None, now: dt.datetime) -> None:
    """Votes and statements are taken while it is open, and not a second longer."""
    if state == "draft":
        raise RuleBroken(_("This inquiry is not open yet."), code="not_open")
    if state == "closed" or (closes_at is not None and now >= closes_at):
        raise RuleBroken(_("This inquiry is closed."), code="closed")


def check_may_open(state: str, statements: int) -> None:
    if state == "closed":
        raise RuleBroken(_("This inquiry is closed."), code="closed")
    if statements < 1:
        raise RuleBroken(
            _("Write at least one statement first, so that people have something to answer."),
            code="no_statements",
            field="seeds",
        )


def check_terms(*, kind: str, asks: str, with_session: bool, places: int | None) -> None:
    if asks == "session" and not with_session:
        raise RuleBroken(_("Choose the session whose people are asked."), code="no_session", field="session")
    if kind == "topics" and (places is None or not 1 <= places <= MOST_PLACES):
        raise RuleBroken(
            _("Say how many workshops you can hold, from 1 to %(n)d.") % {"n": MOST_PLACES},
            code="places",
            field="places",
        )


def check_reason(text: str) -> str:
    found = tidy(text)
    if not found:
        raise RuleBroken(
            _("Say why it is taken out: everyone can read the reason."), code="no_reason", field="reason"
        )
    return found
