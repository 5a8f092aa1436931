"""Who runs a live session, and who takes part in it."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from convene.apps.workshops.permissions import can_lead

if TYPE_CHECKING:
    from convene.apps.communities.permissions import Actor
    from convene.apps.rooms.models import NoteLine, Participant, Room
    from convene.apps.workshops.models import Workshop


class Permission(StrEnum):
    FACILITATE = "room:facilitate"
    TAKE_PART = "room:take_part"
    KEEP_NOTES = "room:keep_notes"
    READ_NOTES = "room:read_notes"
    AMEND_NOTES = "room:amend_notes"
    DEBRIEF = "room:debrief"


def can_facilitate(actor: Actor, room: Room) -> bool:
    """Stewards of the community, and facilitators who accepted."""
    return can_lead(actor, room.session.workshop)


def can_prepare(actor: Actor, workshop: Workshop) -> bool:
    """Whoever will facilitate may open the room and write its agenda."""
    return can_lead(actor, workshop)


def can_take_part(actor: Actor, participant: Participant) -> bool:
    """Each for themselves: by account, or by their own link."""
    return actor.pk is not None and actor.pk == participant.person_id


def can_keep_notes(actor: Actor, room: Room) -> bool:
    """Hand out the pen, tag in the review, decide what is asked: stewards, and facilitators who accepted."""
    return can_lead(actor, room.session.workshop)


def can_debrief(actor: Actor, room: Room) -> bool:
    """Write and read how it went: stewards, and facilitators who accepted."""
    return can_lead(actor, room.session.workshop)


def can_read_notes(participant: Participant) -> bool:
    """Whoever was in the room, also when they have left since."""
    return participant.facilitates or participant.arrived_at is not None


def can_amend(participant: Participant | None, line: NoteLine) -> bool:
    """One's own words alone; what has no author is amended by nobody."""
    return participant is not None and line.author_id == participant.pk
