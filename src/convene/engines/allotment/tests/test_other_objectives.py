import numpy as np
import pytest
from hypothesis import given, settings

from convene.engines.allotment import Applicant, CautionCode, Lottery, Objective, Quota, allot, solve_lottery
from convene.engines.allotment.entries import FloatArray
from convene.engines.allotment.sealing import seal
from convene.engines.allotment.tests import brute
from convene.engines.allotment.tests.makers import crowd, halves
from convene.engines.allotment.tests.shared_data import instance
from convene.engines.allotment.tests.test_against_brute_force import MANY, Draw, draws


def left_to_chance(draw: Draw, lottery: Lottery) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Of those neither held nor shut out: all panels (panels x people), their chances and their weights."""
    every = brute.panels(*draw)
    people = draw[0]
    at = [n for n, each in enumerate(people) if every[:, n].any() and not each.held]
    chances = np.array([lottery.chances[people[n].id] for n in at])
    return every[:, at], chances, np.array([float(people[n].weight) for n in at])


@MANY
@given(draws())
def test_no_panel_would_raise_the_sum_of_logs_of_nash(draw: Draw) -> None:
    lottery = solve_lottery(*draw, objective="nash")
    every, chances, weights = left_to_chance(draw, lottery)
    if not len(chances):
        assert lottery.optimum.gap == 0
        return
    slopes = every @ (weights / chances)
    assert slopes.max() <= weights.sum() * (1 + 1e-6)
    assert lottery.optimum.gap <= 1e-7 * lottery.optimum.bound
    assert lottery.optimum.bound >= lottery.optimum.achieved * (1 - 1e-12)
    assert not {each.code for each in lottery.warnings} & {CautionCode.NOT_PROVEN, CautionCode.STOPPED}


@settings(MANY, max_examples=40)
@given(draws())
def test_goldilocks_is_as_balanced_as_any_lottery(draw: Draw) -> None:
    people, _, seats = draw
    lottery = solve_lottery(*draw, objective="goldilocks")
    every, chances, _ = left_to_chance(draw, lottery)
    if not len(chances):
        assert lottery.optimum.gap == 0
        return
    teams = {each.team: 0.0 for each in people if each.team}
    for each in people:
        if each.team:
            teams[each.team] = max(teams[each.team], float(each.weight))
    panels = brute.panels(*draw)
    at = [n for n, each in enumerate(people) if panels[:, n].any() and not each.held]
    fair = (seats - sum(each.held for each in people)) / sum(float(people[n].weight) for n in at)
    scale = np.array([teams.get(people[n].team, float(people[n].weight)) for n in at]) * fair
    achieved = (chances / scale).max() + (scale / chances).max()
    assert lottery.optimum.achieved == pytest.approx(achieved, rel=1e-9)
    assert achieved == pytest.approx(brute.least_imbalance(every, scale), rel=1e-5)
    assert lottery.optimum.gap <= 1e-6 * lottery.optimum.bound


@pytest.mark.parametrize("objective", ["nash", "goldilocks"])
def test_without_quotas_that_bind_chances_follow_weights(objective: str) -> None:
    people = [Applicant(f"p{n}", {"x": "a"}, weight=2 if n < 2 else 1) for n in range(6)]
    lottery = solve_lottery(people, [Quota("x", "a", 0, 2)], 2, objective=objective)  # type: ignore[arg-type]
    assert lottery.chances == pytest.approx({f"p{n}": 0.5 if n < 2 else 0.25 for n in range(6)})


def test_nash_gives_up_some_of_the_least_chance_for_many() -> None:
    by_leximin, by_nash = (solve_lottery(*crowd(), 8, objective=name) for name in ("leximin", "nash"))
    assert by_nash.minimum_chance.achieved <= by_leximin.minimum_chance.achieved
    assert by_nash.minimum_chance.bound == by_leximin.minimum_chance.bound


@pytest.mark.parametrize("objective", ["nash", "goldilocks"])
def test_any_order_of_entries_gives_the_same(objective: str) -> None:
    people, quotas = halves(women=4, men=6)
    one = allot(people, quotas, 4, seed=7, objective=objective)  # type: ignore[arg-type]
    assert one == allot(people[::-1], quotas[::-1], 4, seed=7, objective=objective)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("name", "least", "largest"), [("opendlp_30", 0.2967033, 1 / 3), ("mass_24", 0.0296, 1.0)]
)
def test_nash_agrees_with_the_peer(name: str, least: float, largest: float) -> None:
    """The peer found .29670 and .02956, within its tolerance of .0005."""
    lottery = solve_lottery(*instance(name), objective="nash")
    assert lottery.minimum_chance.achieved == pytest.approx(least, abs=5e-6)
    assert max(lottery.chances.values()) == pytest.approx(largest)
    assert lottery.optimum.gap < 1e-9


#: Proven here: geometric means of nash, imbalances of goldilocks.
OPTIMA = {
    "opendlp_30": (0.2998281779, 2.1222222222),
    "mass_24": (0.1555339729, 11.4880952381),
    "sfa_35": (0.0677147234, 9.5960643262),
    "sfd_40": (0.0567188178, 9.1493652457),
    "cca_75": (0.0565919622, 9.9011836959),
}


@pytest.mark.parametrize("name", OPTIMA)
def test_the_optimum_of_real_sized_pools_is_proven(name: str) -> None:
    for objective, optimum in zip(("nash", "goldilocks"), OPTIMA[name], strict=True):
        lottery = solve_lottery(*instance(name), objective=objective)  # type: ignore[arg-type]
        assert lottery.optimum.achieved == pytest.approx(optimum, rel=1e-7)
        assert lottery.optimum.gap < 1e-6
        assert lottery.warnings == ()


@pytest.mark.parametrize("objective", ["nash", "goldilocks"])
def test_a_stopped_run_says_how_far_it_is_from_the_best(objective: str) -> None:
    name: Objective = objective  # type: ignore[assignment]
    stopped = solve_lottery(*crowd(), 8, objective=name, progress=lambda _: False)
    whole = solve_lottery(*crowd(), 8, objective=name)
    assert [each.code for each in stopped.warnings] == [CautionCode.STOPPED]
    assert stopped.optimum.gap > whole.optimum.gap
    assert stopped.optimum.bound == whole.optimum.bound


def test_a_chance_too_small_for_any_ticket_leaves_a_record_that_is_json() -> None:
    people = [Applicant(f"p{n}", {"x": "a"}, weight=10.0 ** (6 * (n % 3) - 6)) for n in range(9)]
    quotas = [Quota("x", "a", 0, 2)]
    lottery = solve_lottery(people, quotas, 2, objective="goldilocks")
    assert [each.code for each in lottery.warnings] == [CautionCode.NOT_PROVEN]
    full = seal(lottery, quotas, 2, tickets=None, key=b"k" * 32, source={"kind": "seed"}, version="1")
    assert full["optimum"] == {"measure": "imbalance", "achieved": None, "bound": 2.0, "gap": None}
