"""From a pool to its fairest lottery: the relaxation split into whole panels, or column generation."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

import numpy as np

from convene.engines.allotment.bounds import Prices, least_chance_bound
from convene.engines.allotment.columns import SHORT, Mixture, attain, coverable, leximin_of_panels
from convene.engines.allotment.entries import BoolArray, FloatArray, IntArray, Objective, Pool
from convene.engines.allotment.infeasible import explain
from convene.engines.allotment.objectives import (
    Aim,
    goldilocks_aim,
    goldilocks_of_panels,
    nash_aim,
    nash_of_panels,
)
from convene.engines.allotment.outcome import Caution, CautionCode, Progress, Watcher
from convene.engines.allotment.panels import Box, PanelFinder
from convene.engines.allotment.relaxation import Relaxed, hopeless_types, leximin
from convene.engines.allotment.splitting import Split, face, split, spread

NOBODY = Mixture((), np.zeros(0))
FROM_THE_LEAST = ("leximin", "maximin")
CLOSE = 1e-7  # good enough where a measured gap tells the rest
_ATTAINED = 1e-10
_TOO_MANY_ENTRIES = 100_000


@dataclass(frozen=True, slots=True)
class Solution:
    """A lottery in shares; ``shut_out`` (T) are in no panel; ``bound`` is on the least chance over weight of
    the rest, proved by ``prices`` (if ``tight``, even for split panels). ``optimum`` bounds what nash or
    goldilocks measures.
    """

    mixture: Mixture
    shut_out: BoolArray
    bound: Fraction
    prices: Prices | None
    tight: bool = True
    optimum: float | None = None
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

    def __call__(self, stage: str, seats: FloatArray) -> bool:
        """``seats`` (T) are those expected of the lottery so far."""
        if self._progress is None:
            return True
        self._steps += 1
        achieved = float((seats / self._scale)[self._open].min(initial=1.0)) if self._open.any() else 1.0
        self._stopped = self._progress(Progress(stage, self._steps, achieved, self._bound)) is False
        return not self._stopped

    def split(self, expected: FloatArray) -> Callable[[Split], bool]:
        return lambda so_far: self("split", expected - so_far.left * so_far.rest)

    def attain(self, mixture: Mixture, _short: float) -> bool:
        return self._progress is None or self("attain", mixture.seats())

    def climb(self, mixture: Mixture, _chance: float) -> bool:
        return self._progress is None or self("climb", mixture.seats())


def solve(pool: Pool, *, objective: Objective, progress: Watcher | None = None) -> Solution:
    """The fairest lottery of a pool.

    The relaxation's best expected panel is split into whole panels; where that gets stuck, column generation
    reaches it or proves it out of reach; then people in no whole panel are set aside and it starts again, or,
    if there are none, the best mixture of whole panels is found by generating them.
    """
    shut_out = hopeless_types(pool)
    if shut_out is None:
        raise explain(pool)
    finder, panels = PanelFinder(pool), list[IntArray]()
    while True:
        open_ = pool.drawn & ~shut_out
        relaxed = leximin(pool, shut_out, levels=None if objective in FROM_THE_LEAST else 1)
        aim = _aim(pool, relaxed, shut_out, objective)
        prices, bound = _relaxed_bound(pool, relaxed, shut_out)
        watch = _Watch(progress, pool, open_, float(bound))
        mixture = _reach(pool, finder, aim.seats, panels, watch, objective)
        so_far = Solution(mixture or NOBODY, shut_out, bound, prices, optimum=aim.bound)
        if watch.stopped():
            return _stopped(pool, finder, open_, panels, so_far)
        if mixture is not None:
            return so_far
        covered, panels = coverable(finder, open_, panels, Box.whole(pool))
        if not panels:
            raise explain(pool)
        if not (open_ & ~covered).any():
            break
        shut_out = shut_out | (open_ & ~covered)
    solution = _of_panels(pool, finder, open_, panels, so_far, objective, watch)
    return replace(solution, cautions=(Caution(CautionCode.STOPPED),)) if watch.stopped() else solution


def _aim(pool: Pool, relaxed: Relaxed, shut_out: BoolArray, objective: Objective) -> Aim:
    if objective == "nash":
        return nash_aim(pool, shut_out)
    if objective == "goldilocks":
        return goldilocks_aim(pool, shut_out)
    return Aim(relaxed.seats, None)


def _of_panels(
    pool: Pool,
    finder: PanelFinder,
    open_: BoolArray,
    panels: Sequence[IntArray],
    so_far: Solution,
    objective: Objective,
    watch: _Watch,
) -> Solution:
    """The best mixture of whole panels where the relaxation's is out of reach."""
    if objective == "nash":
        mixture, optimum = nash_of_panels(pool, finder, open_, panels, watch.climb)
        return replace(so_far, mixture=mixture, optimum=min(optimum, so_far.optimum or optimum))
    if objective == "goldilocks":
        mixture, optimum = goldilocks_of_panels(pool, finder, open_, panels, watch.climb)
        return replace(so_far, mixture=mixture, optimum=max(optimum, so_far.optimum or optimum))
    levels = 1 if objective == "maximin" else None
    mixture, rungs = leximin_of_panels(pool, finder, open_, panels, levels=levels, going_on=watch.climb)
    first = rungs[0]
    if first.bound >= so_far.bound:
        return replace(so_far, mixture=mixture)
    whole = Prices.of(first.prices, np.zeros(pool.rows + 1), np.where(so_far.shut_out, 0, pool.sizes))
    return replace(so_far, mixture=mixture, bound=Fraction(first.bound), prices=whole, tight=False)


def _reach(
    pool: Pool,
    finder: PanelFinder,
    aim: FloatArray,
    panels: list[IntArray],
    watch: _Watch,
    objective: Objective,
) -> Mixture | None:
    """A mixture with the expected panel aimed at, or None; panels tried on the way join ``panels``.

    If stopped, the best mixture so far, or None if there is none.
    """
    close = SHORT if objective in FROM_THE_LEAST else CLOSE
    for stray in (True,) if objective == "maximin" else (True, False):
        parts = split(pool, finder, aim, watch.split(aim), stray=stray)
        panels.extend(parts.panels)
        if watch.stopped():
            whole = spread(pool, parts)
            panels.extend(whole.panels[len(parts.panels) :])
            return _mixture(whole)
        mixture = _mixture(parts)
        if mixture is None:
            return None
        if parts.left <= max(_ATTAINED, close / 10) and np.abs(mixture.seats() - aim).max() <= close:
            return mixture
    if objective == "maximin":
        return None  # the panels so far are a good start for the least chance alone
    attained = attain(finder, aim, face(pool, aim), panels, watch.attain)
    panels[:] = attained.mixture.panels
    return attained.mixture if attained.short <= close or watch.stopped() else None


def _mixture(parts: Split) -> Mixture | None:
    if not parts.panels:
        return None
    shares = np.array(parts.shares)
    return Mixture(parts.panels, shares / shares.sum())


def _stopped(
    pool: Pool, finder: PanelFinder, open_: BoolArray, panels: list[IntArray], so_far: Solution
) -> Solution:
    """The largest least chance that the panels so far allow; of many types, the mixture so far."""
    stopped = replace(so_far, cautions=(Caution(CautionCode.STOPPED),))
    if so_far.mixture.panels and len(panels) * len(pool.types) > _TOO_MANY_ENTRIES:
        return stopped
    if not panels:
        found = finder.find(np.zeros(len(pool.types)), Box.whole(pool))
        if found is None:
            raise explain(pool)
        panels = [found.counts]
    mixture, _ = leximin_of_panels(pool, finder, open_, panels, going_on=lambda _mixture, _chance: False)
    return replace(stopped, mixture=mixture)


def _relaxed_bound(pool: Pool, relaxed: Relaxed, shut_out: BoolArray) -> tuple[Prices | None, Fraction]:
    if not relaxed.levels:
        return None, Fraction(1)
    first = relaxed.levels[0]
    prices = Prices.of(first.prices, first.rule_prices, np.where(shut_out, 0, pool.sizes))
    return prices, least_chance_bound(pool, prices)
