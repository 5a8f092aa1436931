"""Who is in the room. Seats and presence belong to lower apps; here is what the session makes of them."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from convene.apps.attendance import rules as attendance
from convene.apps.attendance import services as attendance_services
from convene.apps.attendance.models import Attendance
from convene.apps.people.models import Person
from convene.apps.rooms import permissions
from convene.apps.rooms.events import ParticipantArrived, ParticipantLeft
from convene.apps.rooms.models import Hand, Participant, Room
from convene.apps.rooms.queries.rooms import room_of
from convene.apps.rooms.services.claims import must_facilitate
from convene.apps.rooms.services.telling import tell
from convene.apps.seats.models import Registration
from convene.apps.seats.queries import confirmed_list
from convene.apps.workshops.models import Facilitation, Session
from convene.foundation.events import publish

State = Participant.State


@transaction.atomic
def sync_participants(*, room: Room, now: datetime) -> None:
    """Everyone with a confirmed seat, and who facilitates; presence as the door knows it.

    Those who gave their seat back before coming are no longer expected.
    """
    workshop = room.session.workshop
    seats = {row.person_id: row for row in confirmed_list(workshop)}
    leading = set(
        workshop.facilitations.filter(state=Facilitation.State.ACCEPTED).values_list("person_id", flat=True)
    )
    known = set(room.participants.values_list("person_id", flat=True))
    Participant.objects.bulk_create(
        [
            Participant(
                room=room,
                person_id=person_id,
                registration=seats.get(person_id),
                facilitates=person_id in leading,
            )
            for person_id in sorted((set(seats) | leading) - known)
        ],
        ignore_conflicts=True,
    )
    gone = room.participants.filter(state=State.EXPECTED).exclude(person_id__in=set(seats) | leading)
    if gone.delete()[0] or (set(seats) | leading) - known:
        tell(room)
    here = Attendance.objects.filter(session=room.session, holds=True, state__in=attendance.PRESENT)
    present = here.values_list("registration__person_id", flat=True)
    for participant in room.participants.filter(state=State.EXPECTED, person_id__in=list(present)):
        _arrived(room, participant, now)


def follow_seats(*, now: datetime) -> None:
    """Seats given and given back, and answers of those who facilitate, in rooms that are open."""
    for room in Room.objects.exclude(state=Room.State.OVER).select_related("session__workshop"):
        sync_participants(room=room, now=now)


@transaction.atomic
def follow_attendance(*, session_id: UUID, registration_id: UUID, now: datetime) -> None:
    """The door found someone present, or took that back. Without a room nothing follows."""
    room = room_of(session_id)
    registration = Registration.objects.filter(pk=registration_id).first()
    if room is None or registration is None or room.state == Room.State.OVER:
        return
    participant, _made = Participant.objects.get_or_create(
        room=room, person_id=registration.person_id, defaults={"registration": registration}
    )
    found = Attendance.objects.filter(session_id=session_id, registration=registration, holds=True).first()
    if found is not None and found.state in attendance.PRESENT:
        _arrived(room, participant, now)
    elif participant.state == State.HERE:
        Participant.objects.filter(pk=participant.pk).update(state=State.EXPECTED, arrived_at=None)
        _told(room, participant, ParticipantLeft, now)


def _arrived(room: Room, participant: Participant, now: datetime) -> None:
    """Once; a person who left comes back only by their own press or the facilitator's."""
    claimed = Participant.objects.filter(pk=participant.pk, state=State.EXPECTED).update(
        state=State.HERE, arrived_at=now
    )
    if claimed:
        _told(room, participant, ParticipantArrived, now)


def _told(
    room: Room, participant: Participant, event: type[ParticipantArrived | ParticipantLeft], now: datetime
) -> None:
    community_id = room.session.workshop.community_id
    publish(event(subject_id=participant.pk, community_id=community_id, room_id=room.pk), actor=None, now=now)
    # Who leaves with a raised hand moves the others in the queue.
    waiting = Hand.objects.filter(participant__room=room, state=Hand.State.UP)
    tell(room, participants=[participant.pk, *waiting.values_list("participant_id", flat=True)])


@transaction.atomic
def arrive(*, participant: Participant, session: Session, now: datetime) -> None:
    """“I am here”, from one's own phone: recorded, and in the room at once. Also after leaving."""
    if participant.registration is not None:
        attendance_services.arrive(
            registration=participant.registration,
            session=session,
            source=Attendance.Source.JOIN_LINK,
            now=now,
        )
    _came(participant, now)


@transaction.atomic
def welcome(*, participant: Participant, actor: Person, now: datetime) -> None:
    """Who facilitates sees someone come, or come back: in the room at once, and ticked off at the door."""
    must_facilitate(actor, participant.room)
    session = participant.room.session
    if participant.registration is not None and participant.state == State.EXPECTED:
        attendance_services.mark_at_door(
            registration=participant.registration,
            session=session,
            state=attendance.ATTENDED,
            actor=actor,
            now=now,
        )
    _came(participant, now)


def _came(participant: Participant, now: datetime) -> None:
    away = Participant.objects.filter(pk=participant.pk).exclude(state=State.HERE)
    if away.update(state=State.HERE, arrived_at=participant.arrived_at or now, left_at=None):
        _told(participant.room, participant, ParticipantArrived, now)


@transaction.atomic
def leave(*, participant: Participant, actor: Person, now: datetime) -> None:
    """“I have to go”, by the person or who facilitates. A raised hand goes down; presence stays."""
    if not permissions.can_take_part(actor, participant):
        must_facilitate(actor, participant.room)
    if not Participant.objects.filter(pk=participant.pk, state=State.HERE).update(
        state=State.LEFT, left_at=now
    ):
        return
    Hand.objects.filter(participant=participant, state=Hand.State.UP).update(
        state=Hand.State.LOWERED, ended_at=now
    )
    _told(participant.room, participant, ParticipantLeft, now)


@transaction.atomic
def show_code(*, room: Room) -> None:
    tell(room, cockpit=False, phone=False)
