"""Hands, turns, invitations and questions."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone

from convene.apps.rooms.models import (
    Block,
    Hand,
    Participant,
    Question,
    QuestionVote,
    Room,
    Turn,
    TurnInvitation,
)
from convene.apps.rooms.queries import turns as queries
from convene.apps.rooms.rules import turns as rules
from convene.apps.rooms.services import turns as services
from convene.foundation.audit.models import AuditEntry
from convene.foundation.errors import NotAllowed, RuleBroken
from tests.makers import make_facilitator, make_person, make_workshop

pytestmark = pytest.mark.django_db
NOW = timezone.now().replace(microsecond=0)


def after(seconds: float) -> dt.datetime:
    return NOW + dt.timedelta(seconds=seconds)


@pytest.fixture
def room():
    session = make_workshop().sessions.get()
    room = Room.objects.create(session=session, state=Room.State.RUNNING, started_at=NOW, turns_on=True)
    Block.objects.create(room=room, position=1, title="What we see", started_at=NOW)
    return room


@pytest.fixture
def leader(room):
    return make_facilitator(room.session.workshop)


def someone(room, **fields):
    fields.setdefault("state", Participant.State.HERE)
    fields.setdefault("arrived_at", NOW)
    return Participant.objects.create(room=room, person=make_person(), **fields)


def heard(participant, seconds):
    """They spoke before, for so long."""
    Turn.objects.create(
        room=participant.room, participant=participant, started_at=after(-seconds), ended_at=NOW
    )


def called(room, leader, *, seconds, last=None):
    return services.next_speaker(room=room, actor=leader, now=after(seconds), after=last)


def test_who_spoke_least_is_called_first_then_who_waits_longest(room, leader):
    long, short, silent, later = (someone(room) for _ in range(4))
    heard(long, 90)
    heard(short, 20)
    for place, each in enumerate([long, short, later, silent]):
        services.raise_hand(participant=each, now=after(place))
    order = []
    turn = called(room, leader, seconds=10)
    while turn is not None:
        order.append(turn.participant_id)
        turn = called(room, leader, seconds=10 + len(order), last=turn)
    assert order == [later.pk, silent.pk, short.pk, long.pk]


def test_a_second_press_at_the_same_turn_skips_nobody(room, leader):
    one, other = someone(room), someone(room)
    services.raise_hand(participant=one, now=after(1))
    services.raise_hand(participant=other, now=after(2))
    first = called(room, leader, seconds=3)
    assert called(room, leader, seconds=3) == first
    assert queries.speaking(room).participant_id == one.pk


def test_calling_with_no_hand_up_ends_the_turn_and_calls_nobody(room, leader):
    services.raise_hand(participant=someone(room), now=NOW)
    turn = called(room, leader, seconds=1)
    assert called(room, leader, seconds=40, last=turn) is None
    assert Turn.objects.get().ended_at == after(40)


def test_raising_a_hand_twice_keeps_the_place(room):
    participant = someone(room)
    first = services.raise_hand(participant=participant, now=after(1))
    assert services.raise_hand(participant=participant, now=after(9)) == first


def test_no_hand_goes_up_while_turns_are_off(room, leader):
    services.switch_turns(room=room, on=False, turn_seconds=45, actor=leader, now=NOW)
    with pytest.raises(RuleBroken) as refused:
        services.raise_hand(participant=someone(room), now=NOW)
    assert refused.value.code == "turns_off"


def test_switching_off_lowers_hands_ends_the_turn_and_keeps_the_time(room, leader):
    one, other = someone(room), someone(room)
    services.raise_hand(participant=one, now=NOW)
    services.raise_hand(participant=other, now=after(1))
    called(room, leader, seconds=2)
    services.switch_turns(room=room, on=False, turn_seconds=None, actor=leader, now=after(32))
    assert not Hand.objects.filter(state=Hand.State.UP).exists()
    assert queries.spoken(room, after(99)) == {one.pk: 30.0}


@pytest.mark.parametrize("seconds", [0, 19, 601])
def test_a_limit_that_is_none_is_refused_at_its_field(room, leader, seconds):
    with pytest.raises(RuleBroken) as refused:
        services.switch_turns(room=room, on=True, turn_seconds=seconds, actor=leader, now=NOW)
    assert (refused.value.code, refused.value.field) == ("turn_limit", "turn_seconds")


def test_who_is_not_here_raises_no_hand_and_asks_nothing(room):
    absent = someone(room, state=Participant.State.EXPECTED, arrived_at=None)
    for act in (
        lambda: services.raise_hand(participant=absent, now=NOW),
        lambda: services.ask(participant=absent, text="Why?", anonymous=True, now=NOW),
    ):
        with pytest.raises(RuleBroken) as refused:
            act()
        assert refused.value.code == "not_here"


def test_a_hand_of_someone_who_left_is_not_called(room, leader):
    gone = someone(room)
    services.raise_hand(participant=gone, now=NOW)
    Participant.objects.filter(pk=gone.pk).update(state=Participant.State.LEFT, left_at=after(1))
    assert called(room, leader, seconds=2) is None


def test_only_willing_people_not_heard_are_invited_once_a_block(room, leader):
    willing = someone(room, open_to_invitation=True)
    someone(room)
    heard(someone(room, open_to_invitation=True), 30)
    assert services.invite_quiet(room=room, actor=leader, now=NOW).participant == willing
    with pytest.raises(RuleBroken) as refused:
        services.invite_quiet(room=room, actor=leader, now=NOW)
    assert refused.value.code == "nobody_left"


def test_passed_is_an_answer_and_raises_no_hand(room, leader):
    someone(room, open_to_invitation=True)
    invitation = services.invite_quiet(room=room, actor=leader, now=NOW)
    services.answer_invitation(invitation=invitation, speaks=False, now=after(5))
    invitation.refresh_from_db()
    assert (invitation.answer, Hand.objects.count()) == (TurnInvitation.Answer.PASSED, 0)


def test_yes_to_an_invitation_raises_the_hand_once(room, leader):
    someone(room, open_to_invitation=True)
    invitation = services.invite_quiet(room=room, actor=leader, now=NOW)
    for second in (5, 6):
        services.answer_invitation(invitation=invitation, speaks=True, now=after(second))
    assert Hand.objects.get().raised_at == after(5)


def test_an_anonymous_question_keeps_no_link_to_who_asked(room):
    asker = someone(room)
    question = services.ask(participant=asker, text="  Who   pays? ", anonymous=True, now=NOW)
    entry = AuditEntry.objects.get(name="question_asked")
    assert (question.text, question.author_id) == ("Who pays?", None)
    assert entry.actor_id is None
    assert str(asker.pk) not in str(entry.payload) + str(entry.subject_id)
    assert str(asker.person_id) not in str(entry.payload)


def test_a_vote_counts_once_and_can_be_taken_back(room):
    voter, asker = someone(room), someone(room)
    question = services.ask(participant=asker, text="Why?", anonymous=False, now=NOW)
    for _ in range(2):
        services.vote(question=question, participant=voter, up=True)
    assert [(one.votes_count, one.mine) for one in queries.questions(room, voter)] == [(1, True)]
    services.vote(question=question, participant=voter, up=False)
    assert not QuestionVote.objects.exists()


def test_questions_with_more_votes_come_first_then_the_older(room):
    asker = someone(room)
    first, second, third = (
        services.ask(participant=asker, text=f"Question {n}", anonymous=True, now=after(n)) for n in range(3)
    )
    services.vote(question=third, participant=asker, up=True)
    assert [one.pk for one in queries.questions(room)] == [third.pk, first.pk, second.pk]


def test_nobody_votes_in_a_room_they_are_not_in(room):
    question = services.ask(participant=someone(room), text="Why?", anonymous=True, now=NOW)
    other_room = Room.objects.create(session=make_workshop().sessions.get(), state=Room.State.RUNNING)
    with pytest.raises(NotAllowed):
        services.vote(question=question, participant=someone(other_room), up=True)


def test_a_hidden_question_is_on_no_list(room, leader):
    question = services.ask(participant=someone(room), text="Why?", anonymous=True, now=NOW)
    services.settle_question(question=question, state=Question.State.HIDDEN, actor=leader, now=NOW)
    assert queries.questions(room) == []


def test_only_those_who_facilitate_call_switch_invite_and_settle(room):
    stranger = make_person()
    question = services.ask(participant=someone(room), text="Why?", anonymous=True, now=NOW)
    for act in (
        lambda: services.next_speaker(room=room, actor=stranger, now=NOW),
        lambda: services.switch_turns(room=room, on=True, turn_seconds=45, actor=stranger, now=NOW),
        lambda: services.invite_quiet(room=room, actor=stranger, now=NOW),
        lambda: services.settle_question(question=question, state="answered", actor=stranger, now=NOW),
    ):
        with pytest.raises(NotAllowed):
            act()


def test_the_balance_of_four_people_is_not_told(room):
    for _ in range(4):
        heard(someone(room), 30)
    assert queries.balance(room, NOW) == rules.Balance.UNKNOWN


def test_one_voice_among_five_is_uneven_and_five_alike_are_even(room):
    people = [someone(room) for _ in range(5)]
    heard(people[0], 60)
    assert queries.balance(room, NOW) == rules.Balance.UNEVEN
    for each in people[1:]:
        heard(each, 60)
    assert queries.balance(room, NOW) == rules.Balance.EVEN


def test_ones_own_share_is_of_all_time_spoken(room):
    one, other = someone(room), someone(room)
    heard(one, 30)
    heard(other, 90)
    assert queries.own_share(one, NOW) == queries.OwnShare(seconds=30, percent=25)


def test_the_queue_takes_the_same_statements_for_one_hand_and_ten(room, django_assert_num_queries):
    services.raise_hand(participant=someone(room), now=NOW)
    with django_assert_num_queries(2):
        [hand.participant.person.name for hand in queries.waiting(room, NOW)]
    for _ in range(9):
        services.raise_hand(participant=someone(room), now=NOW)
    with django_assert_num_queries(2):
        [hand.participant.person.name for hand in queries.waiting(room, NOW)]
