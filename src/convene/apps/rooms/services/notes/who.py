"""Who may read and write the notes of a room, and whether a block takes lines now."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from convene.apps.people.models import Person
from convene.apps.rooms import permissions
from convene.apps.rooms.models import Block, NotePad, Participant, Room
from convene.apps.rooms.permissions import Permission
from convene.apps.rooms.rules import notes as rules
from convene.foundation.errors import NotAllowed


@dataclass(frozen=True)
class Scribe:
    """Someone who may read the notes of a room; `leads` may also take the pen and decide. See `scribe`."""

    room: Room
    participant: Participant | None
    leads: bool


def scribe(*, room: Room, actor: Person | None = None, participant: Participant | None = None) -> Scribe:
    """Whoever keeps the notes, or was in the room. Raises NotAllowed for everyone else."""
    leads = actor is not None and permissions.can_keep_notes(actor, room)
    if participant is not None and participant.room_id != room.pk:
        raise NotAllowed(Permission.READ_NOTES)
    if not leads and (participant is None or not permissions.can_read_notes(participant)):
        raise NotAllowed(Permission.READ_NOTES)
    facilitates = participant is not None and participant.facilitates
    return Scribe(room=room, participant=participant, leads=leads or facilitates)


def named(block: Block, by: Scribe) -> Participant | None:
    """Who is written down as writer, asker or author: nobody in a Chatham House block."""
    return by.participant if rules.keeps_author(block.recording) else None


def check_open(block: Block, by: Scribe, now: datetime) -> None:
    """The block is of this room and takes lines now; afterwards it has a pad."""
    must_be_of(by, block)
    rules.check_accepts_notes(block.recording)
    room = by.room
    rules.check_accepts_lines(room_state=room.state, ended_at=room.ended_at, now=now)
    NotePad.objects.get_or_create(block=block)


def must_be_of(by: Scribe, block: Block) -> None:
    if block.room_id != by.room.pk:
        raise NotAllowed(Permission.READ_NOTES)


def must_lead(by: Scribe) -> None:
    if not by.leads:
        raise NotAllowed(Permission.KEEP_NOTES)
