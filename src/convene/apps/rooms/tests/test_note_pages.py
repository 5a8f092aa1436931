"""Notes in the browser without a script: at the cockpit, on a phone, in the five days after."""

from __future__ import annotations

import datetime as dt
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from convene.apps.rooms.models import LineRequest, NoteLine, Participant, Room
from convene.apps.rooms.services import agenda, ending, presence
from convene.foundation.access import links
from tests.makers import make_community, make_facilitator, make_person, make_registration, make_workshop

pytestmark = pytest.mark.django_db


@pytest.fixture
def session():
    workshop = make_workshop(
        make_community(steward=make_person("Ada")), run_sheet="5 Welcome\n20 What we see", recording="open"
    )
    session = workshop.sessions.get()
    session.starts_at = timezone.now() - dt.timedelta(minutes=5)
    session.ends_at = session.starts_at + dt.timedelta(hours=1)
    session.save()
    return session


@pytest.fixture
def leader(session):
    return make_facilitator(session.workshop, make_person("Grace"))


@pytest.fixture
def seat(session):
    return make_registration(session.workshop, make_person("Tomasz"), state="confirmed")


@pytest.fixture
def room(session, leader, seat):
    room = agenda.start_session(session=session, actor=leader, now=timezone.now())
    me = room.participants.get(person=seat.person)
    presence.arrive(participant=me, session=session, now=timezone.now())
    return room


def block_of(room):
    return room.blocks.get(started_at__isnull=False, ended_at=None)


def cockpit(room, *more):
    name = "room_notes_" + more[0] if more else "room_notes"
    return reverse(name, args=[room.session_id, *more[1:]])


def phone(seat, room, *more):
    token = links.sign("join", f"{seat.pk}:{room.session_id}", seat.link_version)
    name = "phone_link_notes_" + more[0] if more else "phone_link_notes"
    return reverse(name, args=[token, *more[1:]])


def take(client, room, url):
    return client.post(url, {"block": block_of(room).pk, "live_key": uuid4()})


def write(client, room, text, url):
    data = {"block": block_of(room).pk, "new": text, "new_id": uuid4()}
    return client.post(url, data)


def words():
    return list(NoteLine.objects.exclude(text="").order_by("position").values_list("text", "tag"))


def test_the_pen_is_taken_words_are_saved_with_their_signs_and_tagged_by_a_press(client, room, leader):
    client.force_login(leader)
    take(client, room, cockpit(room, "act", "take"))
    write(client, room, "First\n? Who pays", cockpit(room, "act", "save"))
    line = NoteLine.objects.get(text="First")
    client.post(
        cockpit(room, "act", "tag"), {"block": line.block_id, "line": line.pk, "tag": NoteLine.Tag.TIP}
    )
    assert words() == [("First", NoteLine.Tag.TIP), ("Who pays", NoteLine.Tag.OPEN_QUESTION)]
    page = client.get(cockpit(room)).content.decode()
    assert "You have the pen." in page


def test_the_same_words_sent_twice_are_there_once(client, room, leader):
    client.force_login(leader)
    take(client, room, cockpit(room, "act", "take"))
    data = {"block": block_of(room).pk, "new": "Once", "new_id": uuid4()}
    for _ in range(2):
        client.post(cockpit(room, "act", "save"), data)
    assert words() == [("Once", "")]


def test_the_pen_is_handed_over_to_a_phone_that_asked(client, room, leader, seat):
    client.force_login(leader)
    take(client, room, cockpit(room, "act", "take"))
    hand = type(client)()
    take(hand, room, phone(seat, room, "act", "ask"))
    assert "Tomasz asks for it." in client.get(cockpit(room)).content.decode()
    client.post(cockpit(room, "act", "give"), {"block": block_of(room).pk})
    write(hand, room, "From the back row", phone(seat, room, "act", "save"))
    late = write(client, room, "Too late", cockpit(room, "act", "save"))
    assert words() == [("From the back row", "")]
    assert (late.status_code, "Too late" in late.content.decode()) == (422, True)


def test_who_was_not_in_the_room_reads_and_writes_nothing(client, room, seat):
    Participant.objects.filter(person=seat.person).update(state="expected", arrived_at=None)
    assert "Notes are for those who are in the room" in client.get(phone(seat, room)).content.decode()
    assert take(client, room, phone(seat, room, "act", "ask")).status_code == 404
    client.force_login(make_person())
    assert client.get(cockpit(room)).status_code == 404


def over(room, leader):
    ending.end_session(room=room, actor=leader, now=timezone.now())
    return Room.objects.get(pk=room.pk)


def test_in_the_review_one_amends_ones_own_words_and_asks_about_others(client, room, leader, seat):
    client.force_login(leader)
    take(client, room, cockpit(room, "act", "take"))
    write(client, room, "Said by Grace", cockpit(room, "act", "save"))
    hand = type(client)()
    take(hand, room, phone(seat, room, "act", "ask"))
    client.post(cockpit(room, "act", "give"), {"block": block_of(room).pk})
    write(hand, room, "Said by me", phone(seat, room, "act", "save"))
    hand.post(phone(seat, room, "act", "down"), {"block": block_of(room).pk})
    over(room, leader)
    mine, other = NoteLine.objects.get(text="Said by me"), NoteLine.objects.get(text="Said by Grace")
    hand.post(phone(seat, room, "line", mine.pk), {"text": "Said better"})
    hand.post(phone(seat, room, "line", other.pk), {"after": "Said otherwise", "why": "It was a maybe"})
    mine.refresh_from_db()
    asked = LineRequest.objects.get()
    assert (mine.text, asked.after) == ("Said better", "Said otherwise")
    assert "It was a maybe" in client.get(cockpit(room)).content.decode()
    client.post(cockpit(room, "act", "decide"), {"block": other.block_id, "request": asked.pk, "accept": "1"})
    other.refresh_from_db()
    assert other.text == "Said otherwise"


def test_in_a_chatham_house_part_no_author_is_stored_and_in_a_closed_one_no_line(client, room, leader):
    client.force_login(leader)
    room.blocks.update(recording="chatham")
    take(client, room, cockpit(room, "act", "take"))
    write(client, room, "Someone said so", cockpit(room, "act", "save"))
    assert NoteLine.objects.get().author_id is None
    room.blocks.update(recording="closed")
    page = client.get(cockpit(room)).content.decode()
    assert "nothing leaves the room, so no notes are kept" in page
    assert write(client, room, "Secret", cockpit(room, "act", "save")).status_code == 422
    assert len(words()) == 1


def test_cockpit_and_phone_lead_to_the_notes(client, room, leader, seat):
    client.force_login(leader)
    found = client.get(reverse("cockpit", args=[room.session_id])).content.decode()
    assert cockpit(room) in found
    token = links.sign("join", f"{seat.pk}:{room.session_id}", seat.link_version)
    found = type(client)().get(reverse("phone_link", args=[token])).content.decode()
    assert phone(seat, room) in found


def test_the_notes_take_the_same_statements_for_one_and_thirty_lines(
    client, room, leader, django_assert_max_num_queries
):
    client.force_login(leader)
    take(client, room, cockpit(room, "act", "take"))
    write(client, room, "One", cockpit(room, "act", "save"))
    with django_assert_max_num_queries(60) as one:
        client.get(cockpit(room))
    count = len(one.captured_queries)
    write(client, room, "\n".join(f"Line {n}" for n in range(30)), cockpit(room, "act", "save"))
    with django_assert_max_num_queries(count):
        client.get(cockpit(room))
