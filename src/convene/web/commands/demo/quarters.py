"""Two closed quarters of the demo community: seats for everyone in the first, too few in the second.

Nurses read their mail between rounds, the others in the evening: by first come the nurses were in before them.
The same people ask in both, so that the figures of the two can stand beside each other.
"""

from __future__ import annotations

import datetime as dt
from datetime import datetime

from convene.apps.equity import services as equity
from convene.apps.equity.periods import SETTLES, Period, quarter_of
from convene.apps.people.models import Person
from convene.apps.seats import services as seats
from convene.apps.seats.rules import Kind
from convene.apps.seats.services import PolicyTerms
from convene.apps.workshops import services as workshops
from convene.apps.workshops.models import Workshop
from convene.foundation.times import zone_or
from convene.web.commands.demo.past import lead, presence
from convene.web.commands.demo.people import MEMBERS, WORK, ZONE, Cast
from convene.web.commands.demo.times import at

_OWN_ROLE = 7
"""Members listed before this place lead, host or plan."""


def write(cast: Cast, now: datetime) -> None:
    settled = (now.astimezone(zone_or(ZONE)) - SETTLES).date()
    last = quarter_of(settled).before
    nurses, others = _by_work(cast, WORK[0])
    everyone = [*nurses, *others]
    _held(cast, last.before, "Isolation rooms: who decides, and when?", everyone, now, capacity=30)
    _held(cast, last, "Reading a resistance report together", [*nurses, *others[::-1]], now, capacity=15)
    equity.publish_due(community=cast.community, now=now)


def _by_work(cast: Cast, work: str) -> tuple[list[Person], list[Person]]:
    """Ten of that work, sixteen of any other, none of whom leads."""
    free = [(name, None if place is None else WORK[place]) for name, _h, _t, place, _y in MEMBERS[_OWN_ROLE:]]
    of_it = [cast.people[name] for name, known in free if known == work]
    others = [cast.people[name] for name, known in free if known != work]
    return of_it[:10], others[:16]


def _held(
    cast: Cast, period: Period, title: str, people: list[Person], now: datetime, *, capacity: int
) -> Workshop:
    """In the middle of the quarter, in the order people asked; who is late stands on the waiting list."""
    middle = dt.datetime.combine(period.first_day, dt.time(12), tzinfo=zone_or(ZONE)) + dt.timedelta(days=45)
    start = at(now, days=(middle - now).days, hour=14)
    then = start - dt.timedelta(days=20)
    workshop = workshops.create_workshop(
        community=cast.community,
        template="skills",
        title=title,
        actor=cast.steward,
        now=then,
        starts_at=start,
        minutes=90,
        zone=ZONE,
        join_url="https://video.demo.example/quarter",
        seats=capacity,
        minimum=4,
        summary="With cases from all six hospitals.",
        outcomes="Say who decides, and what they need to know",
        counts_minutes=True,
    )
    terms = PolicyTerms(kind=Kind.FIRST_COME, capacity=capacity, minimum=4)
    seats.set_policy(workshop=workshop, terms=terms, pools=None, actor=cast.steward, now=then)
    lead(cast, workshop, then)
    workshops.publish_workshop(workshop=workshop, actor=cast.steward, now=then)
    asked = [
        seats.request_seat(
            workshop=workshop, person=person, actor=person, now=then + dt.timedelta(hours=2 * hours)
        )
        for hours, person in enumerate(people, start=1)
    ]
    workshop.refresh_from_db()
    workshops.mark_held(workshop=workshop, actor=cast.steward, now=start + dt.timedelta(hours=4))
    presence(cast, workshop, asked[:capacity], came=capacity)
    return workshop
