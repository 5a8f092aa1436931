"""How good groups are that somebody made by hand, or changed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from convene.engines.grouping.bounds import met_bound, mixing_bound, repeats_bound
from convene.engines.grouping.distances import difference
from convene.engines.grouping.people import Mix, Person, positions


@dataclass(frozen=True, slots=True)
class Figures:
    """Repeats, mixing and pairs that met, each with its bound; the same words as in `Plan`."""

    repeats: int
    repeats_bound: int
    mixing: float
    mixing_bound: float
    met: int
    met_bound: int


def measure(
    people: Sequence[Person], rounds: Sequence[Sequence[Sequence[str]]], *, mix: Mix | None = None
) -> Figures:
    """Of ``rounds`` of groups of ids; bounds hold for these sizes. KeyError: an unknown id."""
    count, at = len(people), positions(people)
    differ = difference(people, mix or Mix())
    meetings, mixing, bound = np.zeros((count, count), dtype=np.int64), 0.0, 0.0
    for round_ in rounds:
        here = np.zeros(count, dtype=bool)
        for group in round_:
            seated = [at[person] for person in group]
            here[seated] = True
            meetings[np.ix_(seated, seated)] += 1
            mixing += float(differ.matrix[np.ix_(seated, seated)].sum(dtype=np.float64)) / 2
        bound += mixing_bound(differ, [len(group) for group in round_], here)
    pairs = meetings[np.triu_indices(count, 1)]
    sizes = [[len(group) for group in round_] for round_ in rounds]
    repeats, met = int((pairs * (pairs - 1) // 2).sum()), int((pairs > 0).sum())
    return Figures(
        repeats=repeats,
        repeats_bound=min(repeats_bound(count, sizes), repeats),
        mixing=mixing,
        mixing_bound=max(bound, mixing),
        met=met,
        met_bound=max(met_bound(count, sizes), met),
    )
