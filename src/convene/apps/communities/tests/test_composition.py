"""No single figure of fewer than five, and none to be had by subtraction."""

from __future__ import annotations

import itertools

from hypothesis import given, settings
from hypothesis import strategies as st

from convene.apps.communities.rules.traits import SMALLEST, composition


def test_figures_of_five_and_more_are_shown_as_they_are():
    figures = composition({"north": 8, "south": 5})
    assert figures is not None
    assert figures.shown == (("north", 8), ("south", 5))
    assert figures.together == ()


def test_a_lone_small_figure_takes_the_next_smallest_with_it():
    figures = composition({"north": 20, "south": 9, "west": 2})
    assert figures is not None
    assert figures.shown == (("north", 20),)
    assert figures.together == ("south", "west")
    assert figures.together_count == 11


def test_nought_is_as_hidden_as_four():
    figures = composition({"north": 20, "south": 9, "west": 0})
    assert figures is not None
    assert figures.together == ("south", "west")


def test_a_community_of_four_shows_nothing():
    assert composition({"north": 3, "south": 1}) is None


@settings(max_examples=150, deadline=None)
@given(st.lists(st.integers(min_value=0, max_value=9), min_size=2, max_size=4))
def test_nobody_who_knows_the_rule_can_work_out_a_hidden_figure(counts):
    """Every world that would show the same page is listed; each hidden answer must differ among them."""
    names = [f"answer {i}" for i in range(len(counts))]
    shown = composition(dict(zip(names, counts, strict=True)))
    if shown is None:
        return
    assert all(count >= SMALLEST for _answer, count in shown.shown)
    if not shown.shown:
        return  # only the total is said
    same = [
        world
        for world in itertools.product(range(sum(counts) + 1), repeat=len(counts))
        if sum(world) == sum(counts) and composition(dict(zip(names, world, strict=True))) == shown
    ]
    for answer in shown.together:
        assert len({world[names.index(answer)] for world in same}) > 1
