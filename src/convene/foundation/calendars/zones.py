"""VTIMEZONE from the system's zone data, for just the years a calendar needs.

Built here because icalendar 7.3 dates the onset of daylight time by the clock after the change, where
RFC 5545 (3.6.5) asks for the clock before it: readers that trust the file would be an hour out that morning.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from icalendar import Timezone, TimezoneDaylight, TimezoneStandard

_DAY = dt.timedelta(days=1)


def zone_of(name: str) -> ZoneInfo | None:
    """The zone of that IANA name; None for UTC itself and for names this machine does not know."""
    if name in {"", "UTC", "Etc/UTC"}:
        return None
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


@lru_cache(maxsize=256)
def vtimezone(name: str, first_year: int, last_year: int) -> Timezone:
    """The component that says what the clocks of zone `name` show in these years. Do not change it."""
    zone = ZoneInfo(name)
    opening = dt.datetime(first_year, 1, 1, tzinfo=zone)
    component = Timezone()
    component.add("tzid", name)
    component.add_component(_observance(opening, _offset(opening), [opening.replace(tzinfo=None)]))
    groups: dict[tuple[object, ...], tuple[dt.datetime, dt.timedelta, list[dt.datetime]]] = {}
    for before, after in _changes(zone, first_year, last_year):
        onset = (after.astimezone(dt.UTC) + _offset(before)).replace(tzinfo=None)
        key = (_offset(before), _offset(after), after.tzname(), bool(after.dst()))
        groups.setdefault(key, (after, _offset(before), []))[2].append(onset)
    for after, offset_before, onsets in groups.values():
        component.add_component(_observance(after, offset_before, onsets))
    return component


def _observance(
    sample: dt.datetime, offset_before: dt.timedelta, onsets: list[dt.datetime]
) -> TimezoneStandard | TimezoneDaylight:
    part = TimezoneDaylight() if sample.dst() else TimezoneStandard()
    part.add("dtstart", onsets[0])
    part.add("tzoffsetfrom", offset_before)
    part.add("tzoffsetto", _offset(sample))
    part.add("tzname", sample.tzname())
    if onsets[1:]:
        part.add("rdate", onsets[1:])
    return part


def _changes(zone: ZoneInfo, first_year: int, last_year: int) -> Iterator[tuple[dt.datetime, dt.datetime]]:
    """The last second before and the first of each change of the clocks in these years."""
    at = dt.datetime(first_year, 1, 1, tzinfo=zone).astimezone(dt.UTC)
    end = dt.datetime(last_year + 1, 1, 1, tzinfo=zone).astimezone(dt.UTC)
    while at < end:
        if _state(at, zone) != _state(at + _DAY, zone):
            low, high = at, at + _DAY
            while high - low > dt.timedelta(seconds=1):
                middle = (low + (high - low) / 2).replace(microsecond=0)
                low, high = (middle, high) if _state(middle, zone) == _state(low, zone) else (low, middle)
            yield low.astimezone(zone), high.astimezone(zone)
        at += _DAY


def _state(at: dt.datetime, zone: ZoneInfo) -> tuple[dt.timedelta, str | None]:
    local = at.astimezone(zone)
    return _offset(local), local.tzname()


def _offset(local: dt.datetime) -> dt.timedelta:
    offset = local.utcoffset()
    assert offset is not None, "a time with a zone has an offset"
    return offset
