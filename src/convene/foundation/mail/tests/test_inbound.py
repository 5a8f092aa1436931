"""Mails that come back."""

import mailbox
from email.message import EmailMessage

import pytest
from django.utils import timezone

from convene.cli.mailbox import read_maildir
from convene.foundation.mail import inbound
from convene.foundation.mail.models import MailMessage
from convene.foundation.mail.tests.makers import make_mail

pytestmark = pytest.mark.django_db

REPORT = """\
From: MAILER-DAEMON@mx.example.net
To: convene@site.example
Subject: Undelivered Mail Returned to Sender
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain

I could not deliver it.
--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.net

Final-Recipient: rfc822; gone@example.org
Action: {action}
Status: 5.1.1
Diagnostic-Code: smtp; 550 no such gone@example.org

--b
Content-Type: {kind}

From: convene@site.example
To: gone@example.org
Subject: A seat for you
Message-ID: {message_id}
{body}
--b--
"""


def report(row, *, action="failed", whole=True):
    text = REPORT.format(
        action=action,
        kind="message/rfc822" if whole else "text/rfc822-headers",
        message_id=row.message_id,
        body="\nDear all" if whole else "",
    )
    from email import message_from_string, policy

    return message_from_string(text, policy=policy.default)


@pytest.mark.parametrize("whole", [True, False], ids=["the whole mail", "only its headers"])
def test_a_bounce_is_noted_at_the_mail_it_returns(whole):
    row = make_mail()
    now = timezone.now()
    assert inbound.receive(report(row, whole=whole), now=now) == "bounce"
    row.refresh_from_db()
    assert (row.bounced_at, row.error) == (now, "bounced 5.1.1")


def test_a_second_report_keeps_the_first_time():
    row = make_mail()
    first = timezone.now()
    inbound.receive(report(row), now=first)
    assert inbound.receive(report(row), now=timezone.now()) == "bounce"
    row.refresh_from_db()
    assert row.bounced_at == first


def test_a_delay_is_no_bounce():
    row = make_mail()
    assert inbound.receive(report(row, action="delayed"), now=timezone.now()) == "delayed"
    row.refresh_from_db()
    assert row.bounced_at is None


def test_a_report_on_a_mail_that_is_not_ours_is_left_for_people():
    row = make_mail()
    bounce = report(row)
    MailMessage.objects.all().delete()
    assert inbound.receive(bounce, now=timezone.now()) == "unknown"


def test_other_mails_are_offered_to_the_handlers(monkeypatch):
    seen = []
    monkeypatch.setattr(inbound, "_handlers", {})
    inbound.register("no", lambda _mail, _now: False)
    inbound.register("yes", lambda mail, _now: seen.append(str(mail["Subject"])) or True)
    mail = EmailMessage()
    mail["Subject"] = "Accepted: the workshop"
    mail.set_content("hello")
    assert inbound.receive(mail, now=timezone.now()) == "handled"
    assert seen == ["Accepted: the workshop"]


def test_a_maildir_is_read_once_and_what_nobody_knows_stays_new(tmp_path):
    row = make_mail()
    box = mailbox.Maildir(tmp_path / "box", create=True)
    box.add(report(row).as_bytes())
    box.add(b"Subject: hello\n\nis anybody there?\n")
    assert read_maildir(tmp_path / "box") == {"bounce": 1, "unknown": 1}
    assert read_maildir(tmp_path / "box") == {"unknown": 1}
    assert len(list((tmp_path / "box" / "new").iterdir())) == 1
