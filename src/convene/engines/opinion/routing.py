"""What to vote on next: half to anchors that everyone answers, half to what has the fewest votes for its
time.

Anchors make people comparable, the other half gives late statements their chance. A statement that has less
than two thirds of its fair share comes before all else, so that each reaches 60 % of it. A fair share
counts, for each vote cast while a statement was live, one over how many were live then.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from convene.engines.opinion.votes import Floats, Ints, Votes

FLOOR = 0.6
_URGENT = 0.75
ANCHORS = 24


@dataclass(frozen=True, eq=False)
class Attention:
    """For m statements that may be voted on: ``received`` votes, and the ``fair`` share of all votes so
    far.
    """

    received: Ints
    fair: Floats

    @property
    def least(self) -> float:
        """The worst-off statement's part of its fair share."""
        due = self.fair >= 1
        return float((self.received[due] / self.fair[due]).min(initial=np.inf)) if due.any() else 1.0


def fair_shares(since: ArrayLike, total: int) -> Floats:
    """(m,): the fair share of each statement; ``since``: how many votes had been cast in all when it went
    live.
    """
    start = np.minimum(np.asarray(since, dtype=np.int64), total)
    if not len(start):
        return np.zeros(0)
    order = np.argsort(start, kind="stable")
    opened = start[order]
    lengths = np.diff(np.append(opened, total))
    parts = lengths / np.arange(1, len(opened) + 1)
    from_then = np.cumsum(parts[::-1])[::-1]
    first = np.searchsorted(opened, opened, side="left")
    found = np.empty(len(start))
    found[order] = from_then[first]
    return found


def anchors_of(votes: Votes, number: int = ANCHORS) -> Ints:
    """(at most ``number``,): places of statements that divide people most, among the half with the most
    votes.
    """
    spread = np.zeros(len(votes.statements))
    centred = votes.value - votes.mean[votes.statement]
    spread += np.bincount(votes.statement, centred**2, len(spread)) / np.maximum(votes.received, 1)
    kept = np.flatnonzero(~votes.left_out)
    often = kept[np.argsort(-votes.received[kept], kind="stable")][: max(len(kept) // 2, number)]
    return np.sort(often[np.argsort(-spread[often], kind="stable")][:number])


def next_statement(
    attention: Attention,
    seen: NDArray[np.bool_],
    anchors: NDArray[np.integer],
    *,
    turn: int,
    seed: int = 0,
) -> int | None:
    """The place of the statement to show to a person next, or None when they have seen all.

    ``seen`` (m,): what they have voted on, or what is not live. ``turn``: how many they have voted on; on
    even turns they get an anchor. ``seed``: any number of the person's own; it breaks ties, which spreads
    people over statements.
    """
    open_ = np.flatnonzero(~seen)
    if not len(open_):
        return None
    served = (attention.received[open_] + 1) / (attention.fair[open_] + 1)
    order = np.random.default_rng([seed, turn]).permutation(len(open_))
    neediest = int(order[np.argmin(served[order])])
    if served[neediest] < _URGENT:
        return int(open_[neediest])
    if turn % 2 == 0:
        ahead = anchors[~seen[anchors]]
        if len(ahead):
            return int(ahead[np.random.default_rng([seed, turn]).integers(len(ahead))])
    return int(open_[neediest])
