"""`solve_lottery` and `allot`: from applicants and quotas to the fairest lottery, and one draw by it."""

import dataclasses
from collections.abc import Collection, Sequence
from fractions import Fraction
from typing import get_args

import numpy as np

from convene.engines.allotment.checks import check
from convene.engines.allotment.entries import Applicant, BoolArray, FloatArray, Objective, Pool, Quota, gather
from convene.engines.allotment.errors import Code, InputError, Problem
from convene.engines.allotment.lottery import draw, in_tickets, type_chances
from convene.engines.allotment.objectives import geometric_mean, imbalance
from convene.engines.allotment.outcome import (
    Caution,
    CautionCode,
    Lottery,
    MinimumChance,
    Optimum,
    Outcome,
    Watcher,
)
from convene.engines.allotment.shut_out import shut_out_cautions
from convene.engines.allotment.solving import Solution, solve

OBJECTIVES: tuple[Objective, ...] = get_args(Objective)
NOT_WORTH_MENTIONING = 1e-6  # of the bound


def allot(
    applicants: Sequence[Applicant],
    quotas: Sequence[Quota],
    seats: int,
    *,
    seed: str | int,
    objective: Objective = "leximin",
    held: Collection[str] = (),
    exclude: Collection[str] = (),
    progress: Watcher | None = None,
) -> Outcome:
    """Draw ``seats`` people by `solve_lottery`. The same applicants, quotas, seats and seed give the same
    outcome, in whatever order they are given.
    """
    lottery = solve_lottery(
        applicants, quotas, seats, objective=objective, held=held, exclude=exclude, progress=progress
    )
    selected, reserve = draw(lottery.pool, lottery.rows, str(seed))
    return Outcome(
        selected=selected,
        reserve=reserve,
        chances=lottery.chances,
        minimum_chance=lottery.minimum_chance,
        types=lottery.types,
        lottery=lottery.rows,
        seed=str(seed),
        objective=objective,
        optimum=lottery.optimum,
        warnings=lottery.warnings,
    )


def solve_lottery(
    applicants: Sequence[Applicant],
    quotas: Sequence[Quota],
    seats: int,
    *,
    objective: Objective = "leximin",
    held: Collection[str] = (),
    exclude: Collection[str] = (),
    progress: Watcher | None = None,
) -> Lottery:
    """The lottery over panels of ``seats`` people that keep the quotas, in which chances over weight are as
    equal as can be.

    ``objective`` "maximin" makes the least chance as large as possible; "leximin" then the next to least, and
    so on; "nash" the geometric mean; "goldilocks" keeps the largest and the least together near the fair
    share. `Lottery.optimum` says how near to the best it came. ``held`` ids are surely in, ``exclude`` ids
    surely out (the way to re-draw after someone drops out: `replace`).

    Raises `InputError` for faulty input, `InfeasibleError` if no panel meets the quotas.
    """
    check(applicants, quotas, seats, held=held, exclude=exclude)
    if objective not in OBJECTIVES:
        raise InputError([Problem(Code.UNKNOWN_OBJECTIVE, {"objective": objective})])
    pool = gather(applicants, quotas, seats, held=held, exclude=exclude)
    solution = solve(pool, objective=objective, progress=progress)
    return _lottery(pool, solution, applicants, objective)


def replace(
    applicants: Sequence[Applicant],
    quotas: Sequence[Quota],
    seats: int,
    *,
    staying: Collection[str],
    gone: Collection[str],
    seed: str | int,
    objective: Objective = "leximin",
    progress: Watcher | None = None,
) -> Outcome:
    """Fill the seats of those ``gone`` by a new draw in which those ``staying`` keep theirs and the quotas
    still hold.

    Takes the same applicants, quotas and seats as the first draw; errors as `allot`. Those staying stay even
    if someone of their team is gone; a team that waits and has lost somebody is an error.
    """
    sure = frozenset(staying)
    return allot(
        [dataclasses.replace(each, team="") if each.id in sure else each for each in applicants],
        quotas,
        seats,
        seed=seed,
        objective=objective,
        held=staying,
        exclude=gone,
        progress=progress,
    )


def _lottery(
    pool: Pool, solution: Solution, applicants: Sequence[Applicant], objective: Objective
) -> Lottery:
    rows = in_tickets(solution.mixture)
    chances = type_chances(pool, rows)
    of_person = {
        person: float(chance) for each, chance in zip(pool.types, chances, strict=True) for person in each.ids
    }
    open_ = pool.drawn & ~solution.shut_out
    least = min(
        (chances[at] / pool.types[at].weight for at in np.flatnonzero(open_).tolist()), default=Fraction(1)
    )
    gap = max(solution.bound - least, Fraction())
    minimum = MinimumChance(float(least), float(solution.bound), float(gap))
    seats = np.array([float(chance) for chance in chances], dtype=np.float64) * pool.heads
    optimum = _optimum(pool, seats, open_, minimum, solution.optimum, objective)
    cautions = solution.cautions
    if not cautions and optimum.gap > NOT_WORTH_MENTIONING * optimum.bound:
        cautions = (Caution(CautionCode.NOT_PROVEN),)
    return Lottery(
        pool=pool,
        rows=rows,
        type_chances=chances,
        chances={person.id: of_person.get(person.id, 0.0) for person in applicants},
        objective=objective,
        least=least,
        bound=solution.bound,
        minimum_chance=minimum,
        prices=solution.prices,
        tight=solution.tight,
        shut_out=tuple(solution.shut_out.tolist()),
        optimum=optimum,
        applicants=tuple(applicants),
        warnings=(*shut_out_cautions(pool, solution.shut_out), *cautions),
    )


def _optimum(
    pool: Pool,
    seats: FloatArray,
    open_: BoolArray,
    minimum: MinimumChance,
    bound: float | None,
    objective: Objective,
) -> Optimum:
    if objective == "nash" and bound is not None:
        achieved = geometric_mean(pool, seats, open_)
        return Optimum(achieved, bound, max(bound - achieved, 0.0))
    if objective == "goldilocks" and bound is not None:
        achieved = imbalance(pool, seats, open_)
        return Optimum(achieved, bound, max(achieved - bound, 0.0))
    return Optimum(minimum.achieved, minimum.bound, minimum.gap)
