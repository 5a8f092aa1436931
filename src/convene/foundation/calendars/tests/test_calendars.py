"""What we write is read back by vobject, and the VTIMEZONEs by dateutil: neither shares code with the writer."""

from __future__ import annotations

import datetime as dt
import io
from zoneinfo import ZoneInfo

import pytest
import vobject
from dateutil import tz

from convene.foundation.calendars import CalendarEntry, build

NOW = dt.datetime(2026, 11, 23, 12, 0, tzinfo=dt.UTC)
ZONES = ["Europe/Berlin", "America/New_York", "Africa/Nairobi", "Asia/Kathmandu"]


def entry(zone="Europe/Berlin", start="2026-12-10T15:00", hours=2.0, **fields):
    starts_at = dt.datetime.fromisoformat(start).replace(tzinfo=ZoneInfo(zone)).astimezone(dt.UTC)
    fields.setdefault("uid", "one@convene.invalid")
    fields.setdefault("sequence", 0)
    fields.setdefault("title", "Cleaning hands")
    return CalendarEntry(
        zone=zone, starts_at=starts_at, ends_at=starts_at + dt.timedelta(hours=hours), **fields
    )


def read(text):
    return vobject.readOne(text)


def instant_by_the_file_alone(text, zone, local):
    """The instant of a wall time, by nothing but the VTIMEZONE in the text."""
    inside = tz.tzical(io.StringIO(text.replace("\r\n", "\n"))).get(zone)
    return dt.datetime.fromisoformat(local).replace(tzinfo=inside).astimezone(dt.UTC)


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize(
    "start",
    [
        "2026-03-08T15:00",  # New York's clocks went forward that morning
        "2026-03-29T03:30",  # the first half hour after Berlin's went forward
        "2026-03-28T15:00",
        "2026-10-25T15:00",  # Berlin's went back
        "2026-11-01T15:00",  # New York's went back
        "2026-12-31T23:30",  # over the year's end
        "2027-07-01T09:00",
    ],
)
def test_another_parser_reads_the_same_instant_and_wall_time(zone, start):
    written = entry(zone, start)
    text = build([written], method="REQUEST", now=NOW)

    event = read(text).vevent

    assert event.dtstart.params["X-VOBJ-ORIGINAL-TZID"] == [zone]
    assert event.dtstart.value.replace(tzinfo=None) == dt.datetime.fromisoformat(start)
    assert instant_by_the_file_alone(text, zone, start) == written.starts_at
    assert event.dtend.value - event.dtstart.value == dt.timedelta(hours=2)


@pytest.mark.parametrize("zone", ZONES)
def test_every_hour_of_two_years_has_the_offset_of_the_zone_data(zone):
    text = build(
        [entry(zone, "2026-01-01T00:30"), entry(zone, "2027-12-31T12:00", uid="b")], method="PUBLISH", now=NOW
    )
    inside = tz.tzical(io.StringIO(text.replace("\r\n", "\n"))).get(zone)
    at = dt.datetime.fromisoformat("2026-01-02")
    wrong = []
    while at < dt.datetime.fromisoformat("2027-12-31"):
        told = at.replace(tzinfo=ZoneInfo(zone)).utcoffset()
        exists = (
            at.replace(tzinfo=ZoneInfo(zone))
            .astimezone(dt.UTC)
            .astimezone(ZoneInfo(zone))
            .replace(tzinfo=None)
        )
        if exists == at and at.replace(tzinfo=inside).utcoffset() != told:
            wrong.append(at)
        at += dt.timedelta(hours=1)
    assert wrong == []


def test_the_hour_that_comes_twice_is_written_in_utc_the_second_time():
    first = dt.datetime(2026, 10, 25, 0, 30, tzinfo=dt.UTC)  # 02:30 summer time in Berlin
    second = first + dt.timedelta(hours=1)  # 02:30 again
    for starts_at in (first, second):
        made = CalendarEntry(
            uid="x",
            sequence=0,
            zone="Europe/Berlin",
            title="t",
            starts_at=starts_at,
            ends_at=starts_at + dt.timedelta(hours=3),
        )
        event = read(build([made], method="PUBLISH", now=NOW)).vevent
        assert event.dtstart.value.astimezone(dt.UTC) == starts_at
        assert event.dtend.value.astimezone(dt.UTC) == made.ends_at


def test_utc_and_a_zone_nobody_knows_are_written_in_utc_without_vtimezone():
    for zone in ("UTC", "Mars/Olympus"):
        at = dt.datetime(2026, 12, 10, 15, tzinfo=dt.UTC)
        text = build(
            [
                CalendarEntry(
                    uid="x",
                    sequence=0,
                    zone=zone,
                    title="t",
                    starts_at=at,
                    ends_at=at + dt.timedelta(hours=1),
                )
            ],
            method="PUBLISH",
            now=NOW,
        )
        assert "DTSTART:20261210T150000Z" in text.splitlines()
        assert "VTIMEZONE" not in text


def test_a_request_says_who_invites_whom_and_what_they_answered():
    text = build(
        [
            entry(
                sequence=3,
                organiser_name='Infection "control"; east, and west',
                organiser_address="infection@example.org",
                attendee_name="أمينة الحسن",
                attendee_address="amina@example.org",
                partstat="ACCEPTED",
                url="https://convene.example.org/w/1/",
                location="Room 4, second floor; left",
                description="Line one\nLine two, with a comma",
                created_at=NOW - dt.timedelta(days=2),
            )
        ],
        method="REQUEST",
        now=NOW,
    )
    calendar = read(text)
    event = calendar.vevent
    assert calendar.method.value == "REQUEST"
    assert (event.uid.value, event.sequence.value, event.status.value) == (
        "one@convene.invalid",
        "3",
        "CONFIRMED",
    )
    assert event.dtstamp.value == NOW
    assert event.created.value == NOW - dt.timedelta(days=2)
    assert event.organizer.value == "mailto:infection@example.org"
    assert event.organizer.params["CN"] == ["Infection 'control'; east, and west"]
    assert event.attendee.value == "mailto:amina@example.org"
    assert event.attendee.params["CN"] == ["أمينة الحسن"]
    assert event.attendee.params["PARTSTAT"] == ["ACCEPTED"]
    assert event.attendee.params["RSVP"] == ["FALSE"]
    assert event.location.value == "Room 4, second floor; left"
    assert event.description.value == "Line one\nLine two, with a comma"
    assert event.url.value == "https://convene.example.org/w/1/"


def test_an_unanswered_request_asks_for_an_answer():
    event = read(build([entry(attendee_address="a@example.org")], method="REQUEST", now=NOW)).vevent
    assert event.attendee.params["PARTSTAT"] == ["NEEDS-ACTION"]
    assert event.attendee.params["RSVP"] == ["TRUE"]


def test_a_cancellation_marks_the_entry_cancelled():
    calendar = read(build([entry(sequence=4, attendee_address="a@example.org")], method="CANCEL", now=NOW))
    assert (calendar.method.value, calendar.vevent.status.value, calendar.vevent.sequence.value) == (
        "CANCEL",
        "CANCELLED",
        "4",
    )


def test_a_published_calendar_names_no_attendee():
    text = build(
        [entry(attendee_address="a@example.org")], method="PUBLISH", now=NOW, name="Infection control"
    )
    assert "a@example.org" not in text
    assert read(text).contents["x-wr-calname"][0].value == "Infection control"


def test_lines_end_in_crlf_and_hold_at_most_75_octets():
    text = build([entry(title="نظافة الأيدي " * 30, description="ü" * 400)], method="REQUEST", now=NOW)
    assert text.endswith("END:VCALENDAR\r\n")
    assert "\n" not in text.replace("\r\n", "")
    assert max(len(line.encode()) for line in text.split("\r\n")) <= 75
    assert read(text).vevent.summary.value == ("نظافة الأيدي " * 30).strip()


def test_a_title_cannot_smuggle_a_line_into_the_file():
    text = build(
        [
            entry(
                title="Hands\r\nATTENDEE:mailto:evil@example.org",
                organiser_address="o@example.org",
                organiser_name="A\nB\x07",
            )
        ],
        method="REQUEST",
        now=NOW,
    )
    event = read(text).vevent
    assert "attendee" not in event.contents
    assert event.organizer.params["CN"] == ["A B"]


def test_an_empty_calendar_is_still_a_calendar():
    calendar = read(build([], method="PUBLISH", now=NOW, name="Nothing yet"))
    assert calendar.method.value == "PUBLISH"
    assert list(calendar.components()) == []
