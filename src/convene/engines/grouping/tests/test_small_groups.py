import pytest

from convene.engines.grouping import Met, Mix, Person, Rule, Table, arrange
from convene.engines.grouping.tests.makers import MIX, cohort, is_seating, plain, repeats


def test_everyone_has_one_seat_a_round_and_tables_are_even() -> None:
    people = cohort(23)
    plan = arrange(people, 5, 3, mix=MIX, seconds=0.1)
    assert is_seating(plan, people, 5)


def test_the_same_input_and_seed_give_the_same_plan_and_another_seed_another() -> None:
    people = cohort(20)
    first, again, other = (arrange(people, 5, 2, mix=MIX, seconds=0.1, seed=seed) for seed in (1, 1, 2))
    assert (first == again, first.rounds == other.rounds) == (True, False)


def test_nine_people_meet_everyone_in_four_rounds_of_threes() -> None:
    plan = arrange(plain(9), 3, 4, seconds=0.5)
    assert (plan.repeats, repeats(plan), plan.met, plan.met_bound) == (0, 0, 36, 36)


def test_where_meeting_again_cannot_be_helped_the_bound_says_so() -> None:
    plan = arrange(plain(4), 2, 4, seconds=0.2)
    assert (plan.repeats, plan.repeats_bound, plan.met_share) == (2, 2, 1)


def test_two_of_each_kind_are_parted() -> None:
    people = [Person(f"p{at}", {"kind": "ab"[at % 2]}) for at in range(4)]
    plan = arrange(people, 2, 1, mix=Mix(("kind",)), seconds=0.1)
    assert (plan.mixing, plan.mixing_bound, plan.mixing_share) == (2, 2, 1)


def test_an_ordered_trait_counts_its_distance_over_the_widest() -> None:
    people = [Person(f"p{at}", {"years": at}) for at in (0, 1, 2, 4)]
    plan = arrange(people, 2, 1, mix=Mix(("years",), ordinal=frozenset({"years"})), seconds=0.1)
    assert (plan.mixing, plan.mixing_bound) == (1.25, 1.25)  # 0-2, 1-4 as good as 0-4, 1-2


def test_who_said_nothing_differs_from_nobody() -> None:
    people = [Person("a", {"kind": "x"}), Person("b", {"kind": ""}), Person("c"), Person("d", {"kind": "y"})]
    assert arrange(people, 1, 1, mix=Mix(("kind",)), seconds=0.1).mixing == 1


def test_whoever_met_before_sits_apart_if_possible() -> None:
    plan = arrange(plain(4), 2, 1, met=[Met("p0", "p1"), Met("p0", "p2")], seconds=0.1)
    assert plan.again == 0
    assert ("p0", "p3") in plan.rounds[0]


@pytest.mark.parametrize(
    "rule",
    [
        Rule("apart", people=("p000", "p001", "p002")),
        Rule("together", people=("p003", "p004")),
        Rule("at_least", flag="facilitator"),
        Rule("at_most", flag="facilitator", number=2),
        Rule("not_alone", trait="member", value="1"),
        Rule("not_alone", trait="member"),
        Rule("language"),
        Rule("needs", flag="step-free"),
        Rule("pinned", people=("p005",), table=2),
        Rule("pinned", people=("p005", "p006"), table=1, rounds=(1,)),
    ],
    ids=lambda rule: rule.kind,
)
def test_a_rule_is_kept(rule: Rule) -> None:
    people = [
        Person(
            each.id,
            each.traits,
            languages=frozenset([["en"], ["fr"], ["en", "fr"]][at % 3]),
            flags=frozenset(["facilitator"] * (at % 4 == 0) + ["step-free"] * (at % 6 == 1)),
        )
        for at, each in enumerate(cohort(20))
    ]
    tables = [Table("A"), Table("B", frozenset({"step-free"})), Table("C"), Table("D")]
    plan = arrange(people, tables, 3, mix=MIX, rules=[rule], seconds=0.3)
    assert (plan.violations, is_seating(plan, people, 4)) == ((), True)


def test_more_groups_than_people_leave_no_group_empty() -> None:
    plan = arrange(plain(2), 5, 1, seconds=0.1)
    assert sorted(plan.rounds[0]) == [("p0",), ("p1",)]


def test_one_group_of_one_person() -> None:
    plan = arrange(plain(1), 1, 2, seconds=0.1)
    assert (plan.rounds, plan.mixing_share, plan.met_share) == (((("p0",),), (("p0",),)), 1, 1)
