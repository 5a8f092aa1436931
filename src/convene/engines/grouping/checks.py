"""Refuses faulty input, every fault at once."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import get_args

from convene.engines.grouping.errors import Code, InputError, Problem
from convene.engines.grouping.people import Met, Mix, Person, Rule, RuleKind

_NEEDS: dict[str, tuple[str, ...]] = {
    "apart": ("people",),
    "together": ("people",),
    "at_least": ("flag",),
    "at_most": ("flag",),
    "not_alone": ("trait",),
    "language": (),
    "needs": ("flag",),
    "pinned": ("people", "table"),
}


def check(
    people: Sequence[Person], groups: int, rounds: int, *, mix: Mix, rules: Sequence[Rule], met: Sequence[Met]
) -> None:
    """Raises `InputError`."""
    problems = [
        *_counts(people, groups, rounds),
        *_people(people, mix),
        *_rules(people, groups, rounds, rules),
        *_met(people, met),
    ]
    if problems:
        raise InputError(problems)


def _counts(people: Sequence[Person], groups: int, rounds: int) -> Iterator[Problem]:
    if not people:
        yield Problem(Code.NO_PEOPLE)
    if groups < 1:
        yield Problem(Code.NO_GROUPS, {"groups": groups})
    if rounds < 1:
        yield Problem(Code.NO_ROUNDS, {"rounds": rounds})


def _people(people: Sequence[Person], mix: Mix) -> Iterator[Problem]:
    seen = Counter(person.id for person in people)
    known = {name for person in people for name in person.traits}
    for name in mix.traits:
        if people and name not in known:
            yield Problem(Code.UNKNOWN_TRAIT, {"trait": name})
    length = next((len(person.viewpoint) for person in people if person.viewpoint is not None), 0)
    for index, person in enumerate(people):
        if not person.id:
            yield Problem(Code.EMPTY_ID, index=index)
        elif seen[person.id] > 1:
            yield Problem(Code.DUPLICATE_ID, {"id": person.id}, index)
        for name in mix.ordinal:
            value = person.traits.get(name)
            if value not in (None, "") and not _is_number(value):
                yield Problem(Code.NOT_A_NUMBER, {"id": person.id, "trait": name, "value": str(value)}, index)
        vector = person.viewpoint
        if vector is not None and (len(vector) != length or not all(map(math.isfinite, vector))):
            yield Problem(
                Code.BAD_VECTOR, {"id": person.id, "length": len(vector), "expected": length}, index
            )


def _is_number(value: object) -> bool:
    try:
        return math.isfinite(float(str(value)))
    except ValueError:
        return False


def _rules(people: Sequence[Person], groups: int, rounds: int, rules: Sequence[Rule]) -> Iterator[Problem]:
    known = {person.id for person in people}
    for index, rule in enumerate(rules):
        if rule.kind not in get_args(RuleKind):
            yield Problem(Code.UNKNOWN_RULE, {"kind": rule.kind}, index)
            continue
        for name in _NEEDS[rule.kind]:
            if getattr(rule, name) in (None, "", ()):
                yield Problem(Code.RULE_NEEDS, {"kind": rule.kind, "what": name}, index)
        for person in rule.people:
            if person not in known:
                yield Problem(Code.UNKNOWN_PERSON, {"id": person}, index)
        if rule.number < 0:
            yield Problem(Code.BAD_NUMBER, {"kind": rule.kind, "number": rule.number}, index)
        if rule.table is not None and not 0 <= rule.table < groups:
            yield Problem(Code.UNKNOWN_TABLE, {"table": rule.table, "last": groups - 1}, index)
        yield from _rounds_of(rule, rounds, index)


def _rounds_of(rule: Rule, rounds: int, index: int) -> Iterator[Problem]:
    for round_ in rule.rounds or ():
        if not 0 <= round_ < rounds:
            yield Problem(Code.UNKNOWN_ROUND, {"round": round_, "last": rounds - 1}, index)


def _met(people: Sequence[Person], met: Sequence[Met]) -> Iterator[Problem]:
    known = {person.id for person in people}
    for index, each in enumerate(met):
        for person in (each.one, each.other):
            if person not in known:
                yield Problem(Code.UNKNOWN_PERSON, {"id": person}, index)
        if not (math.isfinite(each.times) and each.times >= 0):
            yield Problem(Code.BAD_TIMES, {"one": each.one, "other": each.other, "times": each.times}, index)
