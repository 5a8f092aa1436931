"""What groups said: counts, and what follows from them. Equal to red-dwarf 0.4.0 on the same votes and
groups.

Probabilities have one vote added on each side (Laplace); z-scores are those of one proportion against a
half and of two proportions against each other, with the same additions. Small et al. (2021), section on
representative statements.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from convene.engines.opinion.votes import Floats, Ints, Votes

Direction = Literal["agree", "disagree"]
AT_MOST = 5
NOBODY = -1
SIGNIFICANT = 1.2815515655446004
"""The 90 % point of the standard normal distribution."""
HALF = 0.5


@dataclass(frozen=True, eq=False)
class Tally:
    """Counts (g, m) of ``agree``, ``disagree`` and ``seen`` (passes included) for g groups and m statements.
    ``listed`` (m,): what may stand in a list, which is all but what moderation took out.
    """

    statements: Ints
    listed: NDArray[np.bool_]
    agree: Ints
    disagree: Ints
    seen: Ints

    def of(self, groups: NDArray[np.bool_]) -> Tally:
        """Of some groups only, a mask (g,)."""
        return Tally(
            self.statements, self.listed, self.agree[groups], self.disagree[groups], self.seen[groups]
        )

    @cached_property
    def agreeing(self) -> Floats:
        """(g, m): estimated probability that one of the group agrees."""
        return np.asarray((1 + self.agree) / (2 + self.seen))

    @cached_property
    def disagreeing(self) -> Floats:
        return np.asarray((1 + self.disagree) / (2 + self.seen))


@dataclass(frozen=True, slots=True)
class Stand:
    """How a group, or everyone, stands to a statement (an id).

    ``z`` says how far from chance: against a half in a consensus list, against the other groups in a
    representative one. ``probability`` is the estimate for the ``direction``; ``count`` of ``seen`` voted so.
    """

    statement: int
    direction: Direction
    z: float
    probability: float
    count: int
    seen: int


@dataclass(frozen=True, slots=True)
class Consensus:
    """What nearly everyone agrees, or disagrees, with: at most five each, strongest first."""

    agree: tuple[Stand, ...]
    disagree: tuple[Stand, ...]


def tally(votes: Votes, labels: NDArray[np.integer] | None = None, groups: int | None = None) -> Tally:
    """Counts for each group; ``labels`` (n,) are 0 to ``groups`` - 1, or -1 for people in none. None: one
    group of all.
    """
    size = len(votes.statements)
    cell = votes.statement * np.int64(3) + (votes.value + 1)
    if labels is None:
        number = 1
    else:
        number = int(labels.max(initial=NOBODY)) + 1 if groups is None else groups
        cell += labels.astype(np.int64)[votes.person] * (3 * size)
        if labels.min(initial=0) < 0:
            cell = cell[cell >= 0]
    disagree, passed, agree = np.moveaxis(
        np.bincount(cell, minlength=3 * number * size).reshape(number, size, 3), 2, 0
    )
    return Tally(votes.statements, ~votes.left_out, agree.copy(), disagree.copy(), agree + disagree + passed)


def one_proportion(successes: Ints, trials: Ints) -> Floats:
    """z-score of a share against one half."""
    return np.asarray(2 * np.sqrt(trials + 1) * ((successes + 1) / (trials + 1) - 0.5))


def two_proportions(inside: Ints, outside: Ints, trials_in: Ints, trials_out: Ints) -> Floats:
    """z-score of the difference of two shares; 0 where everyone on both sides voted so."""
    inside, outside, trials_in, trials_out = inside + 1, outside + 1, trials_in + 1, trials_out + 1
    pooled = (inside + outside) / (trials_in + trials_out)
    spread = np.sqrt(pooled * (1 - pooled) * (1 / trials_in + 1 / trials_out))
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(pooled == 1, 0.0, (inside / trials_in - outside / trials_out) / spread)


def group_informed_consensus(found: Tally) -> Floats:
    """(m,): the probability that one of each group agrees, multiplied over groups."""
    return np.asarray(found.agreeing.prod(axis=0))


def consensus(found: Tally, at_most: int = AT_MOST) -> Consensus:
    """From the tally of everyone as one group: likelier than not and significant, by probability times z."""
    return Consensus(
        _strongest(found, "agree", found.agreeing[0], found.agree[0], at_most),
        _strongest(found, "disagree", found.disagreeing[0], found.disagree[0], at_most),
    )


def _strongest(
    found: Tally, direction: Direction, probable: Floats, count: Ints, at_most: int
) -> tuple[Stand, ...]:
    seen = found.seen[0]
    z = one_proportion(count, seen)
    chosen = np.flatnonzero(found.listed & (probable > HALF) & (z > SIGNIFICANT))
    chosen = chosen[np.argsort(-(probable * z)[chosen], kind="stable")][:at_most]
    return tuple(
        Stand(
            int(found.statements[at]),
            direction,
            float(z[at]),
            float(probable[at]),
            int(count[at]),
            int(seen[at]),
        )
        for at in chosen
    )


@dataclass(frozen=True, eq=False)
class _Side:
    """One direction's figures (g, m): count, probability, its z, ratio to the others' and z of the
    difference.
    """

    count: Ints
    probability: Floats
    z: Floats
    ratio: Floats
    ratio_z: Floats

    @property
    def metric(self) -> Floats:
        return np.asarray(self.ratio * self.ratio_z * self.probability * self.z)


def _side(count: Ints, seen: Ints, probability: Floats) -> _Side:
    others, others_seen = count.sum(axis=0) - count, seen.sum(axis=0) - seen
    return _Side(
        count,
        probability,
        one_proportion(count, seen),
        probability / ((1 + others) / (2 + others_seen)),
        two_proportions(count, others, seen, others_seen),
    )


def representative(found: Tally, at_most: int = AT_MOST) -> tuple[tuple[Stand, ...], ...]:
    """For each group, statements that set it apart from the others, agreed ones first.

    The one most of its own that it agrees with comes in any case; then those that are significant both in
    themselves and against the others, by the product of probability, ratio and both z-scores.
    """
    agree = _side(found.agree, found.seen, found.agreeing)
    disagree = _side(found.disagree, found.seen, found.disagreeing)
    return tuple(
        _of_group(group, found, agree, disagree, at_most) if found.listed.any() else ()
        for group in range(len(found.seen))
    )


def _of_group(group: int, found: Tally, agree: _Side, disagree: _Side, at_most: int) -> tuple[Stand, ...]:
    towards = agree.ratio_z[group] > disagree.ratio_z[group]
    metric = np.where(towards, agree.metric[group], disagree.metric[group])
    enough = np.flatnonzero(
        found.listed
        & (
            ((agree.z[group] > SIGNIFICANT) & (agree.ratio_z[group] > SIGNIFICANT))
            | ((disagree.z[group] > SIGNIFICANT) & (disagree.ratio_z[group] > SIGNIFICANT))
        )
    )
    enough = enough[np.argsort(-metric[enough], kind="stable")]
    head = _most_agreed(group, agree, found.listed & ((agree.count + disagree.count)[group] > 0))
    if head is None and not len(enough):
        farthest = np.maximum(agree.ratio_z[group], disagree.ratio_z[group])
        head = int(np.where(found.listed, farthest, -np.inf).argmax())
    first = [] if head is None else [head]
    chosen = [*first, *(int(at) for at in enough if at != head)][:at_most]
    stands = [
        _stand(at, "agree" if towards[at] else "disagree", found, agree if towards[at] else disagree, group)
        for at in chosen
    ]
    return tuple(sorted(stands, key=lambda stand: stand.direction))


def _stand(at: int, direction: Direction, found: Tally, side: _Side, group: int) -> Stand:
    return Stand(
        int(found.statements[at]),
        direction,
        float(side.ratio_z[group, at]),
        float(side.probability[group, at]),
        int(side.count[group, at]),
        int(found.seen[group, at]),
    )


def _most_agreed(group: int, agree: _Side, spoken: NDArray[np.bool_]) -> int | None:
    """Statement by statement, as the best so far is judged by another measure once it is agreed with
    more than elsewhere.
    """
    ratio, probable = agree.ratio[group], agree.probability[group]
    first = spoken & ((agree.z[group] > SIGNIFICANT) | ((ratio > 1) & (probable > HALF)))
    if not first.any():
        return None
    best = int(first.argmax())
    metric = agree.metric[group].tolist()
    plain = (probable * agree.z[group]).tolist()
    above = (ratio > 1).tolist()
    for at in np.flatnonzero(spoken).tolist():
        measure = metric if above[best] else plain
        if at > best and measure[at] > measure[best]:
            best = at
    return best
