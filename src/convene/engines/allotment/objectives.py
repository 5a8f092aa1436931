"""Nash and goldilocks: what they measure, the expected panel they aim at, and how near a lottery is, proved.

Both follow the path of leximin: the best expected panel if seats could be split (`nash_aim`,
`goldilocks_aim`) is split into whole panels; where no lottery reaches it, panels are generated
(`nash_of_panels`, `goldilocks_of_panels`). README, "Other objectives".
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from convene.engines.allotment.bounds import Prices, worth
from convene.engines.allotment.columns import GoingOn, Mixture
from convene.engines.allotment.entries import BoolArray, FloatArray, IntArray, Pool
from convene.engines.allotment.interior import Polytope, maximise_logs
from convene.engines.allotment.panels import Box, PanelFinder
from convene.engines.allotment.relaxation import leximin, panel_program, rule_bounds, rules
from convene.engines.allotment.solver import INFINITY, Answer, Matrix, Program

_ENOUGH = 1e-10  # of an objective
_BETTER = 1e-9
_ROUNDS = 60
_A_HAIR = 1e-9
_ROOM = 1e-7  # above the ceiling of chances, so that the solver's tolerance does not find it too low


@dataclass(frozen=True, slots=True)
class Aim:
    """``seats`` (T) to split into panels, and the ``bound`` that no lottery surpasses in what the objective
    measures (None for leximin and maximin, whose bound is on the least chance).
    """

    seats: FloatArray
    bound: float | None


def stakes(pool: Pool, open_: BoolArray) -> FloatArray:
    """(T) the weights of all people of each ``open_`` type, 0 elsewhere."""
    return np.where(open_, [float(each.stake) for each in pool.types], 0.0)


def fair_share(pool: Pool, open_: BoolArray) -> float:
    """The chance over weight that all would have if there were no quotas."""
    return float(pool.seats - pool.spans @ pool.floors) / max(float(stakes(pool, open_).sum()), 1e-300)


def geometric_mean(pool: Pool, seats: FloatArray, open_: BoolArray) -> float:
    """Of chances over weight, people counting by their weight: what nash makes as large as can be."""
    mine = stakes(pool, open_)[open_]
    ratios = seats[open_] / pool.scale[open_]
    if not len(mine) or (ratios <= 0).any():
        return float(not len(mine))
    return math.exp(float(mine @ np.log(ratios)) / float(mine.sum()))


def imbalance(pool: Pool, seats: FloatArray, open_: BoolArray) -> float:
    """The largest chance over weight in fair shares, plus the fair share in the least ones: what goldilocks
    makes as small as can be; 2 if all are equal.
    """
    ratios = (seats / pool.scale)[open_] / fair_share(pool, open_)
    if not len(ratios):
        return 2.0
    return float(ratios.max() + 1 / ratios.min()) if ratios.min() > 0 else math.inf


# --- nash


def nash_aim(pool: Pool, shut_out: BoolArray) -> Aim:
    """The expected panel with the largest geometric mean if seats could be split."""
    open_ = pool.drawn & ~shut_out
    mine, caps = stakes(pool, open_), np.where(shut_out, 0, pool.sizes)
    if not open_.any():
        return Aim(pool.floors.astype(float), 1.0)
    low, high = rule_bounds(pool)
    fixed = np.where(open_, 0, np.where(shut_out, 0, pool.floors))
    every = np.vstack([pool.marks, pool.spans])
    taken = every @ fixed
    wide = low < high
    slack = np.zeros((len(low), int(wide.sum())))
    slack[np.flatnonzero(wide), np.arange(slack.shape[1])] = -1
    count, loose = int(open_.sum()), slack.shape[1]
    share = float(pool.seats - taken[-1]) / float(pool.spans[open_] @ pool.sizes[open_])
    start = np.append(pool.sizes[open_] * min(share, 0.9), (low[wide] + high[wide]) / 2)
    best = maximise_logs(
        np.append(mine[open_] / mine[open_].mean(), np.zeros(loose)),
        Polytope(
            np.hstack([every[:, open_], slack]),
            np.where(wide, 0.0, low) - taken,
            np.append(np.full(count, -np.inf), low[wide]),
            np.append(pool.sizes[open_].astype(float), high[wide]),
        ),
        start,
    )
    seats = fixed.astype(float)
    seats[open_] = best[:count]
    seats = _within(pool, seats, caps)
    return Aim(seats, _nash_bound(pool, seats, open_, caps))


def _within(pool: Pool, seats: FloatArray, caps: IntArray) -> FloatArray:
    """Seats that keep all rules to the solver's tolerance, next to those given."""
    seats = np.clip(seats, pool.floors, caps)
    low, high = rule_bounds(pool)
    totals = np.append(pool.marks @ seats, pool.spans @ seats)
    if max((low - totals).max(), (totals - high).max()) <= _A_HAIR:
        return seats
    count = len(seats)
    program = Program(
        np.append(np.zeros(count), -np.ones(count)),
        (np.append(pool.floors, np.zeros(count)), np.append(caps, np.full(count, INFINITY))),
        rules(pool)
        + Matrix.diagonal(np.ones(count), row=len(low))
        + Matrix.diagonal(np.ones(count), row=len(low), column=count)
        + Matrix.diagonal(np.ones(count), row=len(low) + count)
        + Matrix.diagonal(-np.ones(count), row=len(low) + count, column=count),
        (
            np.concatenate([low, seats, np.full(count, -INFINITY)]),
            np.concatenate([high, np.full(count, INFINITY), seats]),
        ),
    )
    answer = program.solve()
    assert answer is not None, "types without hope were left out"
    return np.clip(answer.columns[:count], pool.floors, caps)


def _nash_bound(pool: Pool, seats: FloatArray, open_: BoolArray, caps: IntArray) -> float:
    """By tangents: log x <= log a + (x - a) / a. So with prices stake / seats no panel's worth above that of
    ``seats`` can raise the mean log by more than the difference; its worth is bounded in fractions.
    """
    mine = stakes(pool, open_)
    prices = np.divide(mine, seats, out=np.zeros_like(seats), where=open_ & (seats > 0))
    program = panel_program(pool, prices)
    at = np.arange(len(prices))
    program.bound_columns(at, pool.floors.astype(float), caps.astype(float))
    answer = program.solve()
    assert answer is not None, "types without hope were left out"
    most = float(worth(pool, Prices.of(prices, answer.duals, caps)))
    return nash_bound_of(pool, prices, most, open_)


def nash_bound_of(pool: Pool, prices: FloatArray, most: float, open_: BoolArray) -> float:
    """No lottery has a larger geometric mean, if no panel is worth above ``most`` at these ``prices`` (T)."""
    mine = stakes(pool, open_)[open_]
    logs = np.log(mine / prices[open_] / pool.scale[open_])
    return math.exp((float(mine @ logs) - float(mine.sum()) + most) / float(mine.sum()))


def nash_of_panels(
    pool: Pool, finder: PanelFinder, open_: BoolArray, panels: Sequence[IntArray], going_on: GoingOn
) -> tuple[Mixture, float]:
    """The mixture of whole panels with the largest geometric mean, and its bound; each ``open_`` type is in
    some panel given.
    """
    mine, known = stakes(pool, open_), list(panels)
    bound = math.inf
    while True:
        mixture = _nash_of(pool, open_, known)
        seats = mixture.seats()
        prices = np.divide(mine, seats, out=np.zeros_like(seats), where=open_ & (seats > 0))
        if not going_on(mixture, float((seats / pool.scale)[open_].min(initial=1))):
            return mixture, bound
        have, enough = float(mine.sum()), float(mine.sum()) * _ENOUGH
        found = finder.find(prices, Box.whole(pool))
        if found is None or found.worth <= have + enough or _has(known, found.counts):
            found = finder.find(prices, Box.whole(pool), exact=True)
            assert found is not None, "the panels so far are in the box"
            bound = min(bound, nash_bound_of(pool, prices, found.bound, open_))
            if found.worth <= have + enough or _has(known, found.counts):
                return mixture, bound
        known.append(found.counts)


def _nash_of(pool: Pool, open_: BoolArray, panels: Sequence[IntArray]) -> Mixture:
    every = np.array(panels, dtype=np.float64)
    mine = stakes(pool, open_)[open_]
    count, number = int(open_.sum()), len(panels)
    matrix = np.zeros((count + 1, count + number))
    matrix[:count, :count] = -np.eye(count)
    matrix[:count, count:] = every[:, open_].T
    matrix[count, count:] = 1
    start = np.append(every[:, open_].mean(axis=0), np.full(number, 1 / number))
    best = maximise_logs(
        np.append(mine / mine.mean(), np.zeros(number)),
        Polytope(
            matrix,
            np.append(np.zeros(count), 1.0),
            np.append(np.full(count, -np.inf), np.zeros(number)),
            np.full(count + number, np.inf),
        ),
        start,
    )
    shares = np.maximum(best[count:], 0)
    shares[shares < _SPECK] = 0
    return Mixture(tuple(panels), shares / shares.sum())


_SPECK = 1e-13


def _has(panels: Sequence[IntArray], counts: IntArray) -> bool:
    return any(np.array_equal(counts, panel) for panel in panels)


# --- goldilocks


def goldilocks_aim(pool: Pool, shut_out: BoolArray) -> Aim:
    """The expected panel of least imbalance if seats could be split; among these, leximin."""
    open_ = pool.drawn & ~shut_out
    caps = np.where(shut_out, 0, pool.sizes)
    if not open_.any():
        return Aim(pool.floors.astype(float), 2.0)
    count, first, fair = len(pool.types), pool.rows + 1, fair_share(pool, open_)
    low, high = rule_bounds(pool)
    at = np.flatnonzero(open_)
    above, below = first + np.arange(len(at)), first + len(at) + np.arange(len(at))
    ones, scale = np.ones(len(at)), pool.scale[at] * fair
    program = Program(
        np.append(np.zeros(count), _COSTS),
        (np.append(pool.floors, np.zeros(3)), np.append(caps, np.full(3, INFINITY))),
        rules(pool)
        + Matrix(above, at, ones)
        + Matrix(above, np.full(len(at), count), -scale)
        + Matrix(below, at, ones)
        + Matrix(below, np.full(len(at), count + 1), -scale),
        (
            np.concatenate([low, np.zeros(len(at)), np.full(len(at), -INFINITY)]),
            np.concatenate([high, np.full(len(at), INFINITY), np.zeros(len(at))]),
        ),
    )
    _touch(program, count, 1.0)
    answer = _balanced(program, count)
    most = float(answer.columns[count + 1]) * fair
    lifted, pressed = np.zeros(count), np.zeros(count)
    lifted[at], pressed[at] = np.maximum(-answer.duals[above], 0), np.maximum(answer.duals[below], 0)
    bound = _goldilocks_bound(pool, lifted, pressed, answer.duals[:first], caps, fair)
    ceiling = np.where(open_, np.minimum(pool.sizes, most * pool.scale * (1 + _ROOM)), pool.sizes)
    seats = leximin(replace(pool, sizes=ceiling), shut_out).seats
    return Aim(seats, bound)


#: Of the least and the largest chance in fair shares, and of one over the least.
_COSTS = np.array([0.0, -1.0, -1.0])


def _balanced(program: Program, first: int) -> Answer:
    """Solve with columns ``first``: the least, the largest, and one over the least, which tangents approach
    from below. There is a tangent already.
    """
    answer = _sure(program)
    for _ in range(_ROUNDS):
        least, inverse = float(answer.columns[first]), float(answer.columns[first + 2])
        if least * inverse >= 1 - _A_HAIR:
            break
        _touch(program, first, max(least, 0.1 / inverse))
        answer = _sure(program)
    return answer


def _sure(program: Program) -> Answer:
    answer = program.solve()
    assert answer is not None, "there is a panel, and any chances will do"
    return answer


def _touch(program: Program, first: int, at: float) -> None:
    program.append_row(2 / at, INFINITY, [(first, at**-2), (first + 2, 1.0)])


def _goldilocks_bound(
    pool: Pool, lifted: FloatArray, pressed: FloatArray, rule_prices: FloatArray, caps: IntArray, fair: float
) -> float:
    """No lottery has a smaller imbalance. With prices p on being above the least and r on being below the
    largest, r x scale = 1: largest + 1 / least >= 1 / least + least x (p x scale) - (p - r) x panel, of which
    the first two are at least 2 sqrt(p x scale), and the last is bounded by its `worth`.
    """
    scale = pool.scale * fair
    total = float(pressed @ scale)
    if total <= 0:
        return 2.0
    lifted, pressed, rule_prices = lifted / total, pressed / total, rule_prices / total
    most = worth(pool, Prices.of(lifted - pressed, rule_prices, caps))
    return max(2.0, 2 * math.sqrt(float(lifted @ scale)) - float(most))


def goldilocks_of_panels(
    pool: Pool, finder: PanelFinder, open_: BoolArray, panels: Sequence[IntArray], going_on: GoingOn
) -> tuple[Mixture, float]:
    """The mixture of whole panels with the least imbalance, and its bound; each ``open_`` type is in some
    panel given.
    """
    at, fair = np.flatnonzero(open_), fair_share(pool, open_)
    count, scale = len(at), pool.scale[at] * fair
    above, below = 1 + np.arange(count), 1 + count + np.arange(count)
    program = Program(
        _COSTS,
        (np.zeros(3), np.full(3, INFINITY)),
        Matrix(above, np.zeros(count, dtype=np.int64), -scale)
        + Matrix(below, np.ones(count, dtype=np.int64), -scale),
        (
            np.concatenate([[1.0], np.zeros(count), np.full(count, -INFINITY)]),
            np.concatenate([[1.0], np.full(count, INFINITY), np.zeros(count)]),
        ),
    )
    known: list[IntArray] = []
    waiting, bound = list(panels), 2.0
    _touch(program, 0, 1.0)
    while True:
        for panel in waiting:
            known.append(panel)
            program.append(0.0, 0.0, INFINITY, _with_tangents(program, panel[at]))
        answer = _balanced(program, 0)
        shares = np.maximum(answer.columns[3:], 0)
        mixture = Mixture(tuple(known), shares / shares.sum())
        if not going_on(mixture, float(answer.columns[0]) * fair):
            return mixture, bound
        prices = np.zeros(len(pool.types))
        prices[at] = -(answer.duals[above] + answer.duals[below])
        share = float(answer.duals[0])
        found = finder.find(prices, Box.whole(pool))
        if found is None or found.worth <= share + _BETTER or _has(known, found.counts):
            found = finder.find(prices, Box.whole(pool), exact=True)
            assert found is not None, "the panels so far are in the box"
            bound = max(bound, -answer.value - max(found.bound - share, 0.0))
            if found.worth <= share + _BETTER or _has(known, found.counts):
                return mixture, bound
        waiting = [found.counts]


def _with_tangents(program: Program, counts: IntArray) -> FloatArray:
    """A panel's entries: its share, above the least, below the largest, and nothing in the tangents."""
    entries = np.zeros(program.height)
    entries[: 1 + 2 * len(counts)] = np.concatenate([[1], counts, counts])
    return entries
