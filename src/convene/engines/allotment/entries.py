"""What a draw is made from: applicants, quotas, and the pool of types they form."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from numpy.typing import NDArray

IntArray = NDArray[np.int64]
FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]
Objective = Literal["leximin", "maximin"]


@dataclass(frozen=True, slots=True)
class Quota:
    """At least ``least`` and at most ``most`` seats (both included) go to people whose ``feature`` is
    ``value``.
    """

    feature: str
    value: str
    least: int
    most: int


@dataclass(frozen=True, slots=True)
class Applicant:
    """One entry of the draw.

    ``traits`` holds a value for each feature that has quotas; other features are ignored. The engine
    equalises chance divided by ``weight`` (> 0), so a weight of 2 aims at twice the chance. A ``held``
    applicant is surely in.
    """

    id: str
    traits: Mapping[str, str]
    weight: float = 1
    held: bool = False


@dataclass(frozen=True, slots=True)
class Type:
    """Applicants whom no rule can tell apart: same values in every feature with quotas, same weight, held or
    not.
    """

    ids: tuple[str, ...]
    traits: Mapping[str, str]
    weight: float = 1
    held: bool = False


@dataclass(frozen=True, slots=True)
class Pool:
    """The draw in numbers: T types and Q quotas.

    ``sizes`` (T) people in each type; ``floors`` (T) seats the type surely gets (all of a held type, else 0);
    ``weights`` (T); ``marks`` (Q x T) is 1 where the quota counts the type; ``least`` and ``most`` (Q) in
    seats. ``scale`` (T) is sizes x weights: expected seats of a type divided by it are each member's chance
    over weight.
    """

    types: tuple[Type, ...]
    quotas: tuple[Quota, ...]
    seats: int
    sizes: IntArray
    floors: IntArray
    weights: FloatArray
    marks: FloatArray
    least: IntArray
    most: IntArray
    scale: FloatArray = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "scale", self.sizes * self.weights)

    @property
    def drawn(self) -> BoolArray:
        """(T) the types whose seats are left to chance."""
        return np.asarray(self.floors == 0)

    def obeys(self, counts: IntArray) -> bool:
        """Whether a panel (T, people of each type) keeps every rule; integers only, so no rounding can hide a
        fault.
        """
        if counts.sum() != self.seats or (counts < self.floors).any() or (counts > self.sizes).any():
            return False
        totals = self.marks.astype(np.int64) @ counts
        return bool((totals >= self.least).all() and (totals <= self.most).all())


def features_of(quotas: Sequence[Quota]) -> tuple[str, ...]:
    """The features with quotas, in the order in which they first appear."""
    return tuple(dict.fromkeys(quota.feature for quota in quotas))


def gather(
    applicants: Sequence[Applicant],
    quotas: Sequence[Quota],
    seats: int,
    *,
    held: Collection[str] = (),
    exclude: Collection[str] = (),
) -> Pool:
    """Group checked applicants into types. The order of people and of quotas makes no difference to any
    chance.

    Types are ordered by their values (in the order of the features' names), weight and held; ids inside by
    code point.
    """
    features = sorted(features_of(quotas))
    held, exclude = frozenset(held), frozenset(exclude)
    members: dict[tuple[tuple[str, ...], float, bool], list[str]] = defaultdict(list)
    for person in applicants:
        if person.id not in exclude:
            values = tuple(person.traits[feature] for feature in features)
            members[values, float(person.weight), person.held or person.id in held].append(person.id)
    types = tuple(
        Type(tuple(sorted(ids)), dict(zip(features, values, strict=True)), weight, is_held)
        for (values, weight, is_held), ids in sorted(members.items())
    )
    return pool_of(types, quotas, seats)


def pool_of(types: Sequence[Type], quotas: Sequence[Quota], seats: int) -> Pool:
    ordered = tuple(sorted(quotas, key=lambda quota: (quota.feature, quota.value)))
    sizes = np.array([len(each.ids) for each in types], dtype=np.int64)
    marks = np.array(
        [[each.traits[quota.feature] == quota.value for each in types] for quota in ordered], dtype=np.float64
    ).reshape(len(ordered), len(types))
    return Pool(
        types=tuple(types),
        quotas=ordered,
        seats=seats,
        sizes=sizes,
        floors=np.where([each.held for each in types], sizes, 0).astype(np.int64),
        weights=np.array([each.weight for each in types], dtype=np.float64),
        marks=marks,
        least=np.array([quota.least for quota in ordered], dtype=np.int64),
        most=np.array([min(quota.most, seats) for quota in ordered], dtype=np.int64),
    )
