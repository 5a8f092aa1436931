"""iCalendar texts (RFC 5545) and their iTIP methods (RFC 5546): pure, rows in, text out.

Times are written in the organiser's zone with a VTIMEZONE, so that a calendar shows the wall time that
was announced. The caller gives `now` (DTSTAMP), a UID for life and a SEQUENCE that rises with each change.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from icalendar import Calendar, Event, vCalAddress, vText

from convene.foundation.calendars.zones import vtimezone, zone_of

Method = Literal["PUBLISH", "REQUEST", "CANCEL"]
PRODUCT = "-//Convene//Convene//EN"
MIME = "text/calendar; charset=utf-8"


@dataclass(frozen=True, kw_only=True)
class CalendarEntry:
    """One sitting in one person's calendar, or in a public feed (then without attendee).

    `status`: CONFIRMED, TENTATIVE or CANCELLED. `partstat`: NEEDS-ACTION, ACCEPTED, DECLINED, TENTATIVE.
    `starts_at`, `ends_at` and `created_at` are aware; `zone` is the IANA name the times are written in.
    """

    uid: str
    sequence: int
    starts_at: dt.datetime
    ends_at: dt.datetime
    zone: str
    title: str
    description: str = ""
    location: str = ""
    url: str = ""
    organiser_name: str = ""
    organiser_address: str = ""
    attendee_name: str = ""
    attendee_address: str = ""
    partstat: str = "NEEDS-ACTION"
    status: str = "CONFIRMED"
    created_at: dt.datetime | None = None


def build(
    entries: Iterable[CalendarEntry], *, method: Method, now: dt.datetime, name: str | None = None
) -> str:
    """The calendar as text: CRLF, folded at 75 octets, its VTIMEZONEs first.

    An attendee is left out of PUBLISH, as RFC 5546 asks; CANCEL marks every entry cancelled.
    """
    listed = list(entries)
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", method)
    if name:
        calendar.add("name", _line(name))
        calendar.add("x-wr-calname", _line(name))
    for zone, (first, last) in sorted(_years(listed).items()):
        calendar.add_component(vtimezone(zone, first, last))
    for entry in listed:
        calendar.add_component(_event(entry, method, now))
    return str(calendar.to_ical(), "utf-8")


def _years(entries: list[CalendarEntry]) -> dict[str, tuple[int, int]]:
    spans: dict[str, tuple[int, int]] = {}
    for entry in entries:
        for at in (entry.starts_at, entry.ends_at):
            local = _local(at, entry.zone)
            if local.tzinfo is dt.UTC:
                continue
            first, last = spans.get(entry.zone, (local.year, local.year))
            spans[entry.zone] = (min(first, local.year), max(last, local.year))
    return spans


def _event(entry: CalendarEntry, method: Method, now: dt.datetime) -> Event:
    event = Event()
    event.add("uid", entry.uid)
    event.add("sequence", entry.sequence)
    event.add("dtstamp", now.astimezone(dt.UTC).replace(microsecond=0))
    event.add("dtstart", _local(entry.starts_at, entry.zone))
    event.add("dtend", _local(entry.ends_at, entry.zone))
    event.add("summary", _line(entry.title))
    for field, value in (("description", entry.description), ("location", _line(entry.location))):
        if value:
            event.add(field, value)
    if entry.url:
        event.add("url", entry.url)
    event.add("status", "CANCELLED" if method == "CANCEL" else entry.status)
    if entry.created_at is not None:
        event.add("created", entry.created_at.astimezone(dt.UTC).replace(microsecond=0))
    if entry.organiser_address:
        event["organizer"] = _address(entry.organiser_address, entry.organiser_name)
    if entry.attendee_address and method != "PUBLISH":
        event.add("attendee", _attendee(entry), encode=False)
    return event


def _attendee(entry: CalendarEntry) -> vCalAddress:
    address = _address(entry.attendee_address, entry.attendee_name)
    address.params["cutype"] = vText("INDIVIDUAL")
    address.params["role"] = vText("REQ-PARTICIPANT")
    address.params["partstat"] = vText(entry.partstat)
    address.params["rsvp"] = vText("TRUE" if entry.partstat == "NEEDS-ACTION" else "FALSE")
    return address


def _address(address: str, name: str) -> vCalAddress:
    found = vCalAddress(f"mailto:{address}")
    if name:
        # A parameter may hold neither quotes nor control characters (RFC 5545, 3.2).
        found.params["cn"] = vText(_line(name).replace('"', "'"))
    return found


def _local(at: dt.datetime, zone: str) -> dt.datetime:
    """`at` on the zone's clock; in UTC where that clock shows the hour a second time, or is unknown."""
    found = zone_of(zone)
    if found is None:
        return at.astimezone(dt.UTC).replace(microsecond=0)
    local = at.astimezone(found).replace(microsecond=0)
    return at.astimezone(dt.UTC).replace(microsecond=0) if local.fold else local


def _line(text: str) -> str:
    return "".join(letter for letter in " ".join(text.split()) if letter.isprintable() or letter == " ")
