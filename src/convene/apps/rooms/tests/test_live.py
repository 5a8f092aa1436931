"""What pages of a room show as it changes, and who is told of what."""

from __future__ import annotations

import re
import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from convene.apps.attendance.services import make_room_code
from convene.apps.rooms import live
from convene.apps.rooms.models import Participant, Question, Room
from convene.apps.rooms.services import agenda, clock, ending, groups, presence, turns
from convene.apps.rooms.services.groups import Wishes
from convene.foundation.access import links
from convene.foundation.live import queries, testing, topic
from convene.foundation.live.rendering import TOKEN
from tests.makers import make_account, make_facilitator, make_member, make_registration, make_workshop
from tests.tasks import run_tasks

pytestmark = pytest.mark.django_db
NOW = timezone.now().replace(microsecond=0)


@pytest.fixture
def workshop():
    return make_workshop(run_sheet="5 Welcome\n20 What we see\n10 What nobody knows", format="online")


@pytest.fixture
def leader(workshop):
    return make_facilitator(workshop, make_account("Grace Mensah"))


@pytest.fixture
def people(workshop):
    return [
        make_registration(
            workshop, make_member(workshop.community, make_account(f"Guest {n}")), state="confirmed"
        )
        for n in range(6)
    ]


@pytest.fixture
def room(workshop, leader, people):
    room = agenda.start_session(session=workshop.sessions.get(), actor=leader, now=NOW)
    room.participants.update(state=Participant.State.HERE, arrived_at=NOW)
    turns.switch_turns(room=room, on=True, turn_seconds=45, actor=leader, now=NOW)
    room.refresh_from_db()
    return room


def guests(room):
    return list(room.participants.filter(facilitates=False).order_by("person__name"))


class Watching:
    """Which pages of the room were told since."""

    def __init__(self, room: Room) -> None:
        self.names = {f"room-{page}:{room.session_id}": page for page in ("cockpit", "screen", "phone")}
        self.names |= {
            topic("room-me", one.pk): one.person.name for one in room.participants.select_related("person")
        }
        self.before = queries.versions(self.names)

    @property
    def told(self) -> set[str]:
        now = queries.versions(self.names)
        return {said for name, said in self.names.items() if now[name] != self.before[name]}


PAGES = {"cockpit", "screen", "phone"}


def test_each_act_tells_the_pages_it_changes_and_no_other_person(room, leader):
    one, two = guests(room)[:2]
    everyone = {"Grace Mensah", *(f"Guest {n}" for n in range(6))}
    question = turns.ask(participant=two, text="Who pays?", anonymous=False, now=NOW)
    block = room.blocks.get(started_at__isnull=False, ended_at=None)

    def told(act) -> set[str]:
        watching = Watching(room)
        act()
        return watching.told

    assert told(lambda: turns.ask(participant=one, text="Why?", anonymous=True, now=NOW)) == PAGES
    assert told(lambda: turns.vote(question=question, participant=one, up=True)) == PAGES | {"Guest 0"}
    assert told(lambda: turns.raise_hand(participant=one, now=NOW)) == PAGES | {"Guest 0"}
    assert told(lambda: turns.choose_openness(participant=two, is_open=True)) == {"cockpit", "Guest 1"}
    assert told(lambda: presence.leave(participant=two, actor=leader, now=NOW)) == PAGES | {
        "Guest 0",
        "Guest 1",
    }
    assert told(
        lambda: turns.settle_question(question=question, state=Question.State.ANSWERED, actor=leader, now=NOW)
    ) == PAGES | {"Guest 0"}
    assert told(lambda: agenda.extend_block(block=block, minutes=5, actor=leader, now=NOW)) == PAGES
    turns.choose_openness(participant=guests(room)[3], is_open=True)
    turns.invite_quiet(room=room, actor=leader, now=NOW)
    onwards = told(lambda: agenda.next_block(room=room, after=block.pk, actor=leader, now=NOW))
    assert onwards == PAGES | {"Guest 3"}
    assert told(lambda: ending.end_session(room=room, actor=leader, now=NOW)) == PAGES | everyone


def test_published_groups_tell_everyone_and_drafts_those_who_facilitate(room, leader):
    watching = Watching(room)
    draft = groups.make_groups(room=room, wishes=Wishes(groups=2), actor=leader, now=NOW)
    assert watching.told == {"cockpit"}
    groups.publish_groups(grouping=draft, actor=leader, now=NOW)
    assert watching.told - PAGES == {"Grace Mensah", *(f"Guest {n}" for n in range(6))}


def test_a_block_over_its_minutes_tells_pages_as_the_rest_moves_along(room):
    watching = Watching(room)
    clock.keep_time(now=NOW)
    assert watching.told == set()
    clock.keep_time(now=NOW + timezone.timedelta(minutes=6))
    assert watching.told == PAGES


def test_a_phone_shows_its_own_table_and_hand_and_those_of_nobody_else(room, leader):
    draft = groups.make_groups(room=room, wishes=Wishes(groups=2), actor=leader, now=NOW)
    groups.publish_groups(grouping=draft, actor=leader, now=NOW)
    one, two = guests(room)[:2]
    turns.raise_hand(participant=one, now=NOW)
    mine, others = (testing.fragments(topic("room-me", each.pk)) for each in (one, two))
    assert "You are number 1 in the queue" in mine["me-turn"]
    assert "queue" not in others["me-turn"]
    beside = {
        each.participant.person.name
        for each in draft.placements.get(participant=one).group.placements.select_related(
            "participant__person"
        )
    }
    assert set(re.findall(r"Guest \d|Grace Mensah", mine["me-table"])) == beside - {"Guest 0"}
    shared = testing.fragments(topic("room-phone", room.session_id))
    assert [name for name, html in shared.items() if "Guest" in html] == []


def test_many_phones_take_as_many_queries_as_one(room, leader):
    draft = groups.make_groups(room=room, wishes=Wishes(groups=2), actor=leader, now=NOW)
    groups.publish_groups(grouping=draft, actor=leader, now=NOW)
    ids = [str(one.pk) for one in guests(room)]
    with CaptureQueriesContext(connection) as one:
        live.many_of_me(ids[:1])
    with CaptureQueriesContext(connection) as many:
        found = live.many_of_me(ids)
    assert len(many) == len(one)
    assert set(found) == set(ids)


def test_what_is_each_pages_own_is_filled_in(client, room, people):
    token = links.sign("join", f"{people[0].pk}:{room.session_id}", people[0].link_version)
    address = reverse("phone_link", args=[token])
    html = client.get(address).content.decode()
    assert f'action="{address}ask/"' in html
    assert [mark for mark in (str(TOKEN), "<live:base>", 'value=""') if f'"{mark}"' in html] == []
    assert 'name="csrfmiddlewaretoken" value="&lt;' not in html


def test_what_is_sent_twice_is_asked_once_and_anothers_words_never(client, room, people):
    def address(seat):
        token = links.sign("join", f"{seat.pk}:{room.session_id}", seat.link_version)
        return reverse("phone_link", args=[token])

    page = client.get(address(people[0])).content.decode()
    who = re.search(r'name="live_who" value="(\w+)"', page).group(1)
    sent = {"text": "Who pays?", "as": "nobody", "live_key": str(uuid.uuid4()), "live_who": who}
    for _ in range(2):
        assert client.post(f"{address(people[0])}ask/", sent).status_code == 302
    assert client.post(f"{address(people[1])}ask/", sent).status_code == 422
    assert Question.objects.count() == 1


def test_before_the_room_opens_a_phone_watches_for_it(client, workshop, leader, people):
    session = workshop.sessions.get()
    token = links.sign("join", f"{people[0].pk}:{session.pk}", people[0].link_version)
    html = client.get(reverse("phone_link", args=[token])).content.decode()
    assert 'data-live="phone-open"></div>' in html
    assert testing.fragments(topic("room-phone", session.pk)) == {}
    before = queries.versions([topic("room-phone", session.pk)])
    agenda.open_room(session=session, actor=leader, now=NOW)
    assert queries.versions(before) != before
    assert "data-live-reload" in testing.fragments(topic("room-phone", session.pk))["phone-open"]


def test_the_code_of_the_room_is_on_the_shared_screen_as_soon_as_it_is_made(room, workshop, leader):
    shown = topic("room-screen", room.session_id)
    before = queries.versions([shown])[shown]
    code = make_room_code(session=room.session, actor=leader)
    run_tasks()
    assert queries.versions([shown])[shown] == before + 1
    assert code[:4] in live.screen(str(room.session_id))["screen-sign"]
    make_room_code(session=room.session, actor=leader)
    run_tasks()
    assert queries.versions([shown])[shown] == before + 1


def test_when_it_is_over_the_phone_leads_to_the_people_one_met(room, leader):
    one = guests(room)[0]
    address = reverse("my_connections")
    assert address not in live.me(str(one.pk))["me-state"]
    ending.end_session(room=room, actor=leader, now=NOW)
    assert address in live.me(str(one.pk))["me-state"]
