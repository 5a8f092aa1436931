"""Against the best possible plans of 100 small rooms, proven by CP-SAT and recorded (`small.json`)."""

import pytest

from convene.engines.grouping.distances import difference
from convene.engines.grouping.joint import joint_bound
from convene.engines.grouping.tests.small import Small, read

SMALL = read()
NEAR = 1e-5  # the solver counts in whole millionths


def test_a_hundred_small_rooms_are_recorded() -> None:
    assert len(SMALL) == 100


@pytest.fixture(scope="module")
def planned() -> list[tuple[Small, object]]:
    return [(small, small.planned(seconds=0.05)) for small in SMALL]


def test_no_plan_mixes_more_than_the_bound(planned) -> None:
    wrong = [
        at for at, (small, plan) in enumerate(planned) if small.best["mixing"] > plan.mixing_bound + NEAR
    ]
    assert wrong == []


def test_no_plan_has_fewer_repeats_than_the_bound(planned) -> None:
    wrong = [at for at, (small, plan) in enumerate(planned) if small.best["repeats"] < plan.repeats_bound]
    assert wrong == []


def test_no_more_pairs_meet_than_the_bound(planned) -> None:
    wrong = [at for at, (small, plan) in enumerate(planned) if small.best["met"] > plan.met_bound]
    assert wrong == []


def test_no_plan_costs_less_than_the_best(planned) -> None:
    wrong = [
        at for at, (small, plan) in enumerate(planned) if small.price_of(plan) < small.best["price"] - NEAR
    ]
    assert wrong == []


def test_plans_keep_the_rules_and_are_the_best_or_nearly(planned) -> None:
    far = [small.price_of(plan) - small.best["price"] for small, plan in planned]
    assert [plan.violations for _, plan in planned if plan.violations] == []
    assert (sum(each < NEAR for each in far) >= 95, max(far) < 0.5) == (True, True)


def test_no_plan_with_the_fewest_repeats_mixes_more_than_the_joint_bound(planned) -> None:
    wrong = []
    for at, (small, plan) in enumerate(planned):
        mixed = difference(small.people, small.mix)
        sizes_ = [[len(group) for group in round_] for round_ in plan.rounds]
        best = small.best["mixing_at_fewest"]
        bound = joint_bound(mixed, sizes_, int(small.best["repeats"]), best, plan.mixing_bound)
        if best > bound + NEAR:
            wrong.append(at)
    assert wrong == []
