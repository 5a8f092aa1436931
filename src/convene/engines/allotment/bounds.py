"""An upper bound on the least chance, proved by prices in exact arithmetic: no solver is trusted."""

from fractions import Fraction

import numpy as np

from convene.engines.allotment.entries import FloatArray, IntArray, Pool


def proven_bound(pool: Pool, prices: FloatArray, rule_prices: FloatArray, limits: IntArray) -> Fraction:
    """No lottery gives all types with a positive price a chance over weight above this.

    ``prices`` (T, >= 0) stand on the types, ``rule_prices`` (Q + 1) on the quotas and the number of seats;
    ``limits`` (T) are the most seats of each type (its size, or 0 if it is shut out). Any prices give a true
    bound, the duals of the relaxation give the best one. By weak duality: let z be the least chance over
    weight. Then z x sum(prices x scale) <= prices x seats for the expected seats, and these are at most what
    `_worth` adds up, whatever the rule prices are.
    """
    types = [Fraction(price) for price in np.maximum(prices, 0).tolist()]
    total = sum(
        (price * Fraction(scale) for price, scale in zip(types, pool.scale.tolist(), strict=True)), Fraction()
    )
    if total == 0:
        raise ValueError("a bound needs a positive price")
    return _worth(pool, types, [Fraction(price) for price in rule_prices.tolist()], limits) / total


def _worth(pool: Pool, prices: list[Fraction], rule_prices: list[Fraction], limits: IntArray) -> Fraction:
    """An upper bound on prices x seats: each quota and the seats at its price, the rest at the types' own
    limits.
    """
    *quotas, seat = rule_prices
    worth = seat * pool.seats
    rest = [price - seat for price in prices]
    for price, least, most, marks in zip(
        quotas, pool.least.tolist(), pool.most.tolist(), pool.marks.tolist(), strict=True
    ):
        worth += price * (most if price > 0 else least)
        if price:
            for at, mark in enumerate(marks):
                if mark:
                    rest[at] -= price
    for left, floor, limit in zip(rest, pool.floors.tolist(), limits.tolist(), strict=True):
        worth += left * (limit if left > 0 else floor)
    return worth
