"""From rows to what is remembered: who was passed over in a community, and who has had a seat since.

Nothing is counted up anywhere: it is read from registrations and their movements each time it is asked, so
that a corrected registration corrects it too.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Exists, Min, OuterRef, Q, QuerySet

from convene.apps.seats.allotting import PASSED_OVER, YES
from convene.apps.seats.models import Correction, Movement, Registration, SeatPolicy
from convene.apps.seats.rules import Kind, State
from convene.apps.seats.rules.memory import MONTHS, Memory, Missed, memory, months_after
from convene.apps.workshops.models import Workshop


@dataclass(frozen=True)
class Facts:
    """What Convene holds on one person in one community, before any of it is weighed."""

    missed: tuple[Missed, ...] = ()
    seat_at: dt.datetime | None = None
    seat_workshop: UUID | None = None

    def weighed(self, *, now: dt.datetime, most_weight: int) -> Memory:
        return memory(self.missed, seat_at=self.seat_at, now=now, most_weight=most_weight)


def facts_of(
    people: Collection[UUID], community_id: UUID, *, now: dt.datetime, leaving_out: UUID | None = None
) -> dict[UUID, Facts]:
    """For everyone asked about, in five queries. `leaving_out`: a workshop that is not counted."""
    asked = _asked(people, community_id, now)
    if leaving_out is not None:
        asked = asked.exclude(workshop_id=leaving_out)
    offered = set(
        asked.filter(Exists(_steps(State.OFFERED)) | Exists(_steps(State.CONFIRMED))).values_list(
            "person_id", "workshop_id"
        )
    )
    agreed = _agreed(people, community_id)
    missed: dict[UUID, list[Missed]] = defaultdict(list)
    for person_id, workshop_id, at in [*_not_drawn(asked), *_never_reached(asked, now)]:
        if (person_id, workshop_id) not in offered:
            missed[person_id].append(Missed(workshop_id, at))
    for (person_id, workshop_id), at in agreed.items():
        if workshop_id != leaving_out:
            missed[person_id].append(Missed(workshop_id, at))
    seats = _seats(asked, without=agreed)
    return {
        person_id: Facts(tuple(missed.get(person_id, ())), *seats.get(person_id, (None, None)))
        for person_id in people
    }


def _asked(people: Collection[UUID], community_id: UUID, now: dt.datetime) -> QuerySet[Registration]:
    """Cancelled workshops gave nobody a seat: there nobody was passed over either."""
    today = now.astimezone(dt.UTC)
    two_years_back = dt.datetime.combine(months_after(today.date(), -2 * MONTHS), dt.time.min, tzinfo=dt.UTC)
    rows = Registration.objects.filter(workshop__community_id=community_id, created_at__gte=two_years_back)
    return rows.filter(person_id__in=people).exclude(workshop__state=Workshop.State.CANCELLED)


def _steps(state: str) -> QuerySet[Movement]:
    return Movement.objects.filter(registration=OuterRef("pk"), after=state)


_Row = tuple[UUID, UUID, dt.datetime]


def _not_drawn(asked: QuerySet[Registration]) -> Iterable[_Row]:
    """Not drawn, from the moment of the draw. Leaving the reserve list later takes nothing away."""
    not_drawn = Q(movements__after=State.RESERVE)
    return (
        asked.filter(not_drawn)
        .annotate(at=Min("movements__at", filter=not_drawn))
        .values_list("person_id", "workshop_id", "at")
    )


def _never_reached(asked: QuerySet[Registration], now: dt.datetime) -> Iterable[_Row]:
    """Still on a waiting list when it began. In a draw only those count who asked in time to be drawn."""
    return (
        asked.filter(state=State.WAITLISTED)
        .exclude(workshop__seat_policy__kind=Kind.DRAW)
        .filter(workshop__state__in=(Workshop.State.PUBLISHED, Workshop.State.HELD))
        .annotate(at=Min("workshop__sessions__starts_at"))
        .filter(at__lte=now)
        .values_list("person_id", "workshop_id", "at")
    )


def _agreed(people: Collection[UUID], community_id: UUID) -> dict[tuple[UUID, UUID], dt.datetime]:
    """What a steward agreed to count, though the registrations do not show it."""
    rows = Correction.objects.filter(
        person_id__in=people, workshop__community_id=community_id, state=Correction.State.AGREED
    ).exclude(workshop__state=Workshop.State.CANCELLED)
    return {
        (person_id, workshop_id): at
        for person_id, workshop_id, at in rows.values_list("person_id", "workshop_id", "counts_at")
    }


def _seats(
    asked: QuerySet[Registration], *, without: Collection[tuple[UUID, UUID]]
) -> dict[UUID, tuple[dt.datetime, UUID]]:
    """The last seat each one keeps in a workshop where someone had to wait, by when they first said yes.

    A seat given back is no seat: whoever cannot come loses nothing by saying so.
    """
    waited = Movement.objects.filter(
        registration__workshop_id=OuterRef("workshop_id"), after__in=(State.RESERVE, State.WAITLISTED)
    ).exclude(registration__person_id=OuterRef("person_id"))
    confirmed = Q(movements__after=State.CONFIRMED)
    rows = (
        asked.filter(Exists(waited), state=State.CONFIRMED)
        .annotate(at=Min("movements__at", filter=confirmed))
        .exclude(at=None)
        .order_by("at")
        .values_list("person_id", "at", "workshop_id")
    )
    return {
        person_id: (at, workshop_id)
        for person_id, at, workshop_id in rows
        if (person_id, workshop_id) not in without
    }


def memories_at(policy: SeatPolicy, people: Collection[UUID], *, now: dt.datetime) -> Mapping[UUID, Memory]:
    """What counts for each person in a draw of this policy at `now`; by the policy's own largest weight."""
    if not policy.remembers or not people:
        return {}
    facts = facts_of(people, policy.workshop.community_id, now=now, leaving_out=policy.workshop_id)
    return {
        person_id: found.weighed(now=now, most_weight=policy.most_weight)
        for person_id, found in facts.items()
    }


@dataclass(frozen=True)
class Remembered:
    """What an entry takes along from the past."""

    weight: float = 1
    long: bool = False
    """Passed over often enough for a place held."""

    @property
    def traits(self) -> dict[str, str]:
        return {PASSED_OVER: YES} if self.long else {}


def remembered(
    policy: SeatPolicy, rows: Sequence[Registration], *, now: dt.datetime
) -> dict[UUID, Remembered]:
    """By registration: the weight and the place in line with which it enters a draw of this policy at `now`.

    Called once at closing, and what it says is frozen into the entries. Three queries however many.
    """
    known = memories_at(policy, {row.person_id for row in rows}, now=now)
    return {
        row.pk: Remembered(
            float(known[row.person_id].weight),
            long=bool(policy.kept_places) and known[row.person_id].times >= policy.kept_after,
        )
        if row.person_id in known
        else Remembered()
        for row in rows
    }
