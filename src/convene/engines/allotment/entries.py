"""What a draw is made from: applicants, quotas, and the pool of types they form."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from typing import Literal

import numpy as np
from numpy.typing import NDArray

IntArray = NDArray[np.int64]
FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]
Objective = Literal["leximin", "maximin", "nash", "goldilocks"]
Kind = Literal["people", "household", "team"]
Weight = int | float | Decimal | Fraction


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
    equalises chance divided by ``weight`` (> 0), so a weight of 2 aims at twice the chance; a float counts as
    the decimal it prints as. A ``held`` applicant is surely in. Of those who name the same ``household`` at
    most one is drawn, of those who name the same ``team`` all or none.
    """

    id: str
    traits: Mapping[str, str]
    weight: Weight = 1
    held: bool = False
    household: str = ""
    team: str = ""


@dataclass(frozen=True, slots=True)
class Type:
    """Applicants whom no rule can tell apart: same values in every feature with quotas, same weight, held or
    not, and households or teams alike.

    ``kind`` "people": each of ``ids`` stands alone. "household": ``units`` are the households, each with its
    members of this type, of whom at most one is drawn; members of other types in these households are a type
    of their own with the same households in the same order, and ``group`` numbers types that belong together
    so. "team": ``units`` are the teams, ``places`` the traits at each place of a team, and ``weight`` is the
    largest of its members' (README, "Households and teams"). ``names`` are those of the units. ``stake`` is
    the sum of all members' weights.
    """

    ids: tuple[str, ...]
    traits: Mapping[str, str]
    weight: Fraction = Fraction(1)
    held: bool = False
    kind: Kind = "people"
    units: tuple[tuple[str, ...], ...] = ()
    names: tuple[str, ...] = ()
    places: tuple[Mapping[str, str], ...] = ()
    stake: Fraction = Fraction(0)
    group: int = -1

    @property
    def size(self) -> int:
        """How many of it can be drawn: people, people of different households, or teams."""
        return len(self.units) if self.units else len(self.ids)

    @property
    def span(self) -> int:
        """Seats that each of it takes."""
        return len(self.places) or 1

    @property
    def heads(self) -> int:
        """Among how many its chances are shared."""
        return len(self.ids) // self.span


@dataclass(frozen=True, slots=True)
class Pool:
    """The draw in numbers: T types, Q quotas, and R >= Q rows of rules.

    ``sizes`` (T) how many of each type can be drawn; ``floors`` (T) how many surely are (all of a held type,
    else 0); ``heads`` (T) among how many a type's chance is shared; ``weights`` (T); ``spans`` (T) the seats
    that each of a type takes. ``marks`` (R x T) says how much each of a type counts in a row whose total is
    to stay within ``least`` and ``most`` (R): first the quotas, then a row for each group of household types.
    ``scale`` (T) is heads x weights: the expected number of a type divided by it is each member's chance over
    weight; ``exact_scale`` is the same in fractions.
    """

    types: tuple[Type, ...]
    quotas: tuple[Quota, ...]
    seats: int
    sizes: IntArray
    floors: IntArray
    heads: IntArray
    weights: FloatArray
    spans: FloatArray
    marks: FloatArray
    least: IntArray
    most: IntArray
    scale: FloatArray = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "scale", self.heads * self.weights)

    @property
    def exact_scale(self) -> list[Fraction]:
        return [each.heads * each.weight for each in self.types]

    @property
    def drawn(self) -> BoolArray:
        """(T) the types whose seats are left to chance."""
        return np.asarray(self.floors == 0)

    @property
    def rows(self) -> int:
        """How many rows of rules there are, apart from the number of seats."""
        return len(self.least)

    def obeys(self, counts: IntArray) -> bool:
        """Whether a panel (T, how many of each type) keeps every rule; integers only, so no rounding can hide
        a fault.
        """
        if (counts < self.floors).any() or (counts > self.sizes).any():
            return False
        totals = self.marks.astype(np.int64) @ counts
        taken = int(self.spans.astype(np.int64) @ counts)
        return taken == self.seats and bool((totals >= self.least).all() and (totals <= self.most).all())


def exact(weight: Weight) -> Fraction:
    """The weight as a fraction; a float is the decimal number it prints as, so that 0.1 is a tenth."""
    return Fraction(repr(float(weight))) if isinstance(weight, float) else Fraction(weight)


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

    Types of people come first, ordered by their values (in the order of the features' names), weight and
    held; then households and teams, ordered likewise by what their members are. Ids, households and teams of
    a type are ordered by code point. Someone who is alone in a household or team simply is a person.
    """
    features = sorted(features_of(quotas))
    held, exclude = frozenset(held), frozenset(exclude)
    alone: dict[tuple[tuple[str, ...], Weight, bool], list[str]] = defaultdict(list)
    bound: dict[tuple[Kind, str], list[Applicant]] = defaultdict(list)
    for person in applicants:
        if person.id in exclude:
            continue
        if person.household or person.team:
            bound["team" if person.team else "household", person.team or person.household].append(person)
        else:
            values = tuple(person.traits[feature] for feature in features)
            alone[values, person.weight, person.held or person.id in held].append(person.id)
    units: dict[tuple[Kind, tuple[_Key, ...]], list[_Unit]] = defaultdict(list)
    for (kind, name), people in bound.items():
        keyed = sorted(
            (
                (
                    tuple(person.traits[feature] for feature in features),
                    exact(person.weight),
                    person.held or person.id in held,
                ),
                person.id,
            )
            for person in people
        )
        if len(keyed) == 1:
            (values, weight, is_held), person_id = keyed[0]
            alone[values, weight, is_held].append(person_id)
        else:
            units[kind, tuple(key for key, _ in keyed)].append((name, tuple(each for _, each in keyed)))
    types = [*_of_people(alone, features), *_of_units(units, features)]
    return pool_of(types, quotas, seats)


_Key = tuple[tuple[str, ...], Fraction, bool]
_Unit = tuple[str, tuple[str, ...]]


def _of_people(
    alone: Mapping[tuple[tuple[str, ...], Weight, bool], list[str]], features: Sequence[str]
) -> Iterable[Type]:
    merged: dict[_Key, list[str]] = defaultdict(list)
    for (values, weight, is_held), ids in alone.items():
        merged[values, exact(weight), is_held].extend(ids)
    for (values, weight, is_held), ids in sorted(merged.items()):
        traits = dict(zip(features, values, strict=True))
        yield Type(tuple(sorted(ids)), traits, weight, is_held, stake=weight * len(ids))


def _of_units(
    units: Mapping[tuple[Kind, tuple[_Key, ...]], list[_Unit]], features: Sequence[str]
) -> Iterable[Type]:
    """Households alike in all members give a type for each different member; teams alike give one type."""
    for group, ((kind, keys), named) in enumerate(sorted(units.items())):
        named.sort()
        names = tuple(name for name, _ in named)
        if kind == "team":
            yield _of_teams(keys, names, [ids for _, ids in named], features)
            continue
        for key in sorted(set(keys)):
            values, weight, is_held = key
            at = [place for place, other in enumerate(keys) if other == key]
            own = tuple(tuple(sorted(ids[place] for place in at)) for _, ids in named)
            ids = tuple(each for unit in own for each in unit)
            yield Type(
                ids,
                dict(zip(features, values, strict=True)),
                weight,
                is_held,
                kind,
                own,
                names,
                stake=weight * len(ids),
                group=group,
            )


def _of_teams(
    keys: Sequence[_Key], names: tuple[str, ...], teams: Sequence[tuple[str, ...]], features: Sequence[str]
) -> Type:
    weights = [weight for _, weight, _ in keys]
    return Type(
        tuple(each for team in teams for each in team),
        {},
        max(weights),
        all(is_held for _, _, is_held in keys),
        "team",
        tuple(teams),
        names,
        tuple(dict(zip(features, values, strict=True)) for values, _, _ in keys),
        sum(weights, Fraction()) * len(teams),
    )


def pool_of(types: Sequence[Type], quotas: Sequence[Quota], seats: int) -> Pool:
    ordered = tuple(sorted(quotas, key=lambda quota: (quota.feature, quota.value)))
    sizes = np.array([each.size for each in types], dtype=np.int64)
    marks = np.array(
        [
            [
                sum(place[quota.feature] == quota.value for place in each.places or (each.traits,))
                for each in types
            ]
            for quota in ordered
        ],
        dtype=np.float64,
    ).reshape(len(ordered), len(types))
    apart, households = _apart(types)
    return Pool(
        types=tuple(types),
        quotas=ordered,
        seats=seats,
        sizes=sizes,
        floors=np.where([each.held for each in types], sizes, 0).astype(np.int64),
        heads=np.array([each.heads for each in types], dtype=np.int64),
        weights=np.array([float(each.weight) for each in types], dtype=np.float64),
        spans=np.array([each.span for each in types], dtype=np.float64),
        marks=np.vstack([marks, apart]),
        least=np.array([*(quota.least for quota in ordered), *(0 for _ in households)], dtype=np.int64),
        most=np.array([*(min(quota.most, seats) for quota in ordered), *households], dtype=np.int64),
    )


def _apart(types: Sequence[Type]) -> tuple[FloatArray, list[int]]:
    """A row for each group of household types: all of them together get at most as many seats as there are
    households.
    """
    groups: dict[int, list[int]] = defaultdict(list)
    for at, each in enumerate(types):
        if each.group >= 0:
            groups[each.group].append(at)
    together = [members for members in groups.values() if len(members) > 1]
    rows = np.zeros((len(together), len(types)))
    for row, members in enumerate(together):
        rows[row, members] = 1
    return rows, [types[members[0]].size for members in together]
