from collections import Counter
from itertools import combinations

import pytest

from convene.engines.grouping import arrange
from convene.engines.grouping.templates import template
from convene.engines.grouping.tests.makers import MIX, cohort, is_seating, plain

STARTED = [
    (5, 3, 7),
    (6, 3, 8),
    (6, 4, 7),
    (7, 3, 10),
    (8, 3, 11),
    (9, 3, 13),
    (10, 3, 14),
    (9, 4, 11),
    (10, 4, 10),
]
OVER_FIELDS = [
    (3, 3, 4),
    (4, 4, 5),
    (5, 4, 5),
    (5, 5, 6),
    (7, 4, 7),
    (7, 7, 8),
    (8, 4, 9),
    (9, 5, 9),
    (13, 5, 13),
]


@pytest.mark.parametrize(("tables", "seats", "rounds"), STARTED + OVER_FIELDS)
def test_no_two_labels_of_a_template_share_a_table_twice(tables: int, seats: int, rounds: int) -> None:
    found = template(tables, seats)
    met = Counter(pair for round_ in found for row in round_ for pair in combinations(sorted(row), 2))
    everyone = list(range(tables * seats))
    assert [sorted(each for row in round_ for each in row) for round_ in found] == [everyone] * rounds
    assert (max(met.values()), {len(row) for round_ in found for row in round_}) == (1, {seats})


@pytest.mark.parametrize(("tables", "seats", "rounds"), STARTED + OVER_FIELDS)
def test_tight_shapes_are_seated_without_repeats_at_once(tables: int, seats: int, rounds: int) -> None:
    people = cohort(tables * seats)
    plan = arrange(people, tables, rounds, mix=MIX, seconds=0.02)
    assert (plan.repeats, is_seating(plan, people, tables)) == (0, True)


def test_a_template_serves_a_room_with_one_empty_seat() -> None:
    people = plain(39)
    plan = arrange(people, 10, 10, seconds=0.02)
    assert (plan.repeats, is_seating(plan, people, 10)) == (0, True)
