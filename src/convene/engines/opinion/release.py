"""What may leave: figures in batches, none about few, and in a small room only three words.

`publish` gives the votes from which everything public is made. A statement's public votes change only once at
least five people's votes on it have; so no two figures differ by fewer than five people, whenever one looks.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from convene.engines.opinion.tallies import Tally
from convene.engines.opinion.votes import Floats, Ints, Votes

AT_LEAST, CROSS_TABLE = 5, 10
SMALL_ROOM = 12
DOTS_FROM = 30
_THIRD = 3
_FINEST = 32


class RoomClass(StrEnum):
    """What a room of 5 to 12 is told of a statement. Add, never rename."""

    ALL_AGREE = "all_agree"
    MIXED = "mixed"
    DIVIDED = "divided"


def publish(held: Votes | None, now: Votes, *, at_least: int = AT_LEAST) -> Votes:
    """The votes public figures may be made from: what is ``held`` out already, or the votes of ``now`` on
    statements where at least ``at_least`` people's votes differ from it (cast, changed or withdrawn).

    Voters and statements are known by id in both. A statement left out now is left out at once. Keep the
    result for the next call, under other ids than people's if they may be forgotten: who is no longer among
    the voters of ``now`` counts as withdrawn. What comes out of it is still ballots; publish tallies and
    maps of it, never itself.
    """
    ids = now.statements if held is None else np.union1d(now.statements, held.statements)
    people = now.voters if held is None else np.union1d(now.voters, held.voters)
    new = _cells(now, people, ids)
    old = _Cells(new.key[:0], new.value[:0]) if held is None else _cells(held, people, ids)
    fresh = _differing(old, new, len(ids)) >= at_least
    key = np.concatenate([old.key[~fresh[old.key % len(ids)]], new.key[fresh[new.key % len(ids)]]])
    value = np.concatenate([old.value[~fresh[old.key % len(ids)]], new.value[fresh[new.key % len(ids)]]])
    if not len(key):
        return _empty(now)
    return Votes.of(
        people[key // len(ids)],
        ids[key % len(ids)],
        value,
        left_out=now.statements[now.left_out].tolist(),
    )


@dataclass(frozen=True, eq=False)
class _Cells:
    key: Ints
    value: NDArray[np.int8]


def _cells(votes: Votes, people: Ints, ids: Ints) -> _Cells:
    person = np.searchsorted(people, votes.voters)[votes.person]
    statement = np.searchsorted(ids, votes.statements)[votes.statement]
    return _Cells(person * len(ids) + statement, votes.value)


def _differing(old: _Cells, new: _Cells, size: int) -> Ints:
    """(size,): on how many people's votes the two differ, for each statement."""
    place = np.searchsorted(old.key, new.key)
    both = place < len(old.key)
    both[both] = old.key[place[both]] == new.key[both]
    same = both.copy()
    same[both] = old.value[place[both]] == new.value[both]
    gone = ~np.isin(old.key, new.key, assume_unique=True)
    return np.asarray(
        np.bincount(new.key[~same] % size, minlength=size) + np.bincount(old.key[gone] % size, minlength=size)
    )


def _empty(now: Votes) -> Votes:
    none = np.zeros(0, dtype=np.int32)
    return Votes(now.voters[:0], now.statements[:0], none, none, np.zeros(0, dtype=np.int8), now.left_out[:0])


def room_class(agree: int, disagree: int, passed: int, *, at_least: int = AT_LEAST) -> RoomClass | None:
    """For a room of 5 to 12 people; None below five votes. Divided: a third or more on either side."""
    cast = agree + disagree + passed
    if cast < at_least:
        return None
    if agree == cast:
        return RoomClass.ALL_AGREE
    return RoomClass.DIVIDED if min(agree, disagree) * _THIRD >= cast else RoomClass.MIXED


def hidden(counts: NDArray[np.integer], *, at_least: int = AT_LEAST) -> NDArray[np.bool_]:
    """Which parts of one whole (g,) not to show: those below ``at_least``, and, when the hidden ones
    together are fewer still than that, the next smallest too, lest they follow from the total. Empty
    parts need no hiding.
    """
    hide = (counts > 0) & (counts < at_least)
    for at in np.argsort(counts, kind="stable"):
        if not hide.any() or (counts[hide].sum() >= at_least and hide.sum() > 1):
            break
        if counts[at] > 0:
            hide[at] = True
    return np.asarray(hide)


def cross_table(found: Tally, *, at_least: int = CROSS_TABLE) -> NDArray[np.bool_]:
    """(g, m): which counts of a group on a statement may be shown: ``at_least`` votes, by the rule of
    `hidden`.
    """
    shown = np.ones(found.seen.shape, dtype=bool)
    for at in range(found.seen.shape[1]):
        shown[:, at] = ~hidden(found.seen[:, at], at_least=at_least) & (found.seen[:, at] >= at_least)
    return shown


@dataclass(frozen=True, slots=True)
class Dot:
    """A place on the map that stands for ``people`` (five or more) of one ``group`` (-1: none)."""

    x: float
    y: float
    group: int
    people: int


def dots(
    positions: Floats, groups: Ints | None = None, *, at_least: int = AT_LEAST, from_: int = DOTS_FROM
) -> tuple[Dot, ...]:
    """The picture of people (n, 2), none of them alone: halves of halves, each with at least ``at_least``
    people.

    Below ``from_`` people there is no picture. Each dot lies at the middle of its people, on a coarse grid.
    """
    if len(positions) < from_:
        return ()
    labels = np.zeros(len(positions), dtype=np.int64) - 1 if groups is None else groups
    widest = float(np.abs(positions).max()) or 1.0
    found = [
        Dot(*_on_grid(positions[part].mean(axis=0), widest), int(group), len(part))
        for group in np.unique(labels)
        for part in _halves(positions, np.flatnonzero(labels == group), at_least)
    ]
    return tuple(sorted(found, key=lambda dot: (dot.group, dot.x, dot.y)))


def _halves(positions: Floats, people: Ints, at_least: int) -> list[Ints]:
    """Mondrian partitioning (LeFevre, DeWitt and Ramakrishnan, 2006): split the wider way at the median."""
    if len(people) < at_least:
        return []
    if len(people) < 2 * at_least:
        return [people]
    own = positions[people]
    axis = int(np.argmax(own.max(axis=0) - own.min(axis=0)))
    order = people[np.lexsort((own[:, 1 - axis], own[:, axis]))]
    middle = len(order) // 2
    return _halves(positions, order[:middle], at_least) + _halves(positions, order[middle:], at_least)


def _on_grid(place: Floats, widest: float) -> tuple[float, float]:
    x, y = np.round(place / widest * _FINEST) * widest / _FINEST
    return float(x) + 0.0, float(y) + 0.0
