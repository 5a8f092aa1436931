"""A difference is spoken of only when it is more than chance would make."""

from __future__ import annotations

from math import comb

import pytest
from hypothesis import given
from hypothesis import strategies as st

from convene.apps.equity import charts, rules, wording
from convene.apps.equity.periods import Step


def counts(*numbers):
    return dict(zip(Step, numbers, strict=True))


TOTALS = counts(70, 52, 27, 27, 27)
NORTH, SOUTH = counts(40, 30, 22, 22, 22), counts(30, 22, 5, 5, 5)


@given(st.integers(5, 30), st.integers(5, 30), st.data())
def test_the_test_is_fishers_exact_one(of_a, of_b, data):
    a, b = data.draw(st.integers(0, of_a)), data.draw(st.integers(0, of_b))

    def weight(x):
        return comb(of_a, x) * comb(of_b, a + b - x)

    # In whole numbers, so that "as likely as this one" has no rounding.
    picked = [x for x in range(of_a + 1) if 0 <= a + b - x <= of_b]
    exact = sum(weight(x) for x in picked if weight(x) <= weight(a)) / comb(of_a + of_b, a + b)
    assert rules.fisher(a, of_a, b, of_b) == pytest.approx(exact)


def test_it_is_spoken_of_only_beyond_chance():
    compared = rules.comparisons([NORTH, SOUTH, counts(None, None, None, None, None)], TOTALS)
    found = rules.beyond_chance(compared)
    assert [(one.row, one.step, one.less) for one in found] == [(0, "offered", False), (1, "offered", True)]


def test_one_of_two_rows_says_it_all():
    assert {one.row for one in rules.comparisons([NORTH, SOUTH], TOTALS)} == {0}


def test_hidden_figures_and_a_small_rest_are_not_compared():
    hidden = counts(40, None, 20, None, None)
    assert rules.comparisons([hidden, SOUTH, SOUTH], TOTALS)[0].row == 1
    assert rules.comparisons([counts(67, 50, 25, 25, 25)] * 3, TOTALS) == []


def test_a_finding_says_the_shares_how_sure_and_that_they_ask_as_often():
    compared = rules.comparisons([NORTH, SOUTH, SOUTH], TOTALS)
    south = next(one for one in compared if (one.row, one.step) == (1, "offered"))
    found = wording.finding(south, "south", compared, {})
    assert found.text == (
        "Of the members in “south” who asked, fewer were offered a seat: 23 % (5 of 22) against 73 % of the "
        "others who asked (22 of 30)."
    )
    assert found.aside == "They ask about as often as the others: 73 % against 75 %."
    assert found.how_sure == "Chance alone would make such a difference less than once in 1,000 times."
    assert wording.how_sure(0.004).endswith("about once in 250 times.")


def test_no_finding_says_what_could_have_been_seen():
    assert "points of a hundred" in wording.nothing_found(rules.comparisons([NORTH, SOUTH], TOTALS))
    assert wording.nothing_found([]) == "There are not enough figures here to compare."


def test_a_chart_has_gaps_where_figures_are_hidden_and_names_that_do_not_meet():
    chart = charts.over_time(
        [("north", [0.5, None, 0.52, 0.5]), ("south", [0.5, 0.4, None, None])],
        ["a", "b", "c", "d"],
        Step.ASKED,
    )
    north, south = chart.series
    assert [len(north.paths), len(north.marks)] == [1, 3]
    assert [share for _period, share in south.shares] == ["50 %", "40 %", "", ""]
    assert abs(north.label_y - south.label_y) >= 18


def test_no_chart_of_one_period():
    assert charts.over_time([("north", [0.5])], ["a"], Step.ASKED) is None
    assert charts.over_time([("north", [0.5, None])], ["a", "b"], Step.ASKED) is None
    assert charts.over_time([], ["a", "b"], Step.ASKED) is None
