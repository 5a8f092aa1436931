"""From a seat to a reader's calendar, through a real SMTP server, read back by another parser."""

from __future__ import annotations

import datetime as dt

import pytest
import vobject
from django.utils import timezone

from convene.apps.notices.tests.conftest import ask
from convene.apps.seats import services as seats
from convene.apps.workshops import services as workshops
from convene.apps.workshops.services.planning import SessionPlan
from tests.makers import make_person
from tests.tasks import run_tasks

pytestmark = pytest.mark.django_db


def entries(mails):
    """(method, event) of each mail that carries a calendar, by an independent parser."""
    found = []
    for mail in mails:
        for part in mail.walk():
            if part.get_content_type() == "text/calendar" and part.get_filename() is None:
                calendar = vobject.readOne(part.get_content())
                found.append((calendar.method.value, part.get_param("method"), calendar.vevent))
    return found


def test_request_update_and_cancel_reach_the_reader_as_one_entry(workshop, steward, smtp, postman):
    session = workshop.sessions.get()
    registration = ask(workshop, make_person("Amina", zone="Africa/Nairobi"))
    run_tasks()
    postman.send_due(timezone.now())
    later = session.starts_at + dt.timedelta(hours=1)
    workshops.change_sessions(
        workshop=workshop,
        plans=[
            SessionPlan(
                starts_at=later,
                ends_at=later + dt.timedelta(hours=2),
                zone="Europe/Berlin",
                join_url=session.join_url,
                session_id=session.pk,
            )
        ],
        actor=steward,
        now=timezone.now(),
    )
    run_tasks()
    postman.send_due(timezone.now())
    registration.refresh_from_db()
    assert registration.state == "offered"
    seats.confirm_offer(registration=registration, actor=registration.person, now=timezone.now())
    run_tasks()
    postman.send_due(timezone.now())
    seats.cancel(registration=registration, actor=registration.person, now=timezone.now())
    run_tasks()
    postman.send_due(timezone.now())
    found = entries(smtp.mails)
    assert [method for method, _header, _event in found] == ["REQUEST", "REQUEST", "REQUEST", "CANCEL"]
    assert all(method == header for method, header, _event in found)
    events = [event for _method, _header, event in found]
    assert {event.uid.value for event in events} == {session.uid}
    numbers = [int(event.sequence.value) for event in events]
    assert numbers == sorted(set(numbers))
    assert events[0].dtstart.value == session.starts_at
    assert events[1].dtstart.value == later
    assert [event.attendee.params["PARTSTAT"] for event in events[:3]] == [
        ["ACCEPTED"],
        ["NEEDS-ACTION"],
        ["ACCEPTED"],
    ]
    assert events[3].status.value == "CANCELLED"
