"""The agenda and its clock. Each step is claimed: of two presses at once only one goes on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import F, Max
from django.utils.translation import gettext as _

from convene.apps.people.models import Person
from convene.apps.rooms import permissions
from convene.apps.rooms.events import (
    AgendaChanged,
    BlockChangedLength,
    BlockStarted,
    SessionStarted,
)
from convene.apps.rooms.models import Block, Room, TurnInvitation
from convene.apps.rooms.permissions import Permission
from convene.apps.rooms.rules import agenda as rules
from convene.apps.rooms.rules import runsheet
from convene.apps.rooms.services.claims import locked, must_facilitate, must_run
from convene.apps.rooms.services.ending import end_room
from convene.apps.rooms.services.notes import recording_changed
from convene.apps.rooms.services.presence import sync_participants
from convene.apps.rooms.services.telling import tell
from convene.apps.workshops.models import Session
from convene.foundation.errors import NotAllowed, RuleBroken
from convene.foundation.events import publish


@dataclass(frozen=True)
class BlockTerms:
    """What a facilitator writes about a block. `host_id`: someone who facilitates, or nobody."""

    title: str
    minutes: int
    purpose: str = ""
    method: str = ""
    host_id: UUID | None = None
    recording: str = ""


@transaction.atomic
def open_room(*, session: Session, actor: Person, now: datetime) -> Room:
    """The session's room with the agenda its workshop's run sheet says; opening it again changes nothing."""
    if not permissions.can_prepare(actor, session.workshop):
        raise NotAllowed(Permission.FACILITATE)
    room, made = Room.objects.get_or_create(session=session)
    room.session = session
    if made:
        Block.objects.bulk_create(
            Block(
                room=room,
                position=place,
                title=planned.title,
                minutes=planned.minutes,
                purpose=planned.purpose,
                method=planned.method,
                recording=planned.recording or session.workshop.recording,
            )
            for place, planned in enumerate(runsheet.read(session.workshop.run_sheet), start=1)
        )
        sync_participants(room=room, now=now)
        tell(room)
    return room


def _changed(room: Room, actor: Person, now: datetime) -> None:
    Room.objects.filter(pk=room.pk).update(revision=F("revision") + 1)
    publish(
        AgendaChanged(subject_id=room.pk, community_id=room.session.workshop.community_id),
        actor=actor,
        now=now,
    )
    tell(room)


@transaction.atomic
def add_block(*, room: Room, terms: BlockTerms, actor: Person, now: datetime) -> Block:
    """At the end of the agenda."""
    must_facilitate(actor, room)
    room = locked(room)
    title = rules.check_block(terms.title, terms.minutes)
    last = room.blocks.aggregate(last=Max("position"))["last"] or 0
    block = Block.objects.create(
        room=room,
        position=last + 1,
        title=title,
        minutes=terms.minutes,
        purpose=terms.purpose,
        method=terms.method,
        host_id=terms.host_id,
        recording=terms.recording or room.session.workshop.recording,
    )
    _changed(room, actor, now)
    return block


@transaction.atomic
def edit_block(*, block: Block, terms: BlockTerms, actor: Person, now: datetime) -> None:
    """What is over stays as it was; of what is on, the words and the host may change."""
    must_facilitate(actor, block.room)
    room = locked(block.room)
    standing = Block.objects.select_for_update().get(pk=block.pk)
    rules.check_not_begun(standing.ended_at)
    title = rules.check_block(terms.title, terms.minutes)
    Block.objects.filter(pk=block.pk, ended_at=None).update(
        title=title,
        minutes=standing.minutes if standing.started_at else terms.minutes,
        purpose=terms.purpose,
        method=terms.method,
        host_id=terms.host_id,
        # What was promised when it began holds to its end.
        recording=standing.recording if standing.started_at else terms.recording or standing.recording,
    )
    recording_changed(block=Block.objects.get(pk=block.pk))
    _changed(room, actor, now)


@transaction.atomic
def move_block(*, block: Block, up: bool, actor: Person, now: datetime) -> None:
    """One place up or down among those that have not begun; at either end nothing changes."""
    must_facilitate(actor, block.room)
    room = locked(block.room)
    coming = list(room.blocks.filter(started_at=None))
    places = [one.pk for one in coming]
    rules.check_not_begun(Block.objects.values_list("started_at", flat=True).get(pk=block.pk))
    at = places.index(block.pk)
    other = at - 1 if up else at + 1
    if not 0 <= other < len(coming):
        return
    _swap(coming[at], coming[other])
    _changed(room, actor, now)


def _swap(one: Block, other: Block) -> None:
    Block.objects.filter(pk=one.pk).update(position=other.position)
    Block.objects.filter(pk=other.pk).update(position=one.position)


@transaction.atomic
def remove_block(*, block: Block, actor: Person, now: datetime) -> None:
    must_facilitate(actor, block.room)
    room = locked(block.room)
    rules.check_not_begun(Block.objects.values_list("started_at", flat=True).get(pk=block.pk))
    Block.objects.filter(pk=block.pk, started_at=None).delete()
    _changed(room, actor, now)


@transaction.atomic
def start_session(*, session: Session, actor: Person, now: datetime) -> Room:
    """One press: the room is opened if it was not, and its first block begins. Again: nothing changes."""
    room = open_room(session=session, actor=actor, now=now)
    claimed = Room.objects.filter(pk=room.pk, state=Room.State.PREPARING).update(
        state=Room.State.RUNNING, started_at=now, revision=F("revision") + 1
    )
    if not claimed:
        return room
    publish(
        SessionStarted(subject_id=room.pk, community_id=session.workshop.community_id, session_id=session.pk),
        actor=actor,
        now=now,
    )
    sync_participants(room=room, now=now)
    _begin(room, _coming(room), actor, now)
    tell(room, everyone=True)
    return room


def _coming(room: Room) -> Block | None:
    return room.blocks.filter(started_at=None).first()


def _begin(room: Room, block: Block | None, actor: Person, now: datetime) -> None:
    if block is None:
        return
    Block.objects.filter(pk=block.pk, started_at=None).update(started_at=now)
    publish(
        BlockStarted(subject_id=block.pk, community_id=room.session.workshop.community_id, room_id=room.pk),
        actor=actor,
        now=now,
    )


@transaction.atomic
def next_block(*, room: Room, after: UUID | None, actor: Person, now: datetime) -> None:
    """End what is on and begin what comes; after the last, the session is over.

    `after`: the block the presser saw. Of two presses at once the second finds another one on, and changes
    nothing: no part is skipped.
    """
    must_facilitate(actor, room)
    room = locked(room)
    must_run(room)
    on = room.blocks.filter(started_at__isnull=False, ended_at=None).first()
    if (on.pk if on else None) != after:
        return
    if on is not None:
        Block.objects.filter(pk=on.pk, ended_at=None).update(ended_at=now)
    coming = _coming(room)
    if coming is None:
        end_room(room, actor=actor, now=now)
    else:
        _begin(room, coming, actor, now)
    Room.objects.filter(pk=room.pk).update(revision=F("revision") + 1)
    # An invitation to speak belongs to its part; at the end every phone changes.
    asked = TurnInvitation.objects.filter(block=on, answer=TurnInvitation.Answer.OPEN) if on else None
    invited = asked.values_list("participant_id", flat=True) if asked is not None else ()
    tell(room, participants=invited, everyone=coming is None)


@transaction.atomic
def go_back(*, room: Room, seen: UUID | None, actor: Person, now: datetime) -> None:
    """Take the last “next” back: what is on has not begun, and the part before it goes on as if never left.

    `seen`: the block the presser saw on; when another one is on, nothing changes. The part that is left keeps
    its notes and the turns taken in it. Raises RuleBroken(first_part).
    """
    must_facilitate(actor, room)
    room = locked(room)
    must_run(room)
    on = room.blocks.filter(started_at__isnull=False, ended_at=None).first()
    if (on.pk if on else None) != seen:
        return
    before = room.blocks.filter(ended_at__isnull=False).order_by("ended_at", "position").last()
    if before is None:
        raise RuleBroken(_("This is the first part; there is none to go back to."), code="first_part")
    if on is not None:
        Block.objects.filter(pk=on.pk, ended_at=None).update(started_at=None)
    Block.objects.filter(pk=before.pk).update(ended_at=None)
    _changed(room, actor, now)
    tell(room, everyone=True)


@transaction.atomic
def extend_block(*, block: Block, minutes: int, actor: Person, now: datetime) -> None:
    """Give the block that is on some minutes, or take some; the rest moves along."""
    must_facilitate(actor, block.room)
    room = locked(block.room)
    must_run(room)
    standing = Block.objects.select_for_update().get(pk=block.pk)
    if standing.started_at is None or standing.ended_at is not None:
        return
    rules.check_extension(standing.minutes, standing.extended + minutes)
    Block.objects.filter(pk=block.pk, ended_at=None).update(extended=F("extended") + minutes)
    publish(
        BlockChangedLength(
            subject_id=block.pk,
            community_id=room.session.workshop.community_id,
            room_id=room.pk,
            minutes=minutes,
        ),
        actor=actor,
        now=now,
    )
    tell(room)
