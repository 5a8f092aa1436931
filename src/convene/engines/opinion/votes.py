"""Votes as integer arrays: one for each voter and statement, in an order that does not depend on the
input's.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any, ClassVar

import numpy as np
from numpy.typing import ArrayLike, NDArray

from convene.engines.opinion.errors import Code, InputError, Problem

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

AGREE, PASS, DISAGREE = 1, 0, -1
_GRID = 200_000_000
_NAMED = 20


@dataclass(frozen=True, eq=False)
class Votes:
    """One vote for each voter and statement voted on, by voter, then statement.

    ``voters`` (n,) and ``statements`` (m,) are ids, ascending; ``person`` and ``statement`` (v,) are places
    in them; ``value`` (v,) is 1 agree, 0 pass, -1 disagree. ``left_out`` (m,): statements that moderation
    took out: no axis and no list holds them, and for the axes everybody has passed on them, as with the
    peer. Make it with `Votes.of`.
    """

    voters: Ints
    statements: Ints
    person: NDArray[np.int32]
    statement: NDArray[np.int32]
    value: NDArray[np.int8]
    left_out: NDArray[np.bool_]

    ABSENT: ClassVar[int] = 2

    @classmethod
    def of(
        cls,
        voters: ArrayLike,
        statements: ArrayLike,
        values: ArrayLike,
        times: ArrayLike | None = None,
        *,
        left_out: Iterable[int] = (),
    ) -> Votes:
        """From arrays of equal length (v,): ids of voters and statements, votes, and when each was cast
        (any whole number that grows with time). ``left_out``: ids of statements that moderation
        took out.

        Of several votes by one voter on one statement the latest counts; at the same instant, votes that
        differ count as a pass. Raises `InputError` naming each faulty vote by its place, and where votes
        differ without times.
        """
        given = [
            _whole("voters", voters),
            _whole("statements", statements),
            _whole("votes", values),
            *([] if times is None else [_whole("times", times)]),
        ]
        _check(given)
        people, person = _numbered(given[0])
        ids, statement = _numbered(given[1])
        key = person * len(ids) + statement
        kept, value = _one_each(key, given[2].astype(np.int8), len(people) * len(ids))
        if kept is None:
            kept, value = _latest(key, given, value)
        out = np.isin(ids, np.fromiter(left_out, dtype=np.int64))
        return cls(people, ids, *_apart(kept, len(people), len(ids)), value, out)

    @classmethod
    def of_grid(
        cls, voters: Ints, statements: Ints, grid: NDArray[np.int8], left_out: Iterable[int] = ()
    ) -> Votes:
        """From a matrix (n, m), `Votes.ABSENT` where there is no vote; ids ascending."""
        flat = grid.reshape(-1)
        there = flat != cls.ABSENT
        out = np.isin(statements, np.fromiter(left_out, dtype=np.int64))
        person, statement = _apart(np.flatnonzero(there), len(voters), len(statements))
        return cls(voters, statements, person, statement, flat[there], out)

    def __len__(self) -> int:
        return len(self.value)

    @cached_property
    def starts(self) -> Ints:
        """(n + 1,): the votes of person i are those from ``starts[i]`` to ``starts[i + 1]``."""
        return np.searchsorted(self.person, np.arange(len(self.voters) + 1))

    @cached_property
    def cast(self) -> Ints:
        """(n,): how many votes each person cast."""
        return np.diff(self.starts)

    @cached_property
    def received(self) -> Ints:
        """(m,): how many votes each statement has."""
        return np.bincount(self.statement, minlength=len(self.statements))

    @cached_property
    def mean(self) -> Floats:
        """(m,): the mean vote on each statement, -1 to 1; 0 for those left out."""
        total = np.bincount(self.statement, weights=self.value, minlength=len(self.statements))
        return np.where(self.left_out, 0.0, total / np.maximum(self.received, 1))

    @cached_property
    def reach(self) -> Floats:
        """(n,): by how much a person's position is moved outwards, for the votes they did not cast."""
        seen = self.cast
        if self.left_out.any():
            kept = self.person[~self.left_out[self.statement]]
            seen = np.bincount(kept, minlength=len(self.voters)) + int(self.left_out.sum())
        return np.asarray(np.sqrt(len(self.statements) / np.maximum(seen, 1)))

    def of_people(self, chosen: NDArray[np.bool_]) -> Votes:
        """The votes of some people, a mask (n,), on the same statements."""
        mask = chosen[self.person]
        number = np.cumsum(chosen, dtype=np.int32) - 1
        return Votes(
            self.voters[chosen],
            self.statements,
            number[self.person[mask]],
            self.statement[mask],
            self.value[mask],
            self.left_out,
        )

    def places(self, voters: Iterable[int]) -> Ints:
        """Places (in ``voters``) of ids; raises `InputError` for who cast no vote."""
        ids = np.fromiter(voters, dtype=np.int64)
        found = np.searchsorted(self.voters, ids)
        known = found < len(self.voters)
        known[known] = self.voters[found[known]] == ids[known]
        if not known.all():
            raise InputError(
                Problem(Code.UNKNOWN_VOTER, {"voter": int(ids[at])}, int(at)) for at in np.flatnonzero(~known)
            )
        return found


def _whole(what: str, given: ArrayLike) -> NDArray[Any]:
    array = np.asarray(given)
    if array.size == 0:
        array = array.astype(np.int64).reshape(-1)
    if array.ndim != 1 or array.dtype.kind not in "iu":
        raise InputError([Problem(Code.NOT_WHOLE, {"what": what})])
    return array


def _check(given: list[NDArray[Any]]) -> None:
    expected = len(given[0])
    names = ("voters", "statements", "votes", "times")
    wrong = [
        Problem(Code.LENGTHS_DIFFER, {"what": what, "length": len(each), "expected": expected})
        for what, each in zip(names, given, strict=False)
        if len(each) != expected
    ]
    if not expected:
        wrong.append(Problem(Code.NO_VOTES))
    if wrong:
        raise InputError(wrong)
    values = given[2]
    if values.min() < DISAGREE or values.max() > AGREE:
        faulty = np.flatnonzero((values < DISAGREE) | (values > AGREE))
        raise InputError(Problem(Code.BAD_VOTE, {"vote": int(values[at])}, int(at)) for at in faulty[:_NAMED])


def _numbered(ids: NDArray[Any]) -> tuple[Ints, Ints]:
    """The distinct ids, ascending, and the place of each; by counting where they lie close together."""
    if not len(ids):
        return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64)
    low, high = int(ids.min()), int(ids.max())
    if high - low > 4 * len(ids) + 1_000:
        distinct, place = np.unique(ids, return_inverse=True)
        return distinct.astype(np.int64), place.astype(np.int64)
    ids = ids.astype(np.int64, copy=False) - low if low else ids.astype(np.int64, copy=False)
    there = np.zeros(high - low + 1, dtype=bool)
    there[ids] = True
    if there.all():
        return np.arange(low, high + 1), ids
    return np.flatnonzero(there) + low, (np.cumsum(there) - 1)[ids]


def _apart(key: Ints, people: int, size: int) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """Places of person and statement from ascending keys; by counting, as division is slow."""
    starts = np.searchsorted(key, np.arange(people + 1) * size)
    person = np.repeat(np.arange(people, dtype=np.int32), np.diff(starts))
    statement = (key - np.repeat(np.arange(people) * size, np.diff(starts))).astype(np.int32)
    return person, statement


def _one_each(key: Ints, value: NDArray[np.int8], cells: int) -> tuple[Ints | None, NDArray[np.int8]]:
    """Keys in order with their votes; None where a key comes more than once."""
    if cells > max(_GRID, 20 * len(key)):
        order = np.argsort(key, kind="stable")
        key, value = key[order], value[order]
        return (None, value) if (key[1:] == key[:-1]).any() else (key, value)
    grid = np.full(cells, Votes.ABSENT, dtype=np.int8)
    grid[key] = value
    kept = np.flatnonzero(grid != Votes.ABSENT)
    return (kept, grid[kept]) if len(kept) == len(key) else (None, value)


def _latest(key: Ints, given: list[NDArray[Any]], value: NDArray[np.int8]) -> tuple[Ints, NDArray[np.int8]]:
    value = given[2].astype(np.int8)
    times = given[3] if len(given) > len(("voters", "statements", "votes")) else None
    order = np.lexsort((value, key) if times is None else (value, times, key))
    key, value = key[order], value[order]
    last = np.append(np.flatnonzero(key[1:] != key[:-1]), len(key) - 1)
    new = np.ones(len(key), dtype=bool)
    new[1:] = key[1:] != key[:-1]
    if times is not None:
        at = times[order]
        new[1:] |= at[1:] != at[:-1]
    first = np.maximum.accumulate(np.where(new, np.arange(len(key)), 0))[last]
    differ = value[first] != value[last]
    if times is None and differ.any():
        raise InputError(_contradictions(order, first[differ], last[differ], given))
    return key[last], np.where(differ, PASS, value[last]).astype(np.int8)


def _contradictions(order: Ints, first: Ints, last: Ints, given: list[NDArray[Any]]) -> list[Problem]:
    rows = sorted(int(order[low : high + 1].max()) for low, high in zip(first, last, strict=True))
    return [
        Problem(Code.CONTRADICTION, {"voter": int(given[0][at]), "statement": int(given[1][at])}, at)
        for at in rows[:_NAMED]
    ]
