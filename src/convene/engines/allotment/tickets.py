"""Equally likely tickets: whole panels, each fixed before chance speaks (README, "Tickets").

m panels are wanted in which each type appears as often as the lottery wants, m y, rounded up or down. First
m y is rounded as a whole, so that the sum still obeys m times every rule; then panels are peeled off the sum
one by one, each so that what is left still obeys the rules of the tickets that are left. Where the peeling
gets stuck, an integer program over all panels seen finds the combination that is nearest.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from heapq import heapify, heappop, heappush

import numpy as np

from convene.engines.allotment.chance import Chance
from convene.engines.allotment.entries import IntArray, Pool, Type
from convene.engines.allotment.lottery import Row
from convene.engines.allotment.panels import Box, PanelFinder
from convene.engines.allotment.relaxation import rules
from convene.engines.allotment.solver import INFINITY, Matrix, Program

Counts = tuple[int, ...]
_SAME = Fraction(1, 10**6)
_SURE = 1e-3
_TRIES = 4
_FEW = 400


@dataclass(frozen=True, slots=True)
class Compositions:
    """One for each ticket. ``even``: every type is in as many as the lottery wants, rounded up or down."""

    counts: tuple[Counts, ...]
    even: bool


def in_equal_tickets(pool: Pool, rows: Sequence[Row], tickets: int) -> Compositions:
    """The lottery of ``rows`` in so many equally likely compositions."""
    total = sum(row.tickets for row in rows)
    low, high = _wanted(rows, tickets, total)
    finder = PanelFinder(pool)
    shares = [Fraction(row.tickets * tickets, total) for row in rows]
    panels = [np.array(row.counts, dtype=np.int64) for row in rows]
    known = {row.counts for row in rows}
    for attempt in range(_TRIES):
        copies = [max(int(share) - attempt * attempt, 0) for share in shares]
        base = sum((number * panel for number, panel in zip(copies, panels, strict=True)), np.zeros_like(low))
        left = tickets - sum(copies)
        peeled = _peel(pool, finder, low - base, high - base, left)
        known.update(peeled)
        if len(peeled) == left:
            whole = [row.counts for row, number in zip(rows, copies, strict=True) for _ in range(number)]
            return Compositions(tuple(sorted([*whole, *peeled])), even=True)
    return _nearest(sorted(known), shares, rows, low, high, tickets)


def _wanted(rows: Sequence[Row], tickets: int, total: int) -> tuple[IntArray, IntArray]:
    """(T) how many of each type all tickets together are to have, at least and at most."""
    counts = np.array([row.counts for row in rows], dtype=object)
    sums = np.array([row.tickets for row in rows], dtype=object) @ counts
    exact = [Fraction(int(each) * tickets, total) for each in sums]
    near = [round(each) if abs(each - round(each)) < _SAME else None for each in exact]
    low = [int(each) if whole is None else whole for each, whole in zip(exact, near, strict=True)]
    high = [int(each) + 1 if whole is None else whole for each, whole in zip(exact, near, strict=True)]
    return np.array(low, dtype=np.int64), np.array(high, dtype=np.int64)


def _peel(pool: Pool, finder: PanelFinder, low: IntArray, high: IntArray, tickets: int) -> list[Counts]:
    """Panels whose sum is within ``low`` and ``high`` (T): as many as ``tickets``, or the first few."""
    rest = _rounded(pool, low, high, tickets)
    found: list[Counts] = []
    if rest is None:
        return found
    for after in range(tickets - 1, -1, -1):
        panel = _next_panel(pool, finder, rest, after)
        if panel is None:
            break
        rest = rest - panel
        found.append(tuple(panel.tolist()))
    return found


def _rounded(pool: Pool, low: IntArray, high: IntArray, tickets: int) -> IntArray | None:
    """(T) a whole sum between ``low`` and ``high`` that obeys ``tickets`` times every rule."""
    bottom = np.maximum(low, tickets * pool.floors).astype(float)
    top = np.minimum(high, tickets * pool.sizes).astype(float)
    if not tickets or (bottom > top).any():
        return None
    limits = [np.append(side, pool.seats).astype(float) * tickets for side in (pool.least, pool.most)]
    program = Program(
        np.zeros(len(low)), (bottom, top), rules(pool), (limits[0], limits[1]), integer=True, gap=0.0
    )
    answer = program.solve()
    return None if answer is None else np.rint(answer.columns).astype(np.int64)


def _next_panel(pool: Pool, finder: PanelFinder, rest: IntArray, after: int) -> IntArray | None:
    """A panel after which ``after`` tickets can still, as far as the rules show, share what is left."""
    marks = pool.marks.astype(np.int64)
    totals = marks @ rest
    outer = Box(
        np.maximum(pool.floors, rest - after * pool.sizes).astype(float),
        np.minimum(pool.sizes, rest - after * pool.floors).astype(float),
        np.maximum(pool.least, totals - after * pool.most).astype(float),
        np.minimum(pool.most, totals - after * pool.least).astype(float),
    )
    mean, mean_totals = rest / (after + 1), totals / (after + 1)
    near = Box(
        np.maximum(outer.low, np.floor(mean)),
        np.minimum(outer.high, np.ceil(mean)),
        np.maximum(outer.least, np.floor(mean_totals)),
        np.minimum(outer.most, np.ceil(mean_totals)),
    )
    part = np.clip(mean - np.floor(mean), _SURE, 1 - _SURE)
    prices = np.log(part / (1 - part))
    for box in (near, outer):
        if (box.low > box.high).any() or (box.least > box.most).any():
            continue
        panel = finder.find(prices, box)
        if panel is not None:
            return panel.counts
    return None


def _nearest(
    known: Sequence[Counts],
    shares: Sequence[Fraction],
    rows: Sequence[Row],
    low: IntArray,
    high: IntArray,
    tickets: int,
) -> Compositions:
    """Of the panels seen, the combination whose sum is away from the wanted one by the fewest seats."""
    whole = {row.counts: max(int(share) - 1, 0) for row, share in zip(rows, shares, strict=True)}
    base = sum((number * np.array(counts) for counts, number in whole.items()), np.zeros_like(low))
    left = tickets - sum(whole.values())
    columns = [counts for counts in known if counts in whole][:_FEW]
    columns += [counts for counts in known if counts not in whole][: max(_FEW - len(columns), 0)]
    panels, count = np.array(columns, dtype=np.float64), len(columns)
    types = len(low)
    slack = np.ones(types)
    program = Program(
        np.concatenate([np.zeros(count), -slack, -slack]),
        (np.zeros(count + 2 * types), np.append(np.full(count, float(left)), np.full(2 * types, INFINITY))),
        Matrix.dense(panels.T)
        + Matrix.diagonal(slack, column=count)
        + Matrix.diagonal(-slack, column=count + types)
        + Matrix.dense(np.ones((1, count)), row=types),
        (np.append(low - base, left).astype(float), np.append(high - base, left).astype(float)),
        integer=True,
    )
    answer = program.solve()
    assert answer is not None, "slack makes up for what is missing"
    numbers = np.rint(answer.columns[:count]).astype(int).tolist()
    chosen = Counter(whole)
    chosen.update(dict(zip(columns, numbers, strict=True)))
    sums = np.array(columns, dtype=np.int64).T @ np.array(numbers) + base
    even = bool((sums >= low).all() and (sums <= high).all())
    return Compositions(tuple(sorted(chosen.elements())), even=even)


def people_of(pool: Pool, compositions: Iterable[Counts], seed: str) -> tuple[tuple[str, ...], ...]:
    """People for each composition, so that everyone of a type is on as many tickets as the others, give or
    take one; who shares a ticket with whom, and the order of tickets, is left to the ``seed``.
    """
    chance = Chance(seed, "tickets")
    everyone = [person for each in pool.types for person in each.ids]
    ties = {person: number for number, person in enumerate(chance.shuffled(everyone))}
    alone = {at: _Queue(each, ties) for at, each in enumerate(pool.types) if each.kind != "household"}
    groups: dict[int, list[int]] = defaultdict(list)
    for at, each in enumerate(pool.types):
        if each.kind == "household":
            groups[each.group].append(at)
    used: Counter[str] = Counter()
    panels = []
    for counts in chance.shuffled(list(compositions)):
        panel = [person for at, queue in alone.items() if counts[at] for person in queue.next(counts[at])]
        for members in groups.values():
            people = _apart([(pool.types[at], counts[at]) for at in members if counts[at]], used, ties)
            used.update(people)
            panel += people
        panels.append(tuple(sorted(panel)))
    return tuple(panels)


class _Queue:
    """People, or teams, of a type: those on the fewest tickets come next."""

    def __init__(self, each: Type, ties: Mapping[str, int]) -> None:
        units = each.units or [(person,) for person in each.ids]
        self._waiting = [(0, ties[unit[0]], unit) for unit in units]
        heapify(self._waiting)

    def next(self, count: int) -> list[str]:
        called = [heappop(self._waiting) for _ in range(count)]
        for used, tie, unit in called:
            heappush(self._waiting, (used + 1, tie, unit))
        return [person for _, _, unit in called for person in unit]


def _apart(taken: Iterable[tuple[Type, int]], used: Counter[str], ties: Mapping[str, int]) -> list[str]:
    """People on the fewest tickets so far, no two of one household."""
    people: list[str] = []
    homes: set[int] = set()
    for each, count in taken:
        nearest = [min(unit, key=lambda person: (used[person], ties[person])) for unit in each.units]
        free = sorted(
            (used[person], ties[person], home) for home, person in enumerate(nearest) if home not in homes
        )
        for _, _, home in free[:count]:
            homes.add(home)
            people.append(nearest[home])
    return people
