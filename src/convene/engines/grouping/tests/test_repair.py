from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from convene.engines.grouping import InputError, Met, Person, Rule, Table, arrange, decayed, pins, repair
from convene.engines.grouping.tests.makers import MIX, cohort, plain


def sides(people: list[Person]) -> list[Person]:
    """Every fourth one facilitates; languages in turn."""
    return [
        Person(
            each.id,
            each.traits,
            languages=frozenset([["en"], ["fr"], ["en", "fr"]][at % 3]),
            flags=frozenset(["facilitator"] * (at % 4 == 0)),
        )
        for at, each in enumerate(people)
    ]


def test_who_arrives_takes_a_free_seat_and_nobody_moves() -> None:
    people = plain(9)
    found = repair(people, [[["p0", "p1", "p2"], ["p3", "p4"], ["p5", "p6", "p7"]]], round=0, arrived=["p8"])
    assert (found.moved, found.arrived, found.even) == ((), (("p8", 1),), True)


def test_one_moves_where_tables_would_differ_by_two() -> None:
    rounds = [[["p0", "p1", "p2"], ["p3", "p4", "p5"], ["p6", "p7", "p8"]]]
    found = repair(plain(9), rounds, round=0, absent=["p0", "p1"])
    assert ([each.to_table for each in found.moved], sorted(map(len, found.rounds[0]))) == ([0], [2, 2, 3])


def test_frozen_people_stay_even_if_tables_are_uneven_then() -> None:
    rounds = [[["p0", "p1", "p2", "p3"], ["p4"]]]
    found = repair(plain(5), rounds, round=0, frozen=["p0", "p1", "p2", "p3"])
    assert (found.moved, found.even) == ((), False)


def test_a_facilitator_who_left_is_replaced_by_the_fewest_moves() -> None:
    people = sides(plain(12))  # p0, p4, p8 facilitate
    rounds = [[["p0", "p4", "p1", "p2", "p3", "p5"], ["p8", "p6", "p7", "p9", "p10", "p11"]]]
    found = repair(people, rounds, round=0, absent=["p8"], rules=[Rule("at_least", flag="facilitator")])
    assert (len(found.moved), found.moved[0].person in {"p0", "p4"}, found.violations) == (1, True, ())


def test_a_rule_that_cannot_hold_any_more_is_named_and_stops_nothing() -> None:
    rules = [Rule("apart", people=("p1", "p2")), Rule("at_least", flag="facilitator")]
    rounds = [[["p0", "p1"], ["p4", "p2"]]] * 2
    found = repair(sides(plain(5)), rounds, round=0, absent=["p4"], arrived=["p3"], rules=rules)
    assert {(each.rule, each.round) for each in found.violations} == {(1, 0), (1, 1)}


def test_earlier_rounds_stay_and_later_ones_hold_those_who_are_there() -> None:
    people = cohort(21)
    plan = arrange(people[:20], 4, 3, mix=MIX, seconds=0.1)
    found = repair(
        people, plan.rounds, round=1, absent=["p003"], arrived=["p020"], mix=MIX, later_seconds=0.1
    )
    there = sorted({each.id for each in people} - {"p003"})
    assert found.rounds[0] == plan.rounds[0]
    assert [sorted(p for group in round_ for p in group) for round_ in found.rounds[1:]] == [there, there]


def test_places_given_by_hand_survive_a_new_plan_and_a_repair() -> None:
    people, by_hand = cohort(12), pins([("p003", 1, 2), ("p003", 1, 0), ("p007", 0, 1)])
    plan = arrange(people, 3, 2, mix=MIX, rules=by_hand, seconds=0.1)
    found = repair(people, plan.rounds, round=0, absent=["p000"], rules=by_hand, mix=MIX, later_seconds=0.1)
    for rounds in (plan.rounds, found.rounds):
        assert ("p003" in rounds[1][0], "p007" in rounds[0][1]) == (True, True)


def test_when_everybody_left_the_tables_are_empty() -> None:
    found = repair(plain(2), [[["p0"], ["p1"]]] * 2, round=0, absent=["p0", "p1"])
    assert (found.rounds, found.moved) == (((((), ()),) * 2), ())


@pytest.mark.parametrize(
    "given_", [{"round": 1}, {"round": 0, "arrived": ["unknown"]}, {"round": 0, "arrived": ["p9"]}]
)
def test_faulty_input_is_refused(given_: dict) -> None:
    with pytest.raises(InputError):
        repair(plain(2), [[["p0"], ["p1"]]], **given_)


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_whatever_happens_all_present_sit_evenly_and_only_the_moved_changed(data: st.DataObject) -> None:
    count, tables = data.draw(st.integers(4, 24)), data.draw(st.integers(1, 5))
    people = sides(cohort(count + 4))
    ids = [each.id for each in people]
    round_ = [ids[at:count:tables] for at in range(tables)]
    absent = data.draw(st.sets(st.sampled_from(ids[:count]), max_size=count - 1))
    arrived = data.draw(st.sets(st.sampled_from(ids[count:])))
    rules = [Rule("language"), Rule("apart", people=(ids[0], ids[1]))]
    asked = {"round": 0, "absent": absent, "arrived": arrived, "mix": MIX, "rules": rules}
    found = repair(people, [round_], **asked)
    assert found == repair(people, [round_], **asked)
    here = sorted((set(ids[:count]) - absent) | arrived)
    assert (sorted(p for group in found.rounds[0] for p in group), found.even) == (here, True)
    after = {p: at for at, group in enumerate(found.rounds[0]) for p in group}
    before = {p: at for at, group in enumerate(round_) for p in group if p not in absent}
    assert {(p, before[p], after[p]) for p in before if before[p] != after[p]} == set(found.moved)


def test_meetings_weigh_half_after_each_half_life_whatever_their_order() -> None:
    said = [("a", "b", 0), ("b", "a", 180), ("b", "c", 360)]
    assert decayed(said) == [Met("a", "b", 1.5), Met("b", "c", 0.25)] == decayed(reversed(said))
    weights = [decayed([("a", "b", days)])[0].times for days in range(0, 400, 50)]
    assert all(later < earlier for earlier, later in pairwise(weights))
    with pytest.raises(ValueError, match="half-life"):
        decayed([], 0)


def test_a_table_that_offers_what_someone_needs_is_found() -> None:
    people = [*plain(4), Person("w", flags=frozenset({"step-free"}))]
    tables = [Table("up"), Table("down", frozenset({"step-free"}))]
    rules = [Rule("needs", flag="step-free")]
    found = repair(people, [[["p0", "p1"], ["p2", "p3"]]], round=0, arrived=["w"], tables=tables, rules=rules)
    assert (found.arrived, found.moved, found.violations) == ((("w", 1),), (), ())
