import random
from collections.abc import Sequence
from fractions import Fraction
from itertools import combinations, product

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from convene.engines.allotment import (
    Applicant,
    InfeasibleError,
    InputError,
    Limit,
    Quota,
    Type,
    allot,
    check_feasible,
    shut_out,
)
from convene.engines.allotment.tests import brute

Draw = tuple[list[Applicant], list[Quota], int]
MANY = settings(max_examples=100, deadline=None, derandomize=True)


#: Household and team of a person; mostly neither.
_UNITS = st.sampled_from(
    [("", "")] * 6 + [("h", ""), ("h", ""), ("i", ""), ("", "t"), ("", "t"), ("", "u"), ("", "u")]
)


@st.composite
def draws(draw: st.DrawFn, *, feasible: bool = True) -> Draw:
    """Up to nine people of up to six features, and quotas around some panel; one for all features if ``feasible``.

    With many features the relaxation is often out of reach, so that every way of solving gets its turn.
    """
    features = [f"f{n}" for n in range(draw(st.integers(1, 6)))]
    values = "abc" if len(features) <= 3 else "ab"
    traits = st.fixed_dictionaries({feature: st.sampled_from(values) for feature in features})
    weight = st.sampled_from([1, 1, 1, 2, 0.5, Fraction(4, 3)])
    people = draw(st.lists(st.tuples(traits, weight, _UNITS), min_size=3, max_size=9))
    held = draw(st.integers(-3, len(people) - 1))
    held_team = people[held][2][1] if held >= 0 else ""
    applicants = [
        Applicant(f"p{n}", mine, weight, n == held or (bool(team) and team == held_team), household, team)
        for n, (mine, weight, (household, team)) in enumerate(people)
    ]
    possible = [seats for seats in range(1, len(people) + 1) if brute.sound(applicants, seats)]
    assume(possible)
    seats = draw(st.sampled_from(possible))
    assume(
        all(
            sum(each.team == person.team for each in applicants) <= seats
            for person in applicants
            if person.team
        )
    )
    panel = _some(draw, applicants, seats)
    quotas = []
    for feature in features:
        own = panel if feasible else _some(draw, applicants, seats)
        for value in values:
            count = sum(person.traits[feature] == value for person in own)
            least = max(count - draw(st.integers(0, 1)), 0)
            quotas.append(Quota(feature, value, least, count + draw(st.integers(0, 1))))
    return applicants, quotas, seats


def _some(draw: st.DrawFn, applicants: list[Applicant], seats: int) -> tuple[Applicant, ...]:
    return draw(st.sampled_from(brute.sound(applicants, seats)))


@MANY
@given(draws())
def test_chances_are_the_leximin_of_all_lotteries(draw: Draw) -> None:
    applicants = draw[0]
    outcome = allot(*draw, seed="s")
    out = {person for caution in outcome.warnings for person in caution.ids}
    mine = sorted(
        outcome.chances[person.id] / float(person.weight)
        for person in applicants
        if person.id not in out and not person.held
    )
    assert mine == pytest.approx(brute.leximin(*draw), abs=1e-6)
    assert outcome.minimum_chance.gap < 1e-8
    if mine:
        assert outcome.minimum_chance.bound == pytest.approx(mine[0], abs=1e-8)


@pytest.mark.parametrize("seed", range(12))
def test_chances_are_leximin_where_rounding_stands_in_the_way(seed: int) -> None:
    """Pools with so many features that split seats often promise more than whole panels can keep."""
    chance = random.Random(seed)
    features = [f"f{n}" for n in range(6)]
    applicants = [Applicant(f"p{n}", {name: chance.choice("ab") for name in features}) for n in range(11)]
    panel = chance.sample(applicants, 5)
    quotas = []
    for feature, value in product(features, "ab"):
        count = sum(person.traits[feature] == value for person in panel)
        quotas.append(
            Quota(feature, value, max(count - chance.randint(0, 1), 0), count + chance.randint(0, 1))
        )
    outcome = allot(applicants, quotas, 5, seed="s")
    out = {person for caution in outcome.warnings for person in caution.ids}
    mine = sorted(chance for person, chance in outcome.chances.items() if person not in out)
    assert mine == pytest.approx(brute.leximin(applicants, quotas, 5), abs=1e-6)
    assert outcome.minimum_chance.gap < 1e-8


@MANY
@given(draws())
def test_the_least_chance_is_the_same_by_either_objective(draw: Draw) -> None:
    by_leximin, by_maximin = (allot(*draw, seed=1, objective=name) for name in ("leximin", "maximin"))
    assert by_maximin.minimum_chance.achieved == pytest.approx(by_leximin.minimum_chance.achieved, abs=1e-8)


@MANY
@given(draws())
def test_every_row_keeps_the_quotas_and_chances_match_the_lottery(draw: Draw) -> None:
    applicants, quotas, seats = draw
    outcome = allot(applicants, quotas, seats, seed="s")
    assert sum(row.tickets for row in outcome.lottery) == 10**12
    by_id = {person.id: person for person in applicants}
    for row in outcome.lottery:
        assert brute.misses(_first_ones(outcome.types, row.counts, by_id), quotas) == 0
    for at, each in enumerate(outcome.types):
        expected = sum(row.weight * row.counts[at] for row in outcome.lottery) / each.heads
        assert [outcome.chances[person] for person in each.ids] == pytest.approx([expected] * len(each.ids))
    drawn = [person for person in applicants if person.id in outcome.selected]
    assert tuple(drawn) in brute.sound(applicants, seats)
    assert brute.misses(drawn, quotas) == 0
    assert sorted(outcome.selected + outcome.reserve) == sorted(person.id for person in applicants)


def _first_ones(types: Sequence[Type], counts: Sequence[int], by_id: dict[str, Applicant]) -> list[Applicant]:
    return [
        by_id[person]
        for each, count in zip(types, counts, strict=True)
        for person in each.ids[: count * each.span]
    ]


@MANY
@given(draws())
def test_those_without_a_chance_are_those_in_no_panel(draw: Draw) -> None:
    applicants, quotas, seats = draw
    named = {person for caution in shut_out(applicants, quotas, seats) for person in caution.ids}
    every = brute.panels(applicants, quotas, seats)
    assert named == {person.id for at, person in enumerate(applicants) if not every[:, at].any()}
    outcome = allot(applicants, quotas, seats, seed="s")
    assert {person for person, chance in outcome.chances.items() if not chance} == named


@MANY
@given(draws(feasible=False))
def test_a_clash_is_smallest_and_a_relaxation_is_least(draw: Draw) -> None:
    applicants, quotas, seats = draw
    error = refusal(draw)
    if error is None:
        return
    every = brute.sound(applicants, seats)
    own = [limit for limit in error.clash if limit.rule == "quota"]
    broken_rules = {limit.rule for limit in error.clash} - {"quota"}
    assert brute_rules(draw) == broken_rules
    every = brute.sound(
        applicants, seats, households="household" in broken_rules, teams="team" in broken_rules
    )
    assert not any(all(keeps(panel, limit) for limit in own) for panel in every)
    for spared in own:
        assert any(all(keeps(panel, each) for each in own if each != spared) for panel in every)
    assert (size_of_smallest_clash(every, quotas) == len(own)) or not error.smallest
    every = brute.sound(applicants, seats)
    changed = sum(abs(change.seats - change.limit.seats) for change in error.relaxation)
    assert changed == min(brute.misses(panel, quotas) for panel in every)
    for change in error.alone:
        if change.limit.rule == "quota":
            others = [limit for limit in limits(quotas) if limit != change.limit]
            mended = Limit(change.limit.feature, change.limit.value, change.limit.side, change.seats)
            assert any(all(keeps(panel, each) for each in [*others, mended]) for panel in every)
        else:
            given_up = {f"{change.limit.rule}s": False}
            free = brute.sound(applicants, seats, **given_up)
            assert any(not brute.misses(panel, quotas) for panel in free)


def brute_rules(draw: Draw) -> set[str]:
    """The fewest rules that clash with all quotas."""
    applicants, quotas, seats = draw
    for rules in ((), ("household",), ("team",), ("household", "team")):
        panels = brute.sound(applicants, seats, households="household" in rules, teams="team" in rules)
        if all(brute.misses(panel, quotas) for panel in panels):
            return set(rules)
    raise AssertionError("called for a draw without panels")


def refusal(draw: Draw) -> InfeasibleError | None:
    try:
        check_feasible(*draw)
    except InputError:
        return None
    except InfeasibleError as error:
        return error
    assert len(brute.panels(*draw))
    return None


def limits(quotas: list[Quota]) -> list[Limit]:
    return [
        limit
        for quota in quotas
        for limit in (
            Limit(quota.feature, quota.value, "least", quota.least),
            Limit(quota.feature, quota.value, "most", quota.most),
        )
    ]


def keeps(panel: tuple[Applicant, ...], limit: Limit) -> bool:
    count = sum(person.traits[limit.feature] == limit.value for person in panel)
    return count >= limit.seats if limit.side == "least" else count <= limit.seats


def size_of_smallest_clash(every: list[tuple[Applicant, ...]], quotas: list[Quota]) -> int:
    broken = {frozenset(limit for limit in limits(quotas) if not keeps(panel, limit)) for panel in every}
    everything = frozenset().union(*broken)
    return next(
        size
        for size in range(1, len(everything) + 1)
        if any(all(set(chosen) & each for each in broken) for chosen in combinations(everything, size))
    )
