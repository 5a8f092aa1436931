"""Finding whole panels: the best one for given prices, exactly or quickly."""

from dataclasses import dataclass

import numpy as np

from convene.engines.allotment.entries import FloatArray, IntArray, Pool
from convene.engines.allotment.relaxation import panel_program, rule_bounds
from convene.engines.allotment.solver import Answer, Matrix, Program

WHOLE = 1e-6
_FREE_AT_FIRST = 40
_GOOD_ENOUGH = 0.05


@dataclass(frozen=True, slots=True)
class Box:
    """A part of the space of panels: ``low`` and ``high`` seats of each type (T), ``least`` and ``most`` of
    each quota.
    """

    low: FloatArray
    high: FloatArray
    least: FloatArray
    most: FloatArray

    @classmethod
    def whole(cls, pool: Pool) -> "Box":
        bounds = (pool.floors, pool.sizes, pool.least, pool.most)
        return cls(*(np.asarray(each, dtype=np.float64) for each in bounds))


@dataclass(frozen=True, slots=True)
class Found:
    """A panel (T counts), its worth at the prices asked, and a proven upper bound on the worth of any in the
    box.
    """

    counts: IntArray
    worth: float
    bound: float


class PanelFinder:
    """Asks for panels again and again; the linear program keeps its basis between the questions."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool
        self._marks = np.vstack([pool.marks, pool.spans])
        self._linear = panel_program(pool, np.zeros(len(pool.types)))
        self._box = Box.whole(pool)

    def find(
        self, prices: FloatArray, box: Box, *, exact: bool = False, gap: float = _GOOD_ENOUGH
    ) -> Found | None:
        """A panel of high worth (prices x counts) in the box, the best one if ``exact``; None if there is
        none.

        First with split seats: if no seat is split, that is the best panel. Else split seats are made whole
        one by one; if that ends nowhere, only the types whose prices leave them nearly undecided are tried
        whole (40, then 160 …), and at last all of them, which also proves the answer. Unless ``exact``,
        a worth within the share ``gap`` of the best will do.
        """
        self._enter(box)
        self._linear.price(prices)
        best = self._linear.solve()
        if best is None:
            return None
        counts = self._whole(best) if exact else self._dive(best, box)
        if counts is not None:
            return Found(counts, float(prices @ counts), best.value)
        free = len(prices) if exact else _FREE_AT_FIRST
        while True:
            found = self._among(prices, box, best, free, gap=0.0 if exact else gap)
            if found is not None or free >= len(prices):
                return found
            free *= 4

    def _whole(self, answer: Answer) -> IntArray | None:
        """The panel of an answer without split seats."""
        counts = np.rint(answer.columns)
        if np.abs(answer.columns - counts).max() >= WHOLE:
            return None
        panel = counts.astype(np.int64)
        return panel if self._pool.obeys(panel) else None

    def _dive(self, answer: Answer | None, box: Box) -> IntArray | None:
        """Round the most split type, let the others follow, and so on; where that fails, the other way."""
        settled: list[int] = []
        while answer is not None:
            apart = np.abs(answer.columns - np.rint(answer.columns))
            at = int(apart.argmax())
            if apart[at] < WHOLE or at in settled:
                break
            settled.append(at)
            answer = self._round(at, float(answer.columns[at]))
        if settled:
            back = np.array(settled)
            self._linear.bound_columns(back, box.low[back], box.high[back])
        return None if answer is None else self._whole(answer)

    def _round(self, at: int, seats: float) -> Answer | None:
        near = np.rint(seats)
        for whole in (near, near + np.sign(seats - near)):
            self._linear.bound_columns(np.array([at]), np.array([whole]), np.array([whole]))
            answer = self._linear.solve()
            if answer is not None:
                return answer
        return None

    def _enter(self, box: Box) -> None:
        changed = np.flatnonzero((box.low != self._box.low) | (box.high != self._box.high))
        if len(changed):
            self._linear.bound_columns(changed, box.low[changed], box.high[changed])
        changed = np.flatnonzero((box.least != self._box.least) | (box.most != self._box.most))
        if len(changed):
            self._linear.bound_rows(changed, box.least[changed], box.most[changed])
        self._box = box

    def _among(self, prices: FloatArray, box: Box, split: Answer, free: int, *, gap: float) -> Found | None:
        """The best panel in which all types but the ``free`` least decided ones keep their seats of the split
        panel.
        """
        doubt = np.abs(split.reduced)
        doubt[np.abs(split.columns - np.rint(split.columns)) >= WHOLE] = -1
        chosen = np.sort(np.argsort(doubt, kind="stable")[:free])
        counts = np.rint(split.columns)
        counts[chosen] = 0
        settled = self._marks @ counts
        low, high = rule_bounds(self._pool)
        low[:-1], high[:-1] = box.least, box.most
        program = Program(
            prices[chosen],
            (box.low[chosen], box.high[chosen]),
            Matrix.dense(self._marks[:, chosen]),
            (low - settled, high - settled),
            integer=True,
            gap=gap,
        )
        answer = program.solve()
        if answer is None:
            return None
        counts[chosen] = np.rint(answer.columns)
        whole = counts.astype(np.int64)
        assert self._pool.obeys(whole), "HiGHS found a panel that breaks a rule"
        complete = len(chosen) == len(prices)
        return Found(whole, float(prices @ whole), answer.bound if complete else split.value)
