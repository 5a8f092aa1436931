"""One round in numbers: what it costs, and what any exchange of two people or move of one would change.

The search (`search`) looks at many plans at once and lets rules be broken for a while. Here one seating is
looked at exactly, all its exchanges in one expression; repair and explanation both ask it.

A price has three storeys that never mix: a broken rule outweighs everything else, one person moved outweighs
everything soft, and last come meetings and mixing, as the search weighs them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from convene.engines.grouping.building import Task, members_of, values_of
from convene.engines.grouping.people import BoolArray, ExactArray, IntArray, Rule, positions
from convene.engines.grouping.search import unheard

NOWHERE = -1
Table = int


@dataclass(frozen=True, slots=True)
class Prices:
    """What a seating of one round costs. ``pair`` (n x n): two at one table; ``place`` (n x tables): someone
    at a table; ``counts``: members (n) of each rule that counts, with the price (n + 1) of so many of them at
    one table; ``follows`` (n x L) or None. ``rule`` and ``move`` are the prices of a broken rule and of a
    person who changes tables.
    """

    pair: ExactArray
    place: ExactArray
    counts: tuple[tuple[BoolArray, ExactArray], ...]
    follows: BoolArray | None
    rule: float
    move: float


def prices_of(task: Task, meetings: ExactArray, homes: Sequence[int]) -> Prices:
    """For the only round of ``task``. ``meetings`` (n x n): how often two have met, in earlier rounds and
    before; ``homes``: each person's table until now, `NOWHERE` for those who arrive.
    """
    count, tables = task.model.count, len(task.tables)
    pair = task.model.again * meetings - task.mixed.matrix
    np.fill_diagonal(pair, 0)
    move = float(4 * (task.places + 1) * max(np.abs(pair).max(initial=0), 1.0))
    rule = float(4 * (count + 1) * move)
    at = positions(task.people)
    for each in task.rules:
        if each.kind in {"apart", "together"}:
            who = [at[person] for person in each.people]
            block = np.full((len(who), len(who)), rule if each.kind == "apart" else -rule)
            np.fill_diagonal(block, 0)
            pair[np.ix_(who, who)] += block
    place = np.zeros((count, tables))
    known = np.array(homes)
    here = np.flatnonzero(known != NOWHERE)
    place[here] += move
    place[here, known[here]] -= move
    for each in task.rules:
        _add_places(task, each, place, rule)
    counts = tuple(
        (_mask(members_of(each, task.people), count), rule * _missing(each, count))
        for given in task.rules
        for each in values_of(given, task.people)
        if each.kind in {"at_least", "at_most", "not_alone"}
    )
    follows = None if task.model.languages is None else task.model.languages[:count]
    return Prices(pair, place, counts, follows, rule, move)


def _add_places(task: Task, rule: Rule, place: ExactArray, price: float) -> None:
    if rule.kind == "needs":
        without = [at for at, table in enumerate(task.tables) if rule.flag not in table.offers]
        place[np.ix_(members_of(rule, task.people), without)] += price
    elif rule.pins_in(0) and rule.table is not None:
        at = positions(task.people)
        who = [at[person] for person in rule.people]
        place[who] += price
        place[who, rule.table] -= price


def _mask(members: Sequence[int], count: int) -> BoolArray:
    mask = np.zeros(count, dtype=bool)
    mask[list(members)] = True
    return mask


def _missing(rule: Rule, count: int) -> ExactArray:
    numbers = np.arange(count + 2)
    if rule.kind == "at_least":
        return np.asarray(np.maximum(rule.number - numbers, 0), dtype=np.float64)
    if rule.kind == "at_most":
        return np.asarray(np.maximum(numbers - rule.number, 0), dtype=np.float64)
    return np.asarray(numbers == 1, dtype=np.float64)


class Sitting:
    """Who sits where in one round (`table` of each person, `NOWHERE` for those without a seat), and the sums
    that prices are read from: ``sums`` (n x tables) is what each person would share with each table.
    """

    def __init__(self, prices: Prices, table: Sequence[int], tables: int) -> None:
        self.prices, self.tables = prices, tables
        self.table = np.array(table, dtype=np.int64)
        self.sums = np.zeros((len(self.table), tables))
        self.sizes = np.zeros(tables, dtype=np.int64)
        self.members = np.zeros((len(prices.counts), tables), dtype=np.int64)
        for at in range(tables):
            here = np.flatnonzero(self.table == at)
            self.sums[:, at] = prices.pair[:, here].sum(1)
            self.sizes[at] = len(here)
            for number, (counted, _) in enumerate(prices.counts):
                self.members[number, at] = int(counted[here].sum())

    def groups(self) -> list[list[int]]:
        found: list[list[int]] = [[] for _ in range(self.tables)]
        for person, table in enumerate(self.table.tolist()):
            if table != NOWHERE:
                found[table].append(person)
        return found

    def total(self) -> float:
        """The price of the whole seating."""
        seated = np.flatnonzero(self.table != NOWHERE)
        where = self.table[seated]
        price = float(self.sums[seated, where].sum()) / 2 + float(self.prices.place[seated, where].sum())
        for number, (_, of_number) in enumerate(self.prices.counts):
            price += float(of_number[self.members[number]].sum())
        return price + sum(self.unheard_at([group]) for group in self.groups()) * self.prices.rule

    def entering(self, rows: IntArray) -> ExactArray:
        """(rows x tables) what it costs that someone without a seat sits down."""
        price = self.sums[rows] + self.prices.place[rows]
        for number, (counted, of_number) in enumerate(self.prices.counts):
            here = self.members[number]
            price[counted[rows]] += of_number[here + 1] - of_number[here]
        return np.asarray(price)

    def moving(self, rows: IntArray) -> ExactArray:
        """(rows x tables) what changes when someone seated moves there; languages left out."""
        home = self.table[rows]
        every = np.arange(len(rows))
        at_home = self.sums[rows, home] + self.prices.place[rows, home]
        price = self.sums[rows] + self.prices.place[rows] - at_home[:, None]
        for number, (counted, of_number) in enumerate(self.prices.counts):
            here = self.members[number]
            more = of_number[here + 1] - of_number[here]
            fewer = of_number[np.maximum(here - 1, 0)] - of_number[here]
            counts = counted[rows]
            price[counts] += more[None, :] + fewer[home[counts]][:, None]
        price[every, home] = np.inf
        return np.asarray(price)

    def exchanging(self, rows: IntArray) -> ExactArray:
        """(rows x people) what changes when two change places; languages left out, infinite at one table."""
        table, pair = self.table, self.prices.pair
        home = table[rows]
        stand = self.sums + self.prices.place
        people = np.arange(len(table))
        own = stand[people, table]
        price = stand[np.ix_(rows, table)] + stand[:, home].T - own[rows][:, None] - own[None, :]
        price -= 2 * pair[rows]
        for number, (counted, of_number) in enumerate(self.prices.counts):
            here = self.members[number]
            more = of_number[here + 1] - of_number[here]
            fewer = of_number[np.maximum(here - 1, 0)] - of_number[here]
            ours, theirs = counted[rows][:, None], counted[None, :]
            goes = fewer[home][:, None] + more[table][None, :]
            comes = more[home][:, None] + fewer[table][None, :]
            price += goes * (ours & ~theirs) + comes * (~ours & theirs)
        price[home[:, None] == table[None, :]] = np.inf
        return np.asarray(price)

    def seat(self, person: int, table: int) -> None:
        """Sits someone down, at another table than now or for the first time; `NOWHERE` to stand up."""
        before = int(self.table[person])
        for at, sign in ((before, -1), (table, 1)):
            if at != NOWHERE:
                self.sums[:, at] += sign * self.prices.pair[:, person]
                self.sizes[at] += sign
                for number, (counted, _) in enumerate(self.prices.counts):
                    self.members[number, at] += sign * int(counted[person])
        self.table[person] = table

    def exchange(self, one: int, other: int) -> None:
        first, second = int(self.table[one]), int(self.table[other])
        self.seat(one, second)
        self.seat(other, first)

    def language_price(self, changes: Sequence[tuple[int, int]]) -> float:
        """What becomes dearer when each person of ``changes`` sits at the table beside them."""
        if self.prices.follows is None:
            return 0.0
        after = dict(changes)
        tables = {int(self.table[person]) for person in after} | set(after.values())
        now, then = [], []
        for table in sorted(tables - {NOWHERE}):
            here = np.flatnonzero(self.table == table).tolist()
            now.append(here)
            stay = [person for person in here if after.get(person, table) == table]
            come = [p for p, to in changes if to == table and self.table[p] != table]
            then.append([*stay, *come])
        return (self.unheard_at(then) - self.unheard_at(now)) * self.prices.rule

    def unheard_at(self, groups: Sequence[Sequence[int]]) -> int:
        """How many cannot follow their table, over these tables."""
        follows = self.prices.follows
        if follows is None:
            return 0
        return sum(int(unheard(follows[list(group)][None])[0]) for group in groups if len(group))
