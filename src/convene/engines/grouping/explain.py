"""Why this table: to a person in terms of their own facts alone, to who facilitates rule by rule.

`explain_person` says nothing of what others answered: not a value, not a number of them, not the name of a
trait the person did not answer, no rule that names somebody else, no need. What is left is true and theirs:
how many beside them are new to them, which of their own answers counted, whether the place was given by hand.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from convene.engines.grouping.building import Task, build, members_of
from convene.engines.grouping.checks import check
from convene.engines.grouping.errors import Code, InputError, Problem
from convene.engines.grouping.people import ExactArray, Met, Mix, Person, Rule, Table
from convene.engines.grouping.plan import Groups, Violation, broken, violations
from convene.engines.grouping.replanning import as_groups, known_mix, met_among, rules_for

_LOOKED_AT = 300  # exchanges asked whether they break a rule, the cheapest first
Rounds = Sequence[Sequence[Sequence[str]]]


@dataclass(frozen=True, slots=True)
class PersonReasons:
    """``beside``: how many share the table; ``new`` of them sat with the person neither in an earlier round
    nor before. ``traits``: names of what groups are mixed by and the person answered. ``by_hand``: the place
    was given. ``language``: the person named languages, and tables were made so that everyone can follow.
    """

    round: int
    table: int
    beside: int
    new: int
    traits: tuple[str, ...]
    viewpoint: bool
    language: bool
    by_hand: bool


@dataclass(frozen=True, slots=True)
class RuleReason:
    """A rule (its place in the list given, from 0) that says something about this table; ``people`` are those
    it is about here, or for whom it is broken.
    """

    rule: int
    holds: bool
    people: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Swap:
    """The exchange that would cost least: ``person`` of this table against ``other`` at ``other_table``.

    ``mixing``: what is lost of it (below zero: won). ``again``: how many meetings more that are not the
    first. ``loss``: both in the units the search works in; below zero, the swap would be better.
    """

    person: str
    other: str
    other_table: int
    mixing: float
    again: float
    loss: float


@dataclass(frozen=True, slots=True)
class TableReasons:
    """``pairs`` share the table, ``new`` of them for the first time. ``mixing`` is the mean difference of two
    at this table, ``room`` that of any two in the room. ``swap`` is None where every exchange breaks a rule.
    """

    round: int
    table: int
    pairs: int
    new: int
    mixing: float
    room: float
    rules: tuple[RuleReason, ...]
    swap: Swap | None


def explain_person(
    people: Sequence[Person],
    rounds: Rounds,
    person: str,
    *,
    round: int,  # noqa: A002 - the word that plans, rules and violations use as well
    mix: Mix | None = None,
    rules: Sequence[Rule] = (),
    met: Sequence[Met] = (),
) -> PersonReasons:
    """Raises `InputError` where the person has no seat in the round."""
    known = _known(people, rounds, round)
    table = next((at for at, group in enumerate(known[round]) if person in group), None)
    if table is None:
        raise InputError([Problem(Code.UNKNOWN_PERSON, {"id": person})])
    beside = [each for each in known[round][table] if each != person]
    mix = mix or Mix()
    own = next(each for each in people if each.id == person)
    return PersonReasons(
        round=round,
        table=table,
        beside=len(beside),
        new=len(set(beside) - _sat_with(person, known[:round], met)),
        traits=tuple(name for name in mix.traits if own.traits.get(name) not in (None, "")),
        viewpoint=mix.viewpoint > 0 and own.viewpoint is not None,
        language=bool(own.languages) and any(rule.kind == "language" for rule in rules),
        by_hand=any(rule.pins_in(round) and person in rule.people for rule in rules),
    )


def explain_table(
    people: Sequence[Person],
    rounds: Rounds,
    *,
    round: int,  # noqa: A002 - as above
    table: int,
    tables: Sequence[Table] | None = None,
    mix: Mix | None = None,
    rules: Sequence[Rule] = (),
    met: Sequence[Met] = (),
    meet: float = 0.5,
) -> TableReasons:
    """For who facilitates. Names people: what may be shown of them is the caller's to decide."""
    known = _known(people, rounds, round)
    if not 0 <= table < len(known[round]):
        raise InputError([Problem(Code.UNKNOWN_TABLE, {"table": table, "last": len(known[round]) - 1})])
    if not any(known[round]):
        return TableReasons(round, table, 0, 0, 0.0, 0.0, (), None)
    task, given = _task(people, known, round, tables, mix, rules, met, meet)
    at = {each.id: place for place, each in enumerate(task.people)}
    groups = [[at[each] for each in group] for group in known[round]]
    before = _meetings(task, known, round)
    here, matrix = np.ix_(groups[table], groups[table]), task.mixed.matrix
    size, count = len(groups[table]), len(task.people)
    pairs = size * (size - 1) // 2
    return TableReasons(
        round=round,
        table=table,
        pairs=pairs,
        new=pairs - int((before[here] > 0).sum()) // 2,
        mixing=float(matrix[here].sum()) / 2 / pairs if pairs else 0.0,
        room=float(matrix.sum()) / (count * (count - 1)) if count > 1 else 0.0,
        rules=tuple(_reasons(task, given, groups, table)),
        swap=_best_swap(task, groups, table, before, meet),
    )


def broken_rules(
    people: Sequence[Person],
    rounds: Rounds,
    *,
    tables: Sequence[Table] | None = None,
    rules: Sequence[Rule] = (),
) -> tuple[Violation, ...]:
    """What rules groups break that somebody made by hand, or changed; as in `Plan`."""
    found = list[Violation]()
    for round_ in range(len(rounds)):
        known = _known(people, rounds, round_)
        if any(known[round_]):
            task, given = _task(people, known, round_, tables, None, rules, (), 0.5)
            at = {each.id: place for place, each in enumerate(task.people)}
            groups = [[at[each] for each in group] for group in known[round_]]
            found += [
                Violation(given[each.rule], round_, each.table, each.people)
                for each in violations(task, [groups])
            ]
    return tuple(sorted(found, key=lambda each: (each.rule, each.round, each.table, each.people)))


def _known(people: Sequence[Person], rounds: Rounds, round_: int) -> tuple[Groups, ...]:
    if not 0 <= round_ < len(rounds):
        raise InputError([Problem(Code.UNKNOWN_ROUND, {"round": round_, "last": len(rounds) - 1})])
    ids = {each.id for each in people}
    seated = {each for group in rounds[round_] for each in group}
    if seated - ids:
        raise InputError(Problem(Code.UNKNOWN_PERSON, {"id": each}) for each in sorted(seated - ids))
    return as_groups(rounds)


def _task(
    people: Sequence[Person],
    rounds: Sequence[Groups],
    round_: int,
    tables: Sequence[Table] | None,
    mix: Mix | None,
    rules: Sequence[Rule],
    met: Sequence[Met],
    meet: float,
) -> tuple[Task, list[int]]:
    """Of this round alone, with the place of each of its rules in the list given."""
    here = {each for group in rounds[round_] for each in group}
    present = [each for each in people if each.id in here]
    places = list(tables or [Table(str(at + 1)) for at in range(len(rounds[round_]))])
    kept = rules_for(rules, here, first=round_, rounds=1)
    named = [rule for _, rule in kept]
    mix, before = known_mix(mix, present), met_among(met, here)
    check(present, len(places), 1, mix=mix, rules=named, met=before)
    return build(present, places, 1, mix=mix, rules=named, met=before, meet=meet), [at for at, _ in kept]


def _sat_with(person: str, rounds: Sequence[Groups], met: Sequence[Met]) -> set[str]:
    before = {each for round_ in rounds for group in round_ if person in group for each in group}
    return before | {
        each.other if each.one == person else each.one
        for each in met
        if person in (each.one, each.other) and each.times > 0
    }


def _meetings(task: Task, rounds: Sequence[Groups], round_: int) -> ExactArray:
    """(n x n) how often two sat together: in the plan's other rounds, and before it."""
    at = {each.id: place for place, each in enumerate(task.people)}
    found = np.array(task.met, dtype=np.float64)
    for number, groups in enumerate(rounds):
        for group in groups if number != round_ else ():
            who = [at[each] for each in group if each in at]
            found[np.ix_(who, who)] += 1
    np.fill_diagonal(found, 0)
    return found


def _reasons(
    task: Task, given: Sequence[int], groups: Sequence[Sequence[int]], table: int
) -> Iterator[RuleReason]:
    for number, rule in enumerate(task.rules):
        wrong = [who for where, who in broken(task, rule, 0, groups) if where == table]
        if wrong:
            who = sorted({each for people in wrong for each in people})
            yield RuleReason(given[number], False, tuple(task.people[each].id for each in who))
            continue
        about = _about(task, rule, groups[table])
        if about is not None:
            yield RuleReason(given[number], True, tuple(task.people[each].id for each in about))


def _about(task: Task, rule: Rule, group: Sequence[int]) -> list[int] | None:
    """The people of this table a kept rule is about; None where it says nothing of this table."""
    here = [at for at in group if task.people[at].id in rule.people]
    match rule.kind:
        case "apart" | "together" | "pinned":
            return here or None
        case "language" | "not_alone":
            return []
        case "needs":
            return [at for at in members_of(rule, task.people) if at in group] or None
    return [at for at in members_of(rule, task.people) if at in group]


def _best_swap(
    task: Task, groups: Sequence[Sequence[int]], table: int, before: ExactArray, meet: float
) -> Swap | None:
    """Of all exchanges with another table that break no rule more, the cheapest."""
    price = task.model.again if meet > 0 else 0.0
    worth = task.mixed.matrix - price * before
    unbroken = _broken_in(task, groups)
    frozen = task.model.frozen
    offers = []
    for other_table, group in enumerate(groups):
        for other in group if other_table != table else ():
            for person in groups[table]:
                if frozen is None or not (frozen[0, person] or frozen[0, other]):
                    loss = _change(worth, groups[table], group, person, other)
                    offers.append((loss, person, other, other_table))
    for loss, person, other, other_table in sorted(offers)[:_LOOKED_AT]:
        tried = [list(group) for group in groups]
        tried[table][tried[table].index(person)] = other
        tried[other_table][tried[other_table].index(other)] = person
        if _broken_in(task, tried) <= unbroken:
            mixing = _change(task.mixed.matrix, groups[table], groups[other_table], person, other)
            again = -_change(before, groups[table], groups[other_table], person, other)
            ids = task.people[person].id, task.people[other].id
            return Swap(*ids, other_table, round(mixing, 9), round(again, 9), round(loss, 9))
    return None


def _broken_in(task: Task, groups: Sequence[Sequence[int]]) -> int:
    return sum(len(each.people) for each in violations(task, [groups]))


def _change(worth: ExactArray, mine: Sequence[int], theirs: Sequence[int], person: int, other: int) -> float:
    """How much of ``worth`` is lost by exchanging the two."""
    stay = [each for each in mine if each != person]
    beyond = [each for each in theirs if each != other]
    now = worth[person, stay].sum() + worth[other, beyond].sum()
    return float(now - worth[other, stay].sum() - worth[person, beyond].sum())
