"""Splitting an expected panel into whole panels, peeling one off at a time (README, "Splitting").

Let y be expected seats that obey the rules. Any lottery with expectation y uses only panels that keep tight
whatever is tight at y. Take such a panel x near y and move from x through y until another rule becomes tight,
at r. Then y = (1 - s) x + s r with s < 1, and r has one more tight rule, so repeating this ends: with all of
y split, or at a remainder whose tight rules no whole panel keeps.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from convene.engines.allotment.entries import FloatArray, IntArray, Pool
from convene.engines.allotment.panels import Box, PanelFinder
from convene.engines.allotment.rounding import Rounder

TIGHT = 1e-8
_SAME = 1e-9
_NOTHING_LEFT = 3e-11
_SURE = 1e-4
_ANY = 1.0
_FIRST, _LEAST, _WIDEST = 0.2, 0.02, 0.4  # margins
_STEP = 1.25  # between a margin and the next one tried
_TRIES = 4
_FAILURES = 5  # panels without a margin until margins are given up: then they only cost time
_QUICK = 20  # linear programs for a panel within a margin
_FEW, _MANY = 20, 400


@dataclass(frozen=True, slots=True)
class Split:
    """Panels with their shares; ``left`` is the share that remains unsplit (0: all is done), ``rest`` (T) is
    what remains to be expected of it.
    """

    panels: tuple[IntArray, ...]
    shares: tuple[float, ...]
    left: float
    rest: FloatArray


def split(
    pool: Pool,
    finder: PanelFinder,
    expected: FloatArray,
    going_on: Callable[[Split], bool] = lambda _: True,
    *,
    stray: bool = True,
) -> Split:
    """Peel panels off ``expected`` (T seats) until none is left, none fits, or ``going_on`` says no.

    ``stray``: totals may differ from the expected ones by more than rounding. It takes fewer panels, but it
    can get stuck where the other way does not.
    """
    rest, left, near = expected.copy(), 1.0, _Near(pool, finder, stray=stray)
    panels: list[IntArray] = []
    shares: list[float] = []
    while left > _NOTHING_LEFT and going_on(Split(tuple(panels), tuple(shares), left, rest)):
        rest = _snapped(rest)
        panel = near.panel(rest)
        if panel is None:
            break
        stretch = _stretch(pool, panel, rest)
        panels.append(panel)
        shares.append(left * (1 - 1 / stretch))
        left /= stretch
        if np.isfinite(stretch):
            rest = np.clip(panel + stretch * (rest - panel), pool.floors, pool.sizes)
    return Split(tuple(panels), tuple(shares), left, rest)


def spread(pool: Pool, so_far: Split) -> Split:
    """All of ``so_far``'s remaining share on a few panels, so that everyone expected has some chance: the way
    to end early. Each panel has the same share and serves those first who are furthest behind (herding).
    """
    if so_far.left <= _NOTHING_LEFT:
        return so_far
    rounder, outer = Rounder(pool), face(pool, so_far.rest)
    low, high = np.floor(so_far.rest + TIGHT), np.ceil(so_far.rest - TIGHT)
    box = Box(np.maximum(outer.low, low), np.minimum(outer.high, high), outer.least, outer.most)
    behind, seen = so_far.rest.copy(), so_far.rest <= TIGHT
    panels: list[IntArray] = []
    while (len(panels) < _FEW or not seen.all()) and len(panels) < _MANY:
        panel = rounder.round(np.where(seen, behind, behind + 1), box)
        if panel is None:
            break
        panels.append(panel)
        behind += so_far.rest - panel
        seen |= panel > 0
    if not panels:
        return so_far
    shares = (*so_far.shares, *[so_far.left / len(panels)] * len(panels))
    return Split((*so_far.panels, *panels), shares, 0.0, so_far.rest)


def face(pool: Pool, expected: FloatArray) -> Box:
    """The panels that keep tight every rule that is tight at ``expected``: the only ones a lottery for it can
    use.
    """
    totals = pool.marks @ expected
    return Box(
        np.where(expected >= pool.sizes - TIGHT, pool.sizes, pool.floors).astype(float),
        np.where(expected <= pool.floors + TIGHT, pool.floors, pool.sizes).astype(float),
        np.where(totals >= pool.most - TIGHT, pool.most, pool.least).astype(float),
        np.where(totals <= pool.least + TIGHT, pool.least, pool.most).astype(float),
    )


class _Near:
    """Panels near what remains: each type rounded up or down, if that can be, and totals not far off.

    The share that a panel can have is limited by the type that it rounds the unlikeliest way. So types
    nearly whole are all rounded the likely way, those within a ``margin`` as large as leaves any panel;
    margins that did for one panel mostly do for the next.

    A total as far off on one side as it has room on the other does no harm: the step from the panel through
    what remains may then be as long again before that total reaches its limit, and types end it long before.
    """

    def __init__(self, pool: Pool, finder: PanelFinder, *, stray: bool) -> None:
        self._pool, self._finder, self._rounder = pool, finder, Rounder(pool)
        self._far = float(stray)
        self._margin, self._failures = _FIRST, 0

    def panel(self, rest: FloatArray) -> IntArray | None:
        outer, near = face(self._pool, rest), self._near(rest)
        up = rest - np.floor(rest + TIGHT)
        part = np.clip(up, _SURE, 1 - _SURE)
        prices = np.log(part / (1 - part))
        panel = self._within_margin(near, up, prices)
        if panel is not None:
            return panel
        for box in (near, outer):
            panel = self._rounder.round(prices, box)
            if panel is not None:
                return panel
        found = self._finder.find(prices, near, gap=_ANY) or self._finder.find(prices, outer, gap=_ANY)
        return None if found is None else found.counts

    def _within_margin(self, near: Box, up: FloatArray, prices: FloatArray) -> IntArray | None:
        if self._failures >= _FAILURES:
            return None
        self._margin = min(self._margin * _STEP, _WIDEST)
        for _ in range(_TRIES):
            low = np.where(up > 1 - self._margin, near.high, near.low)
            high = np.where(up < self._margin, near.low, near.high)
            box = Box(low, high, near.least, near.most)
            panel = self._rounder.round(prices, box, tries=_QUICK)
            if panel is not None:
                return panel
            if self._margin <= _LEAST:
                break
            self._margin /= _STEP
        self._failures += 1
        return None

    def _near(self, rest: FloatArray) -> Box:
        pool, outer, totals = self._pool, face(self._pool, rest), self._pool.marks @ rest
        return Box(
            np.maximum(outer.low, np.floor(rest + TIGHT)),
            np.minimum(outer.high, np.ceil(rest - TIGHT)),
            np.maximum(outer.least, np.floor(totals + TIGHT - self._far * (pool.most - totals))),
            np.minimum(outer.most, np.ceil(totals - TIGHT + self._far * (totals - pool.least))),
        )


def _stretch(pool: Pool, panel: IntArray, rest: FloatArray) -> float:
    """How far (1 = up to ``rest``) one can go from ``panel`` through ``rest`` without breaking a rule."""
    marked_panel, marked_rest = pool.marks @ panel, pool.marks @ rest
    return max(
        1.0,
        min(
            _room(panel, rest, pool.floors, pool.sizes),
            _room(marked_panel, marked_rest, pool.least, pool.most),
        ),
    )


def _room(start: FloatArray | IntArray, via: FloatArray, low: IntArray, high: IntArray) -> float:
    move = via - start
    up = (move > _SAME) & (high - via > TIGHT)
    down = (move < -_SAME) & (via - low > TIGHT)
    above = ((high - start)[up] / move[up]).min(initial=np.inf)
    below = ((low - start)[down] / move[down]).min(initial=np.inf)
    return float(min(above, below))


def _snapped(seats: FloatArray) -> FloatArray:
    whole = np.rint(seats)
    return np.where(np.abs(seats - whole) < TIGHT, whole, seats)
