"""Why this table: what a person is told, and what who facilitates is told."""

from __future__ import annotations

from dataclasses import asdict

import pytest

from convene.engines.grouping import (
    InputError,
    Met,
    Mix,
    Person,
    Rule,
    Table,
    arrange,
    broken_rules,
    explain_person,
    explain_table,
    measure,
)
from convene.engines.grouping.tests.makers import MIX, cohort

FOUR = [
    Person("ana", {"role": "nurse", "years": "1"}, languages=frozenset({"en"})),
    Person("ben", {"role": "nurse"}, languages=frozenset({"en", "fr"})),
    Person(
        "cem", {"role": "judge", "years": "9"}, languages=frozenset({"fr"}), flags=frozenset({"step-free"})
    ),
    Person("dia", {}, flags=frozenset({"host"})),
]
ROUNDS = [[["ana", "ben"], ["cem", "dia"]], [["ana", "cem"], ["ben", "dia"]]]
BY = Mix(("role", "years"), ordinal=frozenset({"years"}))


def why(person, round_, **more):
    return explain_person(FOUR, ROUNDS, person, round=round_, mix=BY, **more)


def test_who_sat_together_in_an_earlier_round_or_before_is_not_new():
    again = [[["ana", "ben"], ["cem", "dia"]]] * 2
    assert [explain_person(FOUR, again, "ana", round=at).new for at in (0, 1)] == [1, 0]
    assert why("ana", 0, met=[Met("ben", "ana", 0.25)]).new == 0
    assert why("ana", 1).new == 1


def test_a_later_round_takes_nothing_from_what_is_new_now():
    again = [[["ana", "ben"], ["cem", "dia"]]] * 2
    assert explain_person(FOUR, again, "ana", round=0).new == 1


def test_only_traits_the_person_answered_are_named():
    assert [why(person, 0).traits for person in ("ana", "ben", "dia")] == [("role", "years"), ("role",), ()]


def test_a_person_is_told_the_same_whatever_those_beside_them_answered():
    others = [Person(each.id, {"role": "x", "years": "5"}) if each.id != "ana" else each for each in FOUR]
    assert explain_person(others, ROUNDS, "ana", round=1, mix=BY) == why("ana", 1)


def test_rules_about_others_and_needs_are_not_told():
    rules = [
        Rule("apart", people=("ana", "dia")),
        Rule("together", people=("ana", "cem")),
        Rule("needs", flag="step-free"),
    ]
    assert asdict(why("cem", 1, rules=rules)) == asdict(why("cem", 1))


def test_a_place_given_by_hand_is_told_in_the_round_it_holds_for():
    pin = [Rule("pinned", people=("ana",), table=0, rounds=(1,))]
    assert [why("ana", at, rules=pin).by_hand for at in (0, 1)] == [False, True]


def test_languages_are_told_to_who_named_one_where_the_rule_is_asked_for():
    rule = [Rule("language")]
    assert [
        why("ana", 0, rules=rule).language,
        why("dia", 0, rules=rule).language,
        why("ana", 0).language,
    ] == [
        True,
        False,
        False,
    ]


def test_who_has_no_seat_in_the_round_is_refused():
    with pytest.raises(InputError):
        explain_person(FOUR, [[["ana"], ["ben"]]], "cem", round=0)
    with pytest.raises(InputError):
        explain_person(FOUR, ROUNDS, "ana", round=2)


# --- tables


def test_rule_by_rule_with_whom_it_is_about():
    rules = [
        Rule("apart", people=("ana", "cem")),
        Rule("at_least", flag="host"),
        Rule("language"),
        Rule("needs", flag="step-free"),
    ]
    tables = [Table("Hall", frozenset({"step-free"})), Table("Window")]
    said = explain_table(FOUR, ROUNDS, round=1, table=0, tables=tables, rules=rules, mix=BY).rules
    assert [(each.rule, each.holds, each.people) for each in said] == [
        (0, False, ("ana", "cem")),
        (1, False, ()),
        (2, False, ("ana", "cem")),
        (3, True, ("cem",)),
    ]


def test_a_rule_about_people_of_other_tables_is_left_out():
    rules = [Rule("together", people=("cem", "dia"))]
    assert explain_table(FOUR, ROUNDS, round=0, table=0, rules=rules).rules == ()


def test_the_best_swap_is_the_cheapest_of_all_by_brute_force():
    people = cohort(20)
    plan = arrange(people, 4, 2, mix=MIX, seconds=0.05)
    rounds = [[list(group) for group in round_] for round_ in plan.rounds]
    said = explain_table(people, rounds, round=0, table=1, mix=MIX, meet=0)
    losses = []
    for place, person in enumerate(rounds[0][1]):
        for table in (0, 2, 3):
            for seat, other in enumerate(rounds[0][table]):
                tried = [[list(group) for group in round_] for round_ in rounds]
                tried[0][1][place], tried[0][table][seat] = other, person
                losses.append(plan.mixing - measure(people, tried, mix=MIX).mixing)
    assert said.swap.mixing == pytest.approx(min(losses))
    assert said.swap.loss == said.swap.mixing


def test_a_swap_that_breaks_a_rule_is_not_proposed():
    people = [Person(name, {"role": role}) for name, role in zip("abcd", "xyyx", strict=True)]
    rounds = [[["a", "b"], ["c", "d"]]]
    for rules, expected in (
        ([Rule("together", people=("a", "b"))], None),
        ([Rule("apart", people=("a", "c"))], {("a", "c"), ("b", "d")}),
    ):
        swap = explain_table(people, rounds, round=0, table=0, mix=Mix(("role",)), rules=rules).swap
        found = None if swap is None else (swap.person, swap.other)
        assert found is None if expected is None else found in expected


def test_new_pairs_do_not_count_those_of_other_rounds():
    same = [[["ana", "ben"], ["cem", "dia"]], [["ana", "ben"], ["cem", "dia"]]]
    assert explain_table(FOUR, same, round=0, table=0).new == 0
    assert explain_table(FOUR, ROUNDS, round=0, table=0).new == 1


def test_broken_rules_of_groups_made_by_hand_say_round_table_and_people():
    rules = [Rule("apart", people=("ana", "cem")), Rule("pinned", people=("ben",), table=0, rounds=(1,))]
    found = [
        (each.rule, each.round, each.table, each.people) for each in broken_rules(FOUR, ROUNDS, rules=rules)
    ]
    assert found == [(0, 1, 0, ("ana", "cem")), (1, 1, 1, ("ben",))]


def test_a_round_in_which_nobody_sits_has_nothing_to_explain():
    said = explain_table(FOUR, [[[], []]], round=0, table=1, rules=[Rule("language")])
    assert (said.pairs, said.rules, said.swap) == (0, (), None)
