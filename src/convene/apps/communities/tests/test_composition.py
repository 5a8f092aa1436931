"""No single figure of fewer than five, and none to be had by subtraction."""

from __future__ import annotations

import collections

import pytest

from convene.apps.communities.rules.traits import SMALLEST, composition


def test_figures_of_five_and_more_are_shown_as_they_are():
    figures = composition({"north": 8, "south": 5})
    assert figures is not None
    assert figures.shown == (("north", 8), ("south", 5))
    assert figures.together == ()


def test_a_lone_small_figure_takes_the_first_listed_with_it_whatever_its_size():
    figures = composition({"north": 20, "south": 9, "west": 2})
    assert figures is not None
    assert figures.shown == (("south", 9),)
    assert figures.together == ("north", "west")
    assert figures.together_count == 22


def test_nought_is_as_hidden_as_four():
    figures = composition({"north": 20, "south": 9, "west": 0})
    assert figures is not None
    assert figures.together == ("north", "west")


def test_a_community_of_four_shows_nothing():
    assert composition({"north": 3, "south": 1}) is None


def worlds(answers, people):
    if answers == 1:
        yield (people,)
        return
    for first in range(people + 1):
        for rest in worlds(answers - 1, people - first):
            yield (first, *rest)


@pytest.mark.parametrize(("answers", "most"), [(2, 30), (3, 22), (4, 18)])
def test_nobody_who_knows_the_rule_can_work_out_a_hidden_figure(answers, most):
    """All communities up to a size: those that show the same page differ in every hidden figure."""
    names = [f"answer {i}" for i in range(answers)]
    for people in range(SMALLEST, most + 1):
        pages = collections.defaultdict(list)
        for world in worlds(answers, people):
            pages[composition(dict(zip(names, world, strict=True)))].append(world)
        for shown, same in pages.items():
            assert shown is not None
            assert all(count >= SMALLEST for _answer, count in shown.shown)
            for answer in shown.together if shown.shown else ():
                assert len({world[names.index(answer)] for world in same}) > 1
