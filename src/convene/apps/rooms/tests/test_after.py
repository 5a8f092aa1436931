"""The end of a session, taken back or forgotten, and the debrief that follows it."""

from __future__ import annotations

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from convene.apps.rooms.models import Block, Debrief, NoteSet, Room
from convene.apps.rooms.queries.agenda import agenda_of
from convene.apps.rooms.rules import debrief as debrief_rules
from convene.apps.rooms.rules import ending as rules
from convene.apps.rooms.rules.debrief import DebriefTerms
from convene.apps.rooms.services import agenda, ending
from convene.apps.rooms.services.debrief import save_debrief
from convene.foundation.audit.models import AuditEntry
from convene.foundation.errors import NotAllowed, RuleBroken
from convene.foundation.jobs.models import DueJob
from tests.makers import make_community, make_facilitator, make_person, make_workshop

pytestmark = pytest.mark.django_db
NOW = timezone.now().replace(microsecond=0)
TYPED = {"worked": "Two rounds.", "change": "", "reached": "", "preparation_minutes": "45", "revision": "0"}


def after(minutes: float) -> dt.datetime:
    return NOW + dt.timedelta(minutes=minutes)


@pytest.fixture
def session():
    workshop = make_workshop(make_community(steward=make_person("Ada")), run_sheet="5 Welcome\n20 Clinic")
    session = workshop.sessions.get()
    session.starts_at, session.ends_at = NOW, after(60)
    session.save()
    return session


@pytest.fixture
def leader(session):
    return make_facilitator(session.workshop, make_person("Grace"))


@pytest.fixture
def room(session, leader):
    return agenda.start_session(session=session, actor=leader, now=NOW)


def again(room):
    return Room.objects.get(pk=room.pk)


def end(room, leader, now=NOW):
    ending.end_session(room=room, actor=leader, now=now)
    return again(room)


def refused(call):
    with pytest.raises(RuleBroken) as caught:
        call()
    return caught.value.code


def state_of(room):
    return list(room.blocks.values_list("title", "ended_at"))


def test_an_end_taken_back_leaves_the_session_as_it_was(room, leader):
    agenda.next_block(room=room, after=room.blocks.first().pk, actor=leader, now=after(4))
    before = state_of(room)
    end(room, leader, after(20))
    ending.resume(room=room, actor=leader, now=after(25))
    assert (again(room).state, again(room).ended_at, state_of(room)) == ("running", None, before)
    notes = NoteSet.objects.get(room=room)
    assert (notes.state, notes.review_until) == ("live", None)
    assert DueJob.objects.get(key=f"notes_final:{room.pk}").state == DueJob.State.CANCELLED


def test_where_nothing_was_on_at_the_end_nothing_is_on_when_it_goes_on(room, leader):
    first = room.blocks.first()
    Block.objects.filter(pk=first.pk).update(ended_at=after(5))
    end(room, leader, after(20))
    ending.resume(room=room, actor=leader, now=after(21))
    assert not again(room).blocks.filter(started_at__isnull=False, ended_at=None).exists()


def test_ended_again_it_is_reviewed_from_the_second_end(room, leader):
    end(room, leader, after(20))
    ending.resume(room=room, actor=leader, now=after(21))
    end(room, leader, after(50))
    assert NoteSet.objects.get(room=room).review_until == after(50) + dt.timedelta(days=5)
    assert DueJob.objects.get(key=f"notes_final:{room.pk}").state == DueJob.State.WAITING


def test_after_ten_minutes_the_end_stands(room, leader):
    end(room, leader)
    assert refused(lambda: ending.resume(room=room, actor=leader, now=after(10))) == "resumed_late"
    assert again(room).state == "over"


def test_what_has_not_begun_is_not_taken_back(session, leader):
    room = agenda.open_room(session=session, actor=leader, now=NOW)
    assert refused(lambda: ending.resume(room=room, actor=leader, now=NOW)) == "not_over"


def test_only_those_who_facilitate_take_the_end_back(room, leader):
    end(room, leader)
    with pytest.raises(NotAllowed):
        ending.resume(room=room, actor=make_person(), now=NOW)


def test_a_session_nobody_ended_ends_when_its_last_part_was_due(room):
    """Welcome, five minutes, was on all the time; the session was planned for an hour."""
    ending.end_forgotten(now=after(60) + rules.FORGOTTEN - dt.timedelta(seconds=1))
    assert again(room).state == "running"
    ending.end_forgotten(now=after(61) + rules.FORGOTTEN)
    assert (again(room).state, again(room).ended_at) == ("over", after(60))
    entry = AuditEntry.objects.get(name="session_ended")
    assert entry.actor_id is None


def test_a_session_that_goes_on_longer_is_not_ended_under_its_feet(room, leader):
    agenda.next_block(room=room, after=room.blocks.first().pk, actor=leader, now=after(200))
    ending.end_forgotten(now=after(62) + rules.FORGOTTEN)
    assert again(room).state == "running"
    ending.end_forgotten(now=after(225) + rules.FORGOTTEN)
    assert again(room).ended_at == after(220)


def test_who_saved_last_overwrites_nobody(room, leader):
    end(room, leader)
    one = save_debrief(room=room, terms=DebriefTerms(worked="A"), seen=0, actor=leader, now=NOW)
    assert one.revision == 1
    late = DebriefTerms(worked="B")
    assert (
        refused(lambda: save_debrief(room=room, terms=late, seen=0, actor=leader, now=NOW))
        == "debrief_changed"
    )
    assert Debrief.objects.get().worked == "A"
    save_debrief(room=room, terms=late, seen=1, actor=leader, now=NOW)
    assert Debrief.objects.get().worked == "B"


@pytest.mark.parametrize(
    ("terms", "code"),
    [
        (DebriefTerms(worked="  "), "empty"),
        (DebriefTerms(change="x" * 2001), "too_long"),
        (DebriefTerms(preparation_minutes=-1), "minutes"),
        (DebriefTerms(preparation_minutes=6001), "minutes"),
    ],
)
def test_a_debrief_that_says_nothing_or_too_much_is_refused(terms, code):
    assert refused(lambda: debrief_rules.check_debrief(terms)) == code


def test_minutes_alone_are_a_debrief():
    assert debrief_rules.check_debrief(DebriefTerms(preparation_minutes=0)).preparation_minutes == 0


def test_no_debrief_while_it_runs_and_none_by_strangers(room, leader):
    terms = DebriefTerms(worked="A")
    assert refused(lambda: save_debrief(room=room, terms=terms, seen=0, actor=leader, now=NOW)) == "not_over"
    end(room, leader)
    with pytest.raises(NotAllowed):
        save_debrief(room=room, terms=terms, seen=0, actor=make_person(), now=NOW)
    assert not Debrief.objects.exists()


def page(room):
    return reverse("room_debrief", args=[room.session_id])


def test_the_page_saves_and_shows_who_saved(client, room, leader):
    end(room, leader)
    client.force_login(leader)
    assert client.post(page(room), TYPED).status_code == 302
    shown = client.get(page(room)).content.decode()
    assert "Two rounds." in shown
    assert "Grace" in shown
    assert Debrief.objects.get().preparation_minutes == 45


def test_what_was_typed_stays_beside_what_was_saved_meanwhile(client, room, leader):
    end(room, leader)
    save_debrief(room=room, terms=DebriefTerms(worked="First words"), seen=0, actor=leader, now=NOW)
    client.force_login(leader)
    answer = client.post(page(room), TYPED)
    shown = answer.content.decode()
    assert answer.status_code == 422
    assert "First words" in shown
    assert "Two rounds." in shown
    assert client.post(page(room), {**TYPED, "revision": "1"}).status_code == 302
    assert Debrief.objects.get().worked == "Two rounds."


def test_a_bad_number_is_named_beside_its_field_and_nothing_is_lost(client, room, leader):
    end(room, leader)
    client.force_login(leader)
    answer = client.post(page(room), {**TYPED, "preparation_minutes": "-3"})
    assert answer.status_code == 422
    assert "preparation_minutes" in answer.context["form"].errors
    assert "Two rounds." in answer.content.decode()


def test_the_page_of_a_session_that_runs_sends_back_to_the_cockpit(client, room, leader):
    client.force_login(leader)
    shown = client.get(page(room)).content.decode()
    assert "The session is not over yet" in shown
    assert "<textarea" not in shown


def test_the_cockpit_leads_to_the_debrief_and_back_into_the_session(client, room, leader):
    end(room, leader, timezone.now())
    client.force_login(leader)
    cockpit = reverse("cockpit", args=[room.session_id])
    resume = reverse("room_act", args=[room.session_id, "resume"])
    shown = client.get(cockpit).content.decode()
    assert page(room) in shown
    assert resume in shown
    client.post(resume)
    assert again(room).state == "running"


def test_later_the_cockpit_no_longer_offers_to_go_on(client, room, leader):
    end(room, leader, NOW - dt.timedelta(minutes=11))
    client.force_login(leader)
    shown = client.get(reverse("cockpit", args=[room.session_id])).content.decode()
    assert reverse("room_act", args=[room.session_id, "resume"]) not in shown


def test_the_page_takes_as_many_queries_with_a_debrief_as_without(
    client, room, leader, django_assert_max_num_queries
):
    end(room, leader)
    client.force_login(leader)
    with django_assert_max_num_queries(14):
        client.get(page(room))
    save_debrief(room=room, terms=DebriefTerms(worked="A"), seen=0, actor=leader, now=NOW)
    with django_assert_max_num_queries(14):
        client.get(page(room))


def test_a_session_that_is_over_keeps_its_times_and_says_what_was_left_out(room, leader):
    end(room, leader, after(70))
    agenda = agenda_of(again(room), after(60 * 24 * 14))
    assert (agenda.lines[0].left_out, agenda.lines[0].at.starts_at) == (False, NOW)
    assert (agenda.lines[1].left_out, agenda.ends_at, agenda.late) == (True, after(70), 10)


def test_the_cockpit_says_whether_the_debrief_is_written(client, room, leader):
    end(room, leader)
    client.force_login(leader)
    cockpit = reverse("cockpit", args=[room.session_id])
    assert "Write the debrief" in client.get(cockpit).content.decode()
    save_debrief(room=room, terms=DebriefTerms(worked="A"), seen=0, actor=leader, now=NOW)
    shown = client.get(cockpit).content.decode()
    assert "The debrief" in shown
    assert "Write the debrief" not in shown
