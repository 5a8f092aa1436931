"""A lottery in whole tickets, so that its chances are exact fractions, and the draw of people by it."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from convene.engines.allotment.chance import Chance
from convene.engines.allotment.columns import Mixture
from convene.engines.allotment.entries import Pool

TICKETS = 10**12
DRAW_RULE = "convene-allotment/1"
Ids = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """A composition: ``counts`` of each type (people or teams), drawn by ``tickets`` of 10**12 tickets."""

    tickets: int
    counts: tuple[int, ...]

    @property
    def weight(self) -> float:
        return self.tickets / TICKETS


def in_tickets(mixture: Mixture) -> tuple[Row, ...]:
    """The mixture with shares rounded to whole tickets (largest remainders first); rows in the order of their
    counts.
    """
    shares: dict[tuple[int, ...], float] = {}
    for panel, share in zip(mixture.panels, mixture.shares.tolist(), strict=True):
        if share > 0:
            counts = tuple(panel.tolist())
            shares[counts] = shares.get(counts, 0.0) + share
    total = sum(Fraction(share) for share in shares.values())
    exact = {counts: Fraction(share) * TICKETS / total for counts, share in sorted(shares.items())}
    tickets = {counts: int(share) for counts, share in exact.items()}
    missing = TICKETS - sum(tickets.values())
    for counts in sorted(exact, key=lambda counts: (tickets[counts] - exact[counts], counts))[:missing]:
        tickets[counts] += 1
    return tuple(Row(number, counts) for counts, number in tickets.items() if number)


def type_chances(pool: Pool, rows: Sequence[Row]) -> tuple[Fraction, ...]:
    """(T) the exact chance of each member of a type."""
    lots = _lots(rows)
    return tuple(Fraction(lot, TICKETS * heads) for lot, heads in zip(lots, pool.heads.tolist(), strict=True))


def _lots(rows: Sequence[Row]) -> list[int]:
    """(T) tickets x number of the type, over all rows: integers, as sums of products may not fit 64 bits."""
    tickets = np.array([row.tickets for row in rows], dtype=object)
    counts = np.array([row.counts for row in rows], dtype=object)
    return [int(lot) for lot in tickets @ counts]


def draw(pool: Pool, rows: Sequence[Row], seed: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The ids who get a seat (by code point), and all others in the order of the reserve list.

    Rule ``convene-allotment/1``, in three streams of `chance`. "panel": a ticket below 10**12; the rows own
    tickets one after the other. "people": see `seat`. "reserve": see `_reserve`.
    """
    ticket = Chance(seed, "panel").below(TICKETS)
    row = next(
        row for row, end in zip(rows, _running([row.tickets for row in rows]), strict=True) if ticket < end
    )
    taken, waiting = seat(pool, row.counts, Chance(seed, "people"))
    lots = [lot // heads for lot, heads in zip(_lots(rows), pool.heads.tolist(), strict=True)]
    reserve = _reserve(waiting, lots, Chance(seed, "reserve"))
    return tuple(sorted(person for team in taken for person in team)), tuple(reserve)


def seat(pool: Pool, counts: Sequence[int], chance: Chance) -> tuple[list[Ids], list[list[Ids]]]:
    """Who gets the seats of a composition: those drawn, and for each type those who wait, in order. A team
    is one entry, anyone else an entry of their own.

    Type by type: people are shuffled, and so are teams; the first as many as the composition says are drawn.
    The households that several types share are shuffled once, at the first of these types; each type takes
    the next households, and in each its first member after a shuffle; all its other members, shuffled, wait.
    """
    taken: list[Ids] = []
    waiting: list[list[Ids]] = []
    group, houses, start = -1, list[int](), 0
    for each, count in zip(pool.types, counts, strict=True):
        if each.kind != "household":
            order = chance.shuffled(each.units or [(person,) for person in each.ids])
            taken += order[:count]
            waiting.append(order[count:])
            continue
        if each.group != group:
            group, houses, start = each.group, chance.shuffled(range(each.size)), 0
        drawn = [chance.shuffled(each.units[at])[0] for at in houses[start : start + count]]
        start += count
        taken += [(person,) for person in drawn]
        left = set(drawn)
        waiting.append(
            [(person,) for person in chance.shuffled([person for person in each.ids if person not in left])]
        )
    return taken, waiting


def _reserve(waiting: Sequence[list[Ids]], lots: Sequence[int], chance: Chance) -> list[str]:
    """Everyone waiting holds their type's lots (their chance in tickets, rounded down); one lot after the
    other is drawn, types owning lots in their order, and the type's next entry goes on the list and takes all
    its lots away. People without any chance come last, type by type.
    """
    tree = _Sums([lot * len(people) for lot, people in zip(lots, waiting, strict=True)])
    queues = [iter(people) for people in waiting]
    listed: list[str] = []
    while tree.total > 0:
        at = tree.find(chance.below(tree.total))
        listed.extend(next(queues[at]))
        tree.add(at, -lots[at])
    return listed + [person for queue in queues for team in queue for person in team]


def _running(numbers: Sequence[int]) -> list[int]:
    sums, total = [], 0
    for number in numbers:
        total += number
        sums.append(total)
    return sums


class _Sums:
    """Running sums of whole numbers that change one at a time (a Fenwick tree)."""

    def __init__(self, numbers: Sequence[int]) -> None:
        self.total = 0
        self._size = len(numbers)
        self._tree = [0] * (self._size + 1)
        for at, number in enumerate(numbers):
            self.add(at, number)

    def add(self, at: int, number: int) -> None:
        self.total += number
        at += 1
        while at <= self._size:
            self._tree[at] += number
            at += at & -at

    def find(self, ticket: int) -> int:
        """The first place up to which the numbers sum to more than ``ticket``."""
        at, step = 0, 1 << self._size.bit_length()
        while step:
            if at + step <= self._size and self._tree[at + step] <= ticket:
                at += step
                ticket -= self._tree[at]
            step >>= 1
        return at
