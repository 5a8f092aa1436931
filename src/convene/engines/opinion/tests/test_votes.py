import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from convene.engines.opinion import Code, InputError, Votes, draw_map
from convene.engines.opinion.tests.makers import camps

cast = st.lists(
    st.tuples(st.integers(-5, 40), st.integers(0, 9), st.sampled_from([-1, 0, 1]), st.integers(0, 6)),
    min_size=1,
    max_size=120,
)


def of(rows: list[tuple[int, int, int, int]]) -> Votes:
    return Votes.of(*zip(*rows, strict=True))


def told(votes: Votes) -> list[tuple[int, int, int]]:
    people, ids = votes.voters[votes.person], votes.statements[votes.statement]
    return list(zip(people.tolist(), ids.tolist(), votes.value.tolist(), strict=True))


@given(cast, st.randoms(use_true_random=False))
def test_the_order_of_votes_does_not_matter(rows: list[tuple[int, int, int, int]], chance) -> None:
    shuffled = list(rows)
    chance.shuffle(shuffled)
    assert told(of(rows)) == told(of(shuffled))


@given(cast)
def test_the_latest_vote_counts_and_a_draw_counts_as_a_pass(rows: list[tuple[int, int, int, int]]) -> None:
    expected = {}
    for voter, statement, _, _ in rows:
        own = [row for row in rows if row[:2] == (voter, statement)]
        last = {row[2] for row in own if row[3] == max(row[3] for row in own)}
        expected[voter, statement] = last.pop() if len(last) == 1 else 0
    assert told(of(rows)) == [(*key, expected[key]) for key in sorted(expected)]


def test_the_whole_map_is_the_same_in_any_order() -> None:
    votes, _ = camps((20, 20))
    order = np.random.default_rng(1).permutation(len(votes))
    again = Votes.of(
        votes.voters[votes.person][order], votes.statements[votes.statement][order], votes.value[order]
    )
    assert draw_map(votes, resamples=5).as_json() == draw_map(again, resamples=5).as_json()


def test_ids_far_apart_and_few_votes_of_many_are_the_same() -> None:
    rows = [(10**15, 3, 1, 0), (5, 10**12, -1, 0), (5, 3, 0, 0)]
    assert told(of(rows)) == [(5, 3, 0), (5, 10**12, -1), (10**15, 3, 1)]


def test_the_same_vote_twice_without_times_is_one_vote() -> None:
    assert told(Votes.of([1, 1], [2, 2], [1, 1])) == [(1, 2, 1)]


def refused(*arrays: object) -> list[tuple[Code, int | None]]:
    with pytest.raises(InputError) as caught:
        Votes.of(*arrays)
    return [(problem.code, problem.index) for problem in caught.value.problems]


def test_faulty_votes_are_named_by_their_place() -> None:
    assert refused([1, 2, 3], [1, 1, 1], [1, 2, -2]) == [(Code.BAD_VOTE, 1), (Code.BAD_VOTE, 2)]
    assert refused([1, 2], [1], [1, 1]) == [(Code.LENGTHS_DIFFER, None)]
    assert refused([1.5], [1], [1]) == [(Code.NOT_WHOLE, None)]
    assert refused([], [], []) == [(Code.NO_VOTES, None)]
    assert refused([1, 2, 1], [7, 7, 7], [1, 0, -1]) == [(Code.CONTRADICTION, 2)]


def test_a_problem_is_told_in_plain_words() -> None:
    with pytest.raises(InputError) as caught:
        Votes.of([4, 4], [7, 7], [1, -1])
    assert str(caught.value) == (
        "voter 4 votes on statement 7 again, differently, and no time says which is later"
    )


def test_people_who_cast_no_vote_have_no_place() -> None:
    votes = Votes.of([3, 9], [1, 1], [1, 1])
    assert votes.places([9, 3]).tolist() == [1, 0]
    with pytest.raises(InputError):
        votes.places([4])
