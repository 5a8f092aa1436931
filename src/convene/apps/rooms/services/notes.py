"""The only writer of notes: who holds the pen, what is written, and what is put right in the review.

The pen is a secret given to one browser; the database keeps its digest. In Chatham House blocks nothing else
about the writer is kept: no participant, and no time but that of the block.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

from django.core import signing
from django.db import IntegrityError, transaction
from django.db.models import F, Max, Q, QuerySet
from django.utils.translation import gettext as _

from convene.apps.people.models import Person
from convene.apps.rooms.models import (
    Amendment,
    Block,
    LineRequest,
    NoteLine,
    NotePad,
    NoteSet,
    Participant,
    Room,
)
from convene.apps.rooms.rules import notes as rules
from convene.apps.rooms.services.telling import tell
from convene.apps.workshops.permissions import Permission, can_lead
from convene.foundation.errors import NotAllowed, RuleBroken
from convene.foundation.jobs.services import schedule

_SALT = "convene.pen"


@dataclass(frozen=True)
class Scribe:
    """Someone who may read the notes of a room; `leads` may also take the pen and decide. See `scribe`."""

    room: Room
    participant: Participant | None
    leads: bool


@dataclass(frozen=True)
class Saved:
    """`refused`: words that did not go in because the line they belong to was changed meanwhile."""

    revision: int
    refused: tuple[str, ...] = ()


def scribe(*, room: Room, actor: Person | None = None, participant: Participant | None = None) -> Scribe:
    """Whoever leads the workshop, or was in the room. Raises NotAllowed for everyone else."""
    leads = actor is not None and can_lead(actor, room.session.workshop)
    if participant is not None and participant.room_id != room.pk:
        raise NotAllowed(Permission.LEAD_WORKSHOP)
    was_here = participant is not None and (participant.facilitates or participant.arrived_at is not None)
    if not leads and not was_here:
        raise NotAllowed(Permission.LEAD_WORKSHOP)
    facilitates = participant is not None and participant.facilitates
    return Scribe(room=room, participant=participant, leads=leads or facilitates)


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _new_token(block: Block) -> str:
    return signing.dumps([str(block.pk), secrets.token_urlsafe(18)], salt=_SALT)


def was_issued(token: str, block: Block) -> bool:
    """Whether this secret was once given out for this block, the pen now or not."""
    try:
        return bool(signing.loads(token, salt=_SALT)[0] == str(block.pk))
    except (signing.BadSignature, ValueError, IndexError, TypeError):
        return False


def _named(block: Block, by: Scribe) -> Participant | None:
    return by.participant if rules.keeps_author(block.recording) else None


def _check_open(block: Block, by: Scribe, now: datetime) -> None:
    if block.room_id != by.room.pk:
        raise NotAllowed(Permission.LEAD_WORKSHOP)
    rules.check_accepts_notes(block.recording)
    room = by.room
    rules.check_accepts_lines(room_state=room.state, ended_at=room.ended_at, now=now)
    NotePad.objects.get_or_create(block=block)


@transaction.atomic
def take_pen(*, block: Block, by: Scribe, now: datetime) -> str:
    """Take a pen that nobody holds, or whose holder is silent; the secret is for this browser alone.

    Of two who take it at once one gets it. Others than those who lead only where it was opened to everyone.
    """
    _check_open(block, by, now)
    token = _new_token(block)
    free = Q(pen="") | Q(pen_at=None) | Q(pen_at__lte=now - rules.SILENCE)
    allowed = Q() if by.leads else Q(anyone=True)
    taken = NotePad.objects.filter(free & allowed, block=block).update(
        pen=_digest(token), pen_at=now, writer=_named(block, by)
    )
    if taken == 1:
        tell(by.room, screen=False)
        return token
    if not by.leads and not NotePad.objects.filter(block=block, anyone=True).exists():
        raise RuleBroken(_("Ask for the pen; whoever has it can hand it to you."), code="pen_not_open")
    raise RuleBroken(_("Someone else is writing. Ask for the pen."), code="pen_taken")


@transaction.atomic
def open_pen(*, block: Block, by: Scribe, anyone: bool, now: datetime) -> None:
    """Whether everyone here may take the pen when it is free: for those who lead to say."""
    if not by.leads:
        raise NotAllowed(Permission.LEAD_WORKSHOP)
    _check_open(block, by, now)
    NotePad.objects.filter(block=block).update(anyone=anyone)
    tell(by.room, screen=False)


@transaction.atomic
def ask_for_pen(*, block: Block, by: Scribe, now: datetime) -> str:
    """One asks at a time. The secret given back becomes the pen when it is handed over."""
    _check_open(block, by, now)
    token = _new_token(block)
    nobody = Q(asked="") | Q(asked_at=None) | Q(asked_at__lte=now - rules.ASKED_FOR)
    asked = NotePad.objects.filter(nobody, block=block).update(
        asked=_digest(token), asked_at=now, asked_by=_named(block, by)
    )
    if asked != 1:
        raise RuleBroken(_("Someone has asked for the pen already."), code="pen_asked")
    tell(by.room, screen=False)
    return token


@transaction.atomic
def give_pen(*, block: Block, by: Scribe, token: str, now: datetime) -> None:
    """To whoever asked: by the one who holds it; by those who lead also when it is free or silent."""
    _check_open(block, by, now)
    mine = Q(pen=_digest(token)) if token else Q(pk=None)
    free = Q(pen="") | Q(pen_at=None) | Q(pen_at__lte=now - rules.SILENCE)
    given = (
        NotePad.objects.filter(
            mine | free if by.leads else mine, block=block, asked_at__gt=now - rules.ASKED_FOR
        )
        .exclude(asked="")
        .update(pen=F("asked"), pen_at=now, writer=F("asked_by"), asked="", asked_at=None, asked_by=None)
    )
    if given != 1:
        raise RuleBroken(_("Nobody asks for the pen, or it is not yours to give."), code="pen_not_given")
    tell(by.room, screen=False)


@transaction.atomic
def put_pen_down(*, block: Block, token: str) -> None:
    """Putting down what one does not hold changes nothing."""
    down = NotePad.objects.filter(block=block, pen=_digest(token)).update(pen="", pen_at=None, writer=None)
    if down:
        tell(block.room, screen=False)


@transaction.atomic
def save_notes(
    *,
    block: Block,
    by: Scribe,
    token: str,
    now: datetime,
    changed: Mapping[UUID, tuple[str, str]],
    new: str = "",
    new_id: UUID | None = None,
    keep_author: bool = True,
    name_shown: bool = False,
) -> Saved:
    """Save what the writer changed: lines by id as (what they saw, what it shall be), and new ones.

    The new lines of one `new_id` are the same rows each time, so that saving again adds nothing twice. Raises
    RuleBroken (`pen_elsewhere`) when someone else has the pen: the caller keeps the words.
    """
    _check_open(block, by, now)
    lines = rules.split(new)
    rules.check_lines([*lines, *(after for _before, after in changed.values())])
    held = NotePad.objects.filter(block=block, pen=_digest(token)).update(
        pen_at=now, revision=F("revision") + 1
    )
    if held != 1:
        raise RuleBroken(
            _("Someone else has the pen now. Your words are kept; add them at the end."),
            code="pen_elsewhere",
        )
    author = _named(block, by) if keep_author else None
    refused = _change_lines(block, changed, author)
    if new_id is not None:
        _put_new(block, new_id, lines, _Author(author, name_shown, _moment(block, now)))
    revision = NotePad.objects.values_list("revision", flat=True).get(block=block)
    tell(by.room, screen=False)
    return Saved(revision=revision, refused=tuple(refused))


@transaction.atomic
def append_lines(
    *, block: Block, by: Scribe, token: str, now: datetime, new: str, new_id: UUID, keep_author: bool = True
) -> None:
    """Add at the end what a writer could not save: the pen of the one who writes now is not touched."""
    _check_open(block, by, now)
    if not by.leads and not was_issued(token, block):
        raise RuleBroken(_("Ask for the pen; whoever has it can hand it to you."), code="pen_not_open")
    lines = rules.split(new)
    rules.check_lines(lines)
    NotePad.objects.filter(block=block).update(revision=F("revision") + 1)
    author = _named(block, by) if keep_author else None
    _put_new(block, new_id, lines, _Author(author, shown=False, at=_moment(block, now)))
    tell(by.room, screen=False)


@dataclass(frozen=True)
class _Author:
    participant: Participant | None
    shown: bool
    at: datetime


def _moment(block: Block, now: datetime) -> datetime:
    """A line's own time would tell, beside a log, who was writing then."""
    if rules.keeps_author(block.recording):
        return now
    return _moment_of(block)


def _change_lines(
    block: Block, changed: Mapping[UUID, tuple[str, str]], author: Participant | None
) -> list[str]:
    refused = []
    for line_id, (before, typed) in changed.items():
        text, tag = rules.without_prefix(" ".join(typed.split()))
        if text == before and not tag:
            continue
        standing = NoteLine.objects.filter(pk=line_id, block=block, text=before)
        done = _rewrite(standing, text, tag, author) if text else standing.delete()[0]
        if not done:
            refused.append(typed)
    return refused


def _rewrite(standing: QuerySet[NoteLine], text: str, tag: str, author: Participant | None) -> int:
    """Words changed by another are no longer shown under a name."""
    values: dict[str, Any] = {"text": text} | ({"tag": tag} if tag else {})
    own = standing.filter(author=author) if author is not None else standing.none()
    return own.update(**values) or standing.update(**values, name_shown=False)


def _put_new(block: Block, new_id: UUID, lines: list[str], author: _Author) -> None:
    ids = [uuid5(new_id, str(place)) for place in range(rules.LINES_MOST)]
    there = set(NoteLine.objects.filter(pk__in=ids, block=block).values_list("pk", flat=True))
    last = NoteLine.objects.filter(block=block).aggregate(most=Max("position"))["most"] or 0
    for line_id, raw in zip(ids, lines, strict=False):
        text, tag = rules.without_prefix(raw)
        if line_id in there:
            values = {"text": text} | ({"tag": tag} if tag else {})
            NoteLine.objects.filter(pk=line_id, block=block).update(**values)
            continue
        last += 1
        NoteLine.objects.create(
            pk=line_id,
            block=block,
            position=last,
            text=text,
            tag=tag,
            author=author.participant,
            name_shown=author.shown and author.participant is not None,
            written_at=author.at,
        )
    NoteLine.objects.filter(pk__in=ids[len(lines) :], block=block).delete()


@transaction.atomic
def tag_line(*, line: NoteLine, tag: str, by: Scribe, token: str, now: datetime) -> None:
    """By the one who writes, and by those who lead, who may also do so in the review."""
    if tag not in NoteLine.Tag.values:
        raise RuleBroken(_("There is no such tag."), code="no_such_tag", field="tag")
    holds = bool(token) and NotePad.objects.filter(block=line.block_id, pen=_digest(token)).exists()
    if line.block.room_id != by.room.pk or not (by.leads or holds):
        raise NotAllowed(Permission.LEAD_WORKSHOP)
    _claim_not_final(by.room, now)
    NoteLine.objects.filter(pk=line.pk).update(tag=tag)
    NotePad.objects.filter(block=line.block_id).update(revision=F("revision") + 1)
    tell(by.room, screen=False)


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
        key=f"notes_final:{room.pk}",
        task="convene.apps.rooms.tasks.make_notes_final",
        args={"room_id": str(room.pk)},
        due_at=until,
    )
    return until


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
    return True


def _claim_not_final(room: Room, now: datetime) -> None:
    NoteSet.objects.get_or_create(room=room)
    live = Q(state=NoteSet.State.LIVE)
    review = Q(state=NoteSet.State.IN_REVIEW, review_until__gt=now)
    if NoteSet.objects.filter(live | review, room=room).update(revision=F("revision") + 1) != 1:
        raise RuleBroken(_("These notes are final."), code="notes_final")


def _claim_review(room: Room, now: datetime) -> None:
    _claim_not_final(room, now)
    if NoteSet.objects.filter(room=room, state=NoteSet.State.LIVE).exists():
        raise RuleBroken(_("Words can be put right when the session is over."), code="notes_live")


@transaction.atomic
def amend_line(*, line: NoteLine, by: Scribe, text: str, now: datetime) -> None:
    """One's own words, within the five days; an empty text takes them back."""
    own = by.participant is not None and line.author_id == by.participant.pk
    if line.block.room_id != by.room.pk or not own:
        raise NotAllowed(Permission.LEAD_WORKSHOP)
    text = " ".join(text.split())
    rules.check_lines([text])
    _claim_review(by.room, now)
    before = NoteLine.objects.select_for_update().get(pk=line.pk).text
    if before == text:
        return
    NoteLine.objects.filter(pk=line.pk).update(text=text)
    Amendment.objects.create(line=line, before=before, after=text, at=now)


@transaction.atomic
def show_name(*, line: NoteLine, by: Scribe, shown: bool, now: datetime) -> None:
    """One's own choice. Hiding is always possible; showing only until the notes are final."""
    if by.participant is None or line.author_id != by.participant.pk:
        raise NotAllowed(Permission.LEAD_WORKSHOP)
    if shown:
        _claim_not_final(by.room, now)
    NoteLine.objects.filter(pk=line.pk).update(name_shown=shown)


@transaction.atomic
def ask_to_put_right(*, line: NoteLine, by: Scribe, after: str, why: str, now: datetime) -> LineRequest:
    """Anyone who was in the room may ask; who asked is not kept."""
    if line.block.room_id != by.room.pk:
        raise NotAllowed(Permission.LEAD_WORKSHOP)
    after = " ".join(after.split())
    rules.check_lines([after])
    _claim_review(by.room, now)
    try:
        with transaction.atomic():
            return LineRequest.objects.create(line=line, after=after, why=why[:300])
    except IntegrityError as error:
        text = _("Someone has asked about this line already; those who facilitate decide.")
        raise RuleBroken(text, code="line_asked") from error


@transaction.atomic
def decide_request(*, request: LineRequest, by: Scribe, accept: bool, actor: Person, now: datetime) -> None:
    """Those who lead put the line right, or leave it as it is; once."""
    if request.line.block.room_id != by.room.pk or not by.leads:
        raise NotAllowed(Permission.LEAD_WORKSHOP)
    _claim_review(by.room, now)
    state = LineRequest.State.ACCEPTED if accept else LineRequest.State.DECLINED
    decided = LineRequest.objects.filter(pk=request.pk, state=LineRequest.State.OPEN).update(
        state=state, decided_by=actor, decided_at=now
    )
    if decided != 1:
        raise RuleBroken(_("This was decided already."), code="request_decided")
    if accept:
        NoteLine.objects.filter(pk=request.line_id).update(text=request.after, name_shown=False)


@transaction.atomic
def recording_changed(*, block: Block) -> None:
    """A block that turns into Chatham House forgets who wrote; a closed one takes no more lines."""
    if block.recording not in {rules.CHATHAM, rules.CLOSED}:
        return
    lines = NoteLine.objects.filter(block=block)
    Amendment.objects.filter(line__in=lines).delete()
    lines.update(author=None, name_shown=False, written_at=_moment_of(block))
    NotePad.objects.filter(block=block).update(writer=None, asked_by=None)


def _moment_of(block: Block) -> datetime:
    return block.started_at or block.room.started_at or block.room.session.starts_at
