"""The whole map in one call, and as JSON without any ballot."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from convene.engines.opinion.axes import Axes, axes_of
from convene.engines.opinion.bridging import Bridging, bridging
from convene.engines.opinion.common_ground import CommonGround, common_ground
from convene.engines.opinion.grouping import RESAMPLES, Groups, Stability, find_groups, given_groups
from convene.engines.opinion.slate import SIZE, Slate, slate_of
from convene.engines.opinion.tallies import (
    AT_MOST,
    Consensus,
    Stand,
    Tally,
    consensus,
    group_informed_consensus,
    representative,
    tally,
)
from convene.engines.opinion.together import find_groups_of_few, is_worth_trying
from convene.engines.opinion.votes import Floats, Votes

Name = str | int
TOP = 10


@dataclass(frozen=True, eq=False)
class Picture:
    """What people think. ``representative`` and ``group_informed_consensus`` (m,) are None without groups."""

    votes: Votes
    axes: Axes
    groups: Groups
    everyone: Tally
    by_group: Tally | None
    consensus: Consensus
    representative: tuple[tuple[Stand, ...], ...] | None
    group_informed_consensus: Floats | None
    bridging: Bridging
    common_ground: CommonGround
    slate: Slate

    def as_json(
        self,
        voters: Sequence[Name] | None = None,
        statements: Sequence[Name] | None = None,
        groups: Sequence[Name] | None = None,
    ) -> dict[str, Any]:
        """For ``json.dumps``; names of voters (n,), statements (m,) and groups (g,) in place of ids, if
        given.
        """
        named = _Names(self.votes, voters, statements, groups)
        return {
            "votes": {
                "voters": len(self.votes.voters),
                "statements": len(self.votes.statements),
                "votes": len(self.votes),
                "left_out": [named.statement(at) for at in np.flatnonzero(self.votes.left_out)],
            },
            "axes": _axes(self.axes, named),
            "groups": {"labels": named.labels(self.groups), "reason": self.groups.text},
            "stability": None if self.groups.stability is None else _stability(self.groups),
            "representative": None
            if self.representative is None
            else {
                named.group(at): [_stand(each, named) for each in stands]
                for at, stands in enumerate(self.representative)
            },
            "consensus": {
                "agree": [_stand(each, named) for each in self.consensus.agree],
                "disagree": [_stand(each, named) for each in self.consensus.disagree],
            },
            "group_informed_consensus": None
            if self.group_informed_consensus is None
            else named.by_statement(self.group_informed_consensus),
            "bridging": named.by_statement(np.round(self.bridging.worth, 4) + 0.0),
            "common_ground": [_common(self, at, named) for at in self.common_ground.order[:TOP]],
            "slate": _slate(self.slate, named),
        }


def draw_map(
    votes: Votes,
    *,
    labels: NDArray[np.integer] | None = None,
    seed: int = 0,
    resamples: int = RESAMPLES,
    at_most: int = AT_MOST,
    slate: int = SIZE,
    few: bool = False,
) -> Picture:
    """The map of these votes; ``labels`` (n,): groups as given, from 0, -1 for people in none.

    ``seed`` only draws the resamples by which stability is told. ``at_most``: how long lists may be;
    ``slate``: of how many statements the slate is.
    """
    axes = axes_of(votes)
    groups = (
        find_groups(votes, axes, seed=seed, resamples=resamples)
        if labels is None
        else given_groups(labels.astype(np.int64))
    )
    if few and is_worth_trying(votes, groups):
        groups = find_groups_of_few(votes, seed=seed)
    everyone = tally(votes)
    by_group = None if groups.labels is None else tally(votes, groups.labels)
    bridge = bridging(votes, axes)
    sizes = None if groups.labels is None else np.bincount(groups.labels[groups.labels >= 0])
    return Picture(
        votes,
        axes,
        groups,
        everyone,
        by_group,
        consensus(everyone, at_most),
        None if by_group is None else representative(by_group, at_most),
        None if by_group is None else group_informed_consensus(by_group),
        bridge,
        common_ground(everyone, by_group, sizes, bridge),
        slate_of(votes, slate),
    )


@dataclass(frozen=True, eq=False)
class _Names:
    votes: Votes
    voters: Sequence[Name] | None
    statements: Sequence[Name] | None
    groups: Sequence[Name] | None

    def statement(self, at: int | np.integer) -> Name:
        return int(self.votes.statements[at]) if self.statements is None else self.statements[int(at)]

    def of_statement(self, id_: int) -> Name:
        return self.statement(np.searchsorted(self.votes.statements, id_))

    def by_statement(self, values: Floats) -> dict[str, float]:
        return {str(self.statement(at)): float(value) for at, value in enumerate(values)}

    def group(self, at: int) -> str:
        return str(at if self.groups is None else self.groups[at])

    def labels(self, groups: Groups) -> dict[str, Name] | None:
        if groups.labels is None:
            return None
        names = self.votes.voters.tolist() if self.voters is None else self.voters
        return {
            str(name): label if self.groups is None else self.groups[label]
            for name, label in zip(names, groups.labels.tolist(), strict=True)
            if label >= 0
        }


def _axes(axes: Axes, named: _Names) -> dict[str, Any]:
    return {
        "share": _told(axes.share),
        "statements": {str(named.statement(at)): _told(place) for at, place in enumerate(axes.statements)},
    }


def _told(values: Floats) -> list[float]:
    """To six places: what lies beyond depends on the machine."""
    return [round(value, 6) + 0.0 for value in values.tolist()]


def _stability(groups: Groups) -> dict[str, Any]:
    found: Stability | None = groups.stability
    if found is None:
        return {}
    return {
        "groups": found.k,
        "silhouette": None if groups.silhouette is None else round(groups.silhouette, 6),
        "resamples": len(found.agreement),
        "median": round(found.median, 6),
        "low": round(found.low, 6),
        "returns": found.returns,
        "axes": None if found.axes_median is None else round(found.axes_median, 6),
    }


def _stand(stand: Stand, named: _Names) -> dict[str, Any]:
    return {
        "statement": named.of_statement(stand.statement),
        "direction": stand.direction,
        "z": stand.z,
        "probability": stand.probability,
        "count": stand.count,
        "seen": stand.seen,
    }


def _common(picture: Picture, at: int, named: _Names) -> dict[str, Any]:
    ground, everyone = picture.common_ground, picture.everyone
    return {
        "statement": named.statement(at),
        "rank": int(ground.rank[at]),
        "agreement": float(ground.agreement[at]),
        "bridging": round(float(picture.bridging.worth[at]), 4) + 0.0,
        "count": int(everyone.agree[0, at]),
        "seen": int(everyone.seen[0, at]),
    }


def _slate(slate: Slate, named: _Names) -> dict[str, Any]:
    proof = slate.certificate
    return {
        "shown": [
            {
                "statement": named.of_statement(each.statement),
                "direction": each.direction,
                "people": each.people,
                "first": each.first,
            }
            for each in slate.shown
        ],
        "covered": slate.covered,
        "certificate": {
            "holds": proof.holds,
            "people": proof.people,
            "size": proof.size,
            "left": [
                {"level": each.level, "people": each.people, "fewer_than": each.allowed}
                for each in proof.left
            ],
        },
    }
