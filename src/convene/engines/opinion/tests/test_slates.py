from fractions import Fraction
from itertools import chain, combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from convene.engines.opinion import Code, InputError, Votes, certify, draw_map, equal_shares, slate_of
from convene.engines.opinion.tests.makers import camps

approvals = st.lists(st.sets(st.integers(0, 6)), min_size=1, max_size=7)


def arrays(said: list[set[int]]) -> tuple[np.ndarray, np.ndarray]:
    pairs = sorted((candidate, person) for person, own in enumerate(said) for candidate in own)
    found = np.array(pairs, dtype=np.int64).reshape(-1, 2)
    return found[:, 0], found[:, 1]


def proportional(said: list[set[int]], chosen: set[int], size: int) -> bool:
    """EJR+ by its definition, over every group of people there is."""
    people = range(len(said))
    groups = chain.from_iterable(combinations(people, many) for many in range(1, len(said) + 1))
    for group in groups:
        alike = set.intersection(*(said[at] for at in group)) - chosen
        for level in range(1, size + 1):
            if (
                alike
                and len(group) * size >= level * len(said)
                and all(len(said[at] & chosen) < level for at in group)
            ):
                return False
    return True


@given(approvals, st.integers(1, 5))
@settings(deadline=None)
def test_equal_shares_represent_every_group_there_is(said: list[set[int]], size: int) -> None:
    shares = equal_shares(*arrays(said), len(said), size)
    assert shares.certificate.holds
    assert proportional(said, set(shares.chosen), size)
    assert proportional(said, set(shares.chosen[: shares.bought]), size)
    assert shares.found.tolist() == [len(own & set(shares.chosen)) for own in said]


@given(approvals, st.sets(st.integers(0, 6)), st.integers(1, 5))
@settings(deadline=None)
def test_a_certificate_tells_right_from_wrong(said: list[set[int]], chosen: set[int], size: int) -> None:
    assert certify(*arrays(said), len(said), sorted(chosen), size).holds is proportional(said, chosen, size)


def bought_exactly(said: list[set[int]], size: int) -> Fraction:
    """What equal shares cost in all, in fractions, by trying every price that can be."""
    budget, done = [Fraction(size, len(said))] * len(said), set[int]()
    while True:
        prices = []
        for candidate in set().union(*said) - done:
            held = sorted(budget[at] for at, own in enumerate(said) if candidate in own)
            for many in range(len(held)):
                price = (1 - sum(held[:many], Fraction(0))) / (len(held) - many)
                if price <= held[many]:
                    prices.append((price, -len(held), candidate))
                    break
        if not prices:
            return Fraction(len(done))
        price, _, best = min(prices)
        done.add(best)
        budget = [
            max(each - price, Fraction(0)) if best in own else each
            for each, own in zip(budget, said, strict=True)
        ]


@given(approvals, st.integers(1, 5))
@settings(deadline=None)
def test_as_many_are_bought_as_in_fractions(said: list[set[int]], size: int) -> None:
    assert equal_shares(*arrays(said), len(said), size).bought == bought_exactly(said, size)


def test_a_third_of_the_people_gets_a_third_of_the_slate() -> None:
    said = [{0, 1, 2}] * 20 + [{3, 4, 5}] * 10
    shares = equal_shares(*arrays(said), 30, 3)
    assert sorted(len({0, 1, 2} & {at}) for at in shares.chosen) == [0, 1, 1]
    assert shares.covered == 30


def test_a_slate_names_what_people_agree_and_disagree_with() -> None:
    votes = Votes.of(np.repeat(np.arange(10), 2), np.tile([5, 9], 10), [1, 0] * 6 + [0, -1] * 4)
    slate = slate_of(votes, 2)
    told = [(each.statement, each.direction, each.people, each.first) for each in slate.shown]
    assert told == [(5, "agree", 6, 6), (9, "disagree", 4, 4)]
    assert (slate.covered, slate.certificate.holds, slate.certificate.tightest) == (10, True, 0)


def test_a_slate_of_nothing_is_refused() -> None:
    with pytest.raises(InputError) as caught:
        slate_of(camps((5, 5))[0], 0)
    assert caught.value.problems[0].code is Code.BAD_SIZE


def test_the_slate_of_a_map_holds_for_both_camps() -> None:
    votes, camp = camps((70, 30), loyal=1.0)
    picture = draw_map(votes, labels=camp)
    assert picture.slate.certificate.holds
    assert picture.slate.covered == 100


def test_common_ground_puts_first_what_both_camps_agree_with() -> None:
    votes, camp = camps((70, 30))
    picture = draw_map(votes, labels=camp)
    means = [
        min(votes.value[(votes.statement == at) & (camp[votes.person] == side)].mean() for side in (0, 1))
        for at in range(30)
    ]
    shared = np.array(means) > 0.4
    worth = picture.bridging.worth
    assert set(picture.common_ground.order[:10].tolist()) <= set(np.flatnonzero(shared).tolist())
    assert worth[shared].min() > worth[~shared].max()


def test_a_group_below_a_tenth_has_no_veto() -> None:
    votes, camp = camps((95, 5), loyal=1.0, share=1.0, seed=5)
    picture = draw_map(votes, labels=camp)
    assert picture.group_informed_consensus is not None
    vetoed = (votes.value[votes.person == 99] == -1) & (votes.value[votes.person == 0] == 1)
    assert picture.group_informed_consensus[vetoed].max() < 0.2
    assert picture.common_ground.agreement[vetoed].min() > 0.9
