"""Live repair: some leave, some arrive, and almost everybody stays where they sit.

Empty seats are filled by those who arrive. Only where tables would differ by more than one person, or a rule
would be broken, does somebody move, and then as few as can be found. All of it is decided without chance;
only where a rule stays broken is the search (`search`) asked for help, from a seed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np

from convene.engines.grouping.bounds import mixing_bound
from convene.engines.grouping.building import Task, build
from convene.engines.grouping.checks import check
from convene.engines.grouping.errors import Code, InputError, Problem
from convene.engines.grouping.people import ExactArray, Met, Mix, Person, Rule, Table, positions
from convene.engines.grouping.plan import Groups, Violation, violations
from convene.engines.grouping.pricing import NOWHERE
from convene.engines.grouping.replanning import as_groups, known_mix, met_among, replan, rules_for
from convene.engines.grouping.settling import settle


class Moved(NamedTuple):
    """Someone who sat at one table and is asked to another, both counted from 0."""

    person: str
    from_table: int
    to_table: int


class Arrived(NamedTuple):
    """Someone who had no seat in this round, and where they sit now."""

    person: str
    table: int


@dataclass(frozen=True, slots=True)
class Repaired:
    """``rounds`` of the whole plan: those before ``round`` as they were, ``round`` repaired, later ones
    planned anew. ``moved`` are all who must be told, besides those who ``arrived``.

    ``violations`` (rule, round, table, people) are of this round and the later ones: rules no seating was
    found to keep. ``met_again`` is how many pairs at this round's tables share one for a second time.
    """

    rounds: tuple[Groups, ...]
    round: int
    moved: tuple[Moved, ...]
    arrived: tuple[Arrived, ...]
    mixing: float
    mixing_bound: float
    met_again: int
    violations: tuple[Violation, ...]

    @property
    def mixing_share(self) -> float:
        """Of the best possible for those present, between 0 and 1; 1 where there is nothing to mix."""
        return self.mixing / self.mixing_bound if self.mixing_bound > 0 else 1.0

    @property
    def even(self) -> bool:
        """Tables differ by one person at most; only frozen or pinned people can prevent it."""
        sizes = [len(group) for group in self.rounds[self.round]]
        return max(sizes) - min(sizes) <= 1


def repair(
    people: Sequence[Person],
    rounds: Sequence[Sequence[Sequence[str]]],
    *,
    round: int,  # noqa: A002 - the word that plans, rules and violations use as well
    absent: Collection[str] = (),
    arrived: Collection[str] = (),
    frozen: Collection[str] = (),
    tables: Sequence[Table] | None = None,
    mix: Mix | None = None,
    rules: Sequence[Rule] = (),
    met: Sequence[Met] = (),
    meet: float = 0.5,
    later_seconds: float | None = 0.3,
    seed: int = 0,
) -> Repaired:
    """Repair ``rounds[round]`` of a plan after ``absent`` left and ``arrived`` came.

    ``people`` holds everyone who will sit there, and may hold others. ``frozen`` people do not change tables
    whatever it costs; nor do people whom a rule pins to their table. ``tables`` in the plan's order, if rules
    ask what they offer. ``later_seconds`` is what `replan` may take for the rounds that follow; None leaves
    them as they are, for a task that calls `replan` afterwards. Other words as in `arrange`.

    A rule that cannot be kept any more does not stop anything: it is among the violations. Raises
    `InputError` for faulty input.
    """
    known = as_groups(rounds)
    present, homes, count = _moment(people, known, round, set(absent), set(arrived))
    if not present:
        kept = tuple(() for _ in range(count))
        return Repaired((*known[:round], *([kept] * (len(known) - round))), round, (), (), 0, 0, 0, ())
    here = {person.id for person in present}
    given = rules_for(rules, here, first=round, rounds=1)
    task = _task(present, tables or count, [rule for _, rule in given], mix, met_among(met, here), meet)
    earlier = _meetings(present, known[:round])
    stays = [person.id in frozen and home != NOWHERE for person, home in zip(present, homes, strict=True)]
    now = settle(task, earlier + task.met, homes, stays, seed)
    broken = [replace(each, rule=given[each.rule][0], round=round) for each in violations(task, [now])]
    seats = tuple(tuple(present[at].id for at in group) for group in now)
    kept_rounds = (*known[:round], seats, *known[round + 1 :])
    if later_seconds is not None:
        later = replan(
            people,
            kept_rounds,
            after=round,
            tables=tables,
            mix=mix,
            rules=rules,
            met=met,
            meet=meet,
            seconds=later_seconds,
            seed=seed,
        )
        kept_rounds, broken = later.rounds, [*broken, *later.violations]
    return _told(task, kept_rounds, round, now, homes, earlier, broken)


def _task(
    present: Sequence[Person],
    tables: Sequence[Table] | int,
    rules: Sequence[Rule],
    mix: Mix | None,
    met: Sequence[Met],
    meet: float,
) -> Task:
    """The round that is repaired, for those present, checked."""
    places = [Table(str(at + 1)) for at in range(tables)] if isinstance(tables, int) else list(tables)
    mixed = known_mix(mix, present)
    check(present, len(places), 1, mix=mixed, rules=rules, met=met)
    return build(present, places, 1, mix=mixed, rules=rules, met=met, meet=meet)


def _told(
    task: Task,
    rounds: tuple[Groups, ...],
    round_: int,
    now: Sequence[Sequence[int]],
    homes: Sequence[int],
    earlier: ExactArray,
    broken: Sequence[Violation],
) -> Repaired:
    """What became of everybody, and how good the round is now."""
    ids = [person.id for person in task.people]
    table = {at: number for number, group in enumerate(now) for at in group}
    together = [np.ix_(group, group) for group in now]
    return Repaired(
        rounds=rounds,
        round=round_,
        moved=tuple(
            Moved(ids[at], home, table[at])
            for at, home in enumerate(homes)
            if home not in (NOWHERE, table[at])
        ),
        arrived=tuple(Arrived(ids[at], table[at]) for at, home in enumerate(homes) if home == NOWHERE),
        mixing=sum(float(task.mixed.matrix[pairs].sum()) for pairs in together) / 2,
        mixing_bound=mixing_bound(task.mixed, [len(group) for group in now]),
        met_again=sum(int((earlier[pairs] > 0).sum()) for pairs in together) // 2,
        violations=tuple(broken),
    )


def _moment(
    people: Sequence[Person], rounds: Sequence[Groups], round_: int, absent: set[str], arrived: set[str]
) -> tuple[list[Person], list[int], int]:
    """Who is there, in the order of ``people``; the table each sits at, or `NOWHERE`; how many tables."""
    if not 0 <= round_ < len(rounds):
        raise InputError([Problem(Code.UNKNOWN_ROUND, {"round": round_, "last": len(rounds) - 1})])
    everybody = [person for group in rounds[round_] for person in group]
    seated = {
        person: table
        for table, group in enumerate(rounds[round_])
        for person in group
        if person not in absent
    }
    known = {person.id for person in people}
    here = {*seated, *(arrived - absent)}
    problems = [Problem(Code.UNKNOWN_PERSON, {"id": person}) for person in sorted(here - known)]
    problems += [
        Problem(Code.DUPLICATE_ID, {"id": person})
        for person, times in sorted(Counter(everybody).items())
        if times > 1
    ]
    if problems:
        raise InputError(problems)
    present = [person for person in people if person.id in here]
    return present, [seated.get(person.id, NOWHERE) for person in present], len(rounds[round_])


def _meetings(people: Sequence[Person], rounds: Sequence[Groups]) -> ExactArray:
    """(n x n) how often two of them sat together."""
    at = positions(people)
    found = np.zeros((len(people), len(people)))
    for round_ in rounds:
        for group in round_:
            who = [at[person] for person in group if person in at]
            found[np.ix_(who, who)] += 1
    np.fill_diagonal(found, 0)
    return found
