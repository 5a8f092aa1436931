"""Column generation: lotteries over the panels found so far, improved by panels that the prices ask for.

Used where splitting gets stuck: `attain` reaches an expected panel or proves that no lottery does,
`leximin_of_panels` finds the exact leximin among lotteries then (README, "When the bound is out of reach").
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from convene.engines.allotment.entries import BoolArray, FloatArray, IntArray, Pool
from convene.engines.allotment.panels import Box, PanelFinder
from convene.engines.allotment.relaxation import DUAL_IS_POSITIVE
from convene.engines.allotment.solver import INFINITY, Matrix, Program

SHORT = 1e-9
_HAIR = 1e-12
_BETTER = 1e-9
_CLEARLY_BETTER = 1e-6

GoingOn = Callable[["Mixture", float], bool]


@dataclass(frozen=True, slots=True)
class Mixture:
    """Panels with shares that sum to 1."""

    panels: tuple[IntArray, ...]
    shares: FloatArray

    def seats(self) -> FloatArray:
        """(T) expected seats of each type."""
        return np.asarray(self.shares @ np.array(self.panels), dtype=np.float64)


@dataclass(frozen=True, slots=True)
class Attained:
    """``short``: seats by which the mixture misses the target in all; ``proven``: no mixture misses it by
    less.
    """

    mixture: Mixture
    short: float
    proven: bool


@dataclass(frozen=True, slots=True)
class Rung:
    """A level of the leximin among lotteries: ``bound`` is proven, ``chance`` is what the mixture gives.

    ``prices`` (T) are the types' at the end: no panel is worth more at them than bound x prices x scale.
    """

    chance: float
    bound: float
    prices: FloatArray


class _Master:
    """Rows: shares sum to 1, then for each type seats >= target (less a helper column's). Panels join as
    columns.
    """

    def __init__(self, helpers: Matrix, costs: FloatArray, targets: FloatArray) -> None:
        count = len(targets)
        self._helpers = len(costs)
        self.panels: list[IntArray] = []
        self._known: set[bytes] = set()
        self.program = Program(
            costs,
            (np.zeros(self._helpers), np.full(self._helpers, INFINITY)),
            helpers,
            (np.append(1.0, targets), np.append(1.0, np.full(count, INFINITY))),
        )

    def add(self, panel: IntArray) -> bool:
        key = panel.tobytes()
        if key in self._known:
            return False
        self._known.add(key)
        self.panels.append(panel)
        self.program.append(0.0, 0.0, INFINITY, np.append(1.0, panel))
        return True

    def solve(self) -> tuple[float, Mixture, FloatArray, float, FloatArray]:
        """The value, the mixture, the prices of the types (T, >= 0), the price of a share, the helper
        columns.
        """
        answer = self.program.solve()
        assert answer is not None, "with any panel the helpers make up for what is missing"
        shares = np.maximum(answer.columns[self._helpers :], 0)
        mixture = Mixture(tuple(self.panels), shares / shares.sum())
        helpers = answer.columns[: self._helpers]
        return answer.value, mixture, np.maximum(-answer.duals[1:], 0), float(answer.duals[0]), helpers


def attain(
    finder: PanelFinder,
    target: FloatArray,
    box: Box,
    panels: Sequence[IntArray],
    going_on: GoingOn = lambda _mixture, _short: True,
) -> Attained:
    """A mixture of panels in ``box`` whose expected seats are ``target`` (T), or one that misses it provably
    least.

    Every panel has as many seats as the target, so "nobody gets less" means "everybody gets exactly this".
    """
    count = len(target)
    master = _Master(Matrix.diagonal(np.ones(count), row=1), -np.ones(count), target)
    for panel in panels:
        master.add(panel)
    while True:
        value, mixture, prices, share, _ = master.solve()
        if -value <= SHORT or not going_on(mixture, -value):
            return Attained(mixture, -value, proven=-value <= SHORT)
        found = finder.find(prices, box)
        if found is not None and found.worth > share + _CLEARLY_BETTER and master.add(found.counts):
            continue
        found = finder.find(prices, box, exact=True)
        if found is None or float(prices @ target) - found.bound > SHORT:
            return Attained(mixture, -value, proven=True)
        if found.worth <= share + _BETTER or not master.add(found.counts):
            return Attained(mixture, -value, proven=False)


def leximin_of_panels(
    pool: Pool,
    finder: PanelFinder,
    waiting: BoolArray,
    panels: Sequence[IntArray],
    *,
    levels: int | None = None,
    going_on: GoingOn = lambda _mixture, _chance: True,
) -> tuple[Mixture, tuple[Rung, ...]]:
    """Leximin of seats / scale over the ``waiting`` types (T) among all lotteries; every one of them is in
    some panel.

    Each rung maximises the least chance of the waiting types, the others keeping theirs; the types with a
    positive price cannot have more at this rung, so they are settled there.
    """
    count = len(pool.types)
    at = np.flatnonzero(waiting)
    level = Matrix(at + 1, np.zeros(len(at), dtype=np.int64), -pool.scale[at])
    master = _Master(level, np.ones(1), np.zeros(count))
    for panel in panels:
        master.add(panel)
    rungs: list[Rung] = []
    waiting = waiting.copy()
    kept = np.zeros(count)
    while True:
        mixture, rung, finished = _climb(pool, finder, master, kept, going_on)
        rungs.append(rung)
        settled = waiting & (rung.prices * pool.scale > DUAL_IS_POSITIVE)
        waiting &= ~settled
        if not finished or not waiting.any() or not settled.any() or len(rungs) == levels:
            return mixture, tuple(rungs)
        at = np.flatnonzero(settled)
        kept[at] = np.maximum(rung.chance * pool.scale[at] - _HAIR, 0)
        for each in at.tolist():
            master.program.set_entry(1 + each, 0, 0.0)
        master.program.bound_rows(1 + at, kept[at], np.full(len(at), INFINITY))


def _climb(
    pool: Pool, finder: PanelFinder, master: _Master, kept: FloatArray, going_on: GoingOn
) -> tuple[Mixture, Rung, bool]:
    """One rung: generate panels until the prices prove that the least chance cannot rise."""
    box, bound = Box.whole(pool), np.inf
    while True:
        value, mixture, prices, share, _ = master.solve()
        if not going_on(mixture, value):
            return mixture, Rung(value, bound, prices), False
        found = finder.find(prices, box)
        assert found is not None, "the panels so far are in the box"
        if found.worth > share + _CLEARLY_BETTER and master.add(found.counts):
            continue
        found = finder.find(prices, box, exact=True)
        assert found is not None, "the panels so far are in the box"
        bound = found.bound - float(prices @ kept)
        if found.worth <= share + _BETTER or not master.add(found.counts):
            return mixture, Rung(value, max(bound, value), prices), True


def coverable(
    finder: PanelFinder, open_: BoolArray, panels: Sequence[IntArray], box: Box
) -> tuple[BoolArray, list[IntArray]]:
    """(T) which of the ``open_`` types are in some panel, and panels (old and new) in which each of these
    appears.
    """
    known = list(panels)
    seen = np.any([panel > 0 for panel in known], axis=0) if known else np.zeros(len(open_), dtype=bool)
    exact = False
    while (missing := open_ & ~seen).any():
        found = finder.find(missing.astype(float), box, exact=exact)
        if found is not None and (found.counts[missing] > 0).any():
            known.append(found.counts)
            seen = seen | (found.counts > 0)
        elif exact or found is None:
            break
        else:
            exact = True
    return open_ & seen, known
