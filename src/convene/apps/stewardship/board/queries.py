"""The board as its readers may see it, in a number of queries that does not grow."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, Exists, F, OuterRef, Prefetch, QuerySet
from django.utils.translation import gettext as _

from convene.apps.people.models import Person
from convene.apps.rooms.models import NoteLine, NoteSet
from convene.apps.stewardship.board import rules
from convene.apps.stewardship.models import OpenQuestion, Thinker
from convene.apps.voices.models import Statement
from convene.apps.workshops.models import Workshop
from convene.apps.workshops.rules.checks import Finding, Level

State = OpenQuestion.State


@dataclass(frozen=True)
class Question:
    """`names`: those who agreed; `mine`: the reader wants to think about it; `source`: where it came from."""

    row: OpenQuestion
    how_many: str
    names: list[str]
    mine: bool
    source: str


def board(community_id: UUID, reader: Person) -> list[Question]:
    """Those most people want to think about first. Two queries."""
    rows = _read(community_id, reader).filter(state=State.OPEN).order_by(F("many").desc(), "asked_at", "pk")
    return [_question(row) for row in rows]


def waiting(community_id: UUID, reader: Person) -> list[Question]:
    """From notes, for stewards to read first."""
    rows = _read(community_id, reader).filter(state=State.WAITING).order_by("asked_at", "pk")
    return [_question(row) for row in rows]


def settled(community_id: UUID, reader: Person) -> list[Question]:
    """What became of them, newest first."""
    states = [State.CONVERSATION, State.ANSWERED, State.SET_ASIDE]
    rows = _read(community_id, reader).filter(state__in=states).order_by("-settled_at", "pk")
    return [_question(row) for row in rows[:50]]


def _read(community_id: UUID, reader: Person) -> QuerySet[OpenQuestion]:
    named = Thinker.objects.filter(may_name=True).select_related("person").order_by("person__name", "pk")
    return (
        OpenQuestion.objects.filter(community_id=community_id)
        .select_related("line__block__room__session__workshop", "statement__inquiry", "workshop")
        .annotate(
            many=Count("thinkers"),
            mine=Exists(Thinker.objects.filter(question=OuterRef("pk"), person_id=reader.pk)),
        )
        .prefetch_related(Prefetch("thinkers", queryset=named, to_attr="named"))
    )


def _question(row: OpenQuestion) -> Question:
    named: list[Thinker] = getattr(row, "named", [])
    return Question(
        row=row,
        how_many=rules.thinking(getattr(row, "many", 0)),
        names=[one.person.name for one in named if one.person.name],
        mine=getattr(row, "mine", False),
        source=_source(row),
    )


def _source(row: OpenQuestion) -> str:
    if row.line is not None:
        workshop = row.line.block.room.session.workshop
        return _("from the notes of “%(title)s”") % {"title": workshop.title}
    if row.statement is not None:
        return _("from the inquiry “%(question)s”") % {"question": row.statement.inquiry.question}
    return _("asked here")


def new_lines() -> QuerySet[NoteLine]:
    """Final note lines tagged as open questions that are on no board yet, of all communities."""
    return (
        NoteLine.objects.filter(
            tag=NoteLine.Tag.OPEN_QUESTION,
            block__room__note_set__state=NoteSet.State.FINAL,
            open_question_row=None,
        )
        .exclude(text="")
        .select_related("block__room__session__workshop")
        .defer("author")
    )


def new_statements() -> QuerySet[Statement]:
    """Statements that those who asked marked as what nobody knows yet."""
    return Statement.objects.filter(
        open_question=True, state=Statement.State.LIVE, workshop_id=None, open_question_row=None
    ).select_related("inquiry")


def thinkers_told(workshop_id: UUID) -> QuerySet[Thinker]:
    """Who is told that the conversation has a date."""
    return Thinker.objects.filter(
        question__workshop_id=workshop_id,
        question__state=State.CONVERSATION,
        person__is_active=True,
        person__erased_at=None,
        person__email__isnull=False,
    ).select_related("person", "question__community")


def never_training(workshop: Workshop, _now: dt.datetime) -> Iterable[Finding]:
    """Of the check before publishing: what nobody knows yet is not taught."""
    if workshop.kind not in {Workshop.Kind.TRAINING, Workshop.Kind.SKILLS}:
        return
    from_board = OpenQuestion.objects.filter(workshop=workshop).exists()
    if from_board or Statement.objects.filter(workshop_id=workshop.pk, open_question=True).exists():
        yield Finding(
            Level.ERROR,
            "open_question_taught",
            _("It began as a question that nobody can answer yet: hold it as a conversation."),
            "workshop_details",
        )
