"""Reading notices, mails and their readers."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import QuerySet
from django.urls import reverse

from convene.apps.attendance.models import Attendance
from convene.apps.notices.models import Letter, NoticeText, OptOut
from convene.apps.notices.rules import RULES, NoticeKind
from convene.apps.people.models import Person
from convene.apps.rooms.models import NoteLine, Participant, Room
from convene.apps.seats.models import Registration, SeatPolicy
from convene.apps.seats.queries import confirmed_list
from convene.apps.seats.rules import State
from convene.apps.workshops.models import Facilitation, Workshop
from convene.apps.workshops.ports import NoticeLine
from convene.foundation.mail.models import MailMessage

UNSETTLED = (
    State.SUBMITTED,
    State.NEEDS_APPROVAL,
    State.APPROVED,
    State.POOLED,
    State.WAITLISTED,
    State.RESERVE,
)
"""Asked, and neither holding a seat nor at an end."""


def workshop_with_sessions(workshop_id: UUID | str) -> Workshop | None:
    return (
        Workshop.objects.select_related("community")
        .prefetch_related("sessions")
        .filter(pk=workshop_id)
        .first()
    )


def custom_text(workshop_id: UUID, kind: NoticeKind) -> NoticeText | None:
    return NoticeText.objects.filter(workshop_id=workshop_id, kind=kind).first()


def custom_texts(workshop_id: UUID) -> dict[str, NoticeText]:
    return {row.kind: row for row in NoticeText.objects.filter(workshop_id=workshop_id)}


def holders(workshop: Workshop) -> QuerySet[Registration]:
    """Everyone with a confirmed seat: the one list all of Convene reads."""
    return confirmed_list(workshop)


def waiting(workshop: Workshop) -> QuerySet[Registration]:
    return (
        Registration.objects.filter(workshop=workshop, state__in=UNSETTLED)
        .select_related("person")
        .order_by("entered_at", "pk")
    )


def facilitators(workshop_id: UUID | str) -> QuerySet[Person]:
    return Person.objects.filter(
        facilitations__workshop_id=workshop_id, facilitations__state=Facilitation.State.ACCEPTED
    ).order_by("name")


def holds_seat(person_id: UUID, workshop_id: UUID) -> bool:
    return Registration.objects.filter(
        person_id=person_id, workshop_id=workshop_id, state__in=Registration.HOLDING
    ).exists()


def approvers(workshop_id: UUID, *, but: UUID) -> list[Person]:
    """Whom the stewards named to approve requests; nobody approves their own."""
    policy = SeatPolicy.objects.select_related("approver", "deputy").filter(workshop_id=workshop_id).first()
    named = [policy.approver, policy.deputy] if policy else []
    return [person for person in dict.fromkeys(named) if person is not None and person.pk != but]


def group_readers(workshop: Workshop, group: str) -> Sequence[tuple[Person, Registration | None]]:
    """The people a letter to `group` goes to, with their registration where they have one."""
    if group == Letter.Group.FACILITATORS:
        return [(person, None) for person in facilitators(workshop.pk)]
    rows = holders(workshop) if group == Letter.Group.CONFIRMED else waiting(workshop)
    return [(row.person, row) for row in rows]


def has_opted_out(person_id: UUID, community_id: UUID) -> bool:
    return OptOut.objects.filter(person_id=person_id, community_id=community_id).exists()


def opted_out(community_id: UUID) -> set[UUID]:
    return set(OptOut.objects.filter(community_id=community_id).values_list("person_id", flat=True))


def mails_about(workshop_id: UUID) -> QuerySet[MailMessage]:
    """Every mail of a workshop: what will leave first, then what has left."""
    return (
        MailMessage.objects.filter(about_id=workshop_id).select_related("person").order_by("-send_at", "pk")
    )


def troubled_mails(community_id: UUID, *, since: datetime) -> QuerySet[MailMessage]:
    """Failed and bounced mails, for Today."""
    rows = MailMessage.objects.filter(community_id=community_id, send_at__gte=since)
    return (rows.filter(state=MailMessage.State.FAILED) | rows.exclude(bounced_at=None)).select_related(
        "person"
    )


def recent_trouble(community_id: UUID, now: datetime) -> QuerySet[MailMessage]:
    return troubled_mails(community_id, since=now - timedelta(days=30))


def those_who_came(workshop_id: UUID) -> QuerySet[Registration]:
    """Registrations with a standing finding of presence in any session."""
    return (
        Registration.objects.filter(
            workshop_id=workshop_id,
            attendances__holds=True,
            attendances__state__in=[Attendance.State.ATTENDED, Attendance.State.PARTLY],
        )
        .select_related("person")
        .distinct()
    )


def ended_room(room_id: UUID | str) -> Room | None:
    """None also where its end was taken back."""
    over = Room.objects.select_related("session__workshop__community")
    return over.filter(pk=room_id, state=Room.State.OVER).first()


def those_in_room(room: Room) -> QuerySet[Participant]:
    """Everyone who came, and those who facilitate."""
    came = room.participants.filter(arrived_at__isnull=False) | room.participants.filter(facilitates=True)
    return came.select_related("person", "registration")


def has_notes(room: Room) -> bool:
    return NoteLine.objects.filter(block__room=room).exclude(text="").exists()


def warm_up_question(workshop_id: UUID) -> str:
    return SeatPolicy.objects.filter(workshop_id=workshop_id).values_list("warm_up", flat=True).first() or ""


def notice_lines(workshop: Workshop) -> list[NoticeLine]:
    """What leaves by itself, for the check before publishing; one query."""
    custom = custom_texts(workshop.pk)
    return [
        NoticeLine(
            when=str(rule.when),
            who=str(rule.who),
            is_on=custom[rule.kind].on if rule.kind in custom else True,
            href=reverse("notice_edit", args=[workshop.pk, rule.kind.value]),
        )
        for rule in RULES
    ]
