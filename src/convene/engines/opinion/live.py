"""A map kept while votes come in: one vote at a time on the axes and groups at hand, anew when asked.

A vote moves its voter on the axes at hand, to the nearest of its groups, and all counts with them;
`Live.refresh` makes axes and groups anew from all votes. This is the one place that holds state; its counts
equal a recount at any time, and what a refresh gives does not depend on the order in which votes came.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import permutations

import numpy as np

from convene.engines.opinion.axes import Axes, axes_of
from convene.engines.opinion.clusters import cluster
from convene.engines.opinion.grouping import FEWEST_VOTES
from convene.engines.opinion.tallies import NOBODY, Consensus, Tally, consensus, tally
from convene.engines.opinion.votes import Ints, Votes

_NOWHERE = (math.inf, math.inf)


@dataclass(frozen=True, eq=False)
class Refreshed:
    """What `Live.refresh` found; ``labels`` (n,) are -1 for all while there are no groups that hold."""

    votes: Votes
    axes: Axes
    labels: Ints
    everyone: Tally
    by_group: Tally | None
    consensus: Consensus


class Live:
    """Begins with votes, their axes, and ``labels`` (n,) of groups that hold; without, all are in none."""

    def __init__(self, votes: Votes, axes: Axes | None = None, labels: Ints | None = None) -> None:
        self._people = {id_: at for at, id_ in enumerate(votes.voters.tolist())}
        self._statements = {id_: at for at, id_ in enumerate(votes.statements.tolist())}
        self._left_out = votes.statements[votes.left_out].tolist()
        self._out = {self._statements[id_] for id_ in self._left_out}
        room = (2 * len(self._people) + 64, len(self._statements) + 64)
        self._grid = np.full(room, Votes.ABSENT, np.int8)
        self._grid[votes.person, votes.statement] = votes.value
        self._number = 0 if labels is None else int(labels.max(initial=NOBODY)) + 1
        self._labels = [NOBODY] * len(self._people) if labels is None else labels.tolist()
        self._count(tally(votes, np.array(self._labels) + 1, self._number + 1))
        self._stand(votes, axes_of(votes) if axes is None else axes)

    def _count(self, found: Tally) -> None:
        """Counts by group (the last row: people in none), statement and vote, as lists: agree, disagree,
        pass.
        """
        passed = found.seen - found.agree - found.disagree
        rows = np.stack([passed, found.agree, found.disagree], axis=2).tolist()
        self._cells = rows[1:] + rows[:1]

    def _stand(self, votes: Votes, axes: Axes) -> None:
        """Where people stand on these axes, whose statements are this object's in order, and groups'
        middles.
        """
        self.axes = axes
        self._mean, (self._across, self._up) = axes.mean.tolist(), axes.loadings.tolist()
        labels = np.array(self._labels, dtype=np.int64)
        self._centres = [
            tuple(axes.people[labels == at].mean(axis=0).tolist()) if (labels == at).any() else _NOWHERE
            for at in range(self._number)
        ]
        self._sums = (axes.people / votes.reach[:, None]).tolist()
        kept = ~votes.left_out[votes.statement]
        self._kept = np.bincount(votes.person, kept, len(votes.voters)).astype(int).tolist()

    def _room(self, people: int, statements: int) -> None:
        high, wide = self._grid.shape
        if people > high or statements > wide:
            grid = np.full((max(high, 2 * people), max(wide, 2 * statements)), Votes.ABSENT, np.int8)
            grid[:high, :wide] = self._grid
            self._grid = grid

    def _person(self, voter: int) -> int:
        person = self._people.get(voter)
        if person is None:
            person = self._people[voter] = len(self._people)
            self._labels.append(NOBODY)
            self._sums.append([0.0, 0.0])
            self._kept.append(0)
            self._room(person + 1, 0)
        return person

    def _statement(self, statement: int) -> int:
        at = self._statements.get(statement)
        if at is None:
            at = self._statements[statement] = len(self._statements)
            for row in self._cells:
                row.append([0, 0, 0])
            self._room(0, at + 1)
        return at

    def cast(self, voter: int, statement: int, value: int) -> int:
        """Applies a vote (1, 0, -1) by ids, new ones included, and returns the voter's group (-1: none)."""
        person, at = self._person(voter), self._statement(statement)
        before = self._grid.item(person, at)
        cells = self._cells[self._labels[person]][at]
        self._grid[person, at] = value
        cells[value] += 1
        new = before == Votes.ABSENT
        if not new:
            cells[before] -= 1
        if at < len(self._mean) and at not in self._out:
            step = value - (self._mean[at] if new else before)
            sums = self._sums[person]
            sums[0] += self._across[at] * step
            sums[1] += self._up[at] * step
            self._kept[person] += new
        return self._regroup(person) if self._centres else NOBODY

    def _regroup(self, person: int) -> int:
        label = self._labels[person]
        if label == NOBODY and (self._grid[person] != Votes.ABSENT).sum() < FEWEST_VOTES:
            return label
        x, y = self._place(person)
        far = [(x - right) ** 2 + (y - up) ** 2 for right, up in self._centres]
        nearest = far.index(min(far))
        if nearest != label:
            row = self._grid[person, : len(self._statements)]
            here, there = self._cells[label], self._cells[nearest]
            mine = np.flatnonzero(row != Votes.ABSENT)
            for at, value in zip(mine.tolist(), row[mine].tolist(), strict=True):
                here[at][value] -= 1
                there[at][value] += 1
            self._labels[person] = nearest
        return nearest

    def _place(self, person: int) -> tuple[float, float]:
        reach = math.sqrt(len(self._mean) / max(self._kept[person] + self.axes.passed, 1))
        across, up = self._sums[person]
        return across * reach, up * reach

    def place(self, voter: int) -> tuple[float, float]:
        """Where a voter (an id) lies now, on the axes at hand."""
        return self._place(self._people[voter])

    def counts(self, statement: int, group: int = NOBODY) -> tuple[int, int, int]:
        """Agree, disagree and pass on a statement (an id) in a group, or, for -1, among people in none."""
        passed, agree, disagree = self._cells[group][self._statements[statement]]
        return agree, disagree, passed

    def votes(self) -> Votes:
        """All votes, as `Votes.of` gives them."""
        voters, statements = np.array(list(self._people)), np.array(list(self._statements))
        rows, columns = np.argsort(voters), np.argsort(statements)
        grid = self._grid[: len(rows), : len(columns)]
        if not _in_order(rows):
            grid = grid[rows]
        if not _in_order(columns):
            grid = grid[:, columns]
        return Votes.of_grid(voters[rows], statements[columns], np.ascontiguousarray(grid), self._left_out)

    def refresh(self) -> Refreshed:
        """Makes axes and groups anew, as many groups as at hand, numbered as before; and goes on from
        there.
        """
        votes = self.votes()
        known = (
            len(self._mean) == len(votes.statements) and list(self._statements) == votes.statements.tolist()
        )
        axes = axes_of(votes, start=self.axes if known else None)
        order = np.argsort(np.array(list(self._people)))
        labels = np.full(len(votes.voters), NOBODY)
        if self._number > 1:
            inside = votes.cast >= FEWEST_VOTES
            found = cluster(axes.people[inside]).labels.get(self._number)
            if found is not None:
                labels[inside] = _renumbered(found, np.array(self._labels)[order][inside], self._number)
        if (labels == NOBODY).all():
            self._number = 0
        self._again(votes, axes, labels, order)
        by_group = tally(votes, labels, self._number) if self._number else None
        everyone = tally(votes)
        return Refreshed(votes, axes, labels, everyone, by_group, consensus(everyone))

    def _again(self, votes: Votes, axes: Axes, labels: Ints, order: Ints) -> None:
        columns = np.argsort(np.array(list(self._statements)))
        if not _in_order(order):
            self._grid[: len(order)] = self._grid[order]
        if not _in_order(columns):
            self._grid[:, : len(columns)] = self._grid[:, columns]
        self._people = {id_: at for at, id_ in enumerate(votes.voters.tolist())}
        self._statements = {id_: at for at, id_ in enumerate(votes.statements.tolist())}
        self._out = {self._statements[id_] for id_ in self._left_out}
        self._labels = labels.tolist()
        self._count(tally(votes, labels + 1, self._number + 1))
        self._stand(votes, axes)


def _in_order(places: Ints) -> bool:
    return bool((places[1:] > places[:-1]).all())


def _renumbered(found: Ints, before: Ints, number: int) -> Ints:
    """The numbers under which the most people stay in their group."""
    both = found[before >= 0] * number + before[before >= 0]
    stay = np.bincount(both, minlength=number * number).reshape(number, number)
    best = max(
        permutations(range(number)), key=lambda to: float(sum(stay[at, to[at]] for at in range(number)))
    )
    return np.array(best)[found]
