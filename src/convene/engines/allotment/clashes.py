"""Which limits clash, and what the least relaxation is: one linear program with slack, asked again and again.

Every limit has a column of seats by which it gives way. A limit is kept by bounding its column to 0. So each
question changes a few bounds, and the program goes on from its last answer (README, "Infeasible quotas").
"""

import math
from collections.abc import Collection, Sequence
from dataclasses import replace

import numpy as np

from convene.engines.allotment.entries import Pool, Type
from convene.engines.allotment.limits import Change, Limit, limits_of
from convene.engines.allotment.panels import Box, Found, PanelFinder
from convene.engines.allotment.relaxation import panel_program
from convene.engines.allotment.solver import Matrix, Program

_NO_PRICE = 1e-7
_WHOLE = 1e-6

Limits = tuple[Limit, ...]


class Elastic:
    """Panels of a pool whose limits may give way; `force` asks for some types in each."""

    def __init__(self, pool: Pool) -> None:
        rows = limits_of(pool)
        self.limits: Limits = tuple(limit for limit, _ in rows)
        self._at = {limit: len(pool.types) + place for place, limit in enumerate(self.limits)}
        self._rows = {(row, limit.side): limit for limit, row in rows}
        self._pool = _with_slack(pool, rows)
        self._forced: tuple[int, ...] = ()
        self._prices = np.append(np.zeros(len(pool.types)), -np.ones(len(rows)))
        self._finder = PanelFinder(self._pool)

    def force(self, types: Sequence[int]) -> None:
        """From now on, only panels with at least one of each of these types (by place)."""
        self._forced = tuple(types)

    def find(self, kept: Collection[Limit], *, exact: bool = False) -> Found | None:
        """A panel that keeps the ``kept`` limits and breaks the others little (least, if ``exact``), or None.

        As seats are whole, one that breaks no more than split seats would, rounded up, is least.
        """
        box = self._box(kept)
        found = self._finder.find(self._prices, box)
        if not exact or found is None or found.worth >= math.floor(found.bound + _WHOLE):
            return found
        return self._finder.find(self._prices, box, exact=True)

    def broken(self, found: Found) -> tuple[Change, ...]:
        """By what each limit gave way to the panel found."""
        seats = {limit: int(found.counts[at]) for limit, at in self._at.items()}
        return tuple(
            Change(limit, limit.seats + (-seats[limit] if limit.side == "least" else seats[limit]))
            for limit in self.limits
            if seats[limit]
        )

    def core(self, among: Collection[Limit]) -> Limits:
        """Limits ``among`` these that clash even with split seats, by their prices; all of these, if not even
        all do.
        """
        program = panel_program(self._pool, self._prices)
        box = self._box(among)
        at = np.arange(len(self._prices))
        free = [self._at[limit] for limit in among]
        high = box.high.copy()
        high[free] = self._pool.seats
        costs = np.zeros(len(self._prices))
        costs[free] = -1
        program.bound_columns(at, box.low, high)
        program.price(costs)
        answer = program.solve()
        if answer is None or answer.value > -_WHOLE:
            return tuple(among)
        duals = answer.duals.tolist()
        priced = [
            self._rows.get((row, "most" if dual > 0 else "least"))
            for row, dual in enumerate(duals[:-1])
            if abs(dual) > _NO_PRICE
        ]
        chosen = {limit for limit in priced if limit is not None}
        core = tuple(limit for limit in among if limit in chosen)
        return core if self.find(core) is None else tuple(among)

    def _box(self, kept: Collection[Limit]) -> Box:
        box = Box.whole(self._pool)
        box.high[[self._at[limit] for limit in kept]] = 0
        forced = list(self._forced)
        box.low[forced] = np.maximum(box.low[forced], 1)
        return box


def _with_slack(pool: Pool, rows: Sequence[tuple[Limit, int]]) -> Pool:
    """The pool with a type for each limit, without seats, that makes up for what its quota misses."""
    count = len(rows)
    slack = np.zeros((pool.rows, count))
    for place, (limit, row) in enumerate(rows):
        slack[row, place] = 1 if limit.side == "least" else -1
    nothing = np.zeros(count, dtype=np.int64)
    return replace(
        pool,
        types=(*pool.types, *[Type((), {})] * count),
        sizes=np.append(pool.sizes, nothing + pool.seats),
        floors=np.append(pool.floors, nothing),
        heads=np.append(pool.heads, nothing + 1),
        weights=np.append(pool.weights, np.ones(count)),
        spans=np.append(pool.spans, np.zeros(count)),
        marks=np.hstack([pool.marks, slack]),
    )


def clash_of(elastic: Elastic, among: Collection[Limit] | None = None) -> Limits | None:
    """Limits (``among`` these) that no panel can all keep, none of which can be spared; None if none clash.

    The prices of split seats name the candidates; they are taken away one after the other and only put back
    when a panel would exist without them. Which of several clashes is found follows from the order of limits.
    """
    limits = [limit for limit in elastic.limits if among is None or limit in among]
    if elastic.find(limits) is not None:
        return None
    kept = list(elastic.core(limits)) if len(limits) > 1 else limits
    for limit in list(kept):
        without = [other for other in kept if other != limit]
        if elastic.find(without) is None:
            kept = without
    return tuple(kept)


def smallest_clash(elastic: Elastic, tries: int) -> tuple[Limits, bool]:
    """A clash with as few limits as can be, and True; or if ``tries`` do not prove that, one without a limit
    to spare, and False.

    Each panel breaks some limits, and every clash contains one of these. So the fewest limits that meet all
    sets broken so far are at most as many as the smallest clash; if no panel keeps them, they are the
    smallest clash. Else more panels are asked for, each to keep all that the ones before it broke: sets that
    have nothing in common say most.
    """
    best = clash_of(elastic)
    assert best is not None, "called for a pool without panels"
    sets: list[Limits] = []
    while len(sets) < tries:
        fewest = _meeting(sets)
        if len(fewest) >= len(best):
            return best, True
        found = elastic.find(fewest)
        if found is None:
            return fewest, True
        kept = list(fewest)
        while found is not None:
            sets.append(tuple(change.limit for change in elastic.broken(found)))
            kept += sets[-1]
            found = elastic.find(kept)
        inside = clash_of(elastic, kept)
        if inside is not None and len(inside) < len(best):
            best = inside
    return best, len(_meeting(sets)) >= len(best)


def _meeting(sets: Sequence[Limits]) -> Limits:
    """The fewest limits that contain one of each set."""
    limits = sorted(
        {limit for each in sets for limit in each}, key=lambda limit: (limit.feature, limit.value, limit.side)
    )
    if not limits:
        return ()
    matrix = Matrix.dense(np.array([[limit in each for limit in limits] for each in sets], dtype=np.float64))
    count = len(limits)
    answer = Program(
        -np.ones(count),
        (np.zeros(count), np.ones(count)),
        matrix,
        (np.ones(len(sets)), np.full(len(sets), float(count))),
        integer=True,
    ).solve()
    assert answer is not None, "all limits together meet every set"
    return tuple(limit for limit, taken in zip(limits, np.rint(answer.columns), strict=True) if taken)


def least_relaxation(elastic: Elastic, kept: Collection[Limit] = ()) -> tuple[Change, ...] | None:
    """The least sum of changes that leave the ``kept`` limits alone; None if these clash by themselves."""
    found = elastic.find(kept, exact=True)
    return None if found is None else elastic.broken(found)
