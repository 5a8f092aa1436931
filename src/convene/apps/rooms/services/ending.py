"""The end of a session: by those who facilitate, by the clock when nobody does, and taken back."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import F

from convene.apps.people.models import Person
from convene.apps.rooms.events import SessionEnded, SessionResumed
from convene.apps.rooms.models import Block, Room, Turn
from convene.apps.rooms.rules import ending as rules
from convene.apps.rooms.rules.agenda import due_at
from convene.apps.rooms.services.claims import locked, must_facilitate, must_run
from convene.apps.rooms.services.notes import close_review, open_review
from convene.apps.rooms.services.telling import tell
from convene.foundation.events import publish


@transaction.atomic
def end_session(*, room: Room, actor: Person, now: datetime) -> None:
    """Blocks that never began stay so: what was not talked about is not told as if it was."""
    must_facilitate(actor, room)
    room = locked(room)
    must_run(room)
    end_room(room, actor=actor, now=now)
    tell(room, everyone=True)


def end_room(room: Room, *, actor: Person | None, now: datetime, at: datetime | None = None) -> None:
    """For callers that hold the room's lock and found it running. `at`: when it ended, if not just now."""
    ended_at = at or now
    Block.objects.filter(room=room, started_at__isnull=False, ended_at=None).update(ended_at=ended_at)
    Turn.objects.filter(room=room, ended_at=None).update(ended_at=ended_at)
    Room.objects.filter(pk=room.pk, state=Room.State.RUNNING).update(state=Room.State.OVER, ended_at=ended_at)
    room.refresh_from_db()
    open_review(room=room)
    publish(
        SessionEnded(
            subject_id=room.pk,
            community_id=room.session.workshop.community_id,
            session_id=room.session_id,
        ),
        actor=actor,
        now=now,
    )


@transaction.atomic
def resume(*, room: Room, actor: Person, now: datetime) -> None:
    """Take the end back: what was on last goes on as if never left, and notes are written again.

    Pressed twice at once, it is done once. Raises RuleBroken(not_over, resumed_late).
    """
    must_facilitate(actor, room)
    room = locked(room)
    if room.state == Room.State.RUNNING:
        return
    rules.check_may_resume(room.ended_at, now)
    Room.objects.filter(pk=room.pk, state=Room.State.OVER).update(
        state=Room.State.RUNNING, ended_at=None, revision=F("revision") + 1
    )
    last = room.blocks.filter(ended_at=room.ended_at).order_by("position").last()
    if last is not None:  # where nothing was on when it ended, nothing is on now
        Block.objects.filter(pk=last.pk).update(ended_at=None)
    close_review(room=room)
    publish(
        SessionResumed(
            subject_id=room.pk,
            community_id=room.session.workshop.community_id,
            session_id=room.session_id,
        ),
        actor=actor,
        now=now,
    )
    tell(room, everyone=True)


def end_forgotten(*, now: datetime) -> None:
    """Sessions that nobody ended, hours after their time: ended when what was on last was due."""
    late = Room.objects.filter(
        state=Room.State.RUNNING, session__ends_at__lt=now - rules.FORGOTTEN
    ).values_list("pk", flat=True)
    for room_id in late:
        with transaction.atomic():
            room = Room.objects.select_for_update().get(pk=room_id)
            _end_if_forgotten(room, now)


def _end_if_forgotten(room: Room, now: datetime) -> None:
    on = room.blocks.filter(started_at__isnull=False, ended_at=None).first()
    steps = room.blocks.filter(started_at__isnull=False).values_list("started_at", flat=True)
    begun = max([step for step in steps if step is not None] + [room.started_at or room.session.starts_at])
    due = due_at(on) if on is not None else None
    if room.state != Room.State.RUNNING or not rules.is_forgotten(room.session.ends_at, begun, due, now):
        return
    end_room(room, actor=None, now=now, at=max(room.session.ends_at, begun, due or begun))
    tell(room, everyone=True)
