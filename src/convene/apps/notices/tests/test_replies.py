"""Answers from calendars: believed when the mail server vouches for the sender, else asked back."""

from __future__ import annotations

from email.message import EmailMessage

import pytest
from django.utils import timezone

from convene.apps.notices import replies
from convene.apps.notices.models import CalendarState
from convene.apps.notices.tests.conftest import ask
from convene.apps.seats import services as seats
from convene.foundation.mail.models import MailMessage
from tests.makers import make_person, make_session
from tests.tasks import run_tasks

pytestmark = pytest.mark.django_db
SERVER = "mx.example.org"


def answer(session, person, partstat, *, sender="", vouched=True, server=SERVER) -> EmailMessage:
    mail = EmailMessage()
    mail["From"] = f"Somebody <{sender or person.email}>"
    if vouched:
        mail["Authentication-Results"] = f"{server}; spf=pass; dmarc=pass header.from=example.org"
    mail.set_content("Answered.")
    lines = [
        "BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Theirs//EN", "METHOD:REPLY", "BEGIN:VEVENT",
        f"UID:{session.uid}", "DTSTAMP:20261101T120000Z", "DTSTART:20261210T120000Z", "SEQUENCE:0",
        f"ATTENDEE;PARTSTAT={partstat}:MAILTO:{person.email}", "END:VEVENT", "END:VCALENDAR", "",
    ]  # fmt: skip
    mail.add_alternative("\r\n".join(lines), subtype="calendar", params={"method": "REPLY"})
    return mail


@pytest.fixture(autouse=True)
def _server(settings):
    settings.REPLY_AUTH_SERVER = SERVER


@pytest.fixture
def seat(workshop):
    registration = ask(workshop, make_person("Amina"))
    run_tasks()
    return registration


def receive(mail: EmailMessage) -> bool:
    handled = replies.receive(mail, timezone.now())
    run_tasks()
    return handled


def state(registration) -> str:
    registration.refresh_from_db()
    return registration.state


def test_a_vouched_decline_gives_the_seat_back(seat, workshop):
    assert receive(answer(workshop.sessions.get(), seat.person, "DECLINED"))
    assert state(seat) == "cancelled_early"
    assert CalendarState.objects.get().method == "CANCEL"


def test_a_vouched_accept_confirms_an_offer(seat, workshop):
    second = ask(workshop, make_person("Ben"))
    seats.cancel(registration=seat, actor=seat.person, now=timezone.now())
    run_tasks()
    assert state(second) == "offered"
    session = workshop.sessions.get()
    # An offer alone carries no entry; one that was reopened does.
    CalendarState.objects.create(session=session, person=second.person, method="REQUEST")
    assert receive(answer(session, second.person, "ACCEPTED"))
    assert state(second) == "confirmed"


@pytest.mark.parametrize("doubt", [{"vouched": False}, {"server": "mx.elsewhere.example"}])
def test_without_a_voucher_a_decline_is_asked_back_and_moves_nothing(seat, workshop, doubt):
    assert receive(answer(workshop.sessions.get(), seat.person, "DECLINED", **doubt))
    assert state(seat) == "confirmed"
    mail = MailMessage.objects.get(kind="calendar_declined")
    assert "/r/" in mail.text


def test_a_header_below_the_servers_own_is_not_believed(seat, workshop):
    mail = answer(workshop.sessions.get(), seat.person, "DECLINED", vouched=False)
    mail["Authentication-Results"] = f"{SERVER}; dmarc=fail"
    mail["Authentication-Results"] = f"{SERVER}; dmarc=pass"
    receive(mail)
    assert state(seat) == "confirmed"


def test_nobody_answers_for_another(seat, workshop):
    mail = answer(workshop.sessions.get(), seat.person, "DECLINED", sender="mallory@example.org")
    assert not receive(mail)
    assert state(seat) == "confirmed"


def test_the_same_answer_twice_has_one_effect(seat, workshop):
    session = workshop.sessions.get()
    for _time in range(2):
        receive(answer(session, seat.person, "DECLINED", vouched=False))
    assert MailMessage.objects.filter(kind="calendar_declined").count() == 1


def test_one_entry_of_several_says_nothing_about_the_seat(seat, workshop):
    make_session(workshop, days=30)
    receive(answer(workshop.sessions.order_by("starts_at")[0], seat.person, "DECLINED"))
    assert state(seat) == "confirmed"


def test_other_mails_are_left_to_people(seat):
    mail = EmailMessage()
    mail["From"] = seat.person.email
    mail.set_content("Can I bring my dog?")
    assert not receive(mail)
