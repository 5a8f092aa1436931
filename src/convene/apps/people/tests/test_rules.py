"""Words for every value of the closed enums, and hours that pass midnight."""

from __future__ import annotations

import datetime as dt

import pytest

from convene.apps.people import rules


def test_every_purpose_and_every_need_has_its_plain_words():
    assert set(rules.PURPOSE_WORDS) == set(rules.Purpose)
    assert set(rules.ACCESS_WORDS) == set(rules.AccessKind)


def test_zones_are_places_not_offsets_and_each_stands_in_one_region():
    names = rules.zone_names()
    assert {"UTC", "Europe/Berlin", "Asia/Kolkata", "America/Argentina/Ushuaia"} <= set(names)
    assert not [name for name in names if name.startswith("Etc/")]
    grouped = [name for _region, zones in rules.zones_by_region() for name in zones]
    assert grouped == list(names)


@pytest.mark.parametrize(
    ("start", "end", "local", "decent"),
    [
        ((8, 0), (19, 0), (7, 59), False),
        ((8, 0), (19, 0), (8, 0), True),
        ((8, 0), (19, 0), (19, 1), False),
        ((22, 0), (6, 0), (23, 0), True),
        ((22, 0), (6, 0), (5, 0), True),
        ((22, 0), (6, 0), (12, 0), False),
    ],
)
def test_decent_hours_may_pass_midnight(start, end, local, decent):
    answer = rules.is_decent(dt.time(*local), decent_from=dt.time(*start), decent_until=dt.time(*end))
    assert answer is decent
