"""Common ground, hard to capture: each statement has the worse of two ranks.

One is by group-informed consensus over groups of at least a tenth of the people in groups, so that a
handful cannot veto by being a group of their own; without groups that hold, everyone is one group. The
other is by bridging. A bloc that moves one of them rarely moves the other.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from convene.engines.opinion.bridging import Bridging
from convene.engines.opinion.tallies import Tally, group_informed_consensus
from convene.engines.opinion.votes import Floats, Ints

SHARE = 0.1


@dataclass(frozen=True, eq=False)
class CommonGround:
    """``order``: places of listed statements, most common first. ``agreement`` (m,): the probability that
    one of each counted group agrees; ``by_agreement`` and ``by_bridging`` (m,): ranks from 1, by
    each score.
    """

    order: Ints
    agreement: Floats
    by_agreement: Ints
    by_bridging: Ints

    @property
    def rank(self) -> Ints:
        """(m,): the worse of the two ranks, by which ``order`` goes; then the better one, then the id."""
        return np.maximum(self.by_agreement, self.by_bridging)


def common_ground(
    everyone: Tally, by_group: Tally | None, sizes: Ints | None, bridge: Bridging
) -> CommonGround:
    """Ranks statements; ``everyone`` is the tally of all as one group, ``sizes`` (g,) are people in each
    group.
    """
    counted = everyone
    if by_group is not None and sizes is not None:
        large = sizes >= SHARE * sizes.sum()
        counted = by_group.of(large)
    agreement = group_informed_consensus(counted)
    by_agreement = _ranks(agreement, everyone.listed)
    by_bridging = _ranks(bridge.worth, everyone.listed)
    worse, better = np.maximum(by_agreement, by_bridging), np.minimum(by_agreement, by_bridging)
    order = np.lexsort((better, worse))
    return CommonGround(order[everyone.listed[order]], agreement, by_agreement, by_bridging)


def _ranks(score: Floats, listed: NDArray[np.bool_]) -> Ints:
    """Ranks from 1, the greatest score first, equal ones alike; those not listed come last."""
    rounded = np.where(listed, np.round(score, 6), -np.inf)
    _, place = np.unique(-rounded, return_inverse=True)
    first = np.concatenate([[0], np.cumsum(np.bincount(place))[:-1]])
    return np.asarray(first[place] + 1)
