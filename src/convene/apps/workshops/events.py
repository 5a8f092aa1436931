"""What happens to a workshop. `subject_id` is the workshop's id."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from convene.foundation.events import Event


@dataclass(frozen=True, kw_only=True)
class WorkshopPublished(Event):
    name = "workshop_published"


@dataclass(frozen=True, kw_only=True)
class WorkshopTimesChanged(Event):
    """Sessions moved; each one's SEQUENCE has risen. Everyone's choice is open again, without harm."""

    name = "workshop_times_changed"
    session_ids: tuple[UUID, ...]


@dataclass(frozen=True, kw_only=True)
class WorkshopDetailsChanged(Event):
    """Place, join link or title changed, not the time: calendars follow, seats stay."""

    name = "workshop_details_changed"
    session_ids: tuple[UUID, ...] = ()


@dataclass(frozen=True, kw_only=True)
class SessionRemoved(Event):
    """One session of several is taken out; stated while its row still stands, for calendars to be told."""

    name = "session_removed"
    session_id: UUID


@dataclass(frozen=True, kw_only=True)
class WorkshopCancelled(Event):
    name = "workshop_cancelled"


@dataclass(frozen=True, kw_only=True)
class WorkshopPostponed(Event):
    name = "workshop_postponed"


@dataclass(frozen=True, kw_only=True)
class FacilitatorInvited(Event):
    name = "facilitator_invited"
    facilitation_id: UUID


@dataclass(frozen=True, kw_only=True)
class FacilitatorAnswered(Event):
    name = "facilitator_answered"
    facilitation_id: UUID


@dataclass(frozen=True, kw_only=True)
class WorkshopHeld(Event):
    """Its last session is over."""

    name = "workshop_held"


@dataclass(frozen=True, kw_only=True)
class WorkshopBelowMinimum(Event):
    """Seven days before, fewer people hold a seat than it needs: a steward decides."""

    name = "workshop_below_minimum"
    seated: int
    minimum: int


@dataclass(frozen=True, kw_only=True)
class WorkshopMinimumDecided(Event):
    name = "workshop_minimum_decided"
    decision: str


@dataclass(frozen=True, kw_only=True)
class PersonInvitedToRoom(Event):
    name = "person_invited_to_room"
    invitee_id: UUID


@dataclass(frozen=True, kw_only=True)
class RoomInvitationAnswered(Event):
    name = "room_invitation_answered"
    invitee_id: UUID


@dataclass(frozen=True, kw_only=True)
class ResourceAdded(Event):
    name = "resource_added"
    resource_id: UUID


@dataclass(frozen=True, kw_only=True)
class ResourceRemoved(Event):
    name = "resource_removed"
    resource_id: UUID
