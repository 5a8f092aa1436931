"""Two who press the same button of a live session at the same instant: the room takes one step."""

from __future__ import annotations

import datetime as dt
from functools import partial

import pytest
from django.utils import timezone

from convene.apps.people.models import Person
from convene.apps.rooms.models import (
    Block,
    Debrief,
    Grouping,
    Hand,
    Participant,
    Placement,
    Question,
    QuestionVote,
    Room,
    Turn,
)
from convene.apps.rooms.rules.debrief import DebriefTerms
from convene.apps.rooms.services import agenda, ending, groups, presence, turns
from convene.apps.rooms.services.debrief import save_debrief
from convene.apps.workshops.models import Session
from convene.foundation.audit.models import AuditEntry
from tests.makers import (
    make_community,
    make_facilitator,
    make_person,
    make_registration,
    make_workshop,
)
from tests.races.together import together

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]
NOW = timezone.now()
HANDS = 4


@pytest.fixture
def leader() -> Person:
    return make_person("Grace")


@pytest.fixture
def session(leader: Person) -> Session:
    workshop = make_workshop(make_community(steward=make_person("Ada")), run_sheet="5 A\n5 B\n5 C\n5 D\n5 E")
    make_facilitator(workshop, leader)
    for _ in range(8):
        make_registration(workshop, make_person(), state="confirmed")
    return workshop.sessions.get()


@pytest.fixture
def room(session: Session, leader: Person) -> Room:
    room = agenda.start_session(session=session, actor=leader, now=NOW)
    Participant.objects.filter(room=room).update(state="here", arrived_at=NOW)
    return room


def on(room: Room) -> Block:
    return Block.objects.get(room=room, started_at__isnull=False, ended_at=None)


def told(name: str) -> int:
    return AuditEntry.objects.filter(name=name).count()


def test_of_four_who_start_at_once_the_session_starts_once(session, leader):
    got = together([partial(agenda.start_session, session=session, actor=leader, now=NOW)] * 4)
    assert {one.pk for one in got} == {Room.objects.get().pk}
    assert (told("session_started"), told("block_started")) == (1, 1)


def test_of_four_who_press_next_at_once_one_part_ends(room, leader):
    press = partial(agenda.next_block, room=room, after=on(room).pk, actor=leader, now=NOW)
    together([press] * 4)
    assert (on(room).title, told("block_started")) == ("B", 2)


def test_twin_without_the_guard_four_presses_skip_three_parts(room, leader):
    """A press that does not say which part it saw ends whichever is on."""

    def careless() -> None:
        agenda.next_block(room=room, after=on(room).pk, actor=leader, now=NOW)

    for _ in range(4):
        careless()
    assert on(room).title == "E"


def test_next_and_back_at_once_leave_one_part_on(room, leader):
    agenda.next_block(room=room, after=on(room).pk, actor=leader, now=NOW)
    seen = on(room).pk
    together(
        [
            partial(agenda.next_block, room=room, after=seen, actor=leader, now=NOW),
            partial(agenda.go_back, room=room, seen=seen, actor=leader, now=NOW),
        ]
    )
    assert on(room).title in {"A", "C"}


def test_of_four_who_call_the_next_speaker_at_once_one_is_called(room, leader):
    turns.switch_turns(room=room, on=True, turn_seconds=45, actor=leader, now=NOW)
    people = list(room.participants.filter(facilitates=False)[:HANDS])
    for number, one in enumerate(people):
        turns.raise_hand(participant=one, now=NOW + dt.timedelta(seconds=number))
    got = together([partial(turns.next_speaker, room=room, actor=leader, now=NOW)] * 4)
    assert {one.pk for one in got} == {Turn.objects.get().pk}
    assert Hand.objects.filter(state=Hand.State.UP).count() == HANDS - 1


def test_a_hand_raised_four_times_at_once_is_up_once(room, leader):
    turns.switch_turns(room=room, on=True, turn_seconds=45, actor=leader, now=NOW)
    one = room.participants.filter(facilitates=False).first()
    together([partial(turns.raise_hand, participant=one, now=NOW)] * 4)
    assert Hand.objects.count() == 1


def test_a_vote_pressed_four_times_at_once_counts_once(room):
    people = list(room.participants.filter(facilitates=False)[:2])
    question = Question.objects.create(room=room, text="Who pays?", asked_at=NOW)
    calls = [partial(turns.vote, question=question, participant=one, up=True) for one in people * 4]
    assert together(calls) == [None] * 8
    assert QuestionVote.objects.count() == 2


def test_of_four_who_publish_at_once_one_grouping_is_seen(room, leader):
    draft = groups.make_groups(room=room, wishes=groups.Wishes(groups=2), actor=leader, now=NOW)
    together([partial(groups.publish_groups, grouping=draft, actor=leader, now=NOW)] * 4)
    assert told("groups_published") == 1
    assert Grouping.objects.get().state == Grouping.State.PUBLISHED


def test_groups_made_twice_at_once_leave_one_draft_with_everybody_in_one_place(room, leader):
    wishes = groups.Wishes(groups=2, rounds=2)
    together([partial(groups.make_groups, room=room, wishes=wishes, actor=leader, now=NOW)] * 3)
    draft = Grouping.objects.get()
    placed = Placement.objects.values_list("round", "participant_id")
    assert (draft.state, len(placed), len(set(placed))) == (Grouping.State.DRAFT, 18, 18)


def test_of_four_who_go_on_to_the_next_round_at_once_one_does(room, leader):
    plan = groups.make_groups(room=room, wishes=groups.Wishes(groups=2, rounds=4), actor=leader, now=NOW)
    groups.publish_groups(grouping=plan, actor=leader, now=NOW)
    together([partial(groups.next_round, grouping=plan, after=1, actor=leader)] * 4)
    plan.refresh_from_db()
    assert plan.current_round == 2


def test_repairs_at_once_leave_everybody_here_at_one_table(room, leader):
    plan = groups.make_groups(room=room, wishes=groups.Wishes(groups=2, rounds=2), actor=leader, now=NOW)
    groups.publish_groups(grouping=plan, actor=leader, now=NOW)
    gone = room.participants.filter(facilitates=False).first()
    presence.leave(participant=gone, actor=gone.person, now=NOW)
    plan.refresh_from_db()
    repairs = [
        partial(groups.repair_groups, grouping=Grouping.objects.get(), actor=leader, now=NOW)
        for _ in range(3)
    ]
    together(repairs)
    here = set(room.participants.filter(state="here").values_list("pk", flat=True))
    for round_ in (1, 2):
        placed = list(
            Placement.objects.filter(grouping=plan, round=round_).values_list("participant_id", flat=True)
        )
        assert (len(placed), set(placed)) == (len(here), here)


def test_arriving_by_phone_and_at_the_door_at_once_is_one_arrival(room, leader, session):
    one = room.participants.filter(facilitates=False).first()
    Participant.objects.filter(pk=one.pk).update(state="expected", arrived_at=None)
    one.refresh_from_db()
    one.room = room
    together(
        [
            partial(presence.arrive, participant=one, session=session, now=NOW),
            partial(presence.welcome, participant=one, actor=leader, now=session.starts_at),
        ]
    )
    one.refresh_from_db()
    assert (one.state, told("participant_arrived")) == ("here", 1)


def test_of_four_who_write_the_debrief_at_once_one_is_kept_and_three_are_told(room, leader):
    ending.end_session(room=room, actor=leader, now=NOW)
    calls = [
        partial(save_debrief, room=room, terms=DebriefTerms(worked=word), seen=0, actor=leader, now=NOW)
        for word in "ABCD"
    ]
    assert together(calls).count("debrief_changed") == 3
    assert (Debrief.objects.get().revision, told("debrief_saved")) == (1, 1)


def test_twin_without_the_revision_the_last_writer_wins(room, leader):
    """Whoever sends the revision that stands, and not the one they read, overwrites the others."""
    ending.end_session(room=room, actor=leader, now=NOW)
    for seen, word in enumerate("ABCD"):
        save_debrief(room=room, terms=DebriefTerms(worked=word), seen=seen, actor=leader, now=NOW)
    assert Debrief.objects.get().worked == "D"


def test_an_end_taken_back_four_times_at_once_is_taken_back_once(room, leader):
    ending.end_session(room=room, actor=leader, now=NOW)
    together([partial(ending.resume, room=room, actor=leader, now=NOW)] * 4)
    assert (Room.objects.get().state, told("session_resumed"), on(room).title) == ("running", 1, "A")


def test_a_press_and_the_clock_end_a_forgotten_session_once(room, leader):
    late = NOW + dt.timedelta(days=60)
    together(
        [
            partial(ending.end_forgotten, now=late),
            partial(ending.end_session, room=room, actor=leader, now=late),
            partial(ending.end_forgotten, now=late),
        ]
    )
    assert (Room.objects.get().state, told("session_ended")) == ("over", 1)
