"""Golden values: red-dwarf 0.4.0 on four open conversations (CC BY 4.0, The Computational Democracy Project)."""

import numpy as np
import pytest

from convene.engines.opinion import (
    Stand,
    Votes,
    axes_of,
    consensus,
    find_groups,
    group_informed_consensus,
    representative,
    tally,
)
from convene.engines.opinion.tests.shared_data import NAMES, conversation, known

every = pytest.mark.parametrize("name", NAMES)


def labels_of(name: str, votes: Votes) -> np.ndarray:
    said = known(name)["labels"]
    return np.array([said.get(str(voter), -1) for voter in votes.voters])


def rounded(stands: tuple[Stand, ...]) -> list[list[object]]:
    return [[stand.statement, stand.direction, round(stand.z, 9)] for stand in stands]


@every
def test_votes_are_those_the_peer_counts(name: str) -> None:
    votes, said = conversation(name), known(name)
    counted = (len(votes.voters), len(votes.statements), len(votes))
    assert counted == (said["participants"], said["statements"], said["votes"])


@every
def test_groups_found_are_the_peers(name: str) -> None:
    votes, said = conversation(name), known(name)
    found = find_groups(votes, axes_of(votes), resamples=1)
    assert found.tried.tolist() == labels_of(name, votes).tolist()
    assert found.silhouette == pytest.approx(said["silhouette"], abs=1e-6)


@every
def test_representative_statements_are_the_peers(name: str) -> None:
    votes = conversation(name)
    found = representative(tally(votes, labels_of(name, votes)))
    said = known(name)["representative"]
    assert {str(group): rounded(stands) for group, stands in enumerate(found)} == said


@every
def test_consensus_lists_are_the_peers_but_for_ties(name: str) -> None:
    found, said = consensus(tally(conversation(name))), known(name)["consensus"]
    tied = {15: 16} if name == "london.youth.policing" else {}
    for stands, listed in ((found.agree, said["agree"]), (found.disagree, said["disagree"])):
        assert [[tied.get(stand.statement, stand.statement), round(stand.z, 9)] for stand in stands] == listed


@every
def test_group_informed_consensus_is_the_peers(name: str) -> None:
    votes = conversation(name)
    found = group_informed_consensus(tally(votes, labels_of(name, votes)))
    said = [known(name)["group_informed_consensus"][str(id_)] for id_ in votes.statements]
    assert np.abs(found - said).max() <= 1e-12  # told to twelve places


@pytest.mark.parametrize(
    ("name", "stable"), [(NAMES[0], False), (NAMES[1], False), (NAMES[2], True), (NAMES[3], True)]
)
def test_only_groups_that_come_again_are_shown(name: str, stable: bool) -> None:
    votes = conversation(name)
    found = find_groups(votes, axes_of(votes), resamples=20)
    assert (found.labels is not None) is stable
