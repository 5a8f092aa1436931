"""Invented votes for the tests of this engine."""

import numpy as np
from numpy.typing import NDArray

from convene.engines.opinion import Votes


def camps(
    sizes: tuple[int, ...], statements: int = 30, *, share: float = 0.8, loyal: float = 0.85, seed: int = 0
) -> tuple[Votes, NDArray[np.int64]]:
    """Camps that each have a line on every statement, which each of them follows with probability ``loyal``;
    the last third of the statements has one line for all. People see a ``share`` of the statements.
    """
    chance = np.random.default_rng(seed)
    line = chance.choice([-1, 1], (len(sizes), statements))
    line[:, -statements // 3 :] = 1
    camp = np.repeat(np.arange(len(sizes)), sizes)
    vote = np.where(
        chance.random((len(camp), statements)) < loyal,
        line[camp],
        chance.integers(-1, 2, (len(camp), statements)),
    )
    seen = chance.random(vote.shape) < share
    seen[:, 0] = True
    person, statement = np.nonzero(seen)
    return Votes.of(person, statement, vote[seen]), camp


def at_random(people: int, statements: int = 20, seed: int = 0) -> Votes:
    """Everyone votes on everything, without any pattern."""
    vote = np.random.default_rng(seed).integers(-1, 2, (people, statements))
    person, statement = np.nonzero(np.ones_like(vote))
    return Votes.of(person, statement, vote.reshape(-1))
