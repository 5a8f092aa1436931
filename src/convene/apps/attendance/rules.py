"""When presence may be recorded, what several sessions add up to, who gets a certificate. Pure."""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Iterable, Sequence

from django.utils.translation import gettext as _

from convene.foundation.errors import RuleBroken

ATTENDED, PARTLY, APOLOGISED, ABSENT = "attended", "partly_attended", "apologised", "absent"
EXPECTED = "expected"
PRESENT = frozenset({ATTENDED, PARTLY})

OPENS_BEFORE = dt.timedelta(minutes=30)
"""The door, the room code and the join link open this long before a session."""
CODE_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
"""No i, l, o, 0, 1: read aloud and copied from a wall."""
CODE_LENGTH = 8
FULL_SHARE = 0.8
"""Minutes from an import below this share of the session count as partly attended."""


def check_open(*, starts_at: dt.datetime, ends_at: dt.datetime, now: dt.datetime) -> None:
    """People check themselves in from half an hour before until the end."""
    if now < starts_at - OPENS_BEFORE:
        raise RuleBroken(_("This opens half an hour before the start."), code="too_early")
    if now > ends_at:
        raise RuleBroken(
            _("This session is over. If you were there, say so on your record."), code="too_late"
        )


def check_begun(*, starts_at: dt.datetime, now: dt.datetime) -> None:
    """Nobody is absent from what has not begun."""
    if now < starts_at - OPENS_BEFORE:
        raise RuleBroken(_("This session has not begun."), code="not_begun")


def check_minutes(minutes: int | None, *, planned: int) -> None:
    if minutes is not None and not 0 <= minutes <= planned:
        raise RuleBroken(
            _("Between 0 and %(planned)d minutes: that is how long the session was.") % {"planned": planned},
            code="minutes_out_of_range",
            field="minutes",
        )


def planned_minutes(starts_at: dt.datetime, ends_at: dt.datetime) -> int:
    return int((ends_at - starts_at).total_seconds() // 60)


def minutes_from_arrival(arrived_at: dt.datetime, starts_at: dt.datetime, ends_at: dt.datetime) -> int:
    """From arrival (or the start, if earlier) to the end: the join link sees no one leave."""
    return max(0, planned_minutes(max(arrived_at, starts_at), ends_at))


def state_from_minutes(minutes: int, *, planned: int) -> str:
    if minutes <= 0:
        return ABSENT
    return ATTENDED if minutes >= FULL_SHARE * planned else PARTLY


def outcome(states: Sequence[str | None]) -> str:
    """What a registration came to, from its sessions (None: nothing recorded yet)."""
    known = [state or EXPECTED for state in states]
    if not known or all(state == EXPECTED for state in known):
        return EXPECTED
    if all(state == ATTENDED for state in known):
        return ATTENDED
    if any(state in PRESENT for state in known):
        return PARTLY
    if any(state == APOLOGISED for state in known):
        return APOLOGISED
    return EXPECTED if EXPECTED in known else ABSENT


def came(states: Iterable[str | None]) -> bool:
    """Whether there is anything to certify."""
    return any(state in PRESENT for state in states)


def new_code() -> str:
    return "".join(secrets.choice(CODE_LETTERS) for _n in range(CODE_LENGTH))


def tidy_code(typed: str) -> str:
    return "".join(letter for letter in typed.lower() if letter.isalnum())


def check_contest(*, state: str, claim: str, open_already: bool) -> None:
    if open_already:
        raise RuleBroken(
            _("You have told us already; a steward will answer."), code="contest_open", field="claim"
        )
    if claim == state:
        raise RuleBroken(_("That is what the record says."), code="contest_same", field="claim")


def check_answers(*, useful: int | None, said: int | None, change: str) -> None:
    if useful is None and said is None and not change.strip():
        raise RuleBroken(_("Answer at least one of the three."), code="feedback_empty")
