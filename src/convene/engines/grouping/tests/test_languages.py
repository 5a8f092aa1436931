import numpy as np

from convene.engines.grouping import Mix, Person, Rule, Table, replan
from convene.engines.grouping.building import build
from convene.engines.grouping.plan import violations
from convene.engines.grouping.search import unheard

SAID = ("en", "fr", "en fr", "", "is")


def test_an_empty_seat_translates_for_nobody() -> None:
    people = [Person("a", languages=frozenset({"en"})), Person("b", languages=frozenset({"fr"})), Person("c")]
    rules = [Rule("language")]
    task = build(people, [Table("1"), Table("2")], 1, mix=Mix(), rules=rules, met=[], meet=0.5)
    assert task.model.languages is not None
    with_empty = task.model.languages[[0, 1, 3]]  # a, b and an empty seat
    with_c = task.model.languages[[0, 1, 2]]  # who names no language follows all
    assert (unheard(with_empty[None]).tolist(), unheard(with_c[None]).tolist()) == ([1], [0])


def test_the_search_and_the_plan_count_the_same_tables_as_unheard() -> None:
    rng = np.random.default_rng(1)
    for _ in range(100):
        said = [SAID[at] for at in rng.integers(0, len(SAID), 7)]
        people = [Person(f"p{at}", languages=frozenset(each.split())) for at, each in enumerate(said)]
        tables = [Table(str(at)) for at in range(3)]
        task = build(people, tables, 1, mix=Mix(), rules=[Rule("language")], met=[], meet=0.5)
        assert task.model.languages is not None
        seats = rng.permutation(9).reshape(3, 3)
        groups = [[person for person in row if person < 7] for row in seats.tolist()]
        by_search = {at for at, row in enumerate(seats) if unheard(task.model.languages[row][None])[0]}
        assert {each.table for each in violations(task, [groups])} == by_search


def test_when_rules_clash_the_make_up_of_tables_gives_way_before_who_sits_apart() -> None:
    people = [Person(f"p{at}") for at in range(4)]
    rules = [Rule("together", people=("p0", "p1")), Rule("apart", people=("p0", "p1"))]
    found = replan(people, [[["p0", "p2"], ["p1", "p3"]], [["p0", "p2"], ["p1", "p3"]]], after=0, rules=rules)
    assert [(each.rule, each.round) for each in found.violations] == [(0, 1)]
