"""Bringing tables in: upload, mapping, dry run, yes. The seat and membership services do the writing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from convene.apps.communities.models import Community, Membership, TraitQuestion
from convene.apps.communities.services import add_member, declare_trait, organisation_named
from convene.apps.exchange import permissions, queries, rules, tables
from convene.apps.exchange.events import TableImported
from convene.apps.exchange.models import TableImport
from convene.apps.exchange.permissions import Permission
from convene.apps.exchange.queries import Verdict
from convene.apps.exchange.rules import Column, Fate, ReadRow
from convene.apps.people.models import Person
from convene.apps.people.services import find_or_make_person, make_person_without_address
from convene.apps.seats.services import register_by_hand
from convene.apps.workshops.models import Workshop
from convene.foundation.errors import NotAllowed, RuleBroken
from convene.foundation.events import publish

KEPT_DAYS = 7
"""An upload nobody said yes to is forgotten after this long."""


def _require(actor: Person, community_id: UUID) -> None:
    if not permissions.can_exchange(actor, community_id):
        raise NotAllowed(Permission.IMPORT_TABLE)


@transaction.atomic
def start_import(
    *,
    community: Community,
    workshop: Workshop | None,
    data: bytes,
    filename: str,
    actor: Person,
    now: datetime,
) -> TableImport:
    """Read an uploaded file and guess its columns; nothing else happens yet."""
    _require(actor, community.pk)
    table = tables.read(data, filename)
    kind = TableImport.Kind.REGISTRATIONS if workshop else TableImport.Kind.PEOPLE
    return TableImport.objects.create(
        kind=kind,
        community=community,
        workshop=workshop,
        header=table.header,
        rows=table.rows,
        numbers=table.numbers,
        mapping={str(place): meaning for place, meaning in queries.guess(table.header, community.pk).items()},
        made_by=actor,
        made_at=now,
    )


@transaction.atomic
def set_mapping(*, pending: TableImport, mapping: Mapping[int, str], actor: Person) -> None:
    """What each column means, in the steward's judgement."""
    _require(actor, pending.community_id)
    rules.check_mapping(mapping)
    pending.mapping = {str(place): meaning for place, meaning in mapping.items()}
    if not TableImport.objects.filter(pk=pending.pk, applied_at=None).update(mapping=pending.mapping):
        raise RuleBroken(_("This table has been taken in already."), code="applied_already")


@dataclass(frozen=True)
class Applied:
    """What became of the rows, counted by fate; `problems` are rows a rule refused, with their line."""

    counts: Mapping[str, int]
    problems: Sequence[tuple[int, str]]


@transaction.atomic
def apply_import(*, pending: TableImport, consented: bool, actor: Person, now: datetime) -> Applied:
    """Do what the dry run showed, and forget the rows.

    One row that a rule refuses does not stop the others: it is named. Trait answers are taken over only
    when the steward says that the people agreed to that use (`consented`), and never over what someone said
    or took back themselves.
    """
    _require(actor, pending.community_id)
    rules.check_mapping(queries.mapping_of(pending))
    if not TableImport.objects.filter(pk=pending.pk, applied_at=None).update(
        applied_at=now, rows=[], numbers=[]
    ):
        raise RuleBroken(_("This table has been taken in already."), code="applied_already")
    verdicts = queries.dry_run(pending)
    questions = {str(one.pk): one for one in queries.questions_of(pending.community_id)}
    counts: dict[str, int] = {}
    problems: list[tuple[int, str]] = []
    for verdict in verdicts:
        fate = verdict.fate
        if fate not in {Fate.LEFT_OUT, Fate.WRONG}:
            try:
                with transaction.atomic():
                    _take_in(pending, verdict, questions if consented else {}, actor, now)
            except RuleBroken as error:
                problems.append((verdict.row.number, str(error.public_message)))
                fate = Fate.WRONG
        counts[fate] = counts.get(fate, 0) + 1
    publish(
        TableImported(
            subject_id=pending.pk, community_id=pending.community_id, kind=pending.kind, rows=len(verdicts)
        ),
        actor=actor,
        now=now,
    )
    return Applied(counts, problems)


def _take_in(
    pending: TableImport,
    verdict: Verdict,
    questions: Mapping[str, TraitQuestion],
    actor: Person,
    now: datetime,
) -> None:
    row = verdict.row
    person = _person(row, now)
    if pending.kind == TableImport.Kind.PEOPLE:
        if verdict.fate != Fate.ALREADY:
            _join(pending.community, person, row, actor, now)
    elif pending.workshop is not None and verdict.fate != Fate.ALREADY:
        register_by_hand(
            workshop=pending.workshop,
            person=person,
            actor=actor,
            now=now,
            hope=row.values.get(Column.HOPE, ""),
        )
    for question_id, value in row.traits.items():
        question = questions.get(question_id)
        if (
            question is not None
            and value in question.values
            and not queries.has_spoken(person.pk, question.pk)
        ):
            declare_trait(question=question, value=value, actor=person, now=now)


def _person(row: ReadRow, now: datetime) -> Person:
    language = row.values.get(Column.LANGUAGE, "")
    if row.email:
        zone = row.values.get(Column.ZONE, "")
        return find_or_make_person(
            email=row.email, name=row.name, language=language, zone=zone, now=now, nameless=True
        )
    return make_person_without_address(name=row.name, language=language, now=now)


def _join(community: Community, person: Person, row: ReadRow, actor: Person, now: datetime) -> None:
    tier = row.values.get(Column.TIER, "").casefold()
    known = {choice.value for choice in Membership.Tier}
    add_member(
        community=community,
        person=person,
        actor=actor,
        now=now,
        tier=tier if tier in known else Membership.Tier.ACTIVE,
        organisation=organisation_named(community, row.values.get(Column.ORGANISATION, "")),
    )


@transaction.atomic
def drop_import(*, pending: TableImport, actor: Person) -> None:
    _require(actor, pending.community_id)
    pending.delete()


@transaction.atomic
def forget_old_imports(*, now: datetime) -> int:
    """Sweep: uploads nobody said yes to."""
    old = TableImport.objects.filter(applied_at=None, made_at__lt=now - dt.timedelta(days=KEPT_DAYS))
    return old.delete()[0]
