"""Bridging: how much a statement is agreed with beyond what its side explains.

A vote is explained by the mean of all, the voter's leaning to agree, the statement's own worth and one line
of conflict: v_ij = mu + b_i + c_j + f_i g_j, by least squares with a ridge (Wojcik et al., *Birdwatch:
crowd wisdom and bridging algorithms can inform understanding and reduce the spread of misinformation*,
2022). Leanings and worths are held back more than the line, so that what camps explain is left to the line;
the worth c_j that remains is the score.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from convene.engines.opinion.axes import Axes
from convene.engines.opinion.votes import Floats, Votes

PERSON_RIDGE, STATEMENT_RIDGE, LINE_RIDGE = 0.2, 5.0, 0.2
_STEPS = 300
_NEAR = 1e-5
_CELLS = 20_000_000
_CHUNK = 1_000_000


@dataclass(frozen=True, eq=False)
class Bridging:
    """``worth`` (m,): the score, about -1 to 1; ``line`` (m,) and ``side`` (n,): where statements and people
    stand in the conflict; ``leaning`` (n,); ``mean``: of all votes. Zero for statements left out.
    """

    worth: Floats
    line: Floats
    side: Floats
    leaning: Floats
    mean: float

    def expected(self, person: int, statement: int) -> float:
        """The vote to be expected, for places of a person and a statement."""
        return float(
            self.mean
            + self.leaning[person]
            + self.worth[statement]
            + self.side[person] * self.line[statement]
        )


def bridging(votes: Votes, axes: Axes) -> Bridging:
    """Fits the model by turns, people then statements, from the first axis on."""
    seen = _Seen(votes)
    worth, line = np.zeros(len(votes.statements)), axes.loadings[0] * np.sqrt(len(votes.statements))
    mean = seen.mean
    for _ in range(_STEPS):
        level = mean + worth
        sums = seen.of_people(np.stack([line, line**2, level, level * line]), line)
        leaning, side = _solve(sums, seen.per_person + PERSON_RIDGE, seen.total_by_person)
        level = mean + leaning
        sums = seen.of_statements(np.stack([side, side**2, level, level * side]), side)
        new_worth, new_line = _solve(sums, seen.per_statement + STATEMENT_RIDGE, seen.total_by_statement)
        change = np.abs(new_worth - worth).max(initial=0)
        worth, line = new_worth, new_line
        if change < _NEAR:
            break
    return Bridging(worth, line, side, leaning, mean)


def _solve(sums: Floats, first: Floats, total: Floats) -> tuple[Floats, Floats]:
    """The two unknowns of each row: an intercept, and a slope on the other side's positions.

    ``first``: votes of the row, and the intercept's ridge.
    """
    slope, square, level, level_slope, voted_slope = sums
    second = square + LINE_RIDGE
    right, right_slope = total - level, voted_slope - level_slope
    determinant = first * second - slope**2
    return (
        (right * second - right_slope * slope) / determinant,
        (first * right_slope - slope * right) / determinant,
    )


def _sums(place: NDArray[np.int32], weight: NDArray[Any], size: int) -> Floats:
    return np.bincount(place, weight, size).astype(np.float64)


class _Seen:
    """Which votes are seen, and the votes, as two matrices people by statements in slices of people."""

    def __init__(self, votes: Votes) -> None:
        self.votes = votes
        kept = ~votes.left_out[votes.statement]
        people, size = len(votes.voters), len(votes.statements)
        self.per_person = _sums(votes.person, kept, people)
        self.per_statement = _sums(votes.statement, kept, size)
        self.total_by_person = _sums(votes.person, kept * votes.value, people)
        self.total_by_statement = _sums(votes.statement, kept * votes.value, size)
        self.mean = float(self.total_by_person.sum() / max(self.per_person.sum(), 1))
        self.kept = kept
        cells = len(votes.voters) * len(votes.statements)
        self.whole = list(self._slices(np.float32)) if cells <= _CELLS else None

    def _slices(self, kind: type[np.floating]) -> Iterator[tuple[int, int, Floats, Floats]]:
        votes, size = self.votes, len(self.votes.statements)
        rows = max(_CHUNK // size, 1)
        for low in range(0, len(votes.voters), rows):
            high = min(low + rows, len(votes.voters))
            start, end = votes.starts[low], votes.starts[high]
            at = (votes.person[start:end].astype(np.int64) - low) * size + votes.statement[start:end]
            at, value = at[self.kept[start:end]], votes.value[start:end][self.kept[start:end]]
            seen, said = np.zeros((2, (high - low) * size), dtype=kind)
            seen[at], said[at] = 1, value
            yield low, high, seen.reshape(-1, size), said.reshape(-1, size)

    def of_people(self, columns: Floats, slope: Floats) -> Floats:
        """(5, n): sums over each person's statements of four columns (m,), and of vote times slope."""
        found = np.zeros((5, len(self.votes.voters)))
        wide, narrow = columns.T.astype(np.float32), slope.astype(np.float32)
        for low, high, seen, said in self.whole or self._slices(np.float32):
            found[:4, low:high] = (seen @ wide).T
            found[4, low:high] = said @ narrow
        return found

    def of_statements(self, columns: Floats, slope: Floats) -> Floats:
        """(5, m): likewise over each statement's people."""
        found = np.zeros((5, len(self.votes.statements)))
        wide, narrow = columns.astype(np.float32), slope.astype(np.float32)
        for low, high, seen, said in self.whole or self._slices(np.float32):
            found[:4] += wide[:, low:high] @ seen
            found[4] += narrow[low:high] @ said
        return found
