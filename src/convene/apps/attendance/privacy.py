"""What presence holds about a person."""

from __future__ import annotations

from uuid import UUID

from django.utils.translation import gettext_lazy as _

from convene.apps.attendance.models import Attendance, AttendanceImport, Contest, FeedbackGiven
from convene.foundation.privacy import Rows, register


def _export_attendance(person_id: UUID) -> Rows:
    rows = Attendance.objects.filter(registration__person_id=person_id).order_by("at")
    return [
        dict(row)
        for row in rows.values(
            "session_id", "state", "minutes", "arrived_at", "source", "reason", "at", "holds"
        )
    ]


def _erase_attendance(person_id: UUID) -> None:
    """Presence stays as a count; words about the person go."""
    Attendance.objects.filter(registration__person_id=person_id).update(reason="")


def _export_contests(person_id: UUID) -> Rows:
    rows = Contest.objects.filter(registration__person_id=person_id)
    return [dict(row) for row in rows.values("session_id", "claim", "text", "state", "reason", "created_at")]


def _erase_contests(person_id: UUID) -> None:
    Contest.objects.filter(registration__person_id=person_id).update(text="", reason="")
    Contest.objects.filter(decided_by_id=person_id).update(decided_by=None)


def _export_feedback_given(person_id: UUID) -> Rows:
    rows = FeedbackGiven.objects.filter(registration__person_id=person_id)
    return [{"workshop": str(one)} for one in rows.values_list("registration__workshop_id", flat=True)]


def _erase_feedback_given(person_id: UUID) -> None:
    """That an answer was given stays, on a registration without a name; the answer was never linked."""


def _export_imports(person_id: UUID) -> Rows:
    return [
        dict(row)
        for row in AttendanceImport.objects.filter(made_by_id=person_id).values(
            "session_id", "made_at", "applied_at"
        )
    ]


def _erase_imports(person_id: UUID) -> None:
    """Pending lists hold names as a video tool wrote them: those of sessions the person had a seat in go."""
    AttendanceImport.objects.filter(
        session__workshop__registrations__person_id=person_id, applied_at=None
    ).delete()
    AttendanceImport.objects.filter(made_by_id=person_id).update(made_by=None)


def register_all() -> None:
    register(
        "attendance.Attendance",
        label=_("Your presence"),
        why=_("When you were present, and how we know."),
        stays=_("That somebody was present, by a number that no longer leads to anyone."),
        export=_export_attendance,
        erase=_erase_attendance,
    )
    register(
        "attendance.Contest",
        label=_("Corrections you asked for"),
        why=_("What you said was wrong in your record, and the answer."),
        stays=_("That something was contested, without words."),
        export=_export_contests,
        erase=_erase_contests,
    )
    register(
        "attendance.FeedbackGiven",
        label=_("That you answered the three questions"),
        why=_("So that you are asked once. What you answered is kept without any link to you."),
        stays=_("That somebody answered."),
        export=_export_feedback_given,
        erase=_erase_feedback_given,
    )
    register(
        "attendance.AttendanceImport",
        label=_("Attendance lists you uploaded"),
        why=_("To show you every row before anything is recorded; the rows are forgotten then."),
        export=_export_imports,
        erase=_erase_imports,
    )
