"""Times in words: always in the reader's zone, always named."""

from __future__ import annotations

from datetime import datetime, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.utils import formats
from django.utils.translation import gettext as _


def zone_or(name: str, fallback: str = "UTC") -> ZoneInfo:
    """The IANA zone `name`; `fallback` when it is empty or unknown."""
    try:
        return ZoneInfo(name or fallback)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return ZoneInfo(fallback)


def zone_name(zone: tzinfo) -> str:
    """“Nairobi time”, “UTC”: the city says more to people than an abbreviation."""
    key = str(zone)
    if key in {"UTC", "Etc/UTC", "Etc/GMT"}:
        return "UTC"
    city = key.rsplit("/", 1)[-1].replace("_", " ")
    return _("%(city)s time") % {"city": city}


def moment(at: datetime, zone: tzinfo) -> str:
    """One instant: “Thursday, 10 December 2026, 15:00 (Nairobi time)”."""
    local = at.astimezone(zone)
    return _("%(date)s, %(time)s (%(zone)s)") % {
        "date": formats.date_format(local, "l, j F Y"),
        "time": formats.time_format(local, "H:i"),
        "zone": zone_name(zone),
    }


def span(start: datetime, end: datetime, zone: tzinfo) -> str:
    """A sitting: date once, both times, the zone named; both dates when it crosses midnight there."""
    first, last = start.astimezone(zone), end.astimezone(zone)
    if first.date() != last.date():
        return _("%(start)s to %(end)s") % {"start": moment(start, zone), "end": moment(end, zone)}
    return _("%(date)s, %(from)s–%(until)s (%(zone)s)") % {
        "date": formats.date_format(first, "l, j F Y"),
        "from": formats.time_format(first, "H:i"),
        "until": formats.time_format(last, "H:i"),
        "zone": zone_name(zone),
    }
