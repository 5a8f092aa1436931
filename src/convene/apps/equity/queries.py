"""Who came how far in a period; and what was published."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Min, Prefetch, Q, QuerySet

from convene.apps.attendance.models import Attendance
from convene.apps.attendance.rules import PRESENT
from convene.apps.communities.models import Community, Membership, Trait, TraitQuestion
from convene.apps.communities.queries import open_questions, traits_of
from convene.apps.equity.models import Counted, EquityTable, Publication
from convene.apps.equity.periods import STEPS, Period, Step, closed
from convene.apps.people.models import Consent
from convene.apps.people.rules import Purpose
from convene.apps.seats.models import Movement, Registration
from convene.apps.workshops.models import Workshop
from convene.foundation.disclosure import NOTHING_SAID, Figure
from convene.foundation.times import zone_or

TIER = "tier"
_TOOK_PLACE = (Workshop.State.PUBLISHED, Workshop.State.HELD)


@dataclass(frozen=True)
class Reached:
    """How far each person came, among the members of the period and among everyone else."""

    members: Mapping[UUID, str]
    guests: Mapping[UUID, str]
    tiers: Mapping[UUID, str]


def workshops_in(community: Community, period: Period, kind: str = "") -> QuerySet[Workshop]:
    """Those that began in the period, by the community's own clock, and were not called off."""
    start, end = period.bounds(zone_or(community.zone))
    found = Workshop.objects.filter(community=community, state__in=_TOOK_PLACE)
    if kind:
        found = found.filter(kind=kind)
    return found.annotate(begins=Min("sessions__starts_at")).filter(begins__gte=start, begins__lt=end)


def first_day(community: Community) -> dt.date | None:
    begins = Workshop.objects.filter(community=community, state__in=_TOOK_PLACE).aggregate(
        first=Min("sessions__starts_at")
    )["first"]
    return begins.astimezone(zone_or(community.zone)).date() if begins else None


def reached(community: Community, period: Period, kind: str = "") -> Reached:
    """Five queries, whatever the number of people."""
    ids = list(workshops_in(community, period, kind).values_list("pk", flat=True))
    asked = Registration.objects.filter(workshop__in=ids)
    seats = Movement.objects.filter(registration__workshop__in=ids)
    offered, confirmed = Registration.State.OFFERED, Registration.State.CONFIRMED
    by_step = {
        Step.ASKED: set(asked.values_list("person_id", flat=True)),
        Step.OFFERED: _people(seats.filter(after__in=[offered, confirmed])),
        Step.CONFIRMED: _people(seats.filter(after=confirmed)),
        Step.CAME: _people(
            Attendance.objects.filter(registration__workshop__in=ids, holds=True, state__in=list(PRESENT))
        ),
    }
    tiers = dict(_members(community, period).values_list("person_id", "tier"))
    furthest: dict[UUID, str] = dict.fromkeys(tiers, str(Step.MEMBER))
    for step in STEPS[1:]:
        furthest |= dict.fromkeys(by_step[Step(step)], step)
    return Reached(
        members={one: step for one, step in furthest.items() if one in tiers},
        guests={one: step for one, step in furthest.items() if one not in tiers},
        tiers=tiers,
    )


def _people(rows: QuerySet[Movement] | QuerySet[Attendance]) -> set[UUID]:
    return set(rows.values_list("registration__person_id", flat=True))


def _members(community: Community, period: Period) -> QuerySet[Membership]:
    """Everyone who belonged on some day of the period; of two memberships the later one counts."""
    return (
        Membership.objects.filter(community=community, since__lt=period.after)
        .exclude(state=Membership.State.INVITED)
        .filter(Q(ended_on=None) | Q(ended_on__gte=period.first_day))
        .order_by("since")
    )


def answers_to(question: TraitQuestion, people: Sequence[UUID]) -> dict[Hashable, str]:
    """What each declared and still agrees to; who did not, or prefers not to, said nothing."""
    said = traits_of(people, [question])
    known = set(question.values)
    return {one: answer if (answer := given.get(question.pk, "")) in known else NOTHING_SAID
            for one, given in said.items()}  # fmt: skip


def questions_of(community_id: UUID) -> list[TraitQuestion]:
    return list(open_questions(community_id))


# --- what was published before -----------------------------------------------


@dataclass(frozen=True)
class Earlier:
    """A publication's columns, and what it said of one question."""

    publication: Publication
    columns: Mapping[str, frozenset[Hashable]]
    figures: tuple[Figure, ...]


def earlier_for(community_id: UUID, question: TraitQuestion) -> list[Earlier]:
    """Everything published on the question, with its columns as they were.

    People who were erased, or have answered anew or withdrawn since, are others there than here: what a
    table said of them then says nothing of what they say now.
    """
    tables = {
        table.publication_id: table
        for table in EquityTable.objects.filter(question=question, publication__community_id=community_id)
    }
    publications = list(
        Publication.objects.filter(pk__in=tables).prefetch_related("counted").order_by("published_at")
    )
    answered = dict(Trait.objects.filter(question=question).values_list("person_id", "declared_at"))
    consents = Consent.objects.filter(
        purpose=Purpose.TRAITS, scope_id=question.pk, withdrawn_at__isnull=False
    )
    withdrawn = dict(consents.order_by("withdrawn_at").values_list("person_id", "withdrawn_at"))
    found = []
    for publication in publications:
        columns = columns_of(
            {_now(one, publication, answered, withdrawn): one.step for one in publication.counted.all()}
        )
        found.append(Earlier(publication, columns, _figures(tables[publication.pk], columns)))
    return found


def _now(one: Counted, publication: Publication, *changes: Mapping[UUID, dt.datetime | None]) -> Hashable:
    """Who of today that is; nobody of today, if they have left or changed what they said since."""
    if one.person_id is None:
        return ("gone", one.pk)
    times = [at for known in changes if (at := known.get(one.person_id)) is not None]
    changed = any(at > publication.published_at for at in times)
    return ("changed", one.pk) if changed else one.person_id


def _figures(table: EquityTable, columns: Mapping[str, frozenset[Hashable]]) -> tuple[Figure, ...]:
    return tuple(
        Figure(columns[step], frozenset(row["answers"]), count)
        for row in table.rows
        for step, count in row["counts"].items()
        if count is not None
    )


def columns_of(furthest: Mapping[Any, str]) -> dict[str, frozenset[Hashable]]:
    """Step -> everyone who came at least so far."""
    at: dict[str, set[Hashable]] = defaultdict(set)
    for person, step in furthest.items():
        at[step].add(person)
    return {
        step: frozenset[Hashable]().union(*(at[later] for later in STEPS[place:]))
        for place, step in enumerate(STEPS)
    }


# --- for the page ------------------------------------------------------------


def publications_of(community_id: UUID) -> list[Publication]:
    """All of them, newest first, with their tables: two queries."""
    tables = Prefetch("tables", EquityTable.objects.select_related("question"))
    return list(Publication.objects.filter(community_id=community_id).prefetch_related(tables))


def next_workshop(community_id: UUID, now: dt.datetime) -> Workshop | None:
    """The next one for which something can still be done."""
    return (
        Workshop.objects.filter(
            community_id=community_id, state__in=[Workshop.State.DRAFT, Workshop.State.PUBLISHED]
        )
        .annotate(begins=Min("sessions__starts_at"))
        .filter(begins__gt=now)
        .select_related("seat_policy")
        .order_by("begins")
        .first()
    )


def communities_due(now: dt.datetime) -> list[Community]:
    """Those with a settled period that has no figures yet; a few queries each, four times a day."""
    done: dict[UUID, set[str]] = defaultdict(set)
    for community_id, period in Publication.objects.filter(kind="").values_list("community_id", "period"):
        done[community_id].add(period)
    found = []
    for community in Community.objects.filter(workshops__state__in=_TOOK_PLACE).distinct():
        first = first_day(community)
        today = now.astimezone(zone_or(community.zone)).date()
        if first and any(period.key not in done[community.pk] for period in closed(first, today)):
            found.append(community)
    return found
