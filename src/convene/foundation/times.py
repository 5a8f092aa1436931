"""Times in words: always in the reader's zone, always named; the same words on pages and in mails."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.utils import formats, timezone
from django.utils.translation import pgettext

UNNAMED = frozenset({"UTC", "Etc/UTC", "GMT", "Etc/GMT"})


def zone_or(name: str, fallback: str = "UTC") -> ZoneInfo:
    """The IANA zone `name`; `fallback` when it is empty or unknown."""
    try:
        return ZoneInfo(name or fallback)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return ZoneInfo(fallback)


def zone_name(zone: dt.tzinfo) -> str:
    """ "Berlin time"; people know cities, not abbreviations."""
    key = getattr(zone, "key", None) or "UTC"
    if key in UNNAMED:
        return "UTC"
    city = key.rpartition("/")[2].replace("_", " ")
    return pgettext("time zone", "%(city)s time") % {"city": city}


def day(value: dt.date, *, short: bool = False) -> str:
    """ "Thursday 10 December 2026", or "Thu 10 Dec" (with the year when it is another one)."""
    return formats.date_format(value, _day_format(value, short=short))


def _day_format(value: dt.date, *, short: bool) -> str:
    if not short:
        return pgettext("date format (Django's date filter): weekday, day, month, year", "l j F Y")
    if value.year == timezone.localdate().year:
        return pgettext("date format (Django's date filter): short weekday, day, short month", "D j M")
    return pgettext("date format (Django's date filter): short weekday, day, short month, year", "D j M Y")


def clock(value: dt.datetime) -> str:
    return formats.date_format(value, pgettext("time format (Django's date filter)", "H:i"))


def day_and_clock(local: dt.datetime, *, short: bool = False) -> str:
    words = {"day": day(local, short=short), "hour": clock(local)}
    return pgettext("a day and an hour", "%(day)s, %(hour)s") % words


def with_zone(words: str, zone: dt.tzinfo) -> str:
    return pgettext("a time and its zone", "%(time)s %(zone)s") % {"time": words, "zone": zone_name(zone)}


def moment(at: dt.datetime, zone: dt.tzinfo | None = None) -> str:
    """One instant: “Thursday 10 December 2026, 15:00 Nairobi time”; in the current zone unless told."""
    zone = zone or timezone.get_current_timezone()
    return with_zone(day_and_clock(at.astimezone(zone)), zone)


def ends_the_day(first: dt.datetime, last: dt.datetime) -> bool:
    """At the very midnight: still the same evening to those who are there."""
    return last.time() == dt.time(0) and last.date() == first.date() + dt.timedelta(days=1)


def until(first: dt.datetime, last: dt.datetime) -> str:
    return pgettext("the end of a day", "midnight") if ends_the_day(first, last) else clock(last)


def span(start: dt.datetime, end: dt.datetime, zone: dt.tzinfo) -> str:
    """A sitting: the day once, both times, the zone; both days when it crosses midnight there."""
    first, last = start.astimezone(zone), end.astimezone(zone)
    if first.date() == last.date() or ends_the_day(first, last):
        words = pgettext("from and until", "{start}\u2060–\u2060{end}").format(
            start=day_and_clock(first), end=until(first, last)
        )
    else:
        words = pgettext("from and until", "{start} – {end}").format(
            start=day_and_clock(first), end=day_and_clock(last)
        )
    return with_zone(words, zone)
