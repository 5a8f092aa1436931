"""An upper bound on what lotteries can reach, proved by prices in exact arithmetic: no solver is trusted."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from convene.engines.allotment.entries import FloatArray, IntArray, Pool


@dataclass(frozen=True, slots=True)
class Prices:
    """``types`` (T) stand on the types, ``rules`` (R + 1) on the pool's rules and the number of seats.

    ``caps`` (T) are the most of each type that a panel can hold: its size, or 0 if it is shut out.
    """

    types: tuple[Fraction, ...]
    rules: tuple[Fraction, ...]
    caps: tuple[int, ...]

    @classmethod
    def of(cls, types: FloatArray, rules: FloatArray, caps: IntArray) -> "Prices":
        return cls(
            tuple(Fraction(price) for price in types.tolist()),
            tuple(Fraction(price) for price in rules.tolist()),
            tuple(caps.tolist()),
        )


def least_chance_bound(pool: Pool, prices: Prices) -> Fraction:
    """No lottery gives all types with a positive price a chance over weight above this; prices are >= 0.

    Any prices give a true bound, the duals of the relaxation give the best one. By weak duality: let z be the
    least chance over weight. Then z x sum(prices x scale) <= prices x expected panel <= `worth`.
    """
    total = sum(
        (price * scale for price, scale in zip(prices.types, pool.exact_scale, strict=True)), Fraction()
    )
    if total <= 0 or min(prices.types) < 0:
        raise ValueError("a bound needs prices of at least 0, one of them positive")
    return worth(pool, prices) / total


def worth(pool: Pool, prices: Prices) -> Fraction:
    """An upper bound on prices x panel for every panel, whole or split: each rule and the seats at its price,
    what is left of the types' prices at the types' own limits.
    """
    *rules, seat = prices.rules
    total = seat * pool.seats
    spans = pool.spans.astype(int).tolist()
    rest = [price - seat * span for price, span in zip(prices.types, spans, strict=True)]
    for price, least, most, marks in zip(
        rules, pool.least.tolist(), pool.most.tolist(), pool.marks, strict=True
    ):
        total += price * (most if price > 0 else least)
        if price:
            for at in np.flatnonzero(marks).tolist():
                rest[at] -= price * int(marks[at])
    return total + _left(rest, pool.floors.tolist(), prices.caps)


def _left(rest: Sequence[Fraction], floors: Sequence[int], caps: Sequence[int]) -> Fraction:
    return sum(
        (left * (cap if left > 0 else floor) for left, floor, cap in zip(rest, floors, caps, strict=True)),
        Fraction(),
    )
