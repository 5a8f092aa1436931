"""What a grouping gives back: groups for all rounds, how good they are, and what rules they break."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from convene.engines.grouping.bounds import met_bound, mixing_bound, repeats_bound
from convene.engines.grouping.building import Task, members_of, values_of
from convene.engines.grouping.joint import joint_bound
from convene.engines.grouping.people import IntArray, Rule, positions
from convene.engines.grouping.search import unheard

Groups = tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Violation:
    """A rule (its place in the list given, from 0) broken at a table of a round; the people it is about."""

    rule: int
    round: int
    table: int
    people: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """``rounds`` of groups of ids, in the order of the tables.

    ``repeats``: over pairs, m(m-1)/2 with m the rounds in which they share a table (the number of repeated
    meetings, where nobody meets thrice); no plan has fewer than ``repeats_bound``. ``mixing``: the sum of
    differences within tables over all rounds; none has more than ``mixing_bound``, none with as few repeats
    more than ``mixing_bound_here``. ``met``: different pairs that share a table, at most ``met_bound``.
    ``again``: meetings that already took place before the plan.
    """

    rounds: tuple[Groups, ...]
    repeats: int
    repeats_bound: int
    mixing: float
    mixing_bound: float
    mixing_bound_here: float
    met: int
    met_bound: int
    again: float
    violations: tuple[Violation, ...]
    seed: int

    @property
    def mixing_share(self) -> float:
        """Of the best possible, between 0 and 1; 1 where there is nothing to mix."""
        return self.mixing / self.mixing_bound if self.mixing_bound > 0 else 1.0

    @property
    def met_share(self) -> float:
        return self.met / self.met_bound if self.met_bound else 1.0

    def as_json(self) -> dict[str, Any]:
        """Plain values, for a file."""
        return {
            "format": "convene-groups/1",
            "rounds": [[list(group) for group in round_] for round_ in self.rounds],
            "repeats": self.repeats,
            "repeats_bound": self.repeats_bound,
            "mixing": round(self.mixing, 6),
            "mixing_bound": round(self.mixing_bound, 6),
            "mixing_bound_here": round(self.mixing_bound_here, 6),
            "met": self.met,
            "met_bound": self.met_bound,
            "again": round(self.again, 6),
            "violations": len(self.violations),
            "broken": [
                {"rule": each.rule, "round": each.round, "table": each.table, "people": list(each.people)}
                for each in self.violations
            ],
            "seed": self.seed,
        }


def plan_of(task: Task, seats: IntArray, seed: int) -> Plan:
    """From seats (rounds x tables x places) of one chain."""
    count = task.model.count
    groups = groups_of(task, seats)
    meetings, mixing = met_and_mixed(task, seats)
    sizes_of = [sorted(map(len, round_)) for round_ in groups]
    bounds = {tuple(each): mixing_bound(task.mixed, each) for each in sizes_of}
    bound = sum(bounds[tuple(each)] for each in sizes_of)
    above = meetings[np.triu_indices(count, 1)]
    before = task.met[np.triu_indices(count, 1)]
    repeats = int((above * (above - 1) // 2).sum())
    met = int((above > 0).sum())
    ids = [person.id for person in task.people]
    return Plan(
        rounds=tuple(tuple(tuple(ids[at] for at in group) for group in round_) for round_ in groups),
        repeats=repeats,
        repeats_bound=min(repeats_bound(count, sizes_of), repeats),
        mixing=mixing,
        mixing_bound=max(bound, mixing),
        mixing_bound_here=max(joint_bound(task.mixed, sizes_of, repeats, mixing, bound), mixing),
        met=met,
        met_bound=max(met_bound(count, sizes_of), met),
        again=float((above * before).sum()),
        violations=tuple(violations(task, groups)),
        seed=seed,
    )


def groups_of(task: Task, seats: IntArray) -> list[list[list[int]]]:
    """Without the empty seats."""
    return [
        [sorted(p for p in table if p < task.model.count) for table in round_] for round_ in seats.tolist()
    ]


def met_and_mixed(task: Task, seats: IntArray) -> tuple[IntArray, float]:
    """(n x n) how often two share a table; the sum of differences within tables."""
    count, size = task.model.count, len(task.model.static)
    rows = seats.reshape(-1, seats.shape[-1])
    one, other = np.triu_indices(rows.shape[1], 1)
    pairs = (rows[:, one] * size + rows[:, other]).reshape(-1)
    meetings = np.bincount(pairs, minlength=size * size).reshape(size, size)
    meetings = (meetings + meetings.T)[:count, :count]
    np.fill_diagonal(meetings, 0)
    return meetings, float((meetings * task.mixed.matrix).sum()) / 2


def violations(task: Task, groups: Sequence[Sequence[Sequence[int]]]) -> list[Violation]:
    found = []
    for number, rule in enumerate(task.rules):
        for round_, tables in enumerate(groups):
            for table, people in broken(task, rule, round_, tables):
                names = tuple(task.people[at].id for at in people)
                found.append(Violation(number, round_, table, names))
    return found


def broken(
    task: Task, rule: Rule, round_: int, tables: Sequence[Sequence[int]]
) -> list[tuple[int, list[int]]]:
    """Tables at which the rule does not hold, and the people it is about there."""
    at = positions(task.people)
    sits = {person: table for table, group in enumerate(tables) for person in group}
    named = [at[person] for person in rule.people if at[person] in sits]
    match rule.kind:
        case "apart":
            shared = {table: [p for p in named if sits[p] == table] for table in {sits[p] for p in named}}
            return [(table, people) for table, people in sorted(shared.items()) if len(people) > 1]
        case "together":
            where = sorted({sits[person] for person in named})
            return [(where[0], named)] if len(where) > 1 else []
        case "pinned":
            wrong = [p for p in named if rule.pins_in(round_) and sits[p] != rule.table]
            return [(sits[person], [person]) for person in wrong]
        case "needs":
            return [
                (sits[person], [person])
                for person in members_of(rule, task.people)
                if person in sits and rule.flag not in task.tables[sits[person]].offers
            ]
        case "language":
            return _unheard(task, tables)
    return [
        (table, [p for p in group if p in members])
        for each in values_of(rule, task.people)
        for members in [set(members_of(each, task.people))]
        for table, group in enumerate(tables)
        if group and not _number_holds(each, sum(person in members for person in group))
    ]


def _number_holds(rule: Rule, number: int) -> bool:
    match rule.kind:
        case "at_least":
            return number >= rule.number
        case "at_most":
            return number <= rule.number
    return number != 1


def _unheard(task: Task, tables: Sequence[Sequence[int]]) -> list[tuple[int, list[int]]]:
    follows = task.model.languages
    if follows is None:
        return []
    return [
        (table, list(group))
        for table, group in enumerate(tables)
        if len(group) and unheard(follows[list(group)][None])[0]
    ]
