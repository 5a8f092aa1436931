"""`allot`: from applicants and quotas to the fairest lottery there is, and one draw by it."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from convene.engines.allotment.bounds import proven_bound
from convene.engines.allotment.checks import check
from convene.engines.allotment.columns import SHORT, Mixture, attain, coverable, leximin_of_panels
from convene.engines.allotment.entries import Applicant, BoolArray, IntArray, Objective, Pool, Quota, gather
from convene.engines.allotment.errors import Code, InputError, Problem
from convene.engines.allotment.infeasible import explain
from convene.engines.allotment.lottery import draw, in_tickets, type_chances
from convene.engines.allotment.outcome import (
    Caution,
    CautionCode,
    MinimumChance,
    Outcome,
    Progress,
    Watcher,
)
from convene.engines.allotment.panels import Box, PanelFinder
from convene.engines.allotment.relaxation import Relaxed, hopeless_types, leximin
from convene.engines.allotment.shut_out import shut_out_cautions
from convene.engines.allotment.splitting import Split, face, split

OBJECTIVES: tuple[Objective, ...] = ("leximin", "maximin")
NOT_WORTH_MENTIONING = 1e-6  # of the bound
_ATTAINED = 1e-10


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
    """Draw ``seats`` people so that the quotas hold and chances over weight are as equal as can be.

    ``objective`` "maximin" makes the least chance as large as possible; "leximin" then the next to least, and
    so on. ``held`` ids are surely in, ``exclude`` ids surely out (the way to re-draw after someone drops out:
    `replace`). The same applicants, quotas, seats and seed give the same outcome, in whatever order they are
    given.

    Raises `InputError` for faulty input, `InfeasibleError` if no panel meets the quotas.
    """
    check(applicants, quotas, seats, held=held, exclude=exclude)
    if objective not in OBJECTIVES:
        raise InputError([Problem(Code.UNKNOWN_OBJECTIVE, {"objective": objective})])
    pool = gather(applicants, quotas, seats, held=held, exclude=exclude)
    solution = solve(pool, objective=objective, progress=progress)
    return _outcome(pool, solution, applicants, str(seed), objective)


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

    Takes the same applicants, quotas and seats as the first draw; errors as `allot`.
    """
    return allot(
        applicants,
        quotas,
        seats,
        seed=seed,
        objective=objective,
        held=staying,
        exclude=gone,
        progress=progress,
    )


@dataclass(frozen=True, slots=True)
class Solution:
    """A lottery in shares; ``shut_out`` (T) are in no panel; ``bound`` is on the least chance over weight of
    the rest.
    """

    mixture: Mixture
    shut_out: BoolArray
    bound: Fraction
    cautions: tuple[Caution, ...] = ()


class _Watch:
    """Tells the watcher of each step, and remembers whether it said stop."""

    def __init__(self, progress: Watcher | None, pool: Pool, open_: BoolArray, bound: float) -> None:
        self._progress, self._bound = progress, bound
        self._scale, self._open = pool.scale, open_
        self._steps = 0
        self._stopped = False

    def stopped(self) -> bool:
        return self._stopped

    def __call__(self, stage: str, panels: Sequence[IntArray], shares: Sequence[float]) -> bool:
        if self._progress is None:
            return True
        self._steps += 1
        seats = np.array(shares) @ np.array(panels) if len(panels) else np.zeros(len(self._scale))
        achieved = float((seats / self._scale)[self._open].min(initial=1.0)) if self._open.any() else 1.0
        self._stopped = self._progress(Progress(stage, self._steps, achieved, self._bound)) is False
        return not self._stopped

    def split(self, so_far: Split) -> bool:
        return self("split", so_far.panels, so_far.shares)

    def attain(self, mixture: Mixture, _short: float) -> bool:
        return self("attain", mixture.panels, mixture.shares.tolist())

    def climb(self, mixture: Mixture, _chance: float) -> bool:
        return self("climb", mixture.panels, mixture.shares.tolist())


def solve(pool: Pool, *, objective: Objective, progress: Watcher | None = None) -> Solution:
    """The fairest lottery of a pool.

    The relaxation's leximin is split into whole panels; where that gets stuck, column generation reaches it
    or proves it out of reach; then people in no whole panel are set aside and it starts again, or, if there
    are none, the leximin among whole panels is found rung by rung.
    """
    shut_out = hopeless_types(pool)
    if shut_out is None:
        raise explain(pool)
    finder, panels = PanelFinder(pool), list[IntArray]()
    while True:
        open_ = pool.drawn & ~shut_out
        relaxed = leximin(pool, shut_out)
        bound = _relaxed_bound(pool, relaxed, shut_out)
        watch = _Watch(progress, pool, open_, float(bound))
        mixture = _reach(pool, finder, relaxed, panels, watch)
        if mixture is not None and not watch.stopped():
            return Solution(mixture, shut_out, bound)
        if watch.stopped():
            return _stopped(pool, finder, open_, shut_out, panels, bound)
        covered, panels = coverable(finder, open_, panels, Box.whole(pool))
        if not panels:
            raise explain(pool)
        if not (open_ & ~covered).any():
            break
        shut_out = shut_out | (open_ & ~covered)
    levels = 1 if objective == "maximin" else None
    mixture, rungs = leximin_of_panels(pool, finder, open_, panels, levels=levels, going_on=watch.climb)
    cautions = (Caution(CautionCode.STOPPED),) if watch.stopped() else ()
    return Solution(mixture, shut_out, min(bound, Fraction(rungs[0].bound)), cautions)


def _reach(
    pool: Pool, finder: PanelFinder, relaxed: Relaxed, panels: list[IntArray], watch: _Watch
) -> Mixture | None:
    """A mixture with the relaxation's expected seats, or None; panels tried on the way join ``panels``."""
    parts = split(pool, finder, relaxed.seats, watch.split)
    panels.extend(parts.panels)
    if watch.stopped() or not parts.panels:
        return None
    shares = np.array(parts.shares)
    mixture = Mixture(parts.panels, shares / shares.sum())
    if parts.left <= _ATTAINED and np.abs(mixture.seats() - relaxed.seats).max() <= SHORT:
        return mixture
    attained = attain(finder, relaxed.seats, face(pool, relaxed.seats), parts.panels, watch.attain)
    panels[:] = attained.mixture.panels
    return attained.mixture if attained.short <= SHORT else None


def _stopped(
    pool: Pool,
    finder: PanelFinder,
    open_: BoolArray,
    shut_out: BoolArray,
    panels: list[IntArray],
    bound: Fraction,
) -> Solution:
    """The largest least chance that the panels so far allow."""
    if not panels:
        found = finder.find(np.zeros(len(pool.types)), Box.whole(pool))
        if found is None:
            raise explain(pool)
        panels = [found.counts]
    mixture, _ = leximin_of_panels(pool, finder, open_, panels, going_on=lambda _mixture, _chance: False)
    return Solution(mixture, shut_out, bound, (Caution(CautionCode.STOPPED),))


def _relaxed_bound(pool: Pool, relaxed: Relaxed, shut_out: BoolArray) -> Fraction:
    if not relaxed.levels:
        return Fraction(1)
    first = relaxed.levels[0]
    return proven_bound(pool, first.prices, first.rule_prices, np.where(shut_out, 0, pool.sizes))


def _outcome(
    pool: Pool, solution: Solution, applicants: Sequence[Applicant], seed: str, objective: Objective
) -> Outcome:
    rows = in_tickets(solution.mixture)
    chances = type_chances(pool, rows)
    of_person = {
        person: float(chance) for each, chance in zip(pool.types, chances, strict=True) for person in each.ids
    }
    selected, reserve = draw(pool, rows, seed)
    minimum = _minimum(pool, chances, solution)
    cautions = solution.cautions
    if not cautions and minimum.gap > NOT_WORTH_MENTIONING * minimum.bound:
        cautions = (Caution(CautionCode.NOT_PROVEN),)
    return Outcome(
        selected=selected,
        reserve=reserve,
        chances={person.id: of_person.get(person.id, 0.0) for person in applicants},
        minimum_chance=minimum,
        types=pool.types,
        lottery=rows,
        seed=seed,
        objective=objective,
        warnings=(*shut_out_cautions(pool, solution.shut_out), *cautions),
    )


def _minimum(pool: Pool, chances: Sequence[Fraction], solution: Solution) -> MinimumChance:
    open_ = np.flatnonzero(pool.drawn & ~solution.shut_out).tolist()
    least = min((chances[at] / Fraction(float(pool.weights[at])) for at in open_), default=Fraction(1))
    gap = max(solution.bound - least, Fraction())
    return MinimumChance(float(least), float(solution.bound), float(gap))
