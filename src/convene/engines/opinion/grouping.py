"""Opinion groups, and whether they would be found again: people are drawn anew, and the map is made again.

Groups are shown only if they hold: over resamples of people (Efron's bootstrap) the median adjusted Rand
index (Hubert and Arabie, *Comparing partitions*, 1985) between groups found anew and the groups at hand is
at least 0.8, and the smallest group has at least five people and one in twenty. Otherwise there are axes
and common ground, and the reason.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from convene.engines.opinion.axes import Axes, centred_on, leading
from convene.engines.opinion.clusters import FEWEST, Clustering, cluster
from convene.engines.opinion.tallies import NOBODY
from convene.engines.opinion.votes import Floats, Ints, Votes

RESAMPLES = 60
STABLE = 0.8
FEWEST_VOTES = 7
FEWEST_PEOPLE, FEWEST_SHARE = 5, 0.05


class Reason(StrEnum):
    """Why groups are shown or not. Add, never rename."""

    STABLE = "stable"
    GIVEN = "given"
    TOO_FEW_PEOPLE = "too_few_people"
    UNSTABLE = "unstable"
    SMALL_GROUP = "small_group"


_TEXTS = {
    Reason.STABLE: "{groups} groups, found again when people are drawn anew: "
    "adjusted Rand index {median:.2f} (median)",
    Reason.GIVEN: "groups as given",
    Reason.TOO_FEW_PEOPLE: "no stable groups: {people} people cast at least {votes} votes, "
    "too few for two groups of {least}",
    Reason.UNSTABLE: "no stable groups: drawing people anew gives other groups; "
    "adjusted Rand index {median:.2f} (median), below {stable}",
    Reason.SMALL_GROUP: "no stable groups: the smallest has {smallest} people, fewer than {least}",
}


@dataclass(frozen=True, eq=False)
class Stability:
    """How far a map holds when ``resamples`` samples of its people, as large, are drawn with replacement.

    ``agreement`` (r,): adjusted Rand index of the groups found anew with those at hand, over the people
    drawn. ``numbers`` (r,): how many groups were found. ``axes`` (r,): the lesser cosine between old and
    new planes.
    """

    k: int
    agreement: Floats
    numbers: Ints
    axes: Floats

    @property
    def median(self) -> float:
        return float(np.median(self.agreement))

    @property
    def low(self) -> float:
        """Nine of ten resamples agree at least so well."""
        return float(np.quantile(self.agreement, 0.1))

    @property
    def returns(self) -> float:
        """How often the same number of groups was found, 0 to 1."""
        return float((self.numbers == self.k).mean())

    @property
    def axes_median(self) -> float | None:
        return float(np.median(self.axes)) if len(self.axes) else None


@dataclass(frozen=True, eq=False)
class Groups:
    """``labels`` (n,): the group of each person, from 0; -1 for who cast fewer than seven votes. None: not
    shown, for the ``reason``. ``tried`` (n,) are the labels found in any case, not for show.
    """

    labels: Ints | None
    reason: Reason
    text: str
    tried: Ints
    silhouette: float | None
    stability: Stability | None

    @property
    def number(self) -> int:
        return 0 if self.labels is None else int(self.labels.max(initial=NOBODY)) + 1


def find_groups(
    votes: Votes, axes: Axes, *, seed: int = 0, resamples: int = RESAMPLES, fewest_votes: int = FEWEST_VOTES
) -> Groups:
    """The peer's groups among people with at least ``fewest_votes`` votes, shown if they are stable."""
    inside = votes.cast >= fewest_votes
    people = int(inside.sum())
    found = cluster(axes.people[inside])
    tried = np.full(len(votes.voters), NOBODY)
    if found.labels:
        tried[inside] = found.labels[found.best]
    if people < FEWEST * FEWEST_PEOPLE or not found.labels:
        return groups_of(tried, people, None, None, fewest_votes)
    held = stability_of(votes, axes, tried, seed=seed, resamples=resamples, fewest_votes=fewest_votes)
    return groups_of(tried, people, held, found.silhouettes[found.best], fewest_votes)


def groups_of(
    tried: Ints, people: int, held: Stability | None, silhouette: float | None, fewest_votes: int
) -> Groups:
    """Whether these labels are shown, by the rule; ``held``: None where too few ``people`` could be
    grouped.
    """
    if held is None:
        text = _TEXTS[Reason.TOO_FEW_PEOPLE].format(people=people, votes=fewest_votes, least=FEWEST_PEOPLE)
        return Groups(None, Reason.TOO_FEW_PEOPLE, text, tried, None, None)
    least = max(FEWEST_PEOPLE, math.ceil(FEWEST_SHARE * people))
    smallest = int(np.bincount(tried[tried >= 0]).min())
    reason = Reason.STABLE
    if held.median < STABLE:
        reason = Reason.UNSTABLE
    elif smallest < least:
        reason = Reason.SMALL_GROUP
    text = _TEXTS[reason].format(
        groups=held.k, median=held.median, stable=STABLE, smallest=smallest, least=least
    )
    return Groups(tried if reason is Reason.STABLE else None, reason, text, tried, silhouette, held)


def given_groups(labels: Ints) -> Groups:
    """Groups somebody else made: labels (n,) from 0, -1 for nobody's."""
    return Groups(labels, Reason.GIVEN, _TEXTS[Reason.GIVEN], labels, None, None)


def stability_of(
    votes: Votes,
    axes: Axes,
    labels: Ints,
    *,
    seed: int,
    resamples: int = RESAMPLES,
    fewest_votes: int = FEWEST_VOTES,
) -> Stability:
    """Draws people anew ``resamples`` times and makes axes and groups again, from the same seed the same."""
    chance = np.random.default_rng(seed)
    people = len(votes.voters)
    agreement, numbers, cosines = (
        np.zeros(resamples),
        np.zeros(resamples, dtype=np.int64),
        np.zeros(resamples),
    )
    for at in range(resamples):
        weight = np.bincount(chance.integers(people, size=people), minlength=people)
        again, there, loadings = _again(votes, axes, weight, fewest_votes)
        numbers[at] = again.best
        if again.labels:
            both = there & (labels >= 0)
            agreement[at] = adjusted_rand(labels[both], again.labels[again.best][both[there]])
        cosines[at] = np.linalg.svd(axes.loadings @ loadings, compute_uv=False)[-1]
    return Stability(int(labels.max(initial=0)) + 1, agreement, numbers, cosines)


def _again(
    votes: Votes, axes: Axes, weight: Ints, fewest_votes: int
) -> tuple[Clustering, NDArray[np.bool_], Floats]:
    """The clustering of people drawn with these weights, who of them has a place in it, and the axes (m,
    2).
    """
    drawn = weight > 0
    part = votes.of_people(drawn)
    heavy = weight[drawn].astype(np.float64)
    each = heavy[part.person]
    size = len(part.statements)
    seen = np.bincount(part.statement, each, size)
    mean = np.bincount(part.statement, each * part.value, size) / np.maximum(seen, 1)
    vectors, _, projected = leading(part, centred_on(part, mean), heavy, axes.loadings.T)
    people = projected * part.reach[:, None]
    inside = part.cast >= fewest_votes
    there = np.zeros(len(votes.voters), dtype=bool)
    there[np.flatnonzero(drawn)[inside]] = True
    return cluster(people[inside], heavy[inside]), there, vectors


def adjusted_rand(one: Ints, other: Ints) -> float:
    """How far two labellings of the same people agree beyond chance: 1 the same, about 0 by chance."""
    if not len(one):
        return 1.0
    width = int(other.max()) + 1
    cells = np.bincount(one * width + other, minlength=(int(one.max()) + 1) * width).reshape(-1, width)
    pairs = [float((each * (each - 1) / 2).sum()) for each in (cells, cells.sum(axis=1), cells.sum(axis=0))]
    together, rows, columns = pairs
    expected = rows * columns / max(len(one) * (len(one) - 1) / 2, 1.0)
    most = (rows + columns) / 2
    return 1.0 if most == expected else (together - expected) / (most - expected)
