"""From people, rules and history to the numbers that the search works on."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from convene.engines.grouping.distances import Difference, difference
from convene.engines.grouping.people import (
    BoolArray,
    ExactArray,
    FloatArray,
    Met,
    Mix,
    Person,
    Rule,
    Table,
    positions,
)
from convene.engines.grouping.search import HARD, CountRule, Model

NEVER_HERE = np.float32(1e6)


@dataclass(frozen=True, slots=True)
class Task:
    """Everything about a grouping that does not change while it is sought."""

    people: tuple[Person, ...]
    tables: tuple[Table, ...]
    rounds: int
    rules: tuple[Rule, ...]
    mixed: Difference
    met: FloatArray
    model: Model

    @property
    def places(self) -> int:
        """Seats at the largest table."""
        return len(self.model.static) // len(self.tables)


def build(
    people: Sequence[Person],
    tables: Sequence[Table],
    rounds: int,
    *,
    mix: Mix,
    rules: Sequence[Rule],
    met: Sequence[Met],
    meet: float,
) -> Task:
    """``meet`` from 0 (only mixing counts) to 1 (meeting someone new counts most)."""
    count, mixed = len(people), difference(people, mix)
    seats = -(-count // len(tables)) * len(tables)
    unit = _spread(mixed.matrix)
    languages = _languages(people, seats) if any(rule.kind == "language" for rule in rules) else None
    units = tuple(tuple(sorted(unit_)) for unit_ in units_of(people, rules))
    model = Model(
        count=count,
        static=np.zeros((seats, seats), dtype=np.float32),
        again=float(5 * meet * unit),
        unit=unit,
        hard=HARD * unit,
        frozen=_frozen(people, rounds, rules, seats, units),
        languages=languages,
        units=units,
    )
    task = Task(tuple(people), tuple(tables), rounds, tuple(rules), mixed, _before(people, met), model)
    return harder(task, 1)


def harder(task: Task, times: float) -> Task:
    """The same with broken rules priced ``times`` as high."""
    model, hard = task.model, task.model.hard * times
    seats = len(model.static)
    return replace(
        task,
        model=replace(
            model,
            static=_static(task, hard),
            hard=hard,
            counts=_count_rules(task.people, task.rules, seats, task.places, hard),
            unary=_unary(task, seats, hard),
        ),
    )


def _static(task: Task, hard: float) -> FloatArray:
    """Prices of two sharing a table: they met before, are alike, sit apart, share no language."""
    model, at = task.model, positions(task.people)
    static = np.zeros_like(model.static)
    inner = static[: model.count, : model.count]
    inner += model.again * task.met - task.mixed.matrix
    for rule in task.rules:
        if rule.kind == "apart":
            who = [at[person] for person in rule.people]
            block = np.full((len(who), len(who)), 4 * hard, dtype=np.float32)
            np.fill_diagonal(block, 0)
            inner[np.ix_(who, who)] += block
    if model.languages is not None:
        inner += _strangers(model.languages[: model.count]) * np.float32(2 * model.unit)
    return static


def _spread(matrix: ExactArray) -> float:
    """How much differences differ; 1 where nothing does, so that meeting has a price of its own."""
    above = matrix[np.triu_indices(len(matrix), 1)]
    return float(above.std()) if above.size and above.any() and above.std() > 0 else 1.0


def _before(people: Sequence[Person], met: Sequence[Met]) -> FloatArray:
    at, before = positions(people), np.zeros((len(people), len(people)), dtype=np.float32)
    for each in met:
        one, other = at[each.one], at[each.other]
        if one != other:
            before[one, other] += each.times
            before[other, one] += each.times
    return before


def units_of(people: Sequence[Person], rules: Sequence[Rule]) -> list[set[int]]:
    """People who sit together, by all rules that say so."""
    at = positions(people)
    units: list[set[int]] = []
    for rule in rules:
        if rule.kind == "together" and len(rule.people) > 1:
            joined = {at[person] for person in rule.people}
            apart = []
            for unit in units:
                if unit & joined:
                    joined |= unit
                else:
                    apart.append(unit)
            units = [*apart, joined]
    return units


def members_of(rule: Rule, people: Sequence[Person]) -> list[int]:
    """Whom a rule about flags or traits counts."""
    if rule.kind == "not_alone" and rule.value:
        return [at for at, each in enumerate(people) if str(each.traits.get(rule.trait, "")) == rule.value]
    return [at for at, each in enumerate(people) if rule.flag in each.flags]


def values_of(rule: Rule, people: Sequence[Person]) -> list[Rule]:
    """A rule about a trait without a value stands for one rule for each value that two people or more share:
    of whoever is the only one in the room it says nothing.
    """
    if rule.kind != "not_alone" or rule.value:
        return [rule]
    said = Counter(str(each.traits[rule.trait]) for each in people if each.traits.get(rule.trait))
    return [Rule("not_alone", trait=rule.trait, value=value) for value in sorted(said) if said[value] > 1]


def _count_rules(
    people: Sequence[Person], rules: Sequence[Rule], seats: int, places: int, hard: float
) -> tuple[CountRule, ...]:
    found = []
    numbers = np.arange(places + 1)
    for given in rules:
        for rule in values_of(given, people):
            if rule.kind == "at_least":
                missing = np.maximum(rule.number - numbers, 0)
            elif rule.kind == "at_most":
                missing = np.maximum(numbers - rule.number, 0)
            elif rule.kind == "not_alone":
                missing = (numbers == 1).astype(np.int64)
            else:
                continue
            members = np.zeros(seats, dtype=bool)
            members[members_of(rule, people)] = True
            found.append(CountRule(members, (missing * hard).astype(np.float32)))
    return tuple(found)


def _unary(task: Task, seats: int, hard: float) -> FloatArray | None:
    """Prices of places: for those who need something the table does not offer, and for the pinned."""
    if not any(rule.kind in {"needs", "pinned"} for rule in task.rules):
        return None
    at = positions(task.people)
    prices = np.zeros((task.rounds, seats, len(task.tables)), dtype=np.float32)
    for rule in task.rules:
        if rule.kind == "needs":
            without = [place for place, table in enumerate(task.tables) if rule.flag not in table.offers]
            for person in members_of(rule, task.people):
                prices[:, person, without] += np.float32(hard)
        for round_ in range(task.rounds):
            if rule.pins_in(round_):
                for name in rule.people:
                    prices[round_, at[name], :] = NEVER_HERE
                    prices[round_, at[name], rule.table] = 0
    return prices


def pinned(people: Sequence[Person], rules: Sequence[Rule], round_: int) -> dict[int, int]:
    """Person -> table, for those whose place in this round is given, their units with them."""
    at = positions(people)
    found = {
        at[person]: rule.table
        for rule in rules
        if rule.pins_in(round_) and rule.table is not None
        for person in rule.people
    }
    for unit in units_of(people, rules):
        place = next((found[person] for person in sorted(unit) if person in found), None)
        if place is not None:
            found |= dict.fromkeys(sorted(unit), place)
    return found


def _frozen(
    people: Sequence[Person],
    rounds: int,
    rules: Sequence[Rule],
    seats: int,
    units: Sequence[Sequence[int]],
) -> BoolArray | None:
    """Who may not be exchanged alone: the pinned, and people who sit together."""
    frozen = np.zeros((rounds, seats), dtype=bool)
    for unit in units:
        frozen[:, list(unit)] = True
    for round_ in range(rounds):
        frozen[round_, list(pinned(people, rules, round_))] = True
    return frozen if frozen.any() else None


def _languages(people: Sequence[Person], seats: int) -> BoolArray:
    """(N x L); who names no language follows all, an empty seat none: it translates for nobody."""
    names = sorted({name for person in people for name in person.languages})
    follows = np.ones((seats, max(len(names), 1)), dtype=bool)
    follows[len(people) :] = False
    for at, person in enumerate(people):
        if person.languages:
            follows[at] = [name in person.languages for name in names]
    return follows


def _strangers(follows: BoolArray) -> FloatArray:
    """(n x n) 1 where two share no language: a nudge towards tables that need no translation."""
    shared = follows.astype(np.int64) @ follows.T.astype(np.int64)
    return np.asarray(shared == 0, dtype=np.float32)
