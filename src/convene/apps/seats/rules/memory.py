"""Who was passed over, and what it means for the next draw: a public function of facts, never a punishment.

A person's **weight** in a draw is 1, and more for each time they were passed over in the community: a time
counts fully for three months, then three quarters, half and a quarter for three months each, and after twelve
months not at all. The sum never goes beyond the policy's largest weight. A seat that they keep, where others
had to wait, starts the count again. The engine then equalises chance divided by weight.
"""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from convene.apps.seats.rules.states import Kind
from convene.foundation.errors import RuleBroken

PARTS = 4
"""A time fades in so many equal parts, one a quarter of a year."""
MONTHS = 12
"""After so many months it counts no more."""
STEP = MONTHS // PARTS
MOST_WEIGHT = 4
"""The largest weight unless a policy says otherwise: three times passed over, freshly."""
WEIGHT_LIMIT = 10
"""No policy may go beyond it: one person's chance would drown the others'."""
KEPT_AFTER = 2
"""Places held are for those passed over at least so often, unless a policy says otherwise."""


@dataclass(frozen=True)
class Missed:
    """One time passed over: the workshop, and when that was settled."""

    workshop_id: UUID
    at: dt.datetime


@dataclass(frozen=True)
class Counted:
    """A time passed over as it counts now, and the day from which it counts no more."""

    missed: Missed
    part: Fraction
    until: dt.date


@dataclass(frozen=True)
class Memory:
    """What is remembered of one person in one community, at one moment."""

    counted: tuple[Counted, ...] = ()
    most_weight: int = MOST_WEIGHT

    @property
    def weight(self) -> Fraction:
        """In quarters, so that few people differ by it and a floating number holds it exactly."""
        total = 1 + sum((each.part for each in self.counted), Fraction())
        return min(total, Fraction(self.most_weight))

    @property
    def times(self) -> int:
        """How often in the last twelve months, since the last seat; each counts whole."""
        return len(self.counted)


def part_of(at: dt.datetime, now: dt.datetime) -> Fraction:
    """How much of a time passed over still counts: 1, 3/4, 1/2, 1/4 or 0."""
    day, today = at.astimezone(dt.UTC).date(), now.astimezone(dt.UTC).date()
    passed = sum(today >= months_after(day, step * STEP) for step in range(1, PARTS + 1))
    return Fraction(PARTS - passed, PARTS)


def fades_on(at: dt.datetime) -> dt.date:
    """The day from which it counts no more."""
    return months_after(at.astimezone(dt.UTC).date(), MONTHS)


def memory(
    missed: Iterable[Missed],
    *,
    seat_at: dt.datetime | None,
    now: dt.datetime,
    most_weight: int = MOST_WEIGHT,
) -> Memory:
    """`seat_at`: when they last got a seat that they keep, where others had to wait; None: never.

    A workshop counts once, by its latest time; what lies before the seat, or a year back, not at all.
    """
    latest: dict[UUID, Missed] = {}
    for each in missed:
        known = latest.get(each.workshop_id)
        if known is None or each.at > known.at:
            latest[each.workshop_id] = each
    counted = [
        Counted(each, part, fades_on(each.at))
        for each in latest.values()
        if each.at <= now and (seat_at is None or each.at > seat_at) and (part := part_of(each.at, now))
    ]
    counted.sort(key=lambda each: (each.missed.at, each.missed.workshop_id))
    return Memory(tuple(counted), most_weight)


def months_after(day: dt.date, months: int) -> dt.date:
    """The same day of a later month, or that month's last day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return dt.date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def check_memory_change(
    *, before: tuple[object, ...], after: tuple[object, ...], kind: str, asked: int
) -> None:
    """What was said about those passed over is part of the rule people asked under."""
    if asked and kind == Kind.DRAW and before != after:
        raise RuleBroken(
            _("People have asked under the present rule, so what counts for those passed over stays."),
            code="rule_promised",
            field="remembers",
            params={"asked": asked},
        )


def check_memory(
    *, remembers: bool, most_weight: int, kept_places: int, kept_after: int, capacity: int | None
) -> None:
    """What a policy may ask of the memory. Raises RuleBroken, each with its field."""
    if not 1 < most_weight <= WEIGHT_LIMIT:
        raise RuleBroken(
            _("Choose a number from 2 to %(most)d.") % {"most": WEIGHT_LIMIT},
            code="weight_out_of_range",
            field="most_weight",
        )
    if kept_after < 1:
        raise RuleBroken(_("Once is the least."), code="kept_after_below_one", field="kept_after")
    if kept_places and not remembers:
        raise RuleBroken(
            _("Places can be held for those passed over only where that is remembered."),
            code="kept_without_memory",
            field="kept_places",
        )
    if capacity is not None and kept_places > capacity:
        raise RuleBroken(_("There are not so many seats."), code="kept_above_seats", field="kept_places")
