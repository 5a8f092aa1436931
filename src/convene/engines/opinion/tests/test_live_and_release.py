import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from convene.engines.opinion import (
    Attention,
    Live,
    RoomClass,
    Votes,
    anchors_of,
    axes_of,
    cross_table,
    dots,
    draw_map,
    fair_shares,
    hidden,
    near_duplicates,
    next_statement,
    publish,
    room_class,
    tally,
)
from convene.engines.opinion.tests.makers import at_random, camps

steps = st.lists(st.tuples(st.integers(0, 70), st.integers(0, 33), st.sampled_from([-1, 0, 1])), max_size=60)


@given(steps, st.booleans())
@settings(deadline=None, max_examples=40)
def test_live_counts_equal_a_recount(cast: list[tuple[int, int, int]], refreshed: bool) -> None:
    votes, camp = camps((30, 25))
    live = Live(votes, axes_of(votes), camp)
    groups = {voter: int(camp[voter]) for voter in range(55)}
    for voter, statement, value in cast:
        groups[voter] = live.cast(voter, statement, value)
    if refreshed:
        found = live.refresh()
        groups = dict(zip(found.votes.voters.tolist(), found.labels.tolist(), strict=True))
    now = live.votes()
    labels = np.array([groups[voter] for voter in now.voters.tolist()])
    for group in (-1, 0, 1):
        counted = tally(now, np.where(labels == group, 0, -1), 1)
        for at, id_ in enumerate(now.statements.tolist()):
            agree, disagree, passed = live.counts(id_, group)
            assert (agree, disagree) == (counted.agree[0, at], counted.disagree[0, at])
            assert agree + disagree + passed == counted.seen[0, at]


def test_a_voter_moves_on_the_axes_as_their_votes_say() -> None:
    votes, camp = camps((30, 25))
    axes = axes_of(votes)
    live = Live(votes, axes, camp)
    for statement in range(30):
        live.cast(1000, statement, 1)
    assert live.place(1000) == pytest.approx(axes.place(np.arange(30), np.ones(30, dtype=int)))
    assert live.place(3) == pytest.approx(axes.people[3])


def test_a_refresh_is_the_map_of_all_votes_and_keeps_the_groups_numbers() -> None:
    votes, camp = camps((30, 25))
    live = Live(votes, axes_of(votes), 1 - camp)
    live.cast(7, 3, 0)
    found = live.refresh()
    assert found.labels.tolist() == (1 - camp).tolist()
    assert found.axes.people == pytest.approx(axes_of(live.votes()).people, abs=1e-6)
    assert found.consensus == draw_map(live.votes(), resamples=1).consensus


@given(st.lists(steps, min_size=1, max_size=5))
@settings(deadline=None, max_examples=60)
def test_no_two_public_counts_differ_by_fewer_than_five_people(
    batches: list[list[tuple[int, int, int]]],
) -> None:
    held, cast = None, {}
    for batch in batches:
        cast |= {(voter % 12, statement % 3): value for voter, statement, value in batch}
        if not cast:
            continue
        keys = list(cast)
        now = Votes.of([key[0] for key in keys], [key[1] for key in keys], list(cast.values()))
        new = publish(held, now)
        for id_ in range(3):
            before, after = (
                {}
                if votes is None
                else {
                    int(votes.voters[person]): int(value)
                    for person, at, value in zip(votes.person, votes.statement, votes.value, strict=True)
                    if votes.statements[at] == id_
                }
                for votes in (held, new)
            )
            differ = sum(before.get(voter) != after.get(voter) for voter in before | after)
            assert differ == 0 or differ >= 5
        held = new


def test_withdrawn_votes_leave_with_the_next_batch() -> None:
    eight, four = np.arange(8), np.arange(4)
    held = publish(None, Votes.of(eight, np.ones(8, dtype=int), np.ones(8, dtype=int)))
    now = Votes.of(four, np.ones(4, dtype=int), np.ones(4, dtype=int))
    assert len(publish(held, now)) == 8
    assert len(publish(held, Votes.of(four[:3], [1, 1, 1], [1, 1, 1]))) == 3
    assert len(publish(None, now)) == 0


@pytest.mark.parametrize(
    ("counts", "word"),
    [
        ((4, 0, 0), None),
        ((5, 0, 0), RoomClass.ALL_AGREE),
        ((5, 0, 1), RoomClass.MIXED),
        ((4, 3, 2), RoomClass.DIVIDED),
        ((0, 6, 0), RoomClass.MIXED),
    ],
)
def test_a_small_room_hears_three_words(counts: tuple[int, int, int], word: RoomClass | None) -> None:
    assert room_class(*counts) is word


@given(st.lists(st.integers(0, 12), min_size=1, max_size=6))
def test_what_is_hidden_cannot_follow_from_the_total(counts: list[int]) -> None:
    parts = np.array(counts)
    hide = hidden(parts)
    assert not (hide & (parts == 0)).any()
    assert not ((parts > 0) & (parts < 5) & ~hide).any()
    if hide.any() and (parts > 0).sum() > 1:
        assert hide.sum() > 1
        assert parts[hide].sum() >= 5 or (hide | (parts == 0)).all()


def test_cross_tables_show_ten_and_more() -> None:
    votes = Votes.of(np.arange(31), np.ones(31, dtype=int), np.ones(31, dtype=int))
    groups = np.repeat([0, 1, 2], [3, 12, 16])
    assert cross_table(tally(votes, groups))[:, 0].tolist() == [False, False, True]


@given(st.integers(0, 120), st.integers(0, 9))
@settings(deadline=None)
def test_no_dot_stands_for_fewer_than_five(people: int, seed: int) -> None:
    chance = np.random.default_rng(seed)
    shown = dots(chance.normal(size=(people, 2)), chance.integers(0, 2, people))
    assert all(dot.people >= 5 for dot in shown)
    assert sum(dot.people for dot in shown) == (people if people >= 30 else 0)


def test_ballots_nearly_the_same_are_told_and_others_are_not() -> None:
    votes, _ = camps((60, 60), statements=40, loyal=0.7)
    copies = [(200 + at, statement, 1 if statement % 3 else -1) for at in range(6) for statement in range(40)]
    voters, statements, values = np.array(copies).T
    both = Votes.of(
        np.concatenate([votes.person, voters]),
        np.concatenate([votes.statement, statements]),
        np.concatenate([votes.value, values]),
    )
    assert near_duplicates(votes) == ()
    assert [(each.voters, each.common) for each in near_duplicates(both)] == [(tuple(range(200, 206)), 40)]


def test_few_short_ballots_are_looked_at_too() -> None:
    assert near_duplicates(Votes.of([1, 2], [1, 1], [1, 1])) == ()


def test_groups_that_are_no_more_are_let_go() -> None:
    votes, camp = camps((3, 3), statements=5)
    live = Live(votes, axes_of(votes), camp)
    assert set(live.refresh().labels.tolist()) == {-1}
    assert live.cast(0, 1, 1) == -1


def test_fair_shares_count_from_when_a_statement_was_live() -> None:
    assert fair_shares([0, 0, 60], 90).tolist() == [40, 40, 10]
    assert fair_shares([], 10).tolist() == []


def test_everyone_votes_once_on_each_and_late_statements_get_their_part() -> None:
    people, size, each = 120, 30, 12
    since = np.repeat(np.arange(0, 600, 20), 1)
    seen = np.zeros((people, size), dtype=bool)
    chance, cast = np.random.default_rng(0), 0
    for turn in range(each):
        for person in chance.permutation(people).tolist():
            live = since <= cast
            attention = Attention(seen[:, live].sum(axis=0), fair_shares(since[live], cast))
            place = next_statement(
                attention, seen[person, live], np.arange(min(5, int(live.sum()))), turn=turn, seed=person
            )
            if place is not None:
                seen[person, place] = True
                cast += 1
    received, fair = seen.sum(axis=0), fair_shares(since, cast)
    assert cast > 0.95 * people * each
    assert Attention(received, fair).least >= 0.6


def test_anchors_divide_and_are_never_left_out() -> None:
    votes = at_random(40)
    out = Votes.of(votes.person, votes.statement, votes.value, left_out=[0, 1, 2])
    assert len(anchors_of(votes, 6)) == 6
    assert set(anchors_of(out, 20).tolist()) & {0, 1, 2} == set()


def test_where_nobody_has_voted_enough_nothing_is_alike():
    assert near_duplicates(Votes.of([1, 2, 3], [1, 1, 1], [1, 1, 1])) == ()
