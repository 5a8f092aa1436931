from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from convene.engines.grouping import Mix, Person, arrange, measure

PEOPLE = [Person(str(n), traits={"role": "abc"[n % 3]}) for n in range(12)]
MIX = Mix(traits=("role",))


@settings(deadline=None)  # machines are shared
@given(st.integers(2, 4), st.integers(1, 3), st.integers(0, 5))
def test_a_plan_measured_again_has_the_figures_it_said(groups, rounds, seed):
    plan = arrange(PEOPLE, groups, rounds, mix=MIX, seconds=0.05, seed=seed)
    found = measure(PEOPLE, plan.rounds, mix=MIX)
    assert (found.repeats, found.met, found.met_bound) == (plan.repeats, plan.met, plan.met_bound)
    assert found.mixing == pytest.approx(plan.mixing)
    assert found.mixing_bound == pytest.approx(plan.mixing_bound)


def test_two_who_share_a_table_thrice_count_three_repeats():
    rounds = [[["0", "1"], ["2", "3"]]] * 3
    found = measure(PEOPLE[:4], rounds)
    assert (found.repeats, found.met) == (6, 2)


def test_someone_unknown_is_an_error():
    with pytest.raises(KeyError):
        measure(PEOPLE, [[["nobody"]]])
