"""The agenda's clock, the steps of a session, and who is in the room."""

from __future__ import annotations

import datetime as dt
import itertools
from dataclasses import dataclass

import pytest
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from convene.apps.attendance.models import Attendance
from convene.apps.rooms.models import Block, NoteSet, Participant, Room
from convene.apps.rooms.queries.agenda import agenda_of
from convene.apps.rooms.rules import agenda as rules
from convene.apps.rooms.services import agenda as services
from convene.apps.rooms.services import ending, presence
from convene.foundation.access import links
from convene.foundation.errors import NotAllowed, RuleBroken
from tests.makers import make_community, make_facilitator, make_person, make_registration, make_workshop

NOW = timezone.now().replace(microsecond=0)
RUN_SHEET = "5 Welcome\n20 What we see\n10 What we do not know"


def after(minutes: float) -> dt.datetime:
    return NOW + dt.timedelta(minutes=minutes)


@dataclass
class Plain:
    minutes: int = 10
    extended: int = 0
    started_at: dt.datetime | None = None
    ended_at: dt.datetime | None = None


def spans(blocks, now):
    found = rules.reflow(blocks, NOW, now)
    return [((s.starts_at - NOW).total_seconds() / 60, (s.ends_at - NOW).total_seconds() / 60) for s in found]


def test_before_the_start_blocks_follow_each_other():
    assert spans([Plain(5), Plain(20)], after(-60)) == [(0, 5), (5, 25)]


def test_a_block_that_is_over_its_time_pushes_the_rest_along():
    blocks = [Plain(5, started_at=NOW), Plain(20)]
    assert spans(blocks, after(8)) == [(0, 8), (8, 28)]


def test_minutes_given_move_what_comes_and_what_was_stays():
    blocks = [Plain(5, started_at=NOW, ended_at=after(4)), Plain(10, 5, started_at=after(4)), Plain(10)]
    assert spans(blocks, after(6)) == [(0, 4), (4, 19), (19, 29)]


@given(st.lists(st.integers(1, 60), min_size=1, max_size=8), st.integers(0, 8), st.integers(0, 300))
def test_blocks_never_overlap_and_none_to_come_lies_in_the_past(minutes, done, passed):
    blocks, clock, now = [Plain(one) for one in minutes], NOW, after(passed)
    for block in blocks[: min(done, len(blocks))]:
        block.started_at, block.ended_at = (
            clock,
            min(clock + dt.timedelta(minutes=block.minutes), max(now, clock)),
        )
        clock = block.ended_at
    found = rules.reflow(blocks, NOW, now)
    assert all(one.ends_at <= other.starts_at for one, other in itertools.pairwise(found))
    begun = any(block.started_at for block in blocks)
    coming = [at for at, block in zip(found, blocks, strict=True) if block.started_at is None]
    assert not begun or all(at.starts_at >= now for at in coming)


def test_no_more_is_taken_from_a_block_than_it_has():
    with pytest.raises(RuleBroken) as refused:
        rules.check_extension(10, -10)
    assert refused.value.code == "too_short"


@pytest.fixture
def session(db):
    community = make_community(steward=make_person())
    workshop = make_workshop(community, run_sheet=RUN_SHEET, recording="chatham")
    session = workshop.sessions.get()
    session.starts_at, session.ends_at = NOW, after(35)
    session.save()
    return session


@pytest.fixture
def leader(session):
    return make_facilitator(session.workshop)


def seated(session, **fields):
    return make_registration(session.workshop, make_person(**fields), state="confirmed")


def on(room):
    return Block.objects.filter(room=room, started_at__isnull=False, ended_at=None).first()


def test_a_room_opens_with_the_run_sheet_and_everyone_expected(session, leader):
    seat = seated(session)
    room = services.open_room(session=session, actor=leader, now=NOW)
    assert [(b.title, b.minutes, b.recording) for b in room.blocks.all()] == [
        ("Welcome", 5, "chatham"),
        ("What we see", 20, "chatham"),
        ("What we do not know", 10, "chatham"),
    ]
    found = {one.person_id: one.facilitates for one in room.participants.all()}
    assert found == {seat.person_id: False, leader.pk: True}


def test_one_press_starts_and_each_next_press_goes_on_to_the_end(session, leader):
    room = services.start_session(session=session, actor=leader, now=NOW)
    titles = []
    for minute in (5, 25, 35):
        titles.append(on(room).title)
        services.next_block(room=room, after=on(room).pk, actor=leader, now=after(minute))
    room.refresh_from_db()
    assert titles == ["Welcome", "What we see", "What we do not know"]
    assert (room.state, room.ended_at) == (Room.State.OVER, after(35))
    assert NoteSet.objects.get(room=room).state == NoteSet.State.IN_REVIEW


def test_starting_twice_keeps_the_first_start(session, leader):
    services.start_session(session=session, actor=leader, now=NOW)
    room = services.start_session(session=session, actor=leader, now=after(3))
    room.refresh_from_db()
    assert (room.started_at, on(room).started_at) == (NOW, NOW)


def test_a_second_press_of_next_on_the_same_block_skips_nothing(session, leader):
    room = services.start_session(session=session, actor=leader, now=NOW)
    first = on(room).pk
    for _ in range(2):
        services.next_block(room=room, after=first, actor=leader, now=after(5))
    assert on(room).title == "What we see"


def test_extending_moves_the_end_of_the_session(session, leader):
    room = services.start_session(session=session, actor=leader, now=NOW)
    services.extend_block(block=on(room), minutes=5, actor=leader, now=after(1))
    assert (agenda_of(room, after(1)).late, agenda_of(room, after(1)).ends_at) == (5, after(40))


def test_what_has_begun_is_neither_moved_nor_removed_nor_recorded_otherwise(session, leader):
    room = services.start_session(session=session, actor=leader, now=NOW)
    begun = on(room)
    for act in (
        lambda: services.remove_block(block=begun, actor=leader, now=NOW),
        lambda: services.move_block(block=begun, up=False, actor=leader, now=NOW),
    ):
        with pytest.raises(RuleBroken) as refused:
            act()
        assert refused.value.code == "begun"
    terms = services.BlockTerms(title="Hello", minutes=99, recording="open")
    services.edit_block(block=begun, terms=terms, actor=leader, now=NOW)
    begun.refresh_from_db()
    assert (begun.title, begun.minutes, begun.recording) == ("Hello", 5, "chatham")


def test_blocks_move_one_place_and_stop_at_the_ends(session, leader):
    room = services.open_room(session=session, actor=leader, now=NOW)
    last = room.blocks.last()
    for _ in range(4):
        services.move_block(block=last, up=True, actor=leader, now=NOW)
    assert [one.title for one in room.blocks.all()] == ["What we do not know", "Welcome", "What we see"]


def test_strangers_open_start_and_change_nothing(session, leader):
    room = services.start_session(session=session, actor=leader, now=NOW)
    stranger = make_person()
    for act in (
        lambda: services.open_room(session=session, actor=stranger, now=NOW),
        lambda: services.next_block(room=room, after=on(room).pk, actor=stranger, now=NOW),
        lambda: services.extend_block(block=on(room), minutes=5, actor=stranger, now=NOW),
        lambda: ending.end_session(room=room, actor=stranger, now=NOW),
    ):
        with pytest.raises(NotAllowed):
            act()


def test_the_door_is_followed_and_a_wrong_tick_taken_back(session, leader):
    seat = seated(session)
    room = services.start_session(session=session, actor=leader, now=NOW)
    row = {"registration": seat, "session": session, "source": "door", "at": NOW}
    Attendance.objects.create(state="attended", **row)
    presence.follow_attendance(session_id=session.pk, registration_id=seat.pk, now=NOW)
    me = room.participants.get(person=seat.person)
    assert me.state == Participant.State.HERE
    Attendance.objects.update(holds=False)
    Attendance.objects.create(state="absent", **row)
    presence.follow_attendance(session_id=session.pk, registration_id=seat.pk, now=NOW)
    me.refresh_from_db()
    assert me.state == Participant.State.EXPECTED


def test_a_seat_given_after_the_room_was_opened_is_in_it_and_one_given_back_is_not(session, leader):
    gone = seated(session)
    room = services.start_session(session=session, actor=leader, now=NOW)
    type(gone).objects.filter(pk=gone.pk).update(state="cancelled_late")
    late = seated(session)
    presence.follow_seats(now=after(1))
    expected = room.participants.filter(facilitates=False).values_list("person_id", flat=True)
    assert list(expected) == [late.person_id]


def test_saying_here_on_the_phone_is_presence_and_leaving_keeps_it(session, leader):
    seat = seated(session)
    room = services.start_session(session=session, actor=leader, now=NOW)
    me = room.participants.get(person=seat.person)
    presence.arrive(participant=me, session=session, now=after(1))
    me.refresh_from_db()
    presence.leave(participant=me, actor=seat.person, now=after(9))
    me.refresh_from_db()
    assert (me.state, me.left_at) == (Participant.State.LEFT, after(9))
    assert Attendance.objects.get(holds=True).state == "attended"


def test_nobody_sends_another_person_home(session, leader):
    seat, other = seated(session), seated(session)
    room = services.start_session(session=session, actor=leader, now=NOW)
    with pytest.raises(NotAllowed):
        presence.leave(participant=room.participants.get(person=seat.person), actor=other.person, now=NOW)


# --- pages


def press(client, session, name, **data):
    return client.post(reverse("room_act", args=[session.pk, name]), data)


def test_the_cockpit_starts_goes_on_and_takes_turns_by_one_press_each(client, session, leader):
    client.force_login(leader)
    client.post(reverse("room_start", args=[session.pk]))
    room = Room.objects.get()
    press(client, session, "next", after=on(room).pk)
    press(client, session, "turns", on="1", turn_seconds="45")
    room.refresh_from_db()
    assert (on(room).title, room.turns_on) == ("What we see", True)
    page = client.get(reverse("cockpit", args=[session.pk])).content.decode()
    assert "What we see" in page
    assert "Next speaker" in page


@pytest.mark.parametrize("name", ["cockpit", "room_screen", "room_people", "room_agenda"])
def test_each_page_of_the_room_takes_the_same_statements_for_one_and_twelve_people(
    client, session, leader, name, django_assert_max_num_queries
):
    client.force_login(leader)
    seated(session)
    client.post(reverse("room_start", args=[session.pk]))
    url = reverse(name, args=[session.pk])
    with django_assert_max_num_queries(60) as one:
        assert client.get(url).status_code == 200
    for _ in range(11):
        seated(session)
    presence.sync_participants(room=Room.objects.get(), now=NOW)
    with django_assert_max_num_queries(len(one.captured_queries)):
        client.get(url)


def test_an_agenda_without_a_title_comes_back_with_what_was_typed(client, session, leader):
    client.force_login(leader)
    client.post(reverse("room_start", args=[session.pk]), {"prepare": "1"})
    url = reverse("room_agenda", args=[session.pk])
    answer = client.post(url, {"title": " ", "minutes": "15", "purpose": "So that", "recording": "open"})
    assert answer.status_code == 422
    assert "So that" in answer.content.decode()
    assert client.post(url, {"title": "More", "minutes": "15", "recording": "open"}).status_code == 302
    assert Block.objects.get(title="More").position == 4


def link(seat, session):
    return links.sign("join", f"{seat.pk}:{session.pk}", seat.link_version)


def test_a_participant_comes_asks_votes_and_raises_a_hand_by_link_alone(client, session, leader):
    seat = seated(session)
    token = link(seat, session)
    room = services.start_session(session=session, actor=leader, now=NOW)
    Room.objects.update(turns_on=True)

    def do(name, **data):
        return client.post(reverse("phone_link_act", args=[token, name]), data)

    do("here")
    client.post(reverse("phone_link_ask", args=[token]), {"text": "Who pays?", "as": "nobody"})
    question = room.questions.get()
    do("vote", question=question.pk, up="1")
    do("hand", up="1")
    page = client.get(reverse("phone_link", args=[token])).content.decode()
    assert question.author is None
    assert (question.votes.count(), room.participants.get(person=seat.person).hands.count()) == (1, 1)
    assert "You are number 1 in the queue" in page


def test_an_empty_question_is_refused_beside_its_field(client, session, leader):
    seat = seated(session)
    services.start_session(session=session, actor=leader, now=NOW)
    client.post(reverse("phone_link_act", args=[link(seat, session), "here"]))
    answer = client.post(reverse("phone_link_ask", args=[link(seat, session)]), {"text": " ", "as": "me"})
    assert answer.status_code == 422


def test_before_the_room_is_open_the_phone_says_so(client, session):
    page = client.get(reverse("phone_link", args=[link(seated(session), session)]))
    assert "The room is not open yet" in page.content.decode()


def test_a_phone_is_for_those_with_a_seat_and_a_cockpit_for_those_who_facilitate(client, session, leader):
    services.start_session(session=session, actor=leader, now=NOW)
    client.force_login(make_person())
    for name in ("phone", "cockpit", "room_screen", "room_people", "room_agenda"):
        assert client.get(reverse(name, args=[session.pk])).status_code == 404


def test_the_wall_shows_no_hopes_and_no_attendance_of_anyone(client, session, leader):
    seat = seated(session)
    type(seat).objects.filter(pk=seat.pk).update(warm_up="A quiet hope")
    services.start_session(session=session, actor=leader, now=NOW)
    client.force_login(leader)
    wall = client.get(reverse("room_screen", args=[session.pk])).content.decode()
    hopes = client.get(reverse("room_people", args=[session.pk])).content.decode()
    assert ("A quiet hope" in wall, seat.person.name in wall) == (False, False)
    assert "A quiet hope" in hopes


def test_a_part_is_edited_on_its_own_page(client, session, leader):
    client.force_login(leader)
    client.post(reverse("room_start", args=[session.pk]), {"prepare": "1"})
    block = Block.objects.last()
    url = reverse("block_edit", args=[session.pk, block.pk])
    assert client.get(url).status_code == 200
    typed = {"title": "What nobody knows", "minutes": "12", "recording": "closed", "host": str(leader.pk)}
    assert client.post(url, typed).status_code == 302
    block.refresh_from_db()
    assert (block.title, block.minutes, block.recording, block.host_id) == (
        "What nobody knows",
        12,
        "closed",
        leader.pk,
    )


# --- going back, and coming back


def test_back_takes_the_last_next_away_as_if_it_had_not_been_pressed(session, leader):
    room = services.start_session(session=session, actor=leader, now=NOW)
    first = on(room)
    services.next_block(room=room, after=first.pk, actor=leader, now=after(3))
    services.go_back(room=room, seen=on(room).pk, actor=leader, now=after(4))
    second = room.blocks.get(title="What we see")
    assert (on(room), on(room).started_at, second.started_at) == (first, NOW, None)


def test_back_from_the_first_part_says_so_and_an_old_press_changes_nothing(session, leader):
    room = services.start_session(session=session, actor=leader, now=NOW)
    first = on(room)
    with pytest.raises(RuleBroken) as refused:
        services.go_back(room=room, seen=first.pk, actor=leader, now=NOW)
    assert refused.value.code == "first_part"
    services.next_block(room=room, after=first.pk, actor=leader, now=after(3))
    services.go_back(room=room, seen=first.pk, actor=leader, now=after(4))
    assert on(room).title == "What we see"


def test_who_facilitates_sees_someone_come_and_come_back(client, session, leader):
    seat = seated(session)
    room = services.start_session(session=session, actor=leader, now=timezone.now())
    me = room.participants.get(person=seat.person)
    client.force_login(leader)
    for name, state in (("welcome", "here"), ("leave", "left"), ("welcome", "here")):
        press(client, session, name, participant=me.pk)
        me.refresh_from_db()
        assert me.state == state
    found = Attendance.objects.get(holds=True)
    assert (found.state, found.source) == ("attended", "door")


def test_a_stranger_welcomes_nobody(session, leader):
    seat = seated(session)
    room = services.start_session(session=session, actor=leader, now=NOW)
    with pytest.raises(NotAllowed):
        presence.welcome(participant=room.participants.get(person=seat.person), actor=make_person(), now=NOW)
