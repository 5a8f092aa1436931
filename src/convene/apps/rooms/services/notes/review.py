"""From the session's end the notes are in review for five days, then final."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import F, Q
from django.utils.translation import gettext as _

from convene.apps.rooms.events import NotesFinal
from convene.apps.rooms.models import Amendment, LineRequest, NoteLine, NotePad, NoteSet, Room
from convene.apps.rooms.rules import notes as rules
from convene.apps.rooms.services.telling import tell
from convene.foundation.errors import RuleBroken
from convene.foundation.events import publish
from convene.foundation.jobs.services import cancel, schedule


@transaction.atomic
def open_review(*, room: Room) -> datetime | None:
    """From the session's end people put their words right; None while it runs."""
    if room.state != Room.State.OVER or room.ended_at is None:
        return None
    until = rules.review_ends(room.ended_at)
    NoteSet.objects.get_or_create(room=room)
    NoteSet.objects.filter(room=room, state=NoteSet.State.LIVE).update(
        state=NoteSet.State.IN_REVIEW, review_until=until
    )
    schedule(
        key=_due_key(room),
        task="convene.apps.rooms.tasks.make_notes_final",
        args={"room_id": str(room.pk)},
        due_at=until,
    )
    return until


def _due_key(room: Room) -> str:
    return f"notes_final:{room.pk}"


@transaction.atomic
def close_review(*, room: Room) -> None:
    """The session goes on after all: notes are written again, and become final another day."""
    NoteSet.objects.filter(room=room, state=NoteSet.State.IN_REVIEW).update(
        state=NoteSet.State.LIVE, review_until=None
    )
    cancel(key=_due_key(room))


@transaction.atomic
def make_final(*, room: Room, now: datetime) -> bool:
    """After the review nobody changes the notes; what stood before an amendment is forgotten."""
    done = NoteSet.objects.filter(room=room, state=NoteSet.State.IN_REVIEW, review_until__lte=now).update(
        state=NoteSet.State.FINAL, final_at=now
    )
    if done != 1:
        return False
    Amendment.objects.filter(line__block__room=room).update(before="")
    LineRequest.objects.filter(line__block__room=room, state=LineRequest.State.OPEN).update(
        state=LineRequest.State.DECLINED, decided_at=now
    )
    NotePad.objects.filter(block__room=room).update(
        pen="", pen_at=None, writer=None, asked="", asked_at=None, asked_by=None
    )
    publish(
        NotesFinal(
            subject_id=room.pk,
            community_id=room.session.workshop.community_id,
            lines=NoteLine.objects.filter(block__room=room).exclude(text="").count(),
        ),
        actor=None,
        now=now,
    )
    tell(room, screen=False)
    return True


def claim_not_final(room: Room, now: datetime) -> None:
    NoteSet.objects.get_or_create(room=room)
    live = Q(state=NoteSet.State.LIVE)
    review = Q(state=NoteSet.State.IN_REVIEW, review_until__gt=now)
    if NoteSet.objects.filter(live | review, room=room).update(revision=F("revision") + 1) != 1:
        raise RuleBroken(_("These notes are final."), code="notes_final", field="text")


def claim_review(room: Room, now: datetime) -> None:
    claim_not_final(room, now)
    if NoteSet.objects.filter(room=room, state=NoteSet.State.LIVE).exists():
        raise RuleBroken(_("Words can be put right when the session is over."), code="notes_live")
