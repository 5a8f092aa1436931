"""From a run sheet to an agenda, and back to the next date's run sheet."""

from __future__ import annotations

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone, translation
from hypothesis import given
from hypothesis import strategies as st

from convene.apps.rooms.models import Block
from convene.apps.rooms.rules.runsheet import Planned, read, write
from convene.apps.rooms.services import agenda, ending
from convene.apps.rooms.services.keeping import keep_agenda
from convene.apps.workshops.models import Series, Workshop
from convene.foundation.errors import NotAllowed, RuleBroken
from tests.makers import make_community, make_facilitator, make_person, make_workshop

NOW = timezone.now().replace(microsecond=0)
SHEET = """Bring the red cards
5 Welcome
20 What we see
Purpose: hear everyone once
How: in pairs, then around
Recording: closed
Mind the shy ones
10 What nobody knows"""


def after(minutes):
    return NOW + dt.timedelta(minutes=minutes)


def test_named_lines_belong_to_their_block_and_notes_to_nobody_but_those_who_facilitate():
    assert read(SHEET) == [
        Planned("Welcome", 5),
        Planned("What we see", 20, "hear everyone once", "in pairs, then around", "closed"),
        Planned("What nobody knows", 10),
    ]


def test_a_run_sheet_written_back_unchanged_is_the_same():
    assert write(read(SHEET), recording="chatham", before=SHEET).splitlines() == SHEET.splitlines()


def test_the_note_of_a_block_that_is_gone_stays_at_the_end():
    left = [one for one in read(SHEET) if one.title != "What we see"]
    assert write(left, recording="chatham", before=SHEET).splitlines()[-1] == "Mind the shy ones"


def test_words_of_another_language_are_known():
    with translation.override("ar"):
        text = write([Planned("A", 5, "for all", "around", "open")], recording="closed")
    assert read(text) == [Planned("A", 5, "for all", "around", "open")]


words = st.text("abcdefgh ijk", min_size=1, max_size=20).map(lambda text: f"x{text}".strip())
planned = st.builds(
    Planned,
    words.map(lambda text: " ".join(text.split())),
    st.integers(1, 480),
    st.just("") | words.map(lambda text: " ".join(text.split())),
    st.just("") | words.map(lambda text: " ".join(text.split())),
    st.sampled_from(["open", "closed"]),
)


@given(st.lists(planned, max_size=6))
def test_what_is_written_is_read_again(blocks):
    assert read(write(blocks, recording="chatham")) == blocks


@pytest.fixture
def session(db):
    workshop = make_workshop(make_community(steward=make_person()), run_sheet=SHEET, recording="chatham")
    session = workshop.sessions.get()
    session.starts_at, session.ends_at = NOW, after(35)
    session.save()
    return session


def ran(session, leader):
    """Welcome took eight minutes, the second part four and a half; the third never began."""
    room = agenda.start_session(session=session, actor=leader, now=NOW)
    agenda.next_block(room=room, after=Block.objects.get(title="Welcome").pk, actor=leader, now=after(8))
    ending.end_session(room=room, actor=leader, now=after(12.5))
    return room


def test_an_agenda_is_kept_as_it_ran_with_the_minutes_it_took(session):
    leader = make_facilitator(session.workshop)
    room = ran(session, leader)
    keep_agenda(room=room, as_it_ran=True, actor=leader, now=after(20))
    session.workshop.refresh_from_db()
    assert [(one.title, one.minutes) for one in read(session.workshop.run_sheet)] == [
        ("Welcome", 8),
        ("What we see", 5),
    ]
    assert "Bring the red cards" in session.workshop.run_sheet


def test_coming_dates_follow_unless_somebody_rewrote_theirs(session):
    workshop, leader = session.workshop, make_facilitator(session.workshop)
    series = Series.objects.create(community=workshop.community, title="Clinic", rrule="FREQ=WEEKLY")
    Workshop.objects.filter(pk=workshop.pk).update(series=series)
    workshop.refresh_from_db()
    same = make_workshop(workshop.community, run_sheet=SHEET, series=series)
    own = make_workshop(workshop.community, run_sheet="30 Mine", series=series)
    room = agenda.open_room(session=session, actor=leader, now=NOW)
    room.session = session
    agenda.remove_block(block=room.blocks.get(title="Welcome"), actor=leader, now=NOW)
    assert keep_agenda(room=room, as_it_ran=False, actor=leader, now=NOW) == 1
    same.refresh_from_db()
    own.refresh_from_db()
    assert ([one.title for one in read(same.run_sheet)], own.run_sheet) == (
        ["What we see", "What nobody knows"],
        "30 Mine",
    )


def test_nothing_is_kept_by_strangers_or_of_an_empty_agenda(session):
    leader = make_facilitator(session.workshop)
    room = agenda.open_room(session=session, actor=leader, now=NOW)
    with pytest.raises(NotAllowed):
        keep_agenda(room=room, as_it_ran=False, actor=make_person(), now=NOW)
    room.blocks.all().delete()
    with pytest.raises(RuleBroken) as refused:
        keep_agenda(room=room, as_it_ran=False, actor=leader, now=NOW)
    assert refused.value.code == "empty_agenda"


def test_the_agenda_is_kept_by_one_press_on_its_page(client, session):
    leader = make_facilitator(session.workshop)
    ran(session, leader)
    client.force_login(leader)
    page = client.post(reverse("agenda_keep", args=[session.pk]), {"minutes": "ran"}, follow=True)
    session.workshop.refresh_from_db()
    assert "This is the run sheet now." in page.content.decode()
    assert "8 Welcome" in session.workshop.run_sheet
