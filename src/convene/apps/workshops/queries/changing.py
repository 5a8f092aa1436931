"""Who a change of time hits, and how: counted before it is saved."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from convene.apps.people.models import Person
from convene.apps.workshops import ports
from convene.apps.workshops.models import Facilitation, Session, Workshop
from convene.apps.workshops.queries.slots import clock_of
from convene.apps.workshops.rules import times


@dataclass(frozen=True)
class OddLine:
    """So many people for whom the new time is at an odd hour of theirs."""

    hour: dt.time
    count: int
    was_odd: bool


@dataclass(frozen=True)
class Effect:
    """What moving one session does to those who hold a seat or facilitate."""

    session: Session
    starts_at: dt.datetime
    ends_at: dt.datetime
    zone: str
    people: int
    odd: tuple[OddLine, ...]
    relieved: int
    """For so many the old hour was odd and the new one is not."""
    zone_unknown: int


def people_hit(workshop: Workshop) -> list[Person]:
    leading = Facilitation.objects.filter(workshop=workshop, state=Facilitation.State.ACCEPTED)
    ids: set[UUID] = {*ports.people_holding_seats(workshop.pk), *leading.values_list("person_id", flat=True)}
    return list(Person.objects.filter(pk__in=ids))


def change_effects(
    workshop: Workshop, changes: Sequence[tuple[Session, dt.datetime, dt.datetime, str]]
) -> list[Effect]:
    """For each session that moves; three queries however many people."""
    moved = [change for change in changes if (change[0].starts_at, change[0].ends_at) != change[1:3]]
    people = people_hit(workshop) if moved else []
    return [_effect(people, *change) for change in moved]


def _effect(
    people: Sequence[Person], session: Session, starts_at: dt.datetime, ends_at: dt.datetime, zone: str
) -> Effect:
    lines: Counter[tuple[dt.time, bool]] = Counter()
    relieved = 0
    for person in people:
        clock = clock_of(person, session.zone)
        was_odd = not times.is_decent(session.starts_at, session.ends_at, clock)
        if times.is_decent(starts_at, ends_at, clock):
            relieved += was_odd
        else:
            lines[times.local_time(starts_at, clock.zone).time(), was_odd] += 1
    return Effect(
        session=session,
        starts_at=starts_at,
        ends_at=ends_at,
        zone=zone,
        people=len(people),
        odd=tuple(OddLine(hour, count, was_odd) for (hour, was_odd), count in sorted(lines.items())),
        relieved=relieved,
        zone_unknown=sum(not person.zone for person in people),
    )
