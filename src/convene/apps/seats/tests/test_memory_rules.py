"""The public rule for those passed over: pure, so it is tried without a database."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from convene.apps.seats import rules
from convene.apps.seats.rules.memory import Missed, fades_on, memory, months_after, part_of
from convene.apps.seats.rules.text import policy_text
from convene.apps.seats.services import PolicyTerms
from convene.foundation.errors import RuleBroken

NOW = dt.datetime(2026, 6, 15, 12, tzinfo=dt.UTC)
DAY = dt.timedelta(days=1)

moments = st.datetimes(
    min_value=dt.datetime(2024, 1, 1),  # noqa: DTZ001 -- the strategy adds the zone
    max_value=dt.datetime(2028, 1, 1),  # noqa: DTZ001 -- as above
    timezones=st.just(dt.UTC),
)
misses = st.lists(st.builds(Missed, st.integers(0, 30).map(lambda n: UUID(int=n)), moments), max_size=12)
weights = st.integers(2, 10)


def missed(*days_ago: float) -> list[Missed]:
    return [Missed(UUID(int=n), NOW - days * DAY) for n, days in enumerate(days_ago)]


@pytest.mark.parametrize(
    ("days_ago", "weight"),
    [
        ((), Fraction(1)),
        ((1,), Fraction(2)),
        ((1, 30), Fraction(3)),
        ((1, 30, 60), Fraction(4)),
        ((1, 30, 60, 80), Fraction(4)),
        ((100,), Fraction(7, 4)),
        ((200,), Fraction(3, 2)),
        ((300,), Fraction(5, 4)),
        ((366,), Fraction(1)),
    ],
)
def test_a_time_passed_over_counts_fully_then_fades_in_quarters(days_ago, weight) -> None:
    assert memory(missed(*days_ago), seat_at=None, now=NOW).weight == weight


def test_it_fades_on_the_day_that_the_page_names() -> None:
    at = dt.datetime(2025, 3, 31, 23, tzinfo=dt.UTC)
    parts = [part_of(at, dt.datetime(2025, 6, day, tzinfo=dt.UTC)) for day in (29, 30)]
    assert parts == [1, Fraction(3, 4)]
    assert fades_on(at) == dt.date(2026, 3, 31)
    assert part_of(at, dt.datetime(2026, 3, 30, 23, 59, tzinfo=dt.UTC)) == Fraction(1, 4)
    assert part_of(at, dt.datetime(2026, 3, 31, tzinfo=dt.UTC)) == 0


def test_a_month_without_that_day_ends_on_its_last() -> None:
    assert months_after(dt.date(2023, 11, 30), 3) == dt.date(2024, 2, 29)


def test_a_seat_starts_the_count_again() -> None:
    found = memory(missed(80, 60, 20), seat_at=NOW - 50 * DAY, now=NOW)
    assert (found.weight, found.times) == (2, 1)


def test_one_workshop_counts_once() -> None:
    twice = [Missed(UUID(int=1), NOW - 10 * DAY), Missed(UUID(int=1), NOW - 5 * DAY)]
    assert memory(twice, seat_at=None, now=NOW).times == 1


@given(misses, moments, weights)
def test_the_weight_lies_between_one_and_the_largest_in_quarters(past, now, most) -> None:
    weight = memory(past, seat_at=None, now=now, most_weight=most).weight
    assert 1 <= weight <= most
    assert (weight * 4).denominator == 1
    assert Fraction(float(weight)) == weight


@given(misses, moments, st.timedeltas(min_value=dt.timedelta(), max_value=900 * DAY))
def test_without_anything_new_it_only_falls(past, now, later) -> None:
    known = [each for each in past if each.at <= now]
    before, after = (memory(known, seat_at=None, now=at).weight for at in (now, now + later))
    assert after <= before


@given(misses, moments, moments)
def test_one_more_time_passed_over_never_lowers_it_and_a_seat_never_raises_it(past, now, at) -> None:
    plain = memory(past, seat_at=None, now=now).weight
    more = memory([*past, Missed(UUID(int=99), min(at, now))], seat_at=None, now=now).weight
    seated = memory(past, seat_at=at, now=now).weight
    assert seated <= plain <= more


@pytest.mark.parametrize(
    ("wish", "code"),
    [
        ({"most_weight": 1}, "weight_out_of_range"),
        ({"most_weight": 11}, "weight_out_of_range"),
        ({"kept_after": 0}, "kept_after_below_one"),
        ({"kept_places": 2, "remembers": False}, "kept_without_memory"),
        ({"kept_places": 9}, "kept_above_seats"),
    ],
)
def test_a_policy_asks_nothing_impossible_of_the_memory(wish, code) -> None:
    terms = {"remembers": True, "most_weight": 4, "kept_places": 0, "kept_after": 2, "capacity": 8}
    rules.check_memory(**terms)
    with pytest.raises(RuleBroken) as refusal:
        rules.check_memory(**{**terms, **wish})
    assert refusal.value.code == code


def test_the_public_text_says_the_rule_with_its_numbers() -> None:
    text = " ".join(policy_text(PolicyTerms(kind="draw", capacity=9, most_weight=3, kept_places=2)))
    assert "at most 3. Everyone else has 1." in text
    assert "2 seats are held for people passed over at least twice" in text
    off = " ".join(policy_text(PolicyTerms(kind="draw", capacity=9, remembers=False)))
    assert "Who was passed over before has the same chance as everyone." in off
    assert "passed over" not in " ".join(policy_text(PolicyTerms(kind="first_come", capacity=9)))
