import numpy as np
import pytest

from convene.engines.allotment import InfeasibleError, Outcome, allot, check_feasible, shut_out
from convene.engines.allotment.tests.brute import misses
from convene.engines.allotment.tests.shared_data import instance, known

# The first five are the published optima; the others are proven here: the bound is exact arithmetic (bounds.py).
OPTIMA = {
    "opendlp_30": 0.2967032967,
    "mass_24": 0.04,
    "sfa_35": 0.0457317073,
    "sfb_20": 0.0519480519,
    "sfc_44": 0.0921052632,
    "sfd_40": 0.0423634337,
    "cca_75": 0.0413573701,
    "sfe_110": 0.0354609929,
}


def gini(outcome: Outcome) -> float:
    chances = np.sort(np.array(list(outcome.chances.values())))
    ranks = np.arange(1, len(chances) + 1)
    return float(((2 * ranks - len(chances) - 1) * chances).sum() / (len(chances) * chances.sum()))


@pytest.mark.parametrize("name", OPTIMA)
def test_the_least_chance_is_the_proven_optimum(name: str) -> None:
    applicants, quotas, seats = instance(name)
    outcome = allot(applicants, quotas, seats, seed="golden")
    assert outcome.minimum_chance.achieved == pytest.approx(OPTIMA[name], abs=1e-9)
    assert outcome.minimum_chance.achieved == min(outcome.chances.values())
    assert outcome.minimum_chance.gap < 1e-9
    panel = [person for person in applicants if person.id in set(outcome.selected)]
    assert (len(panel), misses(panel, quotas), outcome.warnings) == (seats, 0, ())


@pytest.mark.parametrize("name", ["mass_24", "opendlp_30", "sfa_35", "sfb_20", "sfc_44"])
def test_leximin_is_as_equal_as_published(name: str) -> None:
    applicants, quotas, seats = instance(name)
    assert gini(allot(applicants, quotas, seats, seed=1)) == pytest.approx(
        known(name)["gini_leximin"], abs=5.1e-5
    )


@pytest.mark.parametrize("name", ["mass_24", "opendlp_30", "sfa_35"])
def test_maximin_reaches_the_same_least_chance(name: str) -> None:
    outcome = allot(*instance(name), seed=1, objective="maximin")
    assert outcome.minimum_chance.achieved == pytest.approx(OPTIMA[name], abs=1e-9)


def test_nobody_of_a_feasible_instance_is_shut_out() -> None:
    assert [shut_out(*instance(name)) for name in ("mass_24", "opendlp_30", "cca_75")] == [(), (), ()]


def test_targets_that_clash_are_named_with_the_least_relaxation() -> None:
    with pytest.raises(InfeasibleError) as refused:
        check_feasible(*instance("nexus_170"))
    assert [limit.text for limit in refused.value.clash] == [
        "c2: v2 at most 28",
        "c3: v0 at least 22",
        "c4: v1 at least 64",
    ]
    assert sum(abs(change.seats - change.limit.seats) for change in refused.value.relaxation) == 35
