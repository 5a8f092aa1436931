"""What may be read of the notes. Names only where their owners chose to show them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.core.exceptions import ObjectDoesNotExist
from django.db.models import BooleanField, Case, Count, Exists, F, OuterRef, Q, QuerySet, Value, When
from django.db.models.fields import CharField

from convene.apps.rooms.models import Block, LineRequest, NoteLine, NotePad, NoteSet, Participant, Room
from convene.apps.rooms.rules import notes as rules

if TYPE_CHECKING:
    from convene.apps.communities.models import Community


def lines_of(room: Room, participant: Participant | None = None) -> QuerySet[NoteLine]:
    """All lines of a session in their order; `shown_name` is empty unless its owner shows it.

    `own`: written by this participant. `asked`: someone asks for it to be put right.
    """
    waiting = LineRequest.objects.filter(line=OuterRef("pk"), state=LineRequest.State.OPEN)
    mine = Q(author=participant) if participant is not None else Q(pk=None)
    return (
        NoteLine.objects.filter(block__room=room)
        .exclude(text="")
        .select_related("block")
        .annotate(
            shown_name=Case(
                When(name_shown=True, then=F("author__person__name")),
                default=Value(""),
                output_field=CharField(),
            ),
            own=Case(
                When(mine, then=Value(value=True)),
                default=Value(value=False),
                output_field=BooleanField(),
            ),
            asked=Exists(waiting),
        )
        .order_by("block__position", "position", "id")
    )


def tagged_lines(community: Community | UUID, tag: str) -> QuerySet[NoteLine]:
    """Final lines with a tag, of all sessions of a community, newest session first; never an author."""
    community_id = community if isinstance(community, UUID) else community.pk
    return (
        NoteLine.objects.filter(
            block__room__session__workshop__community_id=community_id,
            block__room__note_set__state=NoteSet.State.FINAL,
            tag=tag,
        )
        .exclude(text="")
        .select_related("block__room__session__workshop")
        .defer("author")
        .order_by("-block__room__session__starts_at", "block__position", "position")
    )


def note_set_of(room: Room) -> NoteSet | None:
    return NoteSet.objects.filter(room=room).first()


def in_review(room: Room, now: datetime) -> bool:
    """Whether words can be put right now."""
    found = note_set_of(room)
    return (
        found is not None
        and found.state == NoteSet.State.IN_REVIEW
        and found.review_until is not None
        and now < found.review_until
    )


def open_requests(room: Room) -> QuerySet[LineRequest]:
    """What those who lead are asked to put right."""
    return (
        LineRequest.objects.filter(line__block__room=room, state=LineRequest.State.OPEN)
        .select_related("line__block")
        .order_by("line__block__position", "line__position")
    )


def count_by_tag(room: Room) -> dict[str, int]:
    rows = NoteLine.objects.filter(block__room=room).exclude(text="").order_by()
    return dict(rows.values_list("tag").annotate(n=Count("pk")))


@dataclass(frozen=True)
class Sheet:
    """The notes of one block as one reader sees it: `mine` and `asked_mine` are of this browser's secret."""

    block: Block
    lines: Sequence[NoteLine]
    writes: bool
    free: bool
    silent: bool
    writer: str
    mine: bool
    asked: bool
    asker: str
    asked_mine: bool
    anyone: bool
    leads: bool

    @property
    def closed(self) -> bool:
        return self.block.recording == rules.CLOSED

    @property
    def chatham(self) -> bool:
        return self.block.recording == rules.CHATHAM

    @property
    def on(self) -> bool:
        return self.block.started_at is not None and self.block.ended_at is None

    @property
    def may_take(self) -> bool:
        return self.free and (self.leads or self.anyone)

    @property
    def may_tag(self) -> bool:
        return self.mine or self.leads

    @property
    def may_give(self) -> bool:
        """To someone else than this browser."""
        return self.asked and not self.asked_mine and (self.mine or (self.leads and self.free))


@dataclass(frozen=True)
class Reader:
    """Who looks: `pens` are the secrets of their browser by block, `typing` the form they are writing in."""

    participant: Participant | None
    leads: bool
    pens: Mapping[UUID, str]
    typing: UUID | None = None


def sheets_of(room: Room, reader: Reader, now: datetime) -> list[Sheet]:
    """Each block with its lines; two queries, however many."""
    shown = lines_of(room, reader.participant)
    if reader.typing is not None:
        shown = shown.exclude(pk__in=rules.ids_of(reader.typing))
    by_block: dict[UUID, list[NoteLine]] = {}
    for line in shown:
        by_block.setdefault(line.block_id, []).append(line)
    blocks = room.blocks.select_related("pad__writer__person", "pad__asked_by__person")
    return [_sheet(block, by_block.get(block.pk, []), room, reader, now) for block in blocks]


def _sheet(block: Block, lines: Sequence[NoteLine], room: Room, reader: Reader, now: datetime) -> Sheet:
    pad = _pad(block)
    secret = reader.pens.get(block.pk, "")
    kept = rules.digest(secret) if secret else None
    free = rules.is_free(pen=pad.pen, pen_at=pad.pen_at, now=now)
    asked = rules.asks_still(asked=pad.asked, asked_at=pad.asked_at, now=now)
    return Sheet(
        block=block,
        lines=lines,
        writes=block.recording != rules.CLOSED
        and rules.accepts_lines(room_state=room.state, ended_at=room.ended_at, now=now),
        free=free,
        silent=free and bool(pad.pen),
        writer=pad.writer.person.name if pad.writer and not free else "",
        mine=bool(pad.pen) and pad.pen == kept,
        asked=asked,
        asker=pad.asked_by.person.name if asked and pad.asked_by else "",
        asked_mine=asked and pad.asked == kept,
        anyone=pad.anyone,
        leads=reader.leads,
    )


def _pad(block: Block) -> NotePad:
    try:
        return block.pad
    except ObjectDoesNotExist:
        return NotePad(block=block)


def current(sheets: Sequence[Sheet]) -> Sheet | None:
    """The block that is on, else the one that ended last, else the first."""
    on = [sheet for sheet in sheets if sheet.on]
    begun = [sheet for sheet in sheets if sheet.block.started_at is not None]
    return next(iter(on or begun[-1:] or sheets[:1]), None)
