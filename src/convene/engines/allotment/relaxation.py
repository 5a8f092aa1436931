"""The fairest expected panel if seats could be split: an upper bound on what any lottery over whole panels
can give.

Expected seats y (one for each type) of any lottery obey the quotas, so the leximin of y / scale over all such
y is at least as good as that of any lottery (README, "The bound").
"""

from dataclasses import dataclass

import numpy as np

from convene.engines.allotment.entries import BoolArray, FloatArray, Pool
from convene.engines.allotment.solver import INFINITY, Matrix, Program

DUAL_IS_POSITIVE = 1e-7
SEAT_IS_POSSIBLE = 1e-6
_A_LITTLE = 0.01


@dataclass(frozen=True, slots=True)
class Level:
    """One step of leximin: the chance over weight that the worst-off remaining types reach, and which those
    are.

    ``prices`` (T) and ``rule_prices`` (R + 1) are the level's duals on the types and on the rules. Those of
    the first level prove its ``chance`` to be an upper bound: see `bounds`.
    """

    chance: float
    fixed: BoolArray
    prices: FloatArray
    rule_prices: FloatArray


@dataclass(frozen=True, slots=True)
class Relaxed:
    """``seats`` (T): expected seats of each type; ``levels``: from the worst off upwards."""

    seats: FloatArray
    levels: tuple[Level, ...]


def rules(pool: Pool) -> Matrix:
    """Rows of any program over panels: the pool's rules, then all seats. Columns: how many of each type."""
    return Matrix.dense(np.vstack([pool.marks, pool.spans]))


def rule_bounds(pool: Pool) -> tuple[FloatArray, FloatArray]:
    return np.append(pool.least, pool.seats).astype(float), np.append(pool.most, pool.seats).astype(float)


def panel_program(pool: Pool, costs: FloatArray, *, integer: bool = False) -> Program:
    """Maximise costs x seats over panels (or, if not ``integer``, over panels with split seats)."""
    bounds = pool.floors.astype(float), pool.sizes.astype(float)
    return Program(costs, bounds, rules(pool), rule_bounds(pool), integer=integer)


def hopeless_types(pool: Pool) -> BoolArray | None:
    """(T) the types that get no seat even if seats could be split; None if the quotas then already clash.

    Maximises the seats of types not yet seen with one, each counted up to a hundredth of a seat: one pass
    mostly does.
    """
    count, first = len(pool.types), pool.rows + 1
    hope = pool.floors > 0
    ones, zeros = np.ones(count), np.zeros(count)
    low, high = rule_bounds(pool)
    program = Program(
        np.append(zeros, ones),
        (np.append(pool.floors, zeros), np.append(pool.sizes, np.where(hope, 0.0, _A_LITTLE))),
        rules(pool) + Matrix.diagonal(ones, row=first) + Matrix.diagonal(-ones, row=first, column=count),
        (np.append(low, zeros), np.append(high, np.full(count, INFINITY))),
    )
    while True:
        answer = program.solve()
        if answer is None:
            return None
        seen = (answer.columns[:count] > SEAT_IS_POSSIBLE) & ~hope
        if not seen.any():
            return ~hope
        hope |= seen
        at = np.flatnonzero(hope) + count
        program.bound_columns(at, np.zeros(len(at)), np.zeros(len(at)))


def leximin(pool: Pool, hopeless: BoolArray, *, levels: int | None = None) -> Relaxed:
    """Leximin of seats / scale over split panels without ``hopeless`` types (T).

    After ``levels`` levels the rest stays as the last one left it.
    """
    count, first = len(pool.types), pool.rows + 1
    waiting = pool.drawn & ~hopeless
    program = _leximin_program(pool, waiting, hopeless)
    done: list[Level] = []
    seats = pool.floors.astype(float)
    while not done or (waiting.any() and (levels is None or len(done) < levels)):
        answer = program.solve()
        assert answer is not None, "a level stays reachable once reached"
        seats = answer.columns[:count]
        if not waiting.any():
            break
        chance, prices = max(answer.value, 0.0), np.maximum(-answer.duals[first:], 0.0) * waiting
        fixed = prices * pool.scale > DUAL_IS_POSITIVE
        assert fixed.any(), "the prices of a level, times scale, sum to 1"
        done.append(Level(chance, fixed, prices, answer.duals[:first]))
        waiting = waiting & ~fixed
        at = np.flatnonzero(fixed)
        for each in at.tolist():
            program.set_entry(first + each, count, 0.0)
        kept = np.minimum(chance * pool.scale[at], pool.sizes[at])
        program.bound_rows(first + at, kept, np.full(len(at), INFINITY))
        if not waiting.any():
            break
    return Relaxed(np.clip(seats, pool.floors, pool.sizes), tuple(done))


def _leximin_program(pool: Pool, waiting: BoolArray, hopeless: BoolArray) -> Program:
    """Columns: seats of each type, then the level. Rows: the rules, then seats - level x scale >= 0 for each
    type.
    """
    count, first = len(pool.types), pool.rows + 1
    low, high = rule_bounds(pool)
    at = np.flatnonzero(waiting)
    level = Matrix(at + first, np.full(len(at), count), -pool.scale[at])
    return Program(
        np.append(np.zeros(count), 1.0),
        (
            np.append(pool.floors, 0.0),
            np.append(np.where(hopeless, 0, pool.sizes), INFINITY if len(at) else 0.0),
        ),
        rules(pool) + Matrix.diagonal(np.ones(count), row=first) + level,
        (np.append(low, np.zeros(count)), np.append(high, np.full(count, INFINITY))),
    )
