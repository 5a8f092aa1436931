"""Finding a room, and who is in it."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from convene.apps.people.models import Person
from convene.apps.rooms.models import Participant, Room
from convene.apps.seats.queries import confirmed_list
from convene.apps.workshops.models import Facilitation, Session

State = Participant.State


def room_of(session_id: UUID | str) -> Room | None:
    """The room of a session, with session, workshop and community."""
    return Room.objects.select_related("session__workshop__community").filter(session_id=session_id).first()


def session_of(session_id: UUID | str) -> Session | None:
    return Session.objects.select_related("workshop__community").filter(pk=session_id).first()


def participants_of(room: Room) -> QuerySet[Participant]:
    """Everyone with a seat or who facilitates, by name."""
    return room.participants.select_related("person").order_by("person__name", "pk")


def participant_of(room: Room, person: Person) -> Participant | None:
    found = room.participants.select_related("person", "registration").filter(person=person).first()
    if found is not None:
        found.room = room
    return found


@dataclass(frozen=True)
class Presence:
    """How many with a seat are here, of how many expected in all; facilitators are counted apart."""

    here: int
    seats: int
    left: int


def presence_of(room: Room) -> Presence:
    """One query. Before the room is filled, the confirmed list says how many are expected."""
    found = room.participants.filter(facilitates=False).aggregate(
        here=Count("pk", filter=Q(state=State.HERE)),
        seats=Count("pk"),
        left=Count("pk", filter=Q(state=State.LEFT)),
    )
    return Presence(**found)


def has_seat(session: Session, person: Person) -> bool:
    return confirmed_list(session.workshop).filter(person=person).exists()


def takes_part(session: Session, person: Person) -> bool:
    """Has a confirmed seat, or facilitates."""
    accepted = Facilitation.State.ACCEPTED
    leads = session.workshop.facilitations.filter(person=person, state=accepted).exists()
    return leads or has_seat(session, person)


def hosts_of(room: Room) -> list[Person]:
    """Whoever facilitates this session, by name."""
    leading = room.participants.filter(facilitates=True).select_related("person").order_by("person__name")
    return [one.person for one in leading]
