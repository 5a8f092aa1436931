"""Publishing the figures of a closed period, once and for good."""

from __future__ import annotations

import datetime as dt
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction

from convene.apps.communities.models import Community, Membership, TraitQuestion
from convene.apps.equity import permissions, queries
from convene.apps.equity.events import EquityPublished, EquityRead
from convene.apps.equity.models import Counted, EquityTable, Publication
from convene.apps.equity.periods import IN_ORDER_OF_WEIGHT, STEPS, Period, Step, closed
from convene.apps.equity.permissions import Permission
from convene.apps.equity.queries import TIER, Earlier, Reached, columns_of
from convene.apps.people.models import Person
from convene.apps.workshops.models import Workshop
from convene.foundation.disclosure import NOTHING_SAID, Column, K, Table, protect
from convene.foundation.errors import NotAllowed
from convene.foundation.events import publish
from convene.foundation.times import zone_or


@dataclass(frozen=True)
class Drawn:
    """A table that may be shown, before it is kept."""

    question: TraitQuestion | None
    key: str
    table: Table


def publish_due(*, community: Community, now: dt.datetime) -> int:
    """Publish every settled period that is not published yet, earliest first; how many. Idempotent.

    The figures are computed outside any transaction: the proof that they give nobody away takes time.
    """
    first = queries.first_day(community)
    if first is None:
        return 0
    done = set(Publication.objects.filter(community=community).values_list("period", "kind"))
    today = now.astimezone(zone_or(community.zone)).date()
    published = 0
    for period in closed(first, today):
        # By kind of workshop for years only: the more tables beside each other, the less each may show.
        for kind in ("", *Workshop.Kind.values) if period.is_year else ("",):
            if (period.key, kind) not in done:
                published += _publish(community, period, kind, now)
    return published


def _publish(community: Community, period: Period, kind: str, now: dt.datetime) -> bool:
    found = queries.reached(community, period, kind)
    columns = columns_of(found.members)
    if kind and len(columns[Step.ASKED]) < K:
        return False
    tables = [_by_tier(found, columns)]
    questions = queries.questions_of(community.pk)
    tables += [_by(question, community, period, kind, columns) for question in questions]
    with transaction.atomic():
        publication, new = Publication.objects.get_or_create(
            community=community,
            period=period.key,
            kind=kind,
            defaults={"guests": _guests(found), "published_at": now},
        )
        if new:
            _keep(publication, tables, found)
            publish(
                EquityPublished(
                    subject_id=publication.pk, community_id=community.pk, period=period.key, kind=kind
                ),
                actor=None,
                now=now,
            )
    return new


def _keep(publication: Publication, tables: Sequence[Drawn], found: Reached) -> None:
    EquityTable.objects.bulk_create(
        EquityTable(
            publication=publication,
            question=one.question,
            key=one.key,
            rows=[{"answers": list(row.answers), "counts": _in_order(row.counts)} for row in one.table.rows],
            totals=_in_order(one.table.totals),
            position=place,
        )
        for place, one in enumerate(tables)
    )
    Counted.objects.bulk_create(
        Counted(publication=publication, person_id=person, step=step)
        for person, step in found.members.items()
    )


def _in_order(counts: Mapping[str, int | None]) -> dict[str, int | None]:
    return {step: counts[step] for step in STEPS}


def _columns(columns: Mapping[str, frozenset[Hashable]]) -> list[Column]:
    return [Column(str(step), columns[step]) for step in IN_ORDER_OF_WEIGHT]


def _by_tier(found: Reached, columns: Mapping[str, frozenset[Hashable]]) -> Drawn:
    """Stewards know each member's tier, so tables by tier are not held against each other; but small
    figures are hidden in them as in all others."""
    answers: dict[Hashable, str] = dict(found.tiers.items())
    return Drawn(None, TIER, protect(answers, _columns(columns), Membership.Tier.values))


def _by(
    question: TraitQuestion,
    community: Community,
    period: Period,
    kind: str,
    columns: Mapping[str, frozenset[Hashable]],
) -> Drawn:
    earlier = queries.earlier_for(community.pk, question)
    people = {person for one in earlier for column in one.columns.values() for person in column}
    people |= columns[Step.MEMBER]
    answers = queries.answers_to(question, [one for one in people if isinstance(one, UUID)])
    table = protect(
        answers,
        _columns(columns),
        [*question.values, NOTHING_SAID],
        earlier=[figure for one in earlier for figure in one.figures],
        beside=[column for one in earlier if _compared(one, period, kind) for column in one.columns.values()],
    )
    return Drawn(question, question.key, table)


def _compared(earlier: Earlier, period: Period, kind: str) -> bool:
    """What a reader holds beside it: all kinds, the period before, and of a year its last quarter."""
    then = (earlier.publication.period, earlier.publication.kind)
    beside = {(period.key, ""), (period.before.key, kind)}
    if period.is_year:
        beside.add((Period(period.year, 4).key, ""))
    return then in beside


def _guests(found: Reached) -> dict[str, int | None]:
    """Everyone who was no member, as one group; no figure below five, nor two that differ by fewer."""
    columns = columns_of(found.guests)
    counts: dict[str, int | None] = dict.fromkeys(STEPS)
    shown: list[int] = []
    for step in (Step.ASKED, Step.OFFERED, Step.CAME, Step.CONFIRMED):
        count = len(columns[step])
        if count >= K and all(abs(count - other) >= K or count == other for other in shown):
            counts[step] = count
            shown.append(count)
    return counts


def note_reading(*, publication: Publication, actor: Person, as_table: bool, now: dt.datetime) -> None:
    """Who looked is written down. Raises NotAllowed."""
    if not permissions.can_read(actor, publication.community_id):
        raise NotAllowed(Permission.READ_EQUITY)
    with transaction.atomic():
        publish(
            EquityRead(subject_id=publication.pk, community_id=publication.community_id, as_table=as_table),
            actor=actor,
            now=now,
        )
