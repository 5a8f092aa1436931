"""The rounds after one that was changed, planned anew; places given by hand that a new plan keeps."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import combinations

from convene.engines.grouping.arranging import arrange
from convene.engines.grouping.errors import ClashError
from convene.engines.grouping.people import Met, Mix, Person, Rule, RuleKind, Table
from convene.engines.grouping.plan import Groups, Violation

# What gives way first: the make-up of tables, then wishes, then what someone cannot do without.
_GIVES_WAY: dict[RuleKind, int] = {
    "not_alone": 0,
    "at_most": 1,
    "at_least": 2,
    "together": 3,
    "pinned": 4,
    "language": 5,
    "apart": 6,
    "needs": 7,
}


@dataclass(frozen=True, slots=True)
class Replanned:
    """``rounds`` of the whole plan, and what rules the new ones break."""

    rounds: tuple[Groups, ...]
    violations: tuple[Violation, ...]


def replan(
    people: Sequence[Person],
    rounds: Sequence[Sequence[Sequence[str]]],
    *,
    after: int,
    tables: Sequence[Table] | None = None,
    mix: Mix | None = None,
    rules: Sequence[Rule] = (),
    met: Sequence[Met] = (),
    meet: float = 0.5,
    seconds: float = 0.3,
    seed: int = 0,
) -> Replanned:
    """Plan the rounds after ``after`` for those who sit in it; rounds up to it stay, and count as meetings.

    Rules that can no longer hold together stop nothing: of those that clash, the one that gives way first
    (`_GIVES_WAY`; of several the last) is left out, and named among the violations of each round (at table 0,
    with nobody).
    """
    kept = as_groups(rounds[: after + 1])
    here = {person for group in kept[after] for person in group}
    present = [person for person in people if person.id in here]
    left = len(rounds) - after - 1
    if not present or not left:
        return Replanned((*kept, *(tuple(() for _ in kept[after]) for _ in range(left))), ())
    places = list(tables or [Table(str(at + 1)) for at in range(len(kept[after]))])
    given = rules_for(rules, here, first=after + 1, rounds=left)
    mix, before = known_mix(mix, present), [*met_among(met, here), *met_in(kept, here)]
    asked, clashing = list(given), list[Violation]()
    while True:
        try:
            plan = arrange(
                present,
                places,
                left,
                mix=mix,
                rules=[rule for _, rule in asked],
                met=before,
                meet=meet,
                seconds=seconds,
                seed=seed,
            )
            break
        except ClashError as error:
            number = min(error.clashes[0].rules, key=lambda each: (_GIVES_WAY[asked[each][1].kind], -each))
            clashing += [Violation(asked[number][0], at, 0, ()) for at in range(after + 1, len(rounds))]
            del asked[number]
    empty = tuple(() for _ in range(len(places) - len(plan.rounds[0])))
    broken = (
        replace(each, rule=asked[each.rule][0], round=each.round + after + 1) for each in plan.violations
    )
    return Replanned((*kept, *((*round_, *empty) for round_ in plan.rounds)), (*clashing, *broken))


def as_groups(rounds: Sequence[Sequence[Sequence[str]]]) -> tuple[Groups, ...]:
    return tuple(tuple(tuple(group) for group in round_) for round_ in rounds)


def met_among(met: Iterable[Met], people: Collection[str]) -> list[Met]:
    return [each for each in met if each.one in people and each.other in people]


def met_in(rounds: Sequence[Sequence[Sequence[str]]], people: Collection[str]) -> list[Met]:
    """Who of these people sat together in these rounds."""
    return [
        Met(one, other)
        for round_ in rounds
        for group in round_
        for one, other in combinations([person for person in group if person in people], 2)
    ]


def rules_for(
    rules: Sequence[Rule], people: Collection[str], *, first: int, rounds: int
) -> list[tuple[int, Rule]]:
    """The rules that say something of these people in so many rounds from ``first`` on, which then counts as
    round 0; each with its place in the list given.
    """
    found = []
    for number, rule in enumerate(rules):
        named = tuple(person for person in rule.people if person in people)
        when = rule.rounds
        if when is not None:
            when = tuple(each - first for each in when if first <= each < first + rounds)
        least = {"apart": 2, "together": 2, "pinned": 1}.get(rule.kind, 0)
        if len(named) >= least and when != ():
            found.append((number, replace(rule, people=named, rounds=when)))
    return found


def known_mix(mix: Mix | None, people: Sequence[Person]) -> Mix:
    """Without the traits that none of these people has."""
    mix = mix or Mix()
    known = {name for person in people for name in person.traits}
    return replace(mix, traits=tuple(name for name in mix.traits if name in known))


def pins(placements: Iterable[tuple[str, int, int]]) -> list[Rule]:
    """Places given by hand, (person, round, table) counted from 0, as rules: added to the others, they hold
    in a new `arrange` and in every repair. The last word on a person and round counts.
    """
    last = {(person, round_): table for person, round_, table in placements}
    by_place: dict[tuple[int, int], list[str]] = {}
    for (person, round_), table in last.items():
        by_place.setdefault((round_, table), []).append(person)
    return [
        Rule("pinned", people=tuple(sorted(people)), table=table, rounds=(round_,))
        for (round_, table), people in sorted(by_place.items())
    ]
