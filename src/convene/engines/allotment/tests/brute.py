"""The slow, plain way: list every panel, then solve one linear program for each question. For small pools only."""

from collections.abc import Sequence
from itertools import combinations

import numpy as np

from convene.engines.allotment import Applicant, Quota
from convene.engines.allotment.entries import FloatArray
from convene.engines.allotment.solver import INFINITY, Matrix, Program


def misses(panel: Sequence[Applicant], quotas: Sequence[Quota]) -> int:
    """By how many seats a panel breaks the quotas in all."""
    total = 0
    for quota in quotas:
        count = sum(person.traits[quota.feature] == quota.value for person in panel)
        total += max(quota.least - count, 0) + max(count - quota.most, 0)
    return total


def panels(applicants: Sequence[Applicant], quotas: Sequence[Quota], seats: int) -> FloatArray:
    """(panels x people) 1 where the person is in the panel."""
    feasible = [
        [float(person in panel) for person in applicants]
        for panel in sound(applicants, seats)
        if not misses(panel, quotas)
    ]
    return np.array(feasible).reshape(len(feasible), len(applicants))


def sound(
    applicants: Sequence[Applicant], seats: int, *, households: bool = True, teams: bool = True
) -> list[tuple[Applicant, ...]]:
    """The panels that keep held seats, households and teams, whatever the quotas."""
    held = {person.id for person in applicants if person.held}
    return [
        panel
        for panel in combinations(applicants, seats)
        if held <= {person.id for person in panel}
        and (not households or _are_apart(panel))
        and (not teams or _are_together(panel, applicants))
    ]


def _are_apart(panel: Sequence[Applicant]) -> bool:
    homes = [person.household for person in panel if person.household]
    return len(homes) == len(set(homes))


def _are_together(panel: Sequence[Applicant], applicants: Sequence[Applicant]) -> bool:
    teams = {person.team for person in panel if person.team}
    return all(person in panel for person in applicants if person.team in teams)


def leximin(applicants: Sequence[Applicant], quotas: Sequence[Quota], seats: int) -> list[float]:
    """The leximin chances over weight, from the least up, of those in some panel and not held.

    After each level, a person is settled who alone cannot rise above it while nobody falls below.
    """
    every = panels(applicants, quotas, seats)
    weights = np.array([float(person.weight) for person in applicants])
    open_ = [at for at in range(len(applicants)) if every[:, at].any() and not applicants[at].held]
    settled: dict[int, float] = {}
    while open_:
        level = _highest(every, weights, settled, open_)
        stuck = [at for at in open_ if _alone(every, weights, settled, open_, level, at) <= level + 1e-7]
        assert stuck
        settled |= dict.fromkeys(stuck, level)
        open_ = [at for at in open_ if at not in settled]
    return sorted(settled.values())


def _highest(every: FloatArray, weights: FloatArray, settled: dict[int, float], open_: list[int]) -> float:
    return _solve(every, weights, settled, dict.fromkeys(open_, 0.0), rising=open_)


def _alone(
    every: FloatArray, weights: FloatArray, settled: dict[int, float], open_: list[int], level: float, at: int
) -> float:
    floors = {other: level - 1e-9 for other in open_ if other != at}
    return _solve(every, weights, settled, floors | {at: 0.0}, rising=[at])


def _solve(
    every: FloatArray,
    weights: FloatArray,
    settled: dict[int, float],
    floors: dict[int, float],
    *,
    rising: list[int],
) -> float:
    """The highest level that all ``rising`` reach: columns are the panels' shares, then the level."""
    count, people = every.shape
    over_weight = every / weights
    low = np.zeros(people)
    for at, value in (settled | floors).items():
        low[at] = max(value - 1e-9, 0)
    matrix = np.zeros((people + 1, count + 1))
    matrix[:people, :count] = over_weight.T
    matrix[rising, count] = -1
    matrix[people, :count] = 1
    answer = Program(
        np.append(np.zeros(count), 1.0),
        (np.zeros(count + 1), np.full(count + 1, INFINITY)),
        Matrix.dense(matrix),
        (np.append(low, 1.0), np.append(np.full(people, INFINITY), 1.0)),
    ).solve()
    assert answer is not None
    return answer.value


def least_imbalance(every: FloatArray, scale: FloatArray) -> float:
    """The least of largest + 1 / least over all lotteries, chances being over ``scale``, by golden sections."""

    def worth(least: float) -> float:
        return _smallest_largest(every, scale, least) + 1 / least

    low, high = 1e-6, _highest(every, scale, {}, list(range(every.shape[1])))
    ratio = (5**0.5 - 1) / 2
    for _ in range(32):
        one, two = high - ratio * (high - low), low + ratio * (high - low)
        low, high = (low, two) if worth(one) < worth(two) else (one, high)
    return worth(low)


def _smallest_largest(every: FloatArray, scale: FloatArray, least: float) -> float:
    count, people = every.shape
    matrix = np.zeros((2 * people + 1, count + 1))
    matrix[:people, :count] = matrix[people : 2 * people, :count] = (every / scale).T
    matrix[people : 2 * people, count] = -1
    matrix[-1, :count] = 1
    answer = Program(
        np.append(np.zeros(count), -1.0),
        (np.zeros(count + 1), np.full(count + 1, INFINITY)),
        Matrix.dense(matrix),
        (
            np.concatenate([np.full(people, least * (1 - 1e-9)), np.full(people, -INFINITY), [1.0]]),
            np.concatenate([np.full(people, INFINITY), np.zeros(people), [1.0]]),
        ),
    ).solve()
    assert answer is not None
    return -answer.value
