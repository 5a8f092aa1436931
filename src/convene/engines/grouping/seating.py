"""Seats to begin with: the pinned where they belong, units together, everyone else at random, tables even."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from convene.engines.grouping.building import Task, pinned
from convene.engines.grouping.people import FloatArray, IntArray
from convene.engines.grouping.search import Chains


def start(task: Task, chains: int, rng: np.random.Generator) -> Chains:
    """(chains x rounds x tables x seats). A place that rules leave no room for is given all the same: the
    search then prices what is broken.
    """
    shape = (chains, task.rounds, len(task.tables), task.places)
    seats = np.empty(shape, dtype=np.int64)
    for round_ in range(task.rounds):
        given = pinned(task.people, task.rules, round_)
        for chain in range(chains):
            seats[chain, round_] = _round(task, round_, given, rng)
    return seats


def _round(task: Task, round_: int, given: dict[int, int], rng: np.random.Generator) -> IntArray:
    tables, places, count = len(task.tables), task.places, task.model.count
    rows: list[list[int]] = [[] for _ in range(tables)]
    for person, table in given.items():
        rows[table].append(person)
    room = _room(rows, tables, places, count, rng)
    blocks: list[Sequence[int]] = [unit for unit in task.model.units if unit[0] not in given]
    blocks.sort(key=len, reverse=True)
    placed = set(given) | {person for unit in blocks for person in unit}
    for block in blocks:
        fits = [table for table in range(tables) if room[table] - len(rows[table]) >= len(block)]
        table = _cheapest(task, round_, block, fits or list(range(tables)), rng)
        rows[table].extend(block)
    if task.model.unary is not None:
        _where_it_matters(task.model.unary[round_][:count], rows, room, placed, rng)
    rest = [person for person in rng.permutation(count).tolist() if person not in placed]
    for table, row in enumerate(rows):
        while len(row) < room[table] and rest:
            row.append(rest.pop())
    for row in sorted(rows, key=len):  # only if a unit had to overflow somewhere
        while len(row) < places and rest:
            row.append(rest.pop())
    empty = iter(range(count, tables * places))
    return np.array([[*row, *(next(empty) for _ in range(places - len(row)))] for row in rows])


def _where_it_matters(
    prices: FloatArray, rows: list[list[int]], room: Sequence[int], placed: set[int], rng: np.random.Generator
) -> None:
    """People to whom tables are not all the same take a seat at one that suits them, while there are any."""
    for person in rng.permutation(len(prices)).tolist():
        best = np.flatnonzero(prices[person] == prices[person].min())
        if person in placed or len(best) == len(rows):
            continue
        table = next((at for at in rng.permutation(best).tolist() if len(rows[at]) < room[at]), None)
        if table is not None:
            rows[table].append(person)
            placed.add(person)


def _cheapest(
    task: Task, round_: int, block: Sequence[int], tables: Sequence[int], rng: np.random.Generator
) -> int:
    prices = np.zeros(len(tables))
    if task.model.unary is not None:
        prices = task.model.unary[round_][np.ix_(list(block), list(tables))].sum(0)
    return int(tables[int(rng.choice(np.flatnonzero(prices == prices.min())))])


def _room(
    rows: Sequence[Sequence[int]], tables: int, places: int, count: int, rng: np.random.Generator
) -> list[int]:
    """Which tables are the larger ones: those that are full of pinned people, then any."""
    large = count - tables * (places - 1)
    full = [table for table in range(tables) if len(rows[table]) >= places]
    others = [table for table in rng.permutation(tables).tolist() if table not in full]
    big = set([*full, *others][: max(large, len(full))])
    return [places if table in big else places - 1 for table in range(tables)]
