"""What stands in the way of panels: limits, changes of them, and pools without one rule or other."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Literal

import numpy as np

from convene.engines.allotment.entries import IntArray, Kind, Pool, Type, pool_of

Side = Literal["least", "most"]
Rule = Literal["quota", "household", "team"]


@dataclass(frozen=True, slots=True)
class Limit:
    """One side of a quota: at least (or at most) ``seats`` for ``value`` of ``feature``.

    Or, by ``rule``: at most 1 of a household, at least all of a team; ``feature`` is empty then, and
    ``value`` names the household or team, or is empty for all of them.
    """

    feature: str
    value: str
    side: Side
    seats: int
    rule: Rule = "quota"

    @property
    def text(self) -> str:
        which = f" {self.value}" if self.value else ""
        if self.rule == "household":
            return f"household{which} at most one" if which else "at most one of each household"
        if self.rule == "team":
            return f"team{which} together" if which else "teams together"
        return f"{self.feature}: {self.value} at {self.side} {self.seats}"


@dataclass(frozen=True, slots=True)
class Change:
    """``limit`` would have to become ``seats``.

    Giving up a rule is: at most as many of a household as the largest has; at least none of a team.
    """

    limit: Limit
    seats: int

    @property
    def text(self) -> str:
        if self.limit.rule == "household":
            return "people of one household may come together"
        if self.limit.rule == "team":
            return "teams may come apart"
        return f"{self.limit.text} -> {self.seats}"


def limits_of(pool: Pool) -> list[tuple[Limit, int]]:
    """Both sides of each quota that say anything, with the quota's row."""
    sides: tuple[tuple[Side, IntArray], ...] = (("least", pool.least), ("most", pool.most))
    return [
        (Limit(quota.feature, quota.value, side, int(seats[at])), at)
        for at, quota in enumerate(pool.quotas)
        for side, seats in sides
        if (seats[at] > 0 if side == "least" else seats[at] < pool.seats)
    ]


def rules_of(pool: Pool) -> dict[Kind, Change]:
    """The rules beside the quotas that the pool knows, each with what giving it up would be."""
    largest = max(
        (sum(len(each.units[0]) for each in types) for types in _groups(pool).values()),
        default=0,
    )
    rules: dict[Kind, Change] = {}
    if largest:
        rules["household"] = Change(Limit("", "", "most", 1, "household"), largest)
    if any(each.kind == "team" for each in pool.types):
        rules["team"] = Change(Limit("", "", "least", 1, "team"), 0)
    return rules


def _groups(pool: Pool) -> dict[int, list[Type]]:
    groups: dict[int, list[Type]] = {}
    for each in pool.types:
        if each.group >= 0:
            groups.setdefault(each.group, []).append(each)
    return groups


def keeping(pool: Pool, kinds: Collection[Kind]) -> Pool:
    """The pool in which only rules of these kinds hold: people of other households and teams stand alone.

    Only good for asking which panels exist; nobody's chances mean anything in it.
    """
    types: list[Type] = []
    floors: list[int] = []
    for each, floor in zip(pool.types, pool.floors.tolist(), strict=True):
        parts = _apart(each) if each.kind != "people" and each.kind not in kinds else [each]
        types += parts
        floors += [floor] * len(parts)
    if len(types) == len(pool.types) and all(one is two for one, two in zip(types, pool.types, strict=True)):
        return pool
    return replace(pool_of(types, pool.quotas, pool.seats), floors=np.array(floors, dtype=np.int64))


def places_in(pool: Pool, kinds: Collection[Kind], at: int) -> range:
    """Where the members of type ``at`` stand among the types of the pool ``keeping`` only these kinds."""

    def parts(each: Type) -> int:
        return len(each.places) if each.kind == "team" and "team" not in kinds else 1

    start = sum(parts(each) for each in pool.types[:at])
    return range(start, start + parts(pool.types[at]))


def _apart(each: Type) -> list[Type]:
    if each.kind == "household":
        return [Type(each.ids, each.traits, each.weight, each.held)]
    return [
        Type(tuple(team[at] for team in each.units), traits, Fraction(1), each.held)
        for at, traits in enumerate(each.places)
    ]
