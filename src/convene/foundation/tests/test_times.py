from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

from convene.foundation.times import moment, span, zone_or

START = dt.datetime(2026, 12, 10, 12, 0, tzinfo=dt.UTC)


def test_a_sitting_names_the_readers_zone():
    words = span(START, START + dt.timedelta(hours=2), ZoneInfo("Africa/Nairobi"))
    assert words == "Thursday 10 December 2026, 15:00\u2060–\u206017:00 Nairobi time"


def test_a_sitting_that_crosses_midnight_there_has_both_dates():
    words = span(START, START + dt.timedelta(hours=2), ZoneInfo("Pacific/Auckland"))
    assert words == ("Friday 11 December 2026, 01:00\u2060–\u206003:00 Auckland time")
    words = span(START - dt.timedelta(hours=2), START, ZoneInfo("Pacific/Auckland"))
    assert "10 December 2026, 23:00" in words
    assert "11 December 2026, 01:00" in words


def test_an_unknown_zone_falls_back():
    assert zone_or("Mars/Olympus") == ZoneInfo("UTC")
    assert moment(START, zone_or("")) == "Thursday 10 December 2026, 12:00 UTC"
