"""Groups among few people: who keeps coming together, over samples of the people.

With fewer than three hundred people one map's groups hang on who happened to come. Here the map is made
from many samples of four fifths of them; two people are near by how often they shared a group (Monti,
Tamayo, Mesirov and Golub, *Consensus clustering*, 2003), and groups are those of that nearness. The same
rule says whether they are shown: people are drawn anew, and all of this is done again.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from convene.engines.opinion.axes import axes_of
from convene.engines.opinion.clusters import FEWEST, cluster
from convene.engines.opinion.grouping import (
    FEWEST_PEOPLE,
    FEWEST_VOTES,
    Groups,
    Reason,
    Stability,
    adjusted_rand,
    groups_of,
)
from convene.engines.opinion.tallies import NOBODY
from convene.engines.opinion.votes import Floats, Ints, Votes

FEW = 300
SAMPLES, AGAIN = 20, 30
_PART = 0.8
_NEVER = 1e-12


@dataclass(frozen=True, eq=False)
class Together:
    """``labels`` (n,), -1 for who has no group; ``certainty`` (n,): how often one was with one's own group,
    0 to 1.
    """

    labels: Ints
    certainty: Floats
    silhouette: float

    @property
    def number(self) -> int:
        return int(self.labels.max(initial=NOBODY)) + 1


def together(votes: Votes, *, seed: int = 0, samples: int = SAMPLES) -> Together:
    """Groups by how often people come together; takes room that grows with the square of people."""
    people, size = len(votes.voters), int(_PART * len(votes.voters))
    shared, met = np.zeros((people, people)), np.zeros((people, people))
    chance = np.random.default_rng(seed)
    for _ in range(samples):
        mask = np.zeros(people, dtype=bool)
        mask[chance.choice(people, size, replace=False)] = True
        part = votes.of_people(mask)
        inside = part.cast >= FEWEST_VOTES
        found = cluster(axes_of(part).people[inside]) if inside.sum() >= FEWEST else None
        if found is None or not found.labels:
            continue
        places, labels = np.flatnonzero(mask)[inside], found.labels[found.best]
        met[np.ix_(places, places)] += 1
        shared[np.ix_(places, places)] += labels[:, None] == labels
    return _grouped(shared / np.maximum(met, _NEVER), np.diag(met) > 0)


def _grouped(share: Floats, inside: np.ndarray) -> Together:
    """Groups on the two leading directions of nearness."""
    labels, certainty = np.full(len(share), NOBODY), np.zeros(len(share))
    near = share[np.ix_(inside, inside)]
    if len(near) < FEWEST:
        return Together(labels, certainty, -1.0)
    values, vectors = np.linalg.eigh(near)
    found = cluster(vectors[:, -2:] * np.sqrt(np.maximum(values[-2:], 0)))
    if not found.labels:
        return Together(labels, certainty, -1.0)
    own = found.labels[found.best]
    labels[inside] = own
    with_ = near @ (own[:, None] == np.arange(own.max() + 1)) / np.bincount(own)
    certainty[inside] = with_[np.arange(len(own)), own]
    return Together(labels, certainty, found.silhouettes[found.best])


def find_groups_of_few(
    votes: Votes, *, seed: int = 0, resamples: int = AGAIN, samples: int = SAMPLES
) -> Groups:
    """Like `find_groups`, by coming together: for fewer than 300 people without groups that hold."""
    inside = votes.cast >= FEWEST_VOTES
    found = together(votes, seed=seed, samples=samples)
    if inside.sum() < FEWEST * FEWEST_PEOPLE or found.number < FEWEST:
        return groups_of(found.labels, int(inside.sum()), None, None, FEWEST_VOTES)
    chance = np.random.default_rng([seed, 1])
    people = len(votes.voters)
    agreement, numbers = np.zeros(resamples), np.zeros(resamples, dtype=np.int64)
    for at in range(resamples):
        drawn = np.bincount(chance.integers(people, size=people), minlength=people) > 0
        again = together(votes.of_people(drawn), seed=int(chance.integers(2**31)), samples=samples)
        both = (again.labels >= 0) & (found.labels[drawn] >= 0)
        agreement[at] = adjusted_rand(found.labels[drawn][both], again.labels[both])
        numbers[at] = again.number
    held = Stability(found.number, agreement, numbers, np.zeros(0))
    return groups_of(found.labels, int(inside.sum()), held, found.silhouette, FEWEST_VOTES)


def is_worth_trying(votes: Votes, found: Groups) -> bool:
    """Whether there are so few people, and no groups that hold."""
    return found.reason is Reason.UNSTABLE and int((votes.cast >= FEWEST_VOTES).sum()) < FEW
