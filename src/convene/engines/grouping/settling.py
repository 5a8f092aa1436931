"""Fewest moves: from those who sit somewhere and those who come, to even tables that keep the rules.

First everybody finds a seat: who comes takes the best empty one, and where a table would be larger or smaller
than it may be, the cheapest person moves. Then exchanges are tried, all that involve someone who has no home
at a table yet or who sits where a rule is broken, the best first, until none helps. A price puts rules before
moves and moves before mixing (`pricing`), so nobody at home moves for mixing alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

import numpy as np

from convene.engines.grouping.arranging import chains_for, steps_for
from convene.engines.grouping.building import Task
from convene.engines.grouping.people import BoolArray, ExactArray, IntArray, positions
from convene.engines.grouping.plan import violations
from convene.engines.grouping.presolve import clashes
from convene.engines.grouping.pricing import NOWHERE, Sitting, prices_of
from convene.engines.grouping.search import anneal

_EPSILON = 1e-6
_LOOKED_AT = 400  # exchanges whose languages are asked about, at most, for one exchange
_EXCHANGES = 2_000  # made at most
_HELP = 0.06  # seconds of search where a rule stays broken
_CHAINS = 6  # of them looked at closely
Change = tuple[tuple[int, int], ...]  # people and the tables they go to


def settle(
    task: Task, meetings: ExactArray, homes: Sequence[int], stays: Sequence[bool], seed: int
) -> list[list[int]]:
    """Groups for the only round of ``task``, by people's places in it. ``meetings``, ``homes`` as in
    `pricing.prices_of`; who ``stays`` keeps their table whatever happens.
    """
    prices = prices_of(task, meetings, homes)
    room = _Room(task, homes, stays)
    sitting = Sitting(prices, homes, len(task.tables))
    _sit_down(sitting, room)
    _even_out(sitting, room)
    _improve(task, sitting, room)
    if violations(task, [sitting.groups()]) and not clashes(task):
        sitting = _helped(task, sitting, room, meetings - task.met, seed)
    return sitting.groups()


class _Room:
    """Who may not move, whose home is where, and how few and how many may sit at each table."""

    def __init__(self, task: Task, homes: Sequence[int], stays: Sequence[bool]) -> None:
        self.homes = np.array(homes, dtype=np.int64)
        self.stays: BoolArray = np.array(stays, dtype=bool)
        bound = np.where(self.stays, self.homes, NOWHERE)
        at = positions(task.people)
        for rule in task.rules:
            if rule.pins_in(0) and rule.table is not None:
                who = [at[person] for person in rule.people if not self.stays[at[person]]]
                bound[who] = rule.table
        self.least, self.most = _sizes(
            np.bincount(bound[bound != NOWHERE], minlength=len(task.tables)), len(homes)
        )

    def strangers(self, sitting: Sitting) -> IntArray:
        """Those who do not sit at home: they may sit anywhere."""
        return np.flatnonzero((self.homes != sitting.table) & ~self.stays)


def _sizes(bound: IntArray, count: int) -> tuple[IntArray, IntArray]:
    """Least and most people at each table, within one of each other; tables at which more are bound to sit
    than that are as large as they must be, and the others share the rest.
    """
    least, most = bound.copy(), bound.copy()
    free = np.ones(len(bound), dtype=bool)
    while free.any():
        rest = count - int(bound[~free].sum())
        low, more = divmod(rest, int(free.sum()))
        high = low + (more > 0)
        over = free & (bound > high)
        if not over.any():
            least[free], most[free] = low, high
            break
        free &= ~over
    return least, most


def _sit_down(sitting: Sitting, room: _Room) -> None:
    """Who comes takes the best seat there is: those with the fewest tables to choose from first."""
    waiting = np.flatnonzero(sitting.table == NOWHERE)
    if not len(waiting):
        return
    price = sitting.entering(waiting)
    choice = (price < price.min(1)[:, None] + sitting.prices.rule / 2).sum(1)
    for person in waiting[np.argsort(choice, kind="stable")].tolist():
        price = sitting.entering(np.array([person]))[0]
        limit = price.min() + sitting.prices.rule / 2
        for open_ in (sitting.sizes < room.least, sitting.sizes < room.most, np.ones(len(price), dtype=bool)):
            if open_.any() and price[open_].min() < limit:
                tables = np.flatnonzero(open_)
                changes = [(float(price[table]), ((person, int(table)),)) for table in tables]
                _apply(sitting, _cheapest(sitting, changes) or changes[0][1])
                break


def _even_out(sitting: Sitting, room: _Room) -> None:
    """Move the cheapest person from a table that is too large, or to one that is too small."""
    people = np.flatnonzero(~room.stays)
    while len(people):
        over, under = sitting.sizes > room.most, sitting.sizes < room.least
        if not over.any() and not under.any():
            return
        gives = over if over.any() else sitting.sizes > room.least
        takes = under if under.any() else sitting.sizes < room.most
        movers = people[gives[sitting.table[people]]]
        if not len(movers) or not takes.any():
            return
        price = sitting.moving(movers)
        price[:, ~takes] = np.inf
        order = np.argsort(price, axis=None, kind="stable")[:_LOOKED_AT]
        rows, tables = np.divmod(order, price.shape[1])
        changes = [
            (float(price[row, table]), ((int(movers[row]), int(table)),))
            for row, table in zip(rows, tables, strict=True)
            if np.isfinite(price[row, table])
        ]
        _apply(sitting, _cheapest(sitting, changes) or changes[0][1])


def _improve(task: Task, sitting: Sitting, room: _Room) -> None:
    """Exchanges and moves that make the seating cheaper, until there is none; where rules are broken, also
    those of the people at the tables concerned.
    """
    seen: set[tuple[int, ...]] = set()
    while True:
        groups = sitting.groups()
        state = tuple(sitting.table.tolist())
        if state in seen:
            return
        seen.add(state)
        broken = violations(task, [groups])
        at = positions(task.people)
        troubled = {at[person] for each in broken for person in each.people}
        troubled |= {person for each in broken for person in groups[each.table]}
        for _ in range(_EXCHANGES):
            rows = {*room.strangers(sitting).tolist(), *troubled} - set(np.flatnonzero(room.stays).tolist())
            change = _best(sitting, room, np.array(sorted(rows), dtype=np.int64)) if rows else None
            if change is None:
                break
            _apply(sitting, change)


def _best(sitting: Sitting, room: _Room, rows: IntArray) -> Change | None:
    """The exchange or move that gains most, or None."""
    swaps = sitting.exchanging(rows)
    swaps[:, room.stays] = np.inf
    moves = sitting.moving(rows)
    moves[sitting.sizes[sitting.table[rows]] <= room.least[sitting.table[rows]]] = np.inf
    moves[:, sitting.sizes >= room.most] = np.inf
    price = np.concatenate([swaps, moves], axis=1)
    spare = _spare(sitting, rows)
    hopeful = np.flatnonzero((price - spare).reshape(-1) < -_EPSILON)
    if not len(hopeful):
        return None
    flat = price.reshape(-1)
    order = hopeful[np.argsort((price - spare).reshape(-1)[hopeful], kind="stable")]
    if sitting.prices.follows is None:
        order = order[:1]
    people = len(sitting.table)
    changes: list[tuple[float, Change]] = []
    for each in order[:_LOOKED_AT].tolist():
        row, column = divmod(each, price.shape[1])
        one = int(rows[row])
        change: Change
        if column < people:
            change = ((one, int(sitting.table[column])), (column, int(sitting.table[one])))
        else:
            change = ((one, column - people),)
        changes.append((float(flat[each]), change))
    return _cheapest(sitting, changes, limit=-_EPSILON)


def _spare(sitting: Sitting, rows: IntArray) -> ExactArray:
    """(rows x (people + tables)) what languages could gain at most; zero where everyone follows."""
    shape = (len(rows), len(sitting.table) + sitting.tables)
    if sitting.prices.follows is None:
        return np.zeros(shape)
    here = np.array([sitting.unheard_at([group]) for group in sitting.groups()]) * sitting.prices.rule
    theirs = np.concatenate([here[sitting.table], here])
    return np.asarray(here[sitting.table[rows]][:, None] + theirs[None, :])


def _cheapest(
    sitting: Sitting, changes: Iterable[tuple[float, Change]], limit: float = np.inf
) -> Change | None:
    """The cheapest with languages counted in, if it costs less than ``limit``."""
    best: Change | None = None
    ordered = sorted(changes, key=lambda each: each[0])
    spare = sitting.unheard_at(sitting.groups()) * sitting.prices.rule
    for price, change in ordered:
        if price - spare >= limit:
            break
        exact = price + sitting.language_price(change)
        if exact < limit:
            limit, best = exact, change
    return best


def _apply(sitting: Sitting, change: Change) -> None:
    for person, table in change:
        sitting.seat(person, table)


def _helped(task: Task, sitting: Sitting, room: _Room, again: ExactArray, seed: int) -> Sitting:
    """Where a rule stays broken: the search looks from here, several times, with a price on leaving home."""
    if (sitting.sizes > task.places).any() or (sitting.sizes < task.places - 1).any():
        return sitting
    model, count = task.model, task.model.count
    size = len(model.static)
    unary = np.zeros((1, size, len(task.tables)), dtype=np.float32)
    if model.unary is not None:
        unary += model.unary
    known = np.flatnonzero(room.homes != NOWHERE)
    unary[0, known] += np.float32(model.unit)
    unary[0, known, room.homes[known]] -= np.float32(model.unit)
    frozen = np.zeros((1, size), dtype=bool)
    if model.frozen is not None:
        frozen |= model.frozen
    frozen[0, :count] |= room.stays
    static = model.static.copy()
    static[:count, :count] += (model.again * again).astype(np.float32)
    model = replace(model, static=static, unary=unary, frozen=frozen)
    chains = chains_for(task)
    start = np.repeat(_seats(task, sitting)[None, None], chains, 0)
    steps = steps_for(task, chains, _HELP)
    found = anneal(model, start, steps, np.random.default_rng(seed))
    tried = [sitting]
    for chain in found[:, 0]:
        table = np.empty(size, dtype=np.int64)
        table[chain] = np.arange(len(task.tables))[:, None]
        tried.append(Sitting(sitting.prices, table[:count].tolist(), len(task.tables)))
    tried.sort(key=Sitting.total)
    for each in tried[:_CHAINS]:
        _improve(task, each, room)
    return min(tried, key=Sitting.total)


def _seats(task: Task, sitting: Sitting) -> IntArray:
    """(tables x places), empty seats as the people after the last."""
    empty = iter(range(task.model.count, len(task.model.static)))
    rows = [[*group, *(next(empty) for _ in range(task.places - len(group)))] for group in sitting.groups()]
    return np.array(rows, dtype=np.int64)
