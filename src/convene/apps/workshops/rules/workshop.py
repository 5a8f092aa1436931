"""What may be done to a workshop, and when. States are strings, as the model stores them."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from enum import StrEnum

from django.db.models import TextChoices
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from convene.foundation.errors import RuleBroken

DRAFT, PUBLISHED, POSTPONED, CANCELLED, HELD = "draft", "published", "postponed", "cancelled", "held"
EDITABLE = (DRAFT, PUBLISHED, POSTPONED)
LONGEST = dt.timedelta(hours=24)
MOST_SESSIONS = 60
MINIMUM_NOTICE = dt.timedelta(days=7)
SMALL_SEATS = 12


class MinimumDecision(TextChoices):
    RUN_SMALL = "run_small", gettext_lazy("run it small")
    MERGE = "merge", gettext_lazy("merge it into another")
    POSTPONE = "postpone", gettext_lazy("postpone it")
    CONVERSATION = "conversation", gettext_lazy("make it an open conversation")


class Standing(StrEnum):
    """What a person is to a workshop's seats."""

    SEATED = "seated"
    ASKED = "asked"
    NONE = "none"


def check_editable(state: str) -> None:
    if state not in EDITABLE:
        raise RuleBroken(_("It is over or cancelled, so it is kept as it was."), code="not_editable")


def check_session_times(starts_at: dt.datetime, ends_at: dt.datetime) -> None:
    if ends_at <= starts_at:
        raise RuleBroken(_("A session ends after it starts."), code="ends_before_start", field="minutes")
    if ends_at - starts_at > LONGEST:
        raise RuleBroken(
            _("A session lasts at most 24 hours. Add a second session for the next day."),
            code="too_long",
            field="minutes",
        )


def check_future(starts_at: dt.datetime, now: dt.datetime) -> None:
    if starts_at <= now:
        raise RuleBroken(_("This time has passed. Choose a later one."), code="in_the_past", field="starts")


def check_no_overlap(times: Sequence[tuple[dt.datetime, dt.datetime]]) -> None:
    """Sessions of one workshop follow each other."""
    ordered = sorted(times)
    for (_start, ends_at), (next_start, _end) in itertools.pairwise(ordered):
        if next_start < ends_at:
            raise RuleBroken(
                _("Two sessions of one workshop overlap. Move one of them."),
                code="sessions_overlap",
                field="starts",
            )


def check_room_for_session(count: int) -> None:
    if count >= MOST_SESSIONS:
        raise RuleBroken(_("That is more sessions than one workshop holds."), code="too_many_sessions")


def check_removable(state: str, sessions: int) -> None:
    check_editable(state)
    if state != DRAFT and sessions <= 1:
        raise RuleBroken(
            _("People hold on to the only session. Postpone or cancel instead."), code="last_session"
        )


def check_state(state: str, allowed: Collection[str]) -> None:
    """Raises with words for what stands in the way."""
    if state in allowed:
        return
    reasons = {
        DRAFT: _("It is not published yet."),
        PUBLISHED: _("It is published already."),
        POSTPONED: _("It is postponed."),
        CANCELLED: _("It is cancelled."),
        HELD: _("It has taken place."),
    }
    raise RuleBroken(reasons[state], code=f"is_{state}")


def check_reason(reason: str) -> None:
    if not reason.strip():
        raise RuleBroken(
            _("Say why: everyone who has a seat reads it."), code="reason_missing", field="reason"
        )


def check_over(ends: Sequence[dt.datetime], now: dt.datetime) -> None:
    if not ends or max(ends) > now:
        raise RuleBroken(_("Its last session is still to come."), code="not_over")


@dataclass(frozen=True)
class SeatFigures:
    """Numbers of a workshop's seats. `capacity` None: no limit."""

    capacity: int | None = None
    minimum: int = 0
    seated: int = 0
    asked: int = 0


def decision_due_at(first_start: dt.datetime, published_at: dt.datetime) -> dt.datetime:
    """Seven days before; for one published later than that, half-way, so that people had time to ask."""
    return max(first_start - MINIMUM_NOTICE, published_at + (first_start - published_at) / 2)


def needs_decision(
    *,
    figures: SeatFigures,
    first_start: dt.datetime,
    published_at: dt.datetime,
    decided: bool,
    now: dt.datetime,
) -> bool:
    """Below its minimum when the decision is due, and nobody has said what becomes of it."""
    near = decision_due_at(first_start, published_at) <= now < first_start
    return near and not decided and figures.seated < figures.minimum


def may_share_beyond_seats(recording: str) -> bool:
    """ "Closed" means that nothing leaves the room, its papers included."""
    return recording != "closed"


def sees_resource(*, share: str, recording: str, standing: Standing, leads: bool) -> bool:
    if leads or standing == Standing.SEATED:
        return True
    return share == "asked" and standing == Standing.ASKED and may_share_beyond_seats(recording)


FILE_TYPES = {
    "pdf": "application/pdf",
    "txt": "text/plain; charset=utf-8",
    "md": "text/plain; charset=utf-8",
    "csv": "text/csv; charset=utf-8",
    "png": "image/png",
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "odt": "application/vnd.oasis.opendocument.text",
    "ods": "application/vnd.oasis.opendocument.spreadsheet",
    "odp": "application/vnd.oasis.opendocument.presentation",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "mp3": "audio/mpeg",
    "vtt": "text/vtt; charset=utf-8",
    "epub": "application/epub+zip",
}
"""What may be uploaded, and what it is served as. Nothing that a browser or a computer would run."""
_BEGINNINGS = {
    "pdf": (b"%PDF-",),
    "png": (b"\x89PNG\r\n\x1a\n",),
    "jpg": (b"\xff\xd8\xff",),
    "jpeg": (b"\xff\xd8\xff",),
    "mp3": (b"ID3", b"\xff\xfb", b"\xff\xf3", b"\xff\xf2"),
    "vtt": (b"WEBVTT", b"\xef\xbb\xbfWEBVTT"),
    **dict.fromkeys(("odt", "ods", "odp", "docx", "xlsx", "pptx", "epub"), (b"PK\x03\x04",)),
}
_TEXTS = ("txt", "md", "csv")
LARGEST_FILE = 25 * 1024 * 1024


def check_file(name: str, size: int, beginning: bytes) -> str:
    """The extension of an upload whose name, size and first bytes agree. Raises RuleBroken."""
    extension = name.rpartition(".")[2].lower() if "." in name else ""
    if extension not in FILE_TYPES:
        kinds = ", ".join(sorted(FILE_TYPES))
        raise RuleBroken(
            _("Files of this type cannot be shared here. Possible are: %(kinds)s.") % {"kinds": kinds},
            code="file_type",
            field="file",
        )
    if size > LARGEST_FILE:
        mib = LARGEST_FILE // (1024 * 1024)
        raise RuleBroken(
            ngettext(
                "A file has at most %(count)d MB. Link to a larger one instead.",
                "A file has at most %(count)d MB. Link to a larger one instead.",
                mib,
            )
            % {"count": mib},
            code="file_size",
            field="file",
        )
    honest = (
        b"\x00" not in beginning
        if extension in _TEXTS
        else any(beginning.startswith(start) for start in _BEGINNINGS[extension])
    )
    if not honest or size == 0:
        raise RuleBroken(
            _("This file is empty, or not what its name says."), code="file_content", field="file"
        )
    return extension
