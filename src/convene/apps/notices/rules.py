"""The notices Convene sends: for whom, when, with which words. Pure; texts are translated when rendered."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from convene.foundation.errors import RuleBroken

if TYPE_CHECKING:
    from django.utils.functional import Promise


class NoticeKind(StrEnum):
    SEAT_REQUESTED = "seat_requested"
    APPROVAL_ASKED = "approval_asked"
    SEAT_WAITLISTED = "seat_waitlisted"
    SEAT_OFFERED = "seat_offered"
    OFFER_ENDING = "offer_ending"
    OFFER_EXPIRED = "offer_expired"
    SEAT_CONFIRMED = "seat_confirmed"
    SEAT_REFUSED = "seat_refused"
    DRAW_SEALED = "draw_sealed"
    WITNESS_NAMED = "witness_named"
    WITNESS_CALLED = "witness_called"
    SEAT_NOT_DRAWN = "seat_not_drawn"
    SEAT_CANCELLED = "seat_cancelled"
    CHOICE_REOPENED = "choice_reopened"
    TIME_CHANGED = "time_changed"
    DETAILS_CHANGED = "details_changed"
    SESSION_REMOVED = "session_removed"
    WORKSHOP_CANCELLED = "workshop_cancelled"
    WORKSHOP_POSTPONED = "workshop_postponed"
    REMINDER_DAY = "reminder_day"
    REMINDER_HOUR = "reminder_hour"
    SESSION_OVER = "session_over"
    DEBRIEF_DUE = "debrief_due"
    AFTERWARDS = "afterwards"
    CALENDAR_DECLINED = "calendar_declined"
    FACILITATOR_CALENDAR = "facilitator_calendar"
    SESSION_CALENDAR = "session_calendar"
    LETTER = "letter"


@dataclass(frozen=True)
class NoticeRule:
    """`when` and `who` in the stewards' words; `before_start`: a timed one leaves that long before a session.

    `optional`: a reader may unsubscribe from it; the others tell of their own seat and always leave.
    """

    kind: NoticeKind
    when: Promise
    who: Promise
    before_start: dt.timedelta | None = None
    optional: bool = False
    editable: bool = True


_WHO_ASKED = gettext_lazy("the person who asked")
_WHO_HOLDS = gettext_lazy("everyone with a confirmed seat")

RULES: tuple[NoticeRule, ...] = (
    NoticeRule(NoticeKind.SEAT_REQUESTED, gettext_lazy("when a request has come in"), _WHO_ASKED),
    NoticeRule(
        NoticeKind.APPROVAL_ASKED,
        gettext_lazy("when a request waits to be approved"),
        gettext_lazy("the approver and their deputy, if you named them"),
    ),
    NoticeRule(NoticeKind.SEAT_WAITLISTED, gettext_lazy("when someone joins the waiting list"), _WHO_ASKED),
    NoticeRule(NoticeKind.SEAT_OFFERED, gettext_lazy("when a seat is offered"), _WHO_ASKED),
    NoticeRule(NoticeKind.OFFER_ENDING, gettext_lazy("twelve hours before an offer ends"), _WHO_ASKED),
    NoticeRule(NoticeKind.OFFER_EXPIRED, gettext_lazy("when an offer has ended unanswered"), _WHO_ASKED),
    NoticeRule(NoticeKind.SEAT_CONFIRMED, gettext_lazy("when a seat is confirmed"), _WHO_ASKED),
    NoticeRule(NoticeKind.SEAT_REFUSED, gettext_lazy("when a request is not approved"), _WHO_ASKED),
    NoticeRule(
        NoticeKind.DRAW_SEALED,
        gettext_lazy("when a draw is sealed, before chance is known"),
        gettext_lazy("everyone in the draw, and its auditor"),
    ),
    NoticeRule(
        NoticeKind.WITNESS_NAMED,
        gettext_lazy("when someone is named a witness of a draw"),
        gettext_lazy("the witness"),
    ),
    NoticeRule(
        NoticeKind.WITNESS_CALLED,
        gettext_lazy("when a draw with witnesses is sealed"),
        gettext_lazy("each witness"),
    ),
    NoticeRule(NoticeKind.SEAT_NOT_DRAWN, gettext_lazy("after a draw"), gettext_lazy("those not drawn")),
    NoticeRule(NoticeKind.SEAT_CANCELLED, gettext_lazy("when someone gives a seat back"), _WHO_ASKED),
    NoticeRule(NoticeKind.CHOICE_REOPENED, gettext_lazy("when the time has changed"), _WHO_HOLDS),
    NoticeRule(
        NoticeKind.TIME_CHANGED,
        gettext_lazy("when the time has changed"),
        gettext_lazy("facilitators, and people who wait"),
    ),
    NoticeRule(
        NoticeKind.DETAILS_CHANGED,
        gettext_lazy("when place or link has changed"),
        gettext_lazy("everyone with a confirmed seat, and facilitators"),
    ),
    NoticeRule(
        NoticeKind.SESSION_REMOVED,
        gettext_lazy("when one session of several is taken out"),
        gettext_lazy("everyone who has it in their calendar"),
    ),
    NoticeRule(
        NoticeKind.WORKSHOP_CANCELLED,
        gettext_lazy("when it is cancelled"),
        gettext_lazy("everyone who asked, and facilitators"),
    ),
    NoticeRule(
        NoticeKind.WORKSHOP_POSTPONED,
        gettext_lazy("when it is postponed"),
        gettext_lazy("everyone who asked, and facilitators"),
    ),
    NoticeRule(
        NoticeKind.CALENDAR_DECLINED,
        gettext_lazy("when a calendar answers no"),
        _WHO_ASKED,
    ),
    NoticeRule(
        NoticeKind.REMINDER_DAY,
        gettext_lazy("a day before each session"),
        _WHO_HOLDS,
        before_start=dt.timedelta(hours=24),
        optional=True,
    ),
    NoticeRule(
        NoticeKind.REMINDER_HOUR,
        gettext_lazy("an hour before each session, with the personal join link"),
        _WHO_HOLDS,
        before_start=dt.timedelta(hours=1),
        optional=True,
    ),
    NoticeRule(
        NoticeKind.SESSION_OVER,
        gettext_lazy("ten minutes after a live session has ended"),
        gettext_lazy("everyone who was in the room"),
        optional=True,
    ),
    NoticeRule(
        NoticeKind.DEBRIEF_DUE,
        gettext_lazy("ten minutes after a live session has ended"),
        gettext_lazy("those who facilitated"),
        optional=True,
    ),
    NoticeRule(
        NoticeKind.AFTERWARDS,
        gettext_lazy("an hour after the last session"),
        gettext_lazy("everyone who came"),
        optional=True,
    ),
)
BY_KIND: Mapping[NoticeKind, NoticeRule] = {rule.kind: rule for rule in RULES}

PLACEHOLDERS: Mapping[str, Promise] = {
    "name": gettext_lazy("the reader's name"),
    "title": gettext_lazy("the title"),
    "community": gettext_lazy("the community"),
    "when": gettext_lazy("date and time, in the reader's zone"),
    "where": gettext_lazy("place, or how to join"),
    "deadline": gettext_lazy("until when an offer holds"),
    "reason": gettext_lazy("the reason given"),
    "place_in_line": gettext_lazy("the place on the waiting list"),
    "question": gettext_lazy("the warm-up question"),
    "link": gettext_lazy("the reader's own page for this seat"),
    "fingerprint": gettext_lazy("the fingerprint of a sealed draw"),
    "chance": gettext_lazy("where the chance of a draw comes from"),
    "draw": gettext_lazy("the public page of a draw"),
    "asker": gettext_lazy("who asks, in the mail to those who approve"),
    "join": gettext_lazy("the reader's own join link"),
    "feedback": gettext_lazy("the three questions afterwards"),
    "notes": gettext_lazy("the notes of the session"),
    "met": gettext_lazy("the people the reader met"),
    "debrief": gettext_lazy("the debrief of the session"),
}
_PLACEHOLDER = re.compile(r"\{([^{}]*)\}")


def check_text(text: str, *, field: str) -> None:
    """Every {word} must be one we can fill in."""
    for word in _PLACEHOLDER.findall(text):
        if word not in PLACEHOLDERS:
            raise RuleBroken(
                _("There is no placeholder {%(word)s}. You can use: %(known)s.")
                % {"word": word, "known": ", ".join(f"{{{name}}}" for name in PLACEHOLDERS)},
                code="unknown_placeholder",
                field=field,
            )


def fill(text: str, values: Mapping[str, str]) -> str:
    """Put values in; a line whose only placeholder is empty goes, so that no text dangles."""
    lines = []
    for line in text.splitlines():
        words = _PLACEHOLDER.findall(line)
        if words and all(not values.get(word, "") for word in words):
            continue
        lines.append(_PLACEHOLDER.sub(lambda match: values.get(match.group(1), ""), line))
    return "\n".join(lines).strip()


def check_letter(*, subject: str, text: str) -> None:
    if not subject.strip():
        raise RuleBroken(_("Give the mail a subject."), code="subject_missing", field="subject")
    if not text.strip():
        raise RuleBroken(_("Write something first."), code="text_missing", field="text")
