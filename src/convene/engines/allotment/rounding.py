"""Rounding split seats to a whole panel, quickly: most types are decided by the prices of the step before.

A linear program over a box of panels splits hardly more types than it has rules. Given prices of the rules,
the others are at one end of the box by the sign of what is left of their own price; so only the least decided
types enter the linear program, and its duals are the next step's prices of the rules.
"""

import numpy as np

from convene.engines.allotment.entries import FloatArray, IntArray, Pool
from convene.engines.allotment.errors import SolverError
from convene.engines.allotment.panels import WHOLE, Box
from convene.engines.allotment.solver import Answer, Matrix, Program

_FREE_FOR_EACH_RULE = 6
_FREE_AT_LEAST = 60
_IN_DOUBT_FOR_EACH_RULE = 3
_MORE = 4  # times as many if too few are free to keep the rules
_TRIES = 200  # linear programs in one dive


class Rounder:
    """Keeps the prices of the rules from one question to the next."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool
        self._marks = np.vstack([pool.marks, pool.spans])
        self._prices: FloatArray | None = None
        self._least_free = self._free = max(_FREE_AT_LEAST, _FREE_FOR_EACH_RULE * len(self._marks))

    def round(self, prices: FloatArray, box: Box, *, tries: int = _TRIES) -> IntArray | None:
        """A panel in the box of high worth (prices x counts), or None if none was found by so many ``tries``
        (linear programs) once most types are whole.
        """
        open_ = np.flatnonzero(box.low < box.high)
        if not len(open_):
            return self._panel(box.low)
        free = self._free if self._prices is not None else len(open_)
        while True:
            try:
                panel = self._round(prices, box, open_, free, tries)
            except SolverError:  # nothing is lost: others look for the panel then
                panel = None
            if panel is not None or free >= len(open_):
                break
            free *= _MORE
        self._free = max(self._least_free, min(free, 2 * self._free) * 7 // 8)
        return panel

    def _round(self, prices: FloatArray, box: Box, open_: IntArray, free: int, tries: int) -> IntArray | None:
        """All types but the ``free`` least decided ones are put at the end that their price left asks for."""
        left = prices[open_]
        if self._prices is not None:
            left = left - self._prices @ self._marks[:, open_]
        counts, chosen = box.low.copy(), open_
        if free < len(open_):
            order = np.argpartition(np.abs(left), free)
            chosen = np.sort(open_[order[:free]])
            decided = order[free:][left[order[free:]] > 0]
            counts[open_[decided]] = box.high[open_[decided]]
        program = self._program(prices, box, counts, chosen)
        answer = program.solve()
        if answer is None:
            return None
        self._prices = answer.duals
        counts[chosen] = answer.columns
        if np.abs(answer.columns - np.rint(answer.columns)).max(initial=0.0) >= WHOLE:
            most = _IN_DOUBT_FOR_EACH_RULE * len(self._marks)
            few = chosen[_least_decided(answer, most)]
            counts = np.where(np.isin(np.arange(len(counts)), few), counts, np.rint(counts))
            whole = _dive(self._program(prices, box, counts, few), (box.low[few], box.high[few]), tries)
            if whole is None:
                return None
            counts[few] = whole
        return self._panel(counts)

    def _panel(self, counts: FloatArray) -> IntArray | None:
        panel = np.rint(counts).astype(np.int64)
        return panel if self._pool.obeys(panel) else None

    def _program(self, prices: FloatArray, box: Box, counts: FloatArray, chosen: IntArray) -> Program:
        """The ``chosen`` types are free in the box, all others stay as ``counts`` (T) says."""
        marks = self._marks[:, chosen]
        settled = self._marks @ counts - marks @ counts[chosen]
        least, most = np.append(box.least, self._pool.seats), np.append(box.most, self._pool.seats)
        ends = box.low[chosen], box.high[chosen]
        return Program(prices[chosen], ends, Matrix.dense(marks), (least - settled, most - settled))


def _least_decided(answer: Answer, most: int) -> IntArray:
    """Places of the split types, and of those next to them in doubt."""
    split = np.abs(answer.columns - np.rint(answer.columns)) >= WHOLE
    doubt = np.where(split, -1.0, np.abs(answer.reduced))
    return np.asarray(np.sort(np.argsort(doubt, kind="stable")[: max(most, int(split.sum()))]))


def _dive(program: Program, ends: tuple[FloatArray, FloatArray], tries: int) -> FloatArray | None:
    """Round the most split type, let the others follow, and so on; where that fails, the other way, going
    back as far as need be, but not for ever.
    """
    path: list[tuple[int, float | None]] = []  # a type; its seats if rounded the other way, None: both tried
    answer = program.solve()
    for _ in range(tries):
        if answer is not None:
            apart = np.abs(answer.columns - np.rint(answer.columns))
            at = int(apart.argmax())
            if apart[at] < WHOLE:
                return np.asarray(np.rint(answer.columns))
            split = float(answer.columns[at])
            seats = float(round(split))
            path.append((at, seats + float(np.sign(split - seats))))
        else:
            at, other = _back(program, path, ends)
            if other is None:
                return None
            seats = other
            path.append((at, None))
        program.bound_columns(np.array([at]), np.array([seats]), np.array([seats]))
        answer = program.solve()
    return None


def _back(
    program: Program, path: list[tuple[int, float | None]], ends: tuple[FloatArray, FloatArray]
) -> tuple[int, float | None]:
    """Undo roundings up to the last one whose other way is still untried."""
    while path:
        at, other = path.pop()
        if other is not None:
            return at, other
        program.bound_columns(np.array([at]), ends[0][[at]], ends[1][[at]])
    return -1, None
