from __future__ import annotations

import datetime as dt

import pytest

from convene.apps.capabilities.models import Depth
from convene.apps.capabilities.outcomes.rules import DEPTHS
from convene.apps.workshops.models import Workshop
from convene.apps.workshops.rules import times
from convene.foundation.errors import RuleBroken

UTC = dt.UTC


def at(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text).replace(tzinfo=UTC)


def test_a_wall_time_becomes_the_instant_of_its_zone():
    assert times.to_instant(dt.date(2026, 7, 1), dt.time(15), "Africa/Nairobi") == at("2026-07-01T12:00")


def test_a_time_the_clock_skips_is_refused_beside_its_field():
    with pytest.raises(RuleBroken) as caught:
        times.to_instant(dt.date(2026, 3, 29), dt.time(2, 30), "Europe/Berlin")
    assert (caught.value.code, caught.value.field) == ("time_skipped", "starts")
    assert "02:30 does not exist on 29 March 2026 in Europe/Berlin" in str(caught.value.public_message)


def test_a_time_that_happens_twice_is_refused_beside_its_field():
    with pytest.raises(RuleBroken) as caught:
        times.to_instant(dt.date(2026, 10, 25), dt.time(2, 30), "Europe/Berlin")
    assert (caught.value.code, caught.value.field) == ("time_twice", "starts")


def test_an_unknown_zone_is_refused():
    with pytest.raises(RuleBroken) as caught:
        times.to_instant(dt.date(2026, 10, 25), dt.time(2, 30), "Mars/Olympus")
    assert caught.value.code == "zone_unknown"


@pytest.mark.parametrize(
    ("start", "minutes", "zone", "decent"),
    [
        ("2026-06-01T06:00", 120, "Europe/Berlin", True),
        ("2026-06-01T05:59", 60, "Europe/Berlin", False),
        ("2026-06-01T16:00", 60, "Europe/Berlin", True),
        ("2026-06-01T16:00", 61, "Europe/Berlin", False),
        ("2026-06-01T20:00", 60, "Africa/Nairobi", False),
    ],
)
def test_a_session_is_decent_when_all_of_it_lies_in_the_hours(start, minutes, zone, decent):
    end = at(start) + dt.timedelta(minutes=minutes)
    assert times.is_decent(at(start), end, times.Clock(zone)) is decent


def test_decent_hours_may_reach_over_midnight():
    night = times.Clock("UTC", dt.time(20), dt.time(4))
    assert times.is_decent(at("2026-06-01T23:00"), at("2026-06-02T03:00"), night)
    assert not times.is_decent(at("2026-06-01T03:00"), at("2026-06-01T05:00"), night)


def test_captions_need_five_working_days_so_a_weekend_does_not_count():
    wednesday = dt.date(2026, 12, 9)
    assert times.due_on(wednesday, 5, working_days=True) == dt.date(2026, 12, 2)
    assert times.due_on(dt.date(2026, 12, 7), 5, working_days=True) == dt.date(2026, 11, 30)
    assert times.due_on(dt.date(2026, 12, 7), 1, working_days=True) == dt.date(2026, 12, 4)
    assert times.due_on(wednesday, 5, working_days=False) == dt.date(2026, 12, 4)


def slot(key: str, *, cannot: int = 0, rather_not: int = 0, odd_for: tuple[str, ...] = ()) -> times.SlotFacts:
    return times.SlotFacts(key, at("2026-06-01T12:00"), cannot, rather_not, frozenset(odd_for))


def test_who_bore_odd_hours_before_is_spared_next():
    slots = [slot("evening in Nairobi", odd_for=("ann",)), slot("morning in Lima", odd_for=("luz",))]
    ordered = times.order_slots(slots, ["ann", "luz"], {"ann": 2})
    assert [s.key for s in ordered] == ["morning in Lima", "evening in Nairobi"]


def test_a_slot_someone_cannot_come_to_goes_behind_an_odd_one():
    slots = [slot("no for one", cannot=1), slot("odd for one", odd_for=("ann",))]
    assert [s.key for s in times.order_slots(slots, ["ann"], {})] == ["odd for one", "no for one"]


def test_depths_of_workshops_are_those_of_the_map():
    assert Workshop.Depth.choices == Depth.choices
    assert tuple(Depth.values) == DEPTHS
