"""Ballots that are nearly the same: an alarm to look into, never a verdict.

Two ballots are alike if they share at least ten statements, say the same on at least 95 % of them, and two
independent people would do so with odds of less than one in a thousand over all pairs of people there are,
each statement's votes being as they are. People of one camp are not independent, so groups of three are the
least told.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from convene.engines.opinion.votes import AGREE, DISAGREE, PASS, Ints, Votes

COMMON, SAME, ODDS = 10, 0.95, 1e-3
FEWEST = 3
_ROWS = 512


@dataclass(frozen=True, slots=True)
class Alike:
    """Voters (ids) whose ballots are nearly the same, each to the next; ``common`` statements at least."""

    voters: tuple[int, ...]
    common: int


def near_duplicates(
    votes: Votes, *, common: int = COMMON, same: float = SAME, fewest: int = FEWEST
) -> tuple[Alike, ...]:
    """Sets of at least ``fewest`` voters with nearly the same ballots, the largest first."""
    people = len(votes.voters)
    threshold = math.log(max(people * (people - 1) / 2, 1) / ODDS)
    parent = np.arange(people)
    shared = np.full(people, len(votes.statements))
    for one, other, both in _pairs(votes, common, same, threshold):
        low, high = sorted((_root(parent, one), _root(parent, other)))
        parent[high] = low
        shared[low] = min(shared[low], shared[high], both)
    roots = np.array([_root(parent, at) for at in range(people)])
    sizes = np.bincount(roots, minlength=people)
    found = [
        Alike(tuple(votes.voters[roots == at].tolist()), int(shared[at]))
        for at in np.flatnonzero(sizes >= fewest)
    ]
    return tuple(sorted(found, key=lambda each: (-len(each.voters), each.voters)))


def _root(parent: Ints, at: int) -> int:
    while parent[at] != at:
        parent[at] = parent[parent[at]]
        at = int(parent[at])
    return at


def _pairs(votes: Votes, common: int, same: float, threshold: float) -> list[tuple[int, int, int]]:
    """Pairs of places, and how many statements both voted on."""
    size = len(votes.statements)
    said = np.zeros((3, len(votes.voters), size), dtype=np.float32)
    for at, value in enumerate((AGREE, PASS, DISAGREE)):
        mine = votes.value == value
        said[at, votes.person[mine], votes.statement[mine]] = 1
    seen = said.sum(axis=0)
    share = said.sum(axis=1) / np.maximum(seen.sum(axis=0), 1)
    surprise = -np.log(np.maximum((share**2).sum(axis=0), 1e-9))
    enough = np.flatnonzero(seen.sum(axis=1) >= common)
    said, seen = said[:, enough], seen[enough]
    flat = said.transpose(1, 0, 2).reshape(len(enough), 3 * size)
    weighted = flat * np.tile(surprise, 3).astype(np.float32)
    found: list[tuple[int, int, int]] = []
    for low in range(0, len(enough), _ROWS):
        rows = slice(low, low + _ROWS)
        both, alike = seen[rows] @ seen[low:].T, flat[rows] @ flat[low:].T
        odd = weighted[rows] @ flat[low:].T
        near = (both >= common) & (alike >= same * both) & (odd >= threshold)
        for one, other in np.argwhere(np.triu(near, 1)).tolist():
            found.append((int(enough[low + one]), int(enough[low + other]), int(both[one, other])))
    return found
