"""Are there enough tables for all who sit apart? Each table is a colour that no two of them share.

People who sit together count as one. Whoever has fewer others to be apart from than there are tables finds
a place whatever happens, and is left out first; what remains is coloured by looking through all ways, the
most constrained first, and giving up after so many steps. Nothing is said then.
"""

from __future__ import annotations

from collections.abc import Collection
from itertools import combinations

from convene.engines.grouping.building import Task
from convene.engines.grouping.people import positions

_STEPS = 5_000
Edges = dict[int, set[int]]


def uncolourable(task: Task) -> tuple[int, ...]:
    """Rules that need more tables than there are, none of which could be left out; empty if there are enough,
    or if it could not be told.
    """
    rules = [number for number, rule in enumerate(task.rules) if rule.kind == "apart"]
    core = _core(_graph(task, rules), len(task.tables))
    at = positions(task.people)
    home = _homes(task)
    rules = [
        number for number in rules if len({home[at[p]] for p in task.rules[number].people} & set(core)) > 1
    ]
    if not rules or _fits(_graph(task, rules), len(task.tables)) is not False:
        return ()
    for number in list(rules):
        fewer = [each for each in rules if each != number]
        if _fits(_graph(task, fewer), len(task.tables)) is False:
            rules = fewer
    units = {at_ for unit in task.model.units for at_ in unit}
    named = {at[person] for number in rules for person in task.rules[number].people} & units
    joins = {
        number
        for number, rule in enumerate(task.rules)
        if rule.kind == "together" and named & {at[person] for person in rule.people}
    }
    return tuple(sorted({*rules, *joins}))


def _homes(task: Task) -> list[int]:
    """For each person, the first of those they sit with."""
    home = list(range(len(task.people)))
    for unit in task.model.units:
        for person in unit:
            home[person] = min(unit)
    return home


def _graph(task: Task, rules: Collection[int]) -> Edges:
    at, home = positions(task.people), _homes(task)
    graph: Edges = {}
    for number in rules:
        for one, other in combinations(sorted({home[at[person]] for person in task.rules[number].people}), 2):
            graph.setdefault(one, set()).add(other)
            graph.setdefault(other, set()).add(one)
    return graph


def _core(graph: Edges, tables: int) -> Edges:
    """Without those who find a place whatever the others do."""
    left = {person: set(others) for person, others in graph.items()}
    queue = [person for person, others in left.items() if len(others) < tables]
    while queue:
        person = queue.pop()
        for other in left.pop(person, ()):
            left[other].discard(person)
            if len(left[other]) == tables - 1:
                queue.append(other)
    return left


def _fits(graph: Edges, tables: int) -> bool | None:
    """Whether there are tables enough; None if that could not be told in so many steps."""
    core = _core(graph, tables)
    seat: dict[int, int] = {}
    steps = 0

    def place() -> bool | None:
        nonlocal steps
        steps += 1
        if steps > _STEPS:
            return None
        taken = {p: {seat[other] for other in core[p] if other in seat} for p in core if p not in seat}
        if not taken:
            return True
        person = max(taken, key=lambda each: (len(taken[each]), len(core[each]), -each))
        used = max(seat.values(), default=-1) + 1
        for table in range(min(used + 1, tables)):  # one empty table is as good as another
            if table not in taken[person]:
                seat[person] = table
                found = place()
                if found is not False:
                    return found
                del seat[person]
        return False

    return place()
