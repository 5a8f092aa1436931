import json
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from convene.engines.opinion import (
    Reason,
    Votes,
    adjusted_rand,
    axes_of,
    consensus,
    draw_map,
    find_groups,
    find_groups_of_few,
    group_informed_consensus,
    representative,
    tally,
    together,
)
from convene.engines.opinion.clusters import cluster
from convene.engines.opinion.tests.makers import at_random, camps

ballots = st.integers(2, 14).flatmap(
    lambda people: st.lists(
        st.lists(st.sampled_from([None, 1, 0, -1]), min_size=6, max_size=6), min_size=people, max_size=people
    )
)


def of(rows: list[list[int | None]]) -> Votes | None:
    cells = [(i, j, vote) for i, row in enumerate(rows) for j, vote in enumerate(row) if vote is not None]
    return Votes.of(*zip(*cells, strict=True)) if cells else None


def plain_axes(votes: Votes) -> np.ndarray:
    """The scatter of votes about their means, by its definition."""
    matrix = np.full((len(votes.voters), len(votes.statements)), np.nan)
    matrix[votes.person, votes.statement] = votes.value
    centred = np.nan_to_num(matrix - np.nanmean(matrix, axis=0))
    return np.linalg.svd(centred)[1]


@given(ballots)
@settings(deadline=None)
def test_axes_hold_as_much_as_singular_values_say(rows: list[list[int | None]]) -> None:
    votes = of(rows)
    if votes is None:
        return
    axes, lengths = axes_of(votes), np.zeros(2)
    found = plain_axes(votes)[:2]
    lengths[: len(found)] = found
    freedom = max(len(votes.voters) - 1, 1)
    assert axes.spread == pytest.approx(np.where(lengths > 1e-6, lengths, 0) / np.sqrt(freedom), abs=1e-6)
    assert np.isfinite(axes.people).all()


def test_axes_of_many_statements_are_those_of_a_direct_solution() -> None:
    votes, _ = camps((40, 30, 20), statements=400)
    axes = axes_of(votes)
    again = axes_of(votes, start=axes)
    assert axes.spread * np.sqrt(89) == pytest.approx(plain_axes(votes)[:2], rel=1e-9)
    assert again.people == pytest.approx(axes.people, abs=1e-5)


def test_a_person_is_placed_by_their_votes_as_the_map_places_them() -> None:
    votes, _ = camps((12, 9))
    axes = axes_of(votes)
    own = votes.person == 4
    assert axes.place(votes.statement[own], votes.value[own]) == pytest.approx(axes.people[4])


@given(ballots, st.integers(1, 4), st.data())
@settings(deadline=None)
def test_figures_of_groups_are_what_fractions_say(rows: list[list[int | None]], groups: int, data) -> None:
    votes = of(rows)
    if votes is None:
        return
    people = len(votes.voters)
    labels = np.array(data.draw(st.lists(st.integers(-1, groups - 1), min_size=people, max_size=people)))
    found = group_informed_consensus(tally(votes, labels, groups))
    for at in range(len(votes.statements)):
        product = Fraction(1)
        for group in range(groups):
            cast = votes.value[(votes.statement == at) & (labels[votes.person] == group)].tolist()
            product *= Fraction(1 + cast.count(1), 2 + len(cast))
        assert found[at] == pytest.approx(float(product), rel=1e-12)


def test_planted_camps_are_found_and_shown() -> None:
    votes, camp = camps((60, 40))
    found = draw_map(votes, resamples=20)
    assert found.groups.reason is Reason.STABLE
    assert found.groups.labels is not None
    assert adjusted_rand(found.groups.labels, camp) == 1.0
    assert (found.groups.number, len(found.representative or ())) == (2, 2)


def test_no_groups_are_made_up_where_there_are_none() -> None:
    found = draw_map(at_random(120), resamples=20)
    assert (found.groups.labels, found.groups.reason) == (None, Reason.UNSTABLE)
    assert (found.representative, found.group_informed_consensus) == (None, None)


def test_a_group_of_fewer_than_five_is_not_shown() -> None:
    votes, _ = camps((40, 4), loyal=1.0, seed=3)
    found = find_groups(votes, axes_of(votes), resamples=20)
    assert (found.labels, found.reason) == (None, Reason.SMALL_GROUP)


def test_nine_people_make_no_groups() -> None:
    votes, _ = camps((5, 4))
    assert find_groups(votes, axes_of(votes)).reason is Reason.TOO_FEW_PEOPLE


def test_the_same_seed_tells_the_same_stability() -> None:
    votes, _ = camps((20, 15), loyal=0.5)
    one, two = (find_groups(votes, axes_of(votes), seed=7, resamples=8).stability for _ in range(2))
    assert one is not None
    assert two is not None
    assert one.agreement.tolist() == two.agreement.tolist()


def test_statements_left_out_are_in_no_list_and_on_no_axis() -> None:
    votes, camp = camps((30, 30))
    out = Votes.of(
        votes.person,
        votes.statement,
        votes.value,
        left_out=[stand.statement for stand in draw_map(votes).consensus.agree],
    )
    found = draw_map(out, labels=camp)
    left = set(np.flatnonzero(out.left_out).tolist())
    lists = [found.consensus.agree, found.consensus.disagree, *(found.representative or ())]
    assert len(left) == 5
    assert left & {stand.statement for stands in lists for stand in stands} == set()
    assert found.axes.loadings[:, out.left_out] == pytest.approx(0)


def test_given_groups_may_leave_people_out() -> None:
    votes, camp = camps((10, 10))
    labels = np.where(np.arange(20) % 5 == 0, -1, camp)
    found = draw_map(votes, labels=labels)
    assert (found.groups.reason, found.groups.stability) == (Reason.GIVEN, None)
    assert found.by_group is not None
    assert found.by_group.seen.sum() == (labels[votes.person] >= 0).sum()
    assert len(found.as_json()["groups"]["labels"]) == 16


def test_a_group_that_only_rejects_is_told_by_what_it_rejects() -> None:
    votes = Votes.of(np.repeat(np.arange(20), 3), np.tile(np.arange(3), 20), np.repeat([-1, 1], 30))
    found = representative(tally(votes, np.repeat([0, 1], 10)))
    assert [[stand.direction for stand in stands] for stands in found] == [["disagree"] * 3, ["agree"] * 3]


def test_everyone_of_one_mind_is_a_consensus_and_no_groups() -> None:
    votes = Votes.of(np.repeat(np.arange(12), 8), np.tile(np.arange(8), 12), np.ones(96, dtype=int))
    found = draw_map(votes, resamples=3)
    assert found.groups.labels is None
    assert [stand.statement for stand in consensus(tally(votes)).agree] == [0, 1, 2, 3, 4]
    assert json.loads(json.dumps(found.as_json(), allow_nan=False)) == found.as_json()


@given(st.integers(0, 50))
@settings(deadline=None, max_examples=20)
def test_weight_two_is_two_people_in_one_place(seed: int) -> None:
    chance = np.random.default_rng(seed)
    points, weight = chance.random((12, 2)), chance.integers(1, 4, 12)
    once, often = cluster(points, weight.astype(float)), cluster(np.repeat(points, weight, axis=0))
    assert once.best == often.best
    assert np.repeat(once.labels[once.best], weight).tolist() == often.labels[often.best].tolist()
    assert once.silhouettes == pytest.approx(often.silhouettes, abs=1e-5)


def test_groups_of_few_are_found_by_who_keeps_coming_together() -> None:
    votes, camp = camps((35, 25), loyal=0.7)
    found = find_groups_of_few(votes, resamples=6, samples=10)
    assert found.reason is Reason.STABLE
    assert adjusted_rand(found.tried, camp) > 0.9
    assert together(votes, samples=10).certainty.min() > 0.5


def test_groups_of_few_are_not_made_up_either() -> None:
    found = find_groups_of_few(at_random(80), resamples=6, samples=10)
    assert (found.labels, found.reason) == (None, Reason.UNSTABLE)
    assert find_groups_of_few(camps((5, 4))[0]).reason is Reason.TOO_FEW_PEOPLE


def test_groups_of_few_are_tried_by_choice_only() -> None:
    votes = at_random(40)
    assert draw_map(votes, resamples=3, few=True).groups.labels is None
