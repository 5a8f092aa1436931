"""Ten minutes after a session: one mail to each who was there, and none when its end is taken back."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone

from convene.apps.notices import after_tasks
from convene.apps.notices.models import NoticeText
from convene.apps.rooms.models import Block, NoteLine
from convene.apps.rooms.services import agenda, ending, presence
from convene.foundation.mail.models import MailMessage
from tests.makers import make_facilitator, make_person, make_registration
from tests.tasks import run_tasks

pytestmark = pytest.mark.django_db
KINDS = ("session_over", "debrief_due")


@pytest.fixture
def grace(workshop):
    return make_facilitator(workshop, make_person("Grace"))


@pytest.fixture
def room(workshop, grace):
    """Amina is here, Boris is not."""
    session = workshop.sessions.get()
    session.starts_at = timezone.now()
    session.ends_at = session.starts_at + dt.timedelta(hours=1)
    session.save()
    for name in ("Amina", "Boris"):
        make_registration(workshop, make_person(name), state="confirmed")
    room = agenda.start_session(session=session, actor=grace, now=timezone.now())
    amina = room.participants.get(person__name="Amina")
    presence.arrive(participant=amina, session=session, now=timezone.now())
    run_tasks()
    return room


def mails(state=MailMessage.State.SCHEDULED):
    found = MailMessage.objects.filter(kind__in=KINDS, state=state)
    return sorted((mail.kind, mail.person.name) for mail in found)


def end(room, grace):
    now = timezone.now()
    ending.end_session(room=room, actor=grace, now=now)
    run_tasks()
    return now


def test_who_came_and_who_held_it_get_one_mail_that_leaves_after_ten_minutes(room, grace):
    at = end(room, grace)
    after_tasks.tell_after_session.func(str(room.pk))
    assert mails() == [("debrief_due", "Grace"), ("session_over", "Amina")]
    assert set(MailMessage.objects.filter(kind__in=KINDS).values_list("send_at", flat=True)) == {
        at + dt.timedelta(minutes=10)
    }


def text_of(kind):
    return MailMessage.objects.get(kind=kind).text


def test_the_notes_are_named_only_where_there_are_any(room, grace):
    end(room, grace)
    assert "/notes/" not in text_of("session_over")
    assert "/debrief/" in text_of("debrief_due")


def test_the_notes_come_by_the_readers_own_link(room, grace, client):
    block = Block.objects.create(room=room, position=1, title="Clinic", recording="open")
    NoteLine.objects.create(block=block, position=1, text="Wash hands", written_at=timezone.now())
    end(room, grace)
    [line] = [line for line in text_of("session_over").splitlines() if "/notes/" in line]
    page = client.get("/" + line.split("://", 1)[1].split("/", 1)[1])
    assert "Wash hands" in page.content.decode()


def test_an_end_taken_back_stops_them_and_the_next_end_writes_them_anew(room, grace):
    end(room, grace)
    ending.resume(room=room, actor=grace, now=timezone.now())
    run_tasks()
    assert (mails(), len(mails(MailMessage.State.CANCELLED))) == ([], 2)
    ending.end_session(room=room, actor=grace, now=timezone.now() + dt.timedelta(minutes=5))
    run_tasks()
    assert len(mails()) == 2


def test_an_end_taken_back_before_the_worker_looked_writes_none(room, grace):
    now = timezone.now()
    ending.end_session(room=room, actor=grace, now=now)
    ending.resume(room=room, actor=grace, now=now)
    run_tasks()
    assert mails() == []


def test_of_a_session_long_ago_nobody_is_told(room, grace):
    ending.end_session(room=room, actor=grace, now=timezone.now() - dt.timedelta(days=2))
    run_tasks()
    assert mails() == []


def test_a_steward_switches_them_off(room, grace, workshop):
    NoticeText.objects.create(workshop=workshop, kind="session_over", on=False)
    end(room, grace)
    assert mails() == [("debrief_due", "Grace")]
