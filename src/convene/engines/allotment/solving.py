"""From a pool to its fairest lottery: the relaxation split into whole panels, or column generation."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

import numpy as np

from convene.engines.allotment.bounds import Prices, least_chance_bound
from convene.engines.allotment.columns import SHORT, Mixture, attain, coverable, leximin_of_panels
from convene.engines.allotment.entries import BoolArray, IntArray, Objective, Pool
from convene.engines.allotment.infeasible import explain
from convene.engines.allotment.outcome import Caution, CautionCode, Progress, Watcher
from convene.engines.allotment.panels import Box, PanelFinder
from convene.engines.allotment.relaxation import Relaxed, hopeless_types, leximin
from convene.engines.allotment.splitting import Split, face, split

NOBODY = Mixture((), np.zeros(0))
_ATTAINED = 1e-10


@dataclass(frozen=True, slots=True)
class Solution:
    """A lottery in shares; ``shut_out`` (T) are in no panel; ``bound`` is on the least chance over weight of
    the rest, proved by ``prices`` (if ``tight``, even for split panels).
    """

    mixture: Mixture
    shut_out: BoolArray
    bound: Fraction
    prices: Prices | None
    tight: bool = True
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
        prices, bound = _relaxed_bound(pool, relaxed, shut_out)
        watch = _Watch(progress, pool, open_, float(bound))
        mixture = _reach(pool, finder, relaxed, panels, watch)
        if mixture is not None and not watch.stopped():
            return Solution(mixture, shut_out, bound, prices)
        if watch.stopped():
            return _stopped(pool, finder, open_, panels, Solution(NOBODY, shut_out, bound, prices))
        covered, panels = coverable(finder, open_, panels, Box.whole(pool))
        if not panels:
            raise explain(pool)
        if not (open_ & ~covered).any():
            break
        shut_out = shut_out | (open_ & ~covered)
    levels = 1 if objective == "maximin" else None
    mixture, rungs = leximin_of_panels(pool, finder, open_, panels, levels=levels, going_on=watch.climb)
    cautions = (Caution(CautionCode.STOPPED),) if watch.stopped() else ()
    first = rungs[0]
    if first.bound < bound:
        whole = Prices.of(first.prices, np.zeros(pool.rows + 1), np.where(shut_out, 0, pool.sizes))
        return Solution(mixture, shut_out, Fraction(first.bound), whole, tight=False, cautions=cautions)
    return Solution(mixture, shut_out, bound, prices, cautions=cautions)


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
    pool: Pool, finder: PanelFinder, open_: BoolArray, panels: list[IntArray], so_far: Solution
) -> Solution:
    """The largest least chance that the panels so far allow."""
    if not panels:
        found = finder.find(np.zeros(len(pool.types)), Box.whole(pool))
        if found is None:
            raise explain(pool)
        panels = [found.counts]
    mixture, _ = leximin_of_panels(pool, finder, open_, panels, going_on=lambda _mixture, _chance: False)
    return replace(so_far, mixture=mixture, cautions=(Caution(CautionCode.STOPPED),))


def _relaxed_bound(pool: Pool, relaxed: Relaxed, shut_out: BoolArray) -> tuple[Prices | None, Fraction]:
    if not relaxed.levels:
        return None, Fraction(1)
    first = relaxed.levels[0]
    prices = Prices.of(first.prices, first.rule_prices, np.where(shut_out, 0, pool.sizes))
    return prices, least_chance_bound(pool, prices)
