"""What a grouping is made from: people, rooms for them, and rules."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from numpy.typing import NDArray

IntArray = NDArray[np.int64]
FloatArray = NDArray[np.float32]  # prices of the search
ExactArray = NDArray[np.float64]  # what is reported
BoolArray = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Person:
    """One person to be seated.

    ``traits`` are what groups are mixed by: text for kinds, numbers for ordered answers (missing: no
    difference to anybody). ``viewpoint`` is a vector of any length, the same for all who have one.
    ``languages`` they can follow; empty: all. ``flags`` name what rules speak of ("facilitator",
    "step-free").
    """

    id: str
    traits: Mapping[str, str | float] = field(default_factory=dict)
    viewpoint: tuple[float, ...] | None = None
    languages: frozenset[str] = frozenset()
    flags: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Table:
    """A group's place: its name on cards and screens, and what it offers ("step-free")."""

    name: str
    offers: frozenset[str] = frozenset()


RuleKind = Literal["apart", "together", "at_least", "at_most", "not_alone", "language", "needs", "pinned"]


@dataclass(frozen=True, slots=True)
class Rule:
    """What must hold in every round.

    - ``apart``: no two of ``people`` share a table. ``together``: they all share one.
    - ``at_least`` / ``at_most``: ``number`` people with ``flag`` at every table.
    - ``not_alone``: nobody is the only one at a table whose trait ``trait`` is ``value``; without a value,
      for each value that two people or more share.
    - ``language``: at each table one language is followed by everyone, or someone beside translates.
    - ``needs``: people with ``flag`` sit at a table that offers it.
    - ``pinned``: ``people`` sit at table ``table`` (from 0), in ``rounds`` (from 0; none means all).
    """

    kind: RuleKind
    people: tuple[str, ...] = ()
    flag: str = ""
    trait: str = ""
    value: str = ""
    number: int = 1
    table: int | None = None
    rounds: tuple[int, ...] | None = None

    def pins_in(self, round_: int) -> bool:
        return self.kind == "pinned" and (self.rounds is None or round_ in self.rounds)


@dataclass(frozen=True, slots=True)
class Met:
    """Two people sat together ``times`` before; decayed meetings are fractions."""

    one: str
    other: str
    times: float = 1


@dataclass(frozen=True, slots=True)
class Mix:
    """What groups are mixed by: names of traits, those of them that are ordered, and weights (1 if not
    named). ``viewpoint`` is the weight of the viewpoint vectors, 0 to leave them out.
    """

    traits: tuple[str, ...] = ()
    ordinal: frozenset[str] = frozenset()
    weights: Mapping[str, float] = field(default_factory=dict)
    viewpoint: float = 0


def sizes(people: int, groups: int) -> list[int]:
    """Sizes as even as they can be, larger ones first."""
    each, left = divmod(people, groups)
    return [each + (at < left) for at in range(groups)]


def positions(people: Sequence[Person]) -> dict[str, int]:
    return {person.id: at for at, person in enumerate(people)}
