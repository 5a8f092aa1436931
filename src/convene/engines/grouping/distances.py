"""How different two people are: the mean over the traits asked for, between 0 and 1.

A trait of kinds counts 1 where two differ. An ordered trait counts their distance divided by the widest there
is. Who has not said differs from nobody. Viewpoints count their squared distance divided by the widest there
is, so that the bound of `bounds` is exact for them as well.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from convene.engines.grouping.people import ExactArray, IntArray, Mix, Person

UNSAID = -1


@dataclass(frozen=True, slots=True)
class Aspect:
    """One trait in numbers: ``codes`` (n) with -1 where nothing was said, ``steps`` the values of an ordered
    trait in rising order (empty for kinds), ``weight`` its share of the mean.
    """

    name: str
    codes: IntArray
    steps: tuple[float, ...]
    weight: float


@dataclass(frozen=True, slots=True)
class Difference:
    """``matrix`` (n x n), and the parts it is the sum of; ``vectors`` (n x d) or None, with their weight and
    the square of the widest distance.
    """

    matrix: ExactArray
    aspects: tuple[Aspect, ...]
    vectors: ExactArray | None
    vector_share: float


def difference(people: Sequence[Person], mix: Mix) -> Difference:
    """Traits that everybody left unsaid are dropped; with nothing to mix by, the matrix is zero."""
    count = len(people)
    wanted = [(name, mix.weights.get(name, 1.0)) for name in mix.traits]
    vectors = _vectors(people) if mix.viewpoint > 0 else None
    total = sum(weight for _, weight in wanted) + (mix.viewpoint if vectors is not None else 0.0)
    matrix = np.zeros((count, count))
    aspects = []
    for name, weight in wanted:
        aspect = _aspect(people, name, weight / total, ordered=name in mix.ordinal)
        aspects.append(aspect)
        matrix += _apart(aspect)
    share = 0.0
    if vectors is not None:
        squares = _squares(vectors)
        widest = float(squares.max())
        if widest > 0:
            share = mix.viewpoint / total / widest
            matrix += squares * share
    np.fill_diagonal(matrix, 0)
    return Difference(matrix, tuple(aspects), vectors, share)


def _aspect(people: Sequence[Person], name: str, weight: float, *, ordered: bool) -> Aspect:
    said = [person.traits.get(name) for person in people]
    values = sorted({_number(each) if ordered else str(each) for each in said if _is_said(each)})
    place = {value: at for at, value in enumerate(values)}
    codes = np.array(
        [place[_number(each) if ordered else str(each)] if _is_said(each) else UNSAID for each in said],
        dtype=np.int64,
    )
    return Aspect(name, codes, tuple(float(each) for each in values) if ordered else (), weight)


def _is_said(value: str | float | None) -> bool:
    return value is not None and value != ""


def _number(value: str | float | None) -> float:
    return float(value if value is not None else 0)


def _apart(aspect: Aspect) -> ExactArray:
    said = aspect.codes != UNSAID
    both = said[:, None] & said[None, :]
    if not aspect.steps:
        differ = aspect.codes[:, None] != aspect.codes[None, :]
        return np.asarray((differ & both) * aspect.weight, dtype=np.float64)
    steps = np.array(aspect.steps)
    if len(steps) < 2:  # noqa: PLR2004 - all the same, or nobody said
        return np.zeros(both.shape)
    at = steps[np.maximum(aspect.codes, 0)]
    return np.asarray(np.abs(at[:, None] - at[None, :]) * both * (aspect.weight / (steps[-1] - steps[0])))


def _vectors(people: Sequence[Person]) -> ExactArray | None:
    """(n x d); people without a viewpoint sit at the mean of the others."""
    known = [person.viewpoint for person in people if person.viewpoint is not None]
    if not known:
        return None
    mean = np.mean(np.array(known, dtype=np.float64), axis=0)
    rows = [mean if person.viewpoint is None else np.array(person.viewpoint) for person in people]
    return np.asarray(rows, dtype=np.float64)


def _squares(vectors: ExactArray) -> ExactArray:
    norms = (vectors**2).sum(1)
    squares = norms[:, None] + norms[None, :] - 2 * vectors @ vectors.T
    return np.asarray(np.maximum(squares, 0))
