"""A bound on mixing for plans in which no more than so many meetings repeat.

Where people meet most of the others, no plan comes near the bound of `bounds`, which looks at each trait by
itself and not at who met already. Here both are looked at together, by Lagrange's multipliers: of all ways
to give every person so many others, each at most once, the dearest pairs count in full (a relaxation:
people choose one by one), and what `bounds` knows of each kind ("so many pairs at least are alike") is
added with a price. Every price gives a bound; a few steps of subgradient look for a low one. Multipliers
stay between nothing and the trait's weight, so that no pair has a negative worth.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from convene.engines.grouping.bounds import alike_at_least, apart_at_most
from convene.engines.grouping.distances import UNSAID, Difference
from convene.engines.grouping.people import ExactArray

_TIGHT, _LARGE, _STEPS = 0.25, 200, 40


@dataclass(frozen=True, slots=True)
class _Side:
    """What is known of one kind: pairs of ``one`` and ``other`` (n each; the same people, or two sorts)
    meet at least (``sign`` 1: alike) or at most (-1: apart) ``limit`` times; ``weight`` is the worth of one.
    """

    one: ExactArray
    other: ExactArray
    sign: int
    limit: float
    weight: float


def joint_bound(
    difference: Difference, sizes: Sequence[Sequence[int]], repeats: int, mixing: float, bound: float
) -> float:
    """No plan at tables of these ``sizes`` (for each round) with at most so many ``repeats`` mixes more.

    ``mixing`` is what some plan reaches (it steers, and is not believed), ``bound`` one that holds anyway.
    """
    count = len(difference.matrix)
    others = sum(max(round_, default=1) - 1 for round_ in sizes)
    if count > _LARGE or count < 3 or others < _TIGHT * (count - 1):  # noqa: PLR2004 - three people
        return bound
    sides = _sides(difference, sizes)
    highest = np.array([side.weight for side in sides])
    best = bound
    for share in (0.0, 0.7):
        prices = share * highest
        for _ in range(_STEPS):
            value, slope = _bound_at(difference.matrix, sides, prices, others, repeats)
            best = min(best, value)
            length = float((slope**2).sum())
            if length <= 0 or value - mixing < 1e-9 * max(bound, 1):
                break
            prices = np.clip(prices - (value - mixing) / length * slope, 0, highest)
    return best


def _sides(difference: Difference, sizes: Sequence[Sequence[int]]) -> list[_Side]:
    found = []
    for aspect in difference.aspects:
        if aspect.steps:
            for at in range(1, len(aspect.steps)):
                above = (aspect.codes >= at).astype(np.float64)
                below = ((aspect.codes < at) & (aspect.codes != UNSAID)).astype(np.float64)
                step = (aspect.steps[at] - aspect.steps[at - 1]) / (aspect.steps[-1] - aspect.steps[0])
                most = sum(apart_at_most(int(above.sum()), int(below.sum()), round_) for round_ in sizes)
                found.append(_Side(above, below, -1, most, aspect.weight * step))
            continue
        for kind in range(int(aspect.codes.max(initial=UNSAID)) + 1):
            members = (aspect.codes == kind).astype(np.float64)
            least = sum(alike_at_least(int(members.sum()), round_) for round_ in sizes)
            found.append(_Side(members, members, 1, least, aspect.weight))
    return found


def _bound_at(
    matrix: ExactArray, sides: Sequence[_Side], prices: ExactArray, others: int, repeats: int
) -> tuple[float, ExactArray]:
    """The bound that these prices give, and how it changes with each."""
    count = len(matrix)
    worth = matrix.copy()
    constant = 0.0
    for side, price in zip(sides, prices, strict=True):
        if price > 0:
            pairs = np.outer(side.one, side.other)
            worth += side.sign * price * (pairs if side.sign > 0 else pairs + pairs.T)
            constant -= side.sign * price * side.limit
    np.fill_diagonal(worth, -1.0)  # nobody meets themselves
    taken = min(others, count - 1)
    chosen = np.argpartition(worth, count - taken, axis=1)[:, count - taken :]
    values = np.take_along_axis(worth, chosen, 1)
    gap = worth.max(1) - (values.min(1) if others < count - 1 else 0.0)
    total = float(values.sum()) / 2 + repeats * float(gap.max()) + constant
    meets = np.zeros_like(worth)
    np.put_along_axis(meets, chosen, 0.5, 1)
    slope = np.array([side.sign * (_met(meets, side) - side.limit) for side in sides])
    return total, slope


def _met(meets: ExactArray, side: _Side) -> float:
    there = float(side.one @ meets @ side.other)
    return there if side.sign > 0 else there + float(side.other @ meets @ side.one)
