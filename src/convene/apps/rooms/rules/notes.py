"""When notes may be written, by whom, and until when words can be put right. No database, no clock."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterable
from datetime import datetime
from uuid import UUID, uuid5

from django.utils.translation import gettext as _

from convene.foundation.errors import RuleBroken

CHATHAM, CLOSED = "chatham", "closed"
RUNNING, OVER = "running", "over"
REVIEW = dt.timedelta(days=5)
GRACE = dt.timedelta(hours=1)
"""After the end whoever still holds words that did not get through can add them."""
SILENCE = dt.timedelta(seconds=90)
ASKED_FOR = dt.timedelta(minutes=5)
"""Asking for the pen lapses, so that nobody waits behind someone who has gone."""
LINE_LENGTH = 1000
LINES_MOST = 80
"""In one go: about two full pages."""

PREFIXES = {"?": "open_question", "!": "pitfall", "+": "tip", "~": "change", "=": "decision"}


def digest(secret: str) -> str:
    """What is kept of a pen's secret."""
    return hashlib.sha256(secret.encode()).hexdigest()


def keeps_author(recording: str) -> bool:
    return recording != CHATHAM


def check_accepts_notes(recording: str) -> None:
    if recording == CLOSED:
        raise RuleBroken(
            _("This part is closed: nothing leaves the room, so no notes are kept."), code="closed_block"
        )


def accepts_lines(*, room_state: str, ended_at: datetime | None, now: datetime) -> bool:
    if room_state == OVER:
        return ended_at is not None and now < ended_at + GRACE
    return room_state == RUNNING


def check_accepts_lines(*, room_state: str, ended_at: datetime | None, now: datetime) -> None:
    if accepts_lines(room_state=room_state, ended_at=ended_at, now=now):
        return
    if room_state == OVER:
        text = _("The session is over. Lines that stand can be put right while the notes are in review.")
        raise RuleBroken(text, code="notes_in_review")
    raise RuleBroken(_("Notes begin when the session begins."), code="notes_not_begun")


def is_free(*, pen: str, pen_at: datetime | None, now: datetime) -> bool:
    """Nobody holds it, or whoever does has been silent for a while."""
    return not pen or pen_at is None or pen_at <= now - SILENCE


def asks_still(*, asked: str, asked_at: datetime | None, now: datetime) -> bool:
    return bool(asked) and asked_at is not None and asked_at > now - ASKED_FOR


def ids_of(new_id: UUID) -> list[UUID]:
    """The ids of lines typed in one form, in their order."""
    return [uuid5(new_id, str(place)) for place in range(LINES_MOST)]


def split(text: str) -> list[str]:
    """The lines of what was typed, without empty ones."""
    return [line for raw in text.splitlines() if (line := " ".join(raw.split()))]


def without_prefix(line: str) -> tuple[str, str]:
    """The words, and the tag that a sign before them stands for: `? why` is an open question."""
    tag = PREFIXES.get(line[:1], "")
    if tag and line[1:2] == " ":
        return line[2:].strip(), tag
    return line, ""


def check_lines(lines: Iterable[str]) -> None:
    found = list(lines)
    if len(found) > LINES_MOST:
        text = _("At most %(n)d lines at a time, please.") % {"n": LINES_MOST}
        raise RuleBroken(text, code="too_many_lines", field="new")
    if any(len(line) > LINE_LENGTH for line in found):
        text = _("A line has at most %(n)d characters. Break it where a thought ends.") % {"n": LINE_LENGTH}
        raise RuleBroken(text, code="line_too_long", field="new")


def review_ends(ended_at: datetime) -> datetime:
    return ended_at + REVIEW
