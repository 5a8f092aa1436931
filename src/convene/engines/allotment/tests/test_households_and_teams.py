from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given

from convene.engines.allotment import (
    Applicant,
    InfeasibleError,
    InputError,
    Limit,
    Quota,
    allot,
    check_feasible,
    has_panel,
    replace,
    shut_out,
    solve_lottery,
)
from convene.engines.allotment.chance import Chance
from convene.engines.allotment.entries import gather
from convene.engines.allotment.lottery import seat
from convene.engines.allotment.tests import brute
from convene.engines.allotment.tests.makers import crowd
from convene.engines.allotment.tests.test_against_brute_force import MANY, Draw, draws

A, B = {"x": "a"}, {"x": "b"}
FREE = [Quota("x", "a", 0, 9), Quota("x", "b", 0, 9)]


def test_of_a_household_at_most_one_is_drawn() -> None:
    people = [Applicant("p", A, household="h"), Applicant("q", B, household="h"), Applicant("r", A)]
    outcome = allot(people, FREE, 2, seed="s")
    assert outcome.chances == {"p": 0.5, "q": 0.5, "r": 1.0}
    drawn = {allot(people, FREE, 2, seed=seed).selected for seed in range(20)}
    assert drawn == {("p", "r"), ("q", "r")}


def test_of_a_team_all_or_none_are_drawn() -> None:
    people = [
        Applicant("p", A, team="t"),
        Applicant("q", B, team="t"),
        *(Applicant(each, A) for each in "rs"),
    ]
    outcome = allot(people, FREE, 2, seed="s")
    assert set(outcome.chances.values()) == {0.5}
    assert {allot(people, FREE, 2, seed=seed).selected for seed in range(20)} == {("p", "q"), ("r", "s")}


def test_members_of_households_and_teams_alike_are_interchangeable() -> None:
    people = [
        *(Applicant(f"h{n}{trait['x']}", trait, household=f"h{n}") for n in range(3) for trait in (A, B)),
        *(Applicant(f"t{n}{trait['x']}", trait, team=f"t{n}") for n in range(3) for trait in (A, B)),
        *(Applicant(f"s{n}", A) for n in range(4)),
    ]
    lottery = solve_lottery(people, FREE, 5)
    assert [(each.kind, each.size, each.span, each.heads) for each in lottery.types] == [
        ("people", 4, 1, 4),
        ("household", 3, 1, 3),
        ("household", 3, 1, 3),
        ("team", 3, 2, 3),
    ]


def test_a_household_of_people_alike_is_one_type_among_whom_chances_are_shared() -> None:
    people = [*(Applicant(each, A, household="h") for each in "pqr"), Applicant("s", A)]
    lottery = solve_lottery(people, FREE, 1)
    assert [(each.ids, each.size, each.heads) for each in lottery.types] == [
        (("s",), 1, 1),
        (("p", "q", "r"), 1, 3),
    ]
    assert set(lottery.chances.values()) == {0.25}


def test_whoever_is_alone_in_a_household_or_team_is_a_person_like_any_other() -> None:
    people = [Applicant("p", A, household="h"), Applicant("q", A, team="t"), Applicant("r", A)]
    assert [each.ids for each in gather(people, FREE, 1).types] == [("p", "q", "r")]
    assert [
        each.ids for each in gather([*people, Applicant("s", A, household="h")], FREE, 1, exclude=["s"]).types
    ] == [("p", "q", "r")]


def test_a_team_weighs_as_much_as_its_heaviest_member() -> None:
    people = [
        Applicant("p", A, 3, team="t"),
        Applicant("q", A, 1, team="t"),
        *(Applicant(each, A) for each in "rstu"),
    ]
    chances = solve_lottery(people, FREE, 2).chances
    assert chances["p"] == chances["q"] == pytest.approx(3 * chances["r"])


def test_the_rest_of_a_household_with_a_held_seat_is_shut_out_and_told_so() -> None:
    people = [
        Applicant("p", A, held=True, household="h"),
        Applicant("q", A, household="h"),
        Applicant("r", A),
    ]
    (caution,) = shut_out(people, FREE, 2)
    assert (caution.ids, caution.limits) == (("q",), (Limit("", "h", "most", 1, "household"),))
    assert caution.text == "q: in no panel that meets the targets, because of household h at most one"
    assert solve_lottery(people, FREE, 2).chances == {"p": 1.0, "q": 0.0, "r": 1.0}


def test_a_team_that_no_quota_can_take_is_named_with_its_limits() -> None:
    people = [
        Applicant("p", B, team="t"),
        Applicant("q", B, team="t"),
        *(Applicant(each, A) for each in "rst"),
    ]
    (caution,) = shut_out(people, [Quota("x", "a", 0, 3), Quota("x", "b", 0, 1)], 3)
    assert caution.ids == ("p", "q")
    assert [limit.text for limit in caution.limits] == ["x: b at most 1", "teams together"]


def test_households_that_stand_in_the_way_are_named() -> None:
    people = [
        *(Applicant(f"p{n}", B, household="h") for n in range(2)),
        *(Applicant(each, A) for each in "qrs"),
    ]
    with pytest.raises(InfeasibleError) as refused:
        check_feasible(people, [Quota("x", "a", 0, 3), Quota("x", "b", 2, 3)], 3)
    error = refused.value
    assert [limit.text for limit in error.clash] == ["x: b at least 2", "at most one of each household"]
    assert [change.text for change in error.relaxation] == ["x: b at least 2 -> 1"]
    assert [change.text for change in error.alone] == [
        "x: b at least 2 -> 1",
        "people of one household may come together",
    ]
    assert not has_panel(people, [Quota("x", "a", 0, 3), Quota("x", "b", 2, 3)], 3)
    assert has_panel(people, [Quota("x", "a", 0, 3), Quota("x", "b", 1, 3)], 3)


def test_teams_that_can_never_fill_the_seats_are_to_come_apart() -> None:
    people = [Applicant(f"p{n}", A, team=f"t{n // 2}") for n in range(6)]
    with pytest.raises(InfeasibleError) as refused:
        check_feasible(people, FREE, 3)
    assert [limit.text for limit in refused.value.clash] == ["teams together"]
    assert [change.text for change in refused.value.relaxation] == ["teams may come apart"]


@MANY
@given(draws())
def test_a_composition_is_seated_with_one_of_each_household_and_whole_teams(draw: Draw) -> None:
    people, quotas, seats = draw
    lottery = solve_lottery(people, quotas, seats)
    for number, row in enumerate(lottery.rows):
        taken, waiting = seat(lottery.pool, row.counts, Chance(str(number), "people"))
        ids = [person for team in taken for person in team]
        panel = tuple(person for person in people if person.id in ids)
        assert panel in brute.sound(people, seats)
        assert brute.misses(panel, quotas) == 0
        everyone = ids + [person for queue in waiting for team in queue for person in team]
        assert sorted(everyone) == sorted(person.id for person in people)


@MANY
@given(draws())
def test_there_is_a_panel_just_when_one_can_be_listed(draw: Draw) -> None:
    people, quotas, seats = draw
    assert has_panel(*draw)
    last = people[-1]
    if last.held or last.team:
        return
    try:
        there_is = has_panel(people, quotas, seats, held=[last.id])
    except InputError:
        return
    every = brute.panels(*draw)
    assert there_is == bool(every[:, -1].any())
    assert has_panel(people, quotas, seats, exclude=[last.id]) == bool((every[:, -1] == 0).any())


@MANY
@given(draws())
def test_the_order_of_people_and_quotas_makes_no_difference(draw: Draw) -> None:
    people, quotas, seats = draw
    assert allot(people, quotas, seats, seed=1) == allot(people[::-1], quotas[::-1], seats, seed=1)


def test_every_member_of_a_household_is_as_likely_as_the_lottery_says() -> None:
    people = [Applicant(f"p{n}", A if n % 2 else B, household=f"h{n // 3}") for n in range(9)]
    lottery = solve_lottery(people, FREE, 2)
    count = dict.fromkeys(lottery.chances, 0)
    for seed in range(1500):
        for person in allot(people, FREE, 2, seed=seed).selected:
            count[person] += 1
    for person, chance in lottery.chances.items():
        assert count[person] / 1500 == pytest.approx(chance, abs=0.05)


def test_a_replacement_keeps_what_stays_of_a_team() -> None:
    people, quotas = crowd()
    people = [
        Applicant(each.id, each.traits, team="t" if at in {3, 4} else "") for at, each in enumerate(people)
    ]
    outcome = replace(people, quotas, 8, staying=["p03"], gone=["p04"], seed="s")
    assert "p03" in outcome.selected
    assert "p04" not in outcome.selected
    with pytest.raises(InputError, match="1 of the 2 people of team 't' are excluded"):
        replace(people, quotas, 8, staying=["p05"], gone=["p04"], seed="s")


@pytest.mark.parametrize(
    ("weight", "exact"),
    [
        (0.1, Fraction(1, 10)),
        (Decimal("1.25"), Fraction(5, 4)),
        (Fraction(1, 3), Fraction(1, 3)),
        (2, Fraction(2)),
    ],
)
def test_weights_are_exact(weight: float | Decimal | Fraction, exact: Fraction) -> None:
    people = [Applicant("p", A, weight), *(Applicant(each, A) for each in "qrs")]
    lottery = solve_lottery(people, FREE, 1)
    (light,) = (each for each in lottery.types if each.ids == ("p",))
    assert light.weight == exact
    assert lottery.least == min(
        chance / each.weight for chance, each in zip(lottery.type_chances, lottery.types, strict=True)
    )
    assert float(lottery.bound) == pytest.approx(1 / (3 + float(exact)), abs=1e-12)


def test_weights_that_are_the_same_number_are_the_same_weight() -> None:
    people = [Applicant(f"p{n}", A, each) for n, each in enumerate((0.5, Decimal("0.5"), Fraction(1, 2)))]
    assert len(gather(people, FREE, 1).types) == 1
