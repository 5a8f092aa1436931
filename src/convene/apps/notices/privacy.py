"""What notices hold about a person."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from convene.apps.notices.models import CalendarState, Letter, NoticeText, OptOut
from convene.apps.people.privacy import traces_of
from convene.foundation.privacy import Rows, register


def _export_opt_outs(person_id: UUID) -> Rows:
    return [dict(row) for row in OptOut.objects.filter(person_id=person_id).values("community_id", "at")]


def _erase_opt_outs(person_id: UUID) -> None:
    OptOut.objects.filter(person_id=person_id).delete()


def _export_calendar(person_id: UUID) -> Rows:
    return [
        dict(row)
        for row in CalendarState.objects.filter(person_id=person_id).values(
            "session_id", "sequence", "method", "partstat"
        )
    ]


def _erase_calendar(person_id: UUID) -> None:
    CalendarState.objects.filter(person_id=person_id).delete()


def _export_letters(person_id: UUID) -> Rows:
    return [
        dict(row)
        for row in Letter.objects.filter(written_by_id=person_id).values("subject", "text", "created_at")
    ]


def _erase_letters(person_id: UUID) -> None:
    """The community's words stay, without the person in them, and without who wrote them."""
    Letter.objects.filter(written_by_id=person_id).update(written_by=None)
    traces = traces_of(person_id)
    for model in (Letter, NoticeText):
        named = Q()
        for word in traces.words:
            named |= Q(subject__icontains=word) | Q(text__icontains=word)
        for row in model.objects.filter(named) if named else ():
            row.subject, row.text = traces.scrubbed(row.subject), traces.scrubbed(row.text)
            row.save(update_fields=["subject", "text"])


def register_all() -> None:
    register(
        "notices.OptOut",
        label=_("Reminders you do not want"),
        why=_("So that no reminder of that community reaches you."),
        export=_export_opt_outs,
        erase=_erase_opt_outs,
    )
    register(
        "notices.CalendarState",
        label=_("Calendar entries we sent you"),
        why=_("So that changes reach the entries in your calendar."),
        export=_export_calendar,
        erase=_erase_calendar,
    )
    register(
        "notices.Letter",
        label=_("Mails you wrote as a steward"),
        why=_("What the community was told, and by whom."),
        stays=_("The mail, without who wrote it."),
        export=_export_letters,
        erase=_erase_letters,
    )
