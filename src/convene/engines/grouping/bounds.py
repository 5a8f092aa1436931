"""How good groups can be at best: numbers that no grouping of these people can pass.

**Mixing.** For one trait of kinds, a table with a people of one kind loses a(a-1)/2 of its pairs to likeness;
a further one costs a more. Spreading each kind by cheapest next place is the least such loss, whatever else
happens, and the traits' best cases add up to a bound. An ordered trait is a sum of thresholds, each a trait
of two kinds: a table of s with a people above it has a(s - a) pairs apart. For viewpoints, the squared
distances inside a table of s are s times the scatter around its own centre, so all of them together are at
most the largest table's size times the scatter of everyone seated.

**Meeting.** Whoever shared a table of s is spread over the next round's G tables, and some must meet again
(pigeonhole); meetings beyond the number of pairs repeat as well.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Sequence
from math import comb

import numpy as np

from convene.engines.grouping.distances import UNSAID, Difference
from convene.engines.grouping.people import BoolArray


def mixing_bound(difference: Difference, sizes: Sequence[int], present: BoolArray | None = None) -> float:
    """No round of those ``present`` (n; default all) at tables of these ``sizes`` has a larger sum of
    differences within tables.
    """
    count = len(difference.matrix)
    here = np.ones(count, dtype=bool) if present is None else present
    bound = 0.0
    for aspect in difference.aspects:
        codes = aspect.codes[here]
        if aspect.steps:
            bound += aspect.weight * _ordered(codes, aspect.steps, sizes)
        else:
            bound += aspect.weight * _kinds(codes, sizes)
    if difference.vectors is not None and difference.vector_share > 0:
        vectors = difference.vectors[here]
        scatter = float(((vectors - vectors.mean(0)) ** 2).sum()) if len(vectors) else 0.0
        bound += difference.vector_share * max(sizes, default=0) * scatter
    return min(bound, _by_partners(difference, sizes, here))


def _kinds(codes: np.ndarray, sizes: Sequence[int]) -> float:
    """Pairs of different kinds, both said. Those who did not say are alike to everyone: they fill seats."""
    kinds = np.bincount(codes[codes != UNSAID]).tolist() if (codes != UNSAID).any() else []
    said = sum(kinds)
    # all pairs among those who said, spread so that as many as possible share a table, less the alike ones
    pairs = _most_pairs(said, sizes)
    return pairs - sum(alike_at_least(kind, sizes) for kind in kinds)


def alike_at_least(kind: int, sizes: Sequence[int]) -> float:
    """So many pairs of a kind of so many people share a table, however they are spread over one round."""
    return _cheapest(kind, sizes, lambda others, _size: float(others))


def apart_at_most(above: int, below: int, sizes: Sequence[int]) -> float:
    """So many pairs of one person above and one below a threshold share a table of one round."""
    return min(_apart(above, sizes), _apart(below, sizes))


def _most_pairs(said: int, sizes: Sequence[int]) -> float:
    pairs, left = 0, said
    for size in sorted(sizes, reverse=True):
        here = min(size, left)
        pairs += comb(here, 2)
        left -= here
    return float(pairs)


def _ordered(codes: np.ndarray, steps: Sequence[float], sizes: Sequence[int]) -> float:
    total = 0.0
    for at in range(1, len(steps)):
        above, below = int((codes >= at).sum()), int(((codes < at) & (codes != UNSAID)).sum())
        total += apart_at_most(above, below, sizes) * (steps[at] - steps[at - 1]) / (steps[-1] - steps[0])
    return total


def _apart(above: int, sizes: Sequence[int]) -> float:
    return -_cheapest(above, sizes, lambda others, size: -float(size - 1 - 2 * others))


def _cheapest(people: int, sizes: Sequence[int], price: Callable[[int, int], float]) -> float:
    """The least total price of giving ``people`` a place each, the next at a table costing
    ``price(already there, size)``, which never falls: so the cheapest next place is always right.
    """
    places = [(price(0, size), 0, size) for size in sizes if size]
    heapq.heapify(places)
    total = 0.0
    for _ in range(people):
        cost, there, size = heapq.heappop(places)
        total += cost
        if there + 1 < size:
            heapq.heappush(places, (price(there + 1, size), there + 1, size))
    return total


def _by_partners(difference: Difference, sizes: Sequence[int], here: BoolArray) -> float:
    """Half of the sum, over people, of their largest differences to as many others as a table holds."""
    matrix = difference.matrix[np.ix_(here, here)]
    others = max(sizes, default=0) - 1
    if others < 1 or not len(matrix):
        return 0.0
    others = min(others, len(matrix) - 1)
    best = np.partition(matrix, len(matrix) - others - 1 if others < len(matrix) else 0, axis=1)[:, -others:]
    return float(best.sum()) / 2


def repeats_bound(people: int, sizes: Sequence[Sequence[int]]) -> int:
    """At least so many meetings repeat, counted as the sum over pairs of m(m-1)/2, m being how often they
    share a table; ``sizes`` for each round.
    """
    overlaps = sum(_forced(earlier, later) for at, later in enumerate(sizes) for earlier in sizes[:at])
    meetings = sum(comb(size, 2) for round_ in sizes for size in round_)
    return max(overlaps, _convex(meetings, comb(people, 2)))


def _forced(earlier: Sequence[int], later: Sequence[int]) -> int:
    """Pairs of one table that must share one again: its people spread over the later tables evenly."""
    tables = max(sum(size > 0 for size in later), 1)
    total = 0
    for size in earlier:
        each, more = divmod(size, tables)
        total += more * comb(each + 1, 2) + (tables - more) * comb(each, 2)
    return total


def _convex(meetings: int, pairs: int) -> int:
    if pairs == 0:
        return 0
    each, more = divmod(meetings, pairs)
    return more * comb(each + 1, 2) + (pairs - more) * comb(each, 2)


def met_bound(people: int, sizes: Sequence[Sequence[int]]) -> int:
    """At most so many different pairs share a table."""
    meetings = sum(comb(size, 2) for round_ in sizes for size in round_)
    overlap = sum(_forced(sizes[at - 1], sizes[at]) for at in range(1, len(sizes)))
    reach = sum(max(round_, default=1) - 1 for round_ in sizes)
    return min(meetings - overlap, comb(people, 2), people * min(people - 1, reach) // 2)
