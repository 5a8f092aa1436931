from itertools import combinations, permutations

from hypothesis import given, settings
from hypothesis import strategies as st

from convene.engines.grouping import Mix, Person, arrange
from convene.engines.grouping.tests.makers import is_seating, repeats

MIX = Mix(("kind", "years"), ordinal=frozenset({"years"}))
people_of = st.lists(
    st.tuples(st.sampled_from(["", "a", "b", "c"]), st.integers(0, 4)), min_size=1, max_size=14
)


def room(values: list[tuple[str, int]]) -> list[Person]:
    return [Person(f"p{at}", {"kind": kind, "years": years}) for at, (kind, years) in enumerate(values)]


def apart(one: Person, other: Person, span: int) -> float:
    kinds = one.traits["kind"], other.traits["kind"]
    differ = all(kinds) and kinds[0] != kinds[1]
    return (differ + (abs(one.traits["years"] - other.traits["years"]) / span if span else 0)) / 2


def span_of(people: list[Person]) -> int:
    years = [each.traits["years"] for each in people]
    return max(years) - min(years)


@settings(max_examples=40, deadline=None)
@given(people_of, st.integers(1, 6), st.integers(1, 4), st.integers(0, 9))
def test_any_room_is_seated_within_its_bounds(
    values: list[tuple[str, int]], groups: int, rounds: int, seed: int
) -> None:
    people = room(values)
    plan = arrange(people, groups, rounds, mix=MIX, seconds=0.01, seed=seed)
    assert is_seating(plan, people, min(groups, len(people)))
    assert plan.repeats == repeats(plan) >= plan.repeats_bound
    by_id, span = {each.id: each for each in people}, span_of(people)
    mixing = sum(
        apart(by_id[one], by_id[other], span)
        for round_ in plan.rounds
        for group in round_
        for one, other in combinations(group, 2)
    )
    assert abs(plan.mixing - mixing) < 1e-9
    assert plan.mixing <= plan.mixing_bound + 1e-9


@settings(max_examples=15, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(["a", "b", "c"]), st.integers(0, 4)), min_size=4, max_size=7))
def test_small_rooms_are_mixed_as_well_as_by_trying_every_seating(values: list[tuple[str, int]]) -> None:
    people, span = room(values), span_of(room(values))
    half = (len(people) + 1) // 2
    best = max(
        sum(
            apart(one, other, span)
            for group in (order[:half], order[half:])
            for one, other in combinations(group, 2)
        )
        for order in permutations(people)
    )
    plan = arrange(people, 2, 1, mix=MIX, seconds=0.1)
    assert abs(plan.mixing - best) < 1e-9 <= plan.mixing_bound - best + 2e-9
