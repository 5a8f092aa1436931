"""What is written: saved by the one who has the pen, added at the end by one who lost it, tagged."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import F, Max, QuerySet
from django.utils.translation import gettext as _

from convene.apps.rooms.models import Block, NoteLine, NotePad, Participant
from convene.apps.rooms.permissions import Permission
from convene.apps.rooms.rules import notes as rules
from convene.apps.rooms.services.notes.pen import was_issued
from convene.apps.rooms.services.notes.recording import moment
from convene.apps.rooms.services.notes.review import claim_not_final
from convene.apps.rooms.services.notes.who import Scribe, check_open, must_be_of, named
from convene.apps.rooms.services.telling import tell
from convene.foundation.errors import NotAllowed, RuleBroken


@dataclass(frozen=True)
class Saved:
    """`refused`: words that did not go in because the line they belong to was changed meanwhile."""

    revision: int
    refused: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Author:
    participant: Participant | None
    shown: bool
    at: datetime


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
    check_open(block, by, now)
    lines = rules.split(new)
    rules.check_lines([*lines, *(after for _before, after in changed.values())])
    held = NotePad.objects.filter(block=block, pen=rules.digest(token)).update(
        pen_at=now, revision=F("revision") + 1
    )
    if held != 1:
        raise RuleBroken(
            _("Someone else has the pen now. Your words are kept; add them at the end."),
            code="pen_elsewhere",
            field="new",
        )
    author = named(block, by) if keep_author else None
    refused = _change_lines(block, changed, author)
    if new_id is not None:
        _put_new(block, new_id, lines, _Author(author, name_shown, moment(block, now)))
    revision = NotePad.objects.values_list("revision", flat=True).get(block=block)
    tell(by.room, screen=False)
    return Saved(revision=revision, refused=tuple(refused))


@transaction.atomic
def append_lines(
    *, block: Block, by: Scribe, token: str, now: datetime, new: str, new_id: UUID, keep_author: bool = True
) -> None:
    """Add at the end what a writer could not save: the pen of the one who writes now is not touched."""
    check_open(block, by, now)
    if not by.leads and not was_issued(token, block):
        raise RuleBroken(_("Ask for the pen; whoever has it can hand it to you."), code="pen_not_open")
    lines = rules.split(new)
    rules.check_lines(lines)
    NotePad.objects.filter(block=block).update(revision=F("revision") + 1)
    author = named(block, by) if keep_author else None
    _put_new(block, new_id, lines, _Author(author, shown=False, at=moment(block, now)))
    tell(by.room, screen=False)


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
        # Sent twice: the first time it went in.
        if not done and not NoteLine.objects.filter(pk=line_id, block=block, text=text).exists():
            refused.append(typed)
    return refused


def _rewrite(standing: QuerySet[NoteLine], text: str, tag: str, author: Participant | None) -> int:
    """Words changed by another are no longer shown under a name."""
    values: dict[str, Any] = {"text": text} | ({"tag": tag} if tag else {})
    own = standing.filter(author=author) if author is not None else standing.none()
    return own.update(**values) or standing.update(**values, name_shown=False)


def _put_new(block: Block, new_id: UUID, lines: list[str], author: _Author) -> None:
    ids = rules.ids_of(new_id)
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
    must_be_of(by, line.block)
    pens = NotePad.objects.filter(block=line.block_id, pen=rules.digest(token))
    if not by.leads and not (token and pens.exists()):
        raise NotAllowed(Permission.KEEP_NOTES)
    claim_not_final(by.room, now)
    NoteLine.objects.filter(pk=line.pk).update(tag=tag)
    NotePad.objects.filter(block=line.block_id).update(revision=F("revision") + 1)
    tell(by.room, screen=False)
