from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from convene.engines.airtime import Hand, Listener, gini, next_speaker, order, share, to_invite

people = st.lists(st.sampled_from("abcdefgh"), unique=True, max_size=8)
spoken = st.dictionaries(st.sampled_from("abcdefgh"), st.floats(0, 600), max_size=8)


def test_who_spoke_least_comes_first_however_long_others_wait():
    hands = [Hand("amina", 10), Hand("ben", 40)]
    assert next_speaker(hands, {"amina": 90.0, "ben": 30.0}) == "ben"


def test_among_those_not_heard_yet_who_waits_longest_comes_first():
    assert [hand.person for hand in order([Hand("ben", 40), Hand("amina", 10)], {})] == ["amina", "ben"]


def test_with_no_hand_up_it_is_nobodys_turn():
    assert next_speaker([], {"amina": 10.0}) is None


def test_two_hands_of_one_person_are_refused():
    with pytest.raises(ValueError, match="one hand"):
        order([Hand("amina", 1), Hand("amina", 2)], {})


def test_only_willing_people_not_heard_yet_and_not_asked_in_this_part_are_invited():
    listeners = [
        Listener("willing", willing=True),
        Listener("unwilling"),
        Listener("heard", willing=True),
        Listener("asked", willing=True, asked=1, asked_now=True),
        Listener("hand up", willing=True),
    ]
    assert to_invite(listeners, {"heard": 20.0}, [Hand("hand up", 1)]) == ("willing",)


def test_who_was_asked_less_often_is_asked_first_then_who_is_here_longest():
    listeners = [
        Listener("twice", arrived=0, willing=True, asked=2),
        Listener("late", arrived=300, willing=True),
        Listener("early", arrived=5, willing=True),
    ]
    assert to_invite(listeners, {}) == ("early", "late", "twice")


@given(people, spoken, st.randoms())
def test_the_order_does_not_depend_on_how_hands_are_listed(who, seconds, random):
    hands = [Hand(person, float(place)) for place, person in enumerate(who)]
    shuffled = random.sample(hands, len(hands))
    assert order(shuffled, seconds) == order(hands, seconds)


@given(people, spoken)
def test_nobody_is_called_before_someone_who_spoke_less(who, seconds):
    called = [seconds.get(hand.person, 0.0) for hand in order([Hand(one, 0.0) for one in who], seconds)]
    assert called == sorted(called)


@given(st.lists(st.integers(0, 1000), min_size=1, max_size=12))
def test_gini_is_half_the_mean_difference_over_the_mean(seconds):
    mean = sum(seconds) / len(seconds)
    differences = sum(abs(one - other) for one, other in itertools.product(seconds, repeat=2))
    wanted = differences / len(seconds) ** 2 / (2 * mean) if mean else 0.0
    assert gini(seconds) == pytest.approx(wanted, abs=1e-12)


def test_one_voice_alone_among_four_is_three_quarters_uneven():
    assert gini([0, 0, 0, 60]) == 0.75


def test_a_silent_room_is_even():
    assert (gini([]), gini([0, 0, 0])) == (0.0, 0.0)


def test_ones_share_is_of_all_time_spoken():
    assert (share(30, [30, 90]), share(0, [])) == (0.25, 0.0)
