"""Mails leave through a real SMTP server."""

import datetime as dt
import logging
import socket
import threading

import pytest
from django.db import connection
from django.utils import timezone
from icalendar import Calendar

from convene.foundation.mail import sending
from convene.foundation.mail.models import MailMessage
from convene.foundation.mail.tests.makers import make_mail
from tests import processes

ICS = (
    "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:test\r\nMETHOD:REQUEST\r\nBEGIN:VEVENT\r\n"
    "UID:u@convene.invalid\r\nDTSTAMP:20260101T000000Z\r\nDTSTART:20260102T100000Z\r\n"
    "SUMMARY:Größe\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
)
pytestmark = pytest.mark.django_db


def row_of(mail):
    return MailMessage.objects.get(pk=mail.pk)


def test_a_due_mail_arrives_as_it_was_written_and_is_sent(smtp, postman):
    row = make_mail(reply_to="steward@example.org", unsubscribe_url="https://site.example/u/1")
    assert postman.send_due(timezone.now()) == 1
    (mail,) = smtp.mails
    assert mail["Subject"] == "A seat for you: Größe & Maß"
    assert mail["To"] == "ada@example.org"
    assert mail["From"] == "Convene <convene@site.example>"
    assert mail["Reply-To"] == "steward@example.org"
    assert mail["Message-ID"] == row.message_id
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["List-Unsubscribe"] == "<https://site.example/u/1>"
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert mail.get_content().splitlines() == ["Dear Ada,", "", "there is a seat."]
    assert row_of(row).state == "sent"
    assert row_of(row).sent_at is not None


def test_a_mail_leaves_once(smtp, postman):
    make_mail()
    assert postman.send_due(timezone.now()) == 1
    assert postman.send_due(timezone.now()) == 0
    assert len(smtp.mails) == 1


def test_a_mail_waits_for_its_time_and_a_stopped_one_never_leaves(smtp, postman):
    now = timezone.now()
    make_mail(send_at=now + dt.timedelta(minutes=1))
    stopped = make_mail()
    MailMessage.objects.filter(pk=stopped.pk).update(state="cancelled")
    assert postman.send_due(now) == 0
    assert smtp.mails == []
    assert postman.send_due(now + dt.timedelta(minutes=2)) == 1


def test_a_calendar_is_an_alternative_with_its_method_and_an_attachment(smtp, postman):
    make_mail(calendar=ICS, calendar_method="REQUEST")
    postman.send_due(timezone.now())
    (mail,) = smtp.mails
    parts = [(part.get_content_type(), part.get_param("method"), part.get_filename()) for part in mail.walk()]
    assert parts == [
        ("multipart/mixed", None, None),
        ("multipart/alternative", None, None),
        ("text/plain", None, None),
        ("text/calendar", "REQUEST", None),
        ("application/ics", None, "invite.ics"),
    ]
    *_, alternative, attachment = mail.walk()
    for part in (alternative, attachment):
        calendar = Calendar.from_ical(part.get_payload(decode=True))
        assert [str(event["SUMMARY"]) for event in calendar.walk("VEVENT")] == ["Größe"]


def test_a_batch_goes_over_one_connection(smtp, postman):
    for n in range(5):
        make_mail(f"person{n}@example.org")
    assert postman.send_due(timezone.now()) == 5
    assert smtp.connections == 1


def test_a_refused_address_fails_for_good_and_the_next_mail_still_leaves(smtp, postman):
    smtp.recipients["gone@example.org"] = "550 no such gone@example.org"
    refused = make_mail("gone@example.org", send_at=timezone.now() - dt.timedelta(minutes=1))
    other = make_mail()
    assert postman.send_due(timezone.now()) == 1
    assert (row_of(refused).state, row_of(refused).error) == ("failed", "SMTPRecipientsRefused 550")
    assert row_of(other).state == "sent"


def test_a_full_mailbox_is_tried_again_later_and_later_until_it_fails(smtp, postman):
    smtp.recipients["full@example.org"] = "452 mailbox full"
    row = make_mail("full@example.org")
    waits = []
    for _ in range(sending.ATTEMPTS):
        before = timezone.now()
        postman.send_due(max(before, row_of(row).send_at))
        if row_of(row).state == "scheduled":
            waits.append(round((row_of(row).send_at - before).total_seconds() / 60))
    assert waits == [1, 3, 9, 27, 81, 243, 729]
    assert (row_of(row).state, row_of(row).error) == ("failed", "SMTPRecipientsRefused 452")


def test_refused_content_fails_for_good_and_a_busy_server_does_not(smtp, postman):
    smtp.answers = ["554 looks like spam"]
    spam = make_mail()
    postman.send_due(timezone.now())
    assert (row_of(spam).state, row_of(spam).error) == ("failed", "SMTPDataError 554")
    smtp.answers = ["451 busy"]
    busy = make_mail()
    postman.send_due(timezone.now())
    assert (row_of(busy).state, row_of(busy).error) == ("scheduled", "SMTPDataError 451")


def test_a_server_that_is_away_costs_no_mail_an_attempt(settings, smtp, postman):
    port = settings.EMAIL_PORT
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        settings.EMAIL_PORT = closed.getsockname()[1]
        row = make_mail()
        assert postman.send_due(timezone.now()) == 0
        assert (row_of(row).state, row_of(row).attempts) == ("scheduled", 0)
    settings.EMAIL_PORT = port
    # It is left alone for a while; another process, or this one later, tries again.
    assert postman.send_due(timezone.now()) == 0
    assert sending.send_due(timezone.now()) == 1


def test_what_someone_is_sending_right_now_is_left_to_them(smtp, postman):
    row = make_mail()
    assert sending.claim(row.pk, timezone.now())
    assert postman.send_due(timezone.now()) == 0
    assert smtp.mails == []


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_killed_after_the_server_took_it_it_is_sent_again_with_the_same_message_id(smtp, postman, settings):
    row = make_mail()
    taken = threading.Event()

    def kill():
        worker.kill()
        worker.wait()
        taken.set()

    smtp.on_data = kill
    worker = processes.start(
        "worker",
        CONVENE_SMTP_HOST="127.0.0.1",
        CONVENE_SMTP_PORT=str(settings.EMAIL_PORT),
        CONVENE_SMTP_STARTTLS="0",
    )
    try:
        assert taken.wait(60)
    finally:
        worker.kill()
        worker.wait()
    smtp.on_data = None
    assert row_of(row).state == "sending"
    assert postman.send_due(timezone.now()) == 0
    later = timezone.now() + sending.STUCK_AFTER + dt.timedelta(seconds=1)
    assert postman.send_due(later) == 1
    assert smtp.ids == [row.message_id] * 2
    assert (row_of(row).state, row_of(row).attempts) == ("sent", 2)


def test_the_log_holds_no_address(smtp, postman, caplog):
    smtp.recipients["gone@example.org"] = "550 no such gone@example.org"
    row = make_mail("gone@example.org")
    with caplog.at_level(logging.DEBUG):
        postman.send_due(timezone.now())
    assert [record.getMessage() for record in caplog.records if record.name.startswith("convene")] == [
        f"mail {row.pk} failed for good: SMTPRecipientsRefused 550"
    ]


def test_a_mail_to_nobody_fails_and_stops_nothing(smtp, postman):
    row = make_mail("", send_at=timezone.now() - dt.timedelta(minutes=1))
    make_mail()
    assert postman.send_due(timezone.now()) == 1
    assert (row_of(row).state, row_of(row).error) == ("failed", "ValueError")


def test_without_a_server_a_mail_is_a_file(settings, tmp_path, postman):
    settings.EMAIL_BACKEND = "convene.foundation.mail.outbox.OutboxBackend"
    settings.OUTBOX = tmp_path / "outbox"
    row = make_mail()
    assert postman.send_due(timezone.now()) == 1
    (file,) = settings.OUTBOX.iterdir()
    assert f"Message-ID: {row.message_id}" in file.read_text()
    assert row_of(row).state == "sent"


def send_with_threads(workers):
    barrier = threading.Barrier(workers)

    def work():
        try:
            ids = list(sending._due(timezone.now()).values_list("pk", flat=True))
            barrier.wait()
            mails = sending.get_connection()
            sending._send_all(ids, mails, timezone.now())
            mails.close()
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _ in range(workers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_of_workers_at_once_one_sends_a_mail(smtp):
    rows = [make_mail(f"person{n}@example.org") for n in range(12)]
    send_with_threads(4)
    assert sorted(smtp.ids) == sorted(row.message_id for row in rows)


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_twin_without_the_claim_each_sends_it(smtp, monkeypatch):
    def unguarded(pk, _now):
        return bool(MailMessage.objects.filter(pk=pk).update(state="sending", claimed_at=timezone.now()))

    monkeypatch.setattr(sending, "claim", unguarded)
    rows = [make_mail(f"person{n}@example.org") for n in range(4)]
    send_with_threads(4)
    assert len(smtp.ids) == 4 * len(rows)
