"""Clocks: what a typed wall time means, whose hour is odd, which day is a working day."""

from __future__ import annotations

import datetime as dt
import zoneinfo
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from django.utils.formats import date_format, time_format
from django.utils.translation import gettext as _

from convene.foundation.errors import RuleBroken

SATURDAY = 5


@cache
def zones() -> frozenset[str]:
    """Every IANA zone a person may choose."""
    return frozenset(zoneinfo.available_timezones()) - {"localtime", "Factory"}


def zone_named(name: str, *, field: str = "zone") -> zoneinfo.ZoneInfo:
    if name not in zones():
        raise RuleBroken(
            _("Choose a time zone from the list, such as Europe/Berlin."), code="zone_unknown", field=field
        )
    return zoneinfo.ZoneInfo(name)


def to_instant(day: dt.date, at: dt.time, zone: str, *, field: str = "starts") -> dt.datetime:
    """The UTC instant of a wall time. Raises RuleBroken when that clock skips it or shows it twice."""
    clock = zone_named(zone)
    wall = dt.datetime.combine(day, at.replace(tzinfo=None, fold=0))
    first = wall.replace(tzinfo=clock)
    second = first.replace(fold=1)
    if first.utcoffset() == second.utcoffset():
        return first.astimezone(dt.UTC)
    words = {"time": time_format(wall.time(), "H:i"), "day": date_format(day, "j F Y"), "zone": zone}
    if first.astimezone(dt.UTC).astimezone(clock).replace(tzinfo=None) != wall:
        message = _(
            "%(time)s does not exist on %(day)s in %(zone)s: the clocks go forward past it. "
            "Choose an earlier or a later time."
        )
        raise RuleBroken(message % words, code="time_skipped", field=field)
    message = _(
        "%(time)s happens twice on %(day)s in %(zone)s: the clocks go back. "
        "Choose an earlier or a later time."
    )
    raise RuleBroken(message % words, code="time_twice", field=field)


@dataclass(frozen=True)
class Clock:
    """Whose time it is: their zone and the hours they call decent."""

    zone: str
    decent_from: dt.time = dt.time(8, 0)
    decent_until: dt.time = dt.time(19, 0)


def local_time(instant: dt.datetime, zone: str) -> dt.datetime:
    return instant.astimezone(zoneinfo.ZoneInfo(zone if zone in zones() else "UTC"))


def is_decent(starts_at: dt.datetime, ends_at: dt.datetime, clock: Clock) -> bool:
    """Whether the whole session lies in the person's decent hours (which may reach over midnight)."""
    begin, end = local_time(starts_at, clock.zone), local_time(ends_at, clock.zone)
    opening = _minutes(clock.decent_from)
    length = (_minutes(clock.decent_until) - opening) % (24 * 60) or 24 * 60
    since_opening = (_minutes(begin.time()) - opening) % (24 * 60)
    return since_opening + (end - begin).total_seconds() / 60 <= length


def _minutes(at: dt.time) -> int:
    return at.hour * 60 + at.minute


def due_on(first_day: dt.date, lead_days: int, *, working_days: bool) -> dt.date:
    """The last day on which something can be done that needs `lead_days` before `first_day`."""
    if not working_days:
        return first_day - dt.timedelta(days=lead_days)
    day, left = first_day, lead_days
    while left > 0:
        day -= dt.timedelta(days=1)
        if day.weekday() < SATURDAY:
            left -= 1
    return day


@dataclass(frozen=True)
class SlotFacts:
    """A candidate time: who says no, who would rather not, and for whom the hour is odd."""

    key: object
    starts_at: dt.datetime
    cannot: int
    rather_not: int
    odd_for: frozenset[object]


def burdens(slot: SlotFacts, people: Iterable[object], borne: Mapping[object, int]) -> tuple[int, ...]:
    """Odd hours each person would have borne after this slot, heaviest first."""
    return tuple(sorted((borne.get(person, 0) + (person in slot.odd_for) for person in people), reverse=True))


def order_slots(
    slots: Sequence[SlotFacts], people: Sequence[object], borne: Mapping[object, int]
) -> list[SlotFacts]:
    """Fewest who cannot come; then whoever bore most bears least; then fewest "if need be"; then earliest."""
    return sorted(
        slots,
        key=lambda slot: (slot.cannot, burdens(slot, people, borne), slot.rather_not, slot.starts_at),
    )
