"""Mails leave: claimed one by one, sent over one connection, and never twice unless a server died.

A row goes scheduled -> sending -> sent. Killed between the SMTP server's yes and our own note of it, it
stays as sending; after a while it is sent again with the same Message-ID, so that the reader's mailbox
can tell it is the same mail.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import logging
import smtplib
import time
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.core.mail import get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from convene.foundation.mail.compose import compose
from convene.foundation.mail.models import MailMessage

logger = logging.getLogger(__name__)
State = MailMessage.State
ATTEMPTS = 8
STUCK_AFTER = dt.timedelta(minutes=10)
"""Longer than any connection lasts; a row that has been sending for so long belongs to a killed worker."""
_BATCH = 50
_UNREACHABLE_SECONDS = 20.0


class Postman:
    """One process's way to the mail server; remembers for a while that it did not answer."""

    def __init__(self) -> None:
        self._quiet_until = 0.0

    def send_due(self, now: datetime) -> int:
        """Send what is due, at most a batch; how many left. Cheap when there is nothing."""
        if time.monotonic() < self._quiet_until:
            return 0
        ids = list(_due(now).order_by("send_at").values_list("pk", flat=True)[:_BATCH])
        if not ids:
            return 0
        connection = get_connection()
        if not _opened(connection):
            # No mail's fault: none loses an attempt. `convene doctor` and Today show what is overdue.
            self._quiet_until = time.monotonic() + _UNREACHABLE_SECONDS
            return 0
        try:
            return _send_all(ids, connection, now)
        finally:
            _close(connection)


def send_due(now: datetime) -> int:
    return Postman().send_due(now)


def _due(now: datetime) -> QuerySet[MailMessage]:
    return MailMessage.objects.filter(
        Q(state=State.SCHEDULED, send_at__lte=now) | Q(state=State.SENDING, claimed_at__lte=now - STUCK_AFTER)
    )


def _send_all(ids: Sequence[UUID], connection: BaseEmailBackend, now: datetime) -> int:
    left = 0
    for pk in ids:
        if not claim(pk, now):
            continue
        row = MailMessage.objects.get(pk=pk)
        try:
            connection.send_messages([compose(row)])
        except (OSError, smtplib.SMTPException, ValueError) as error:
            _failed(row, error)
            # The conversation may be anywhere: begin a new one.
            _close(connection)
            if not _opened(connection):
                break
        else:
            _claimed(row).update(state=State.SENT, sent_at=timezone.now(), error="")
            left += 1
    return left


def claim(pk: UUID, now: datetime) -> bool:
    """Whether this caller, and no other, may send the row."""
    return (
        _due(now)
        .filter(pk=pk)
        .update(state=State.SENDING, claimed_at=timezone.now(), attempts=F("attempts") + 1)
        == 1
    )


def _claimed(row: MailMessage) -> QuerySet[MailMessage]:
    """The row, unless someone took it over meanwhile."""
    return MailMessage.objects.filter(pk=row.pk, state=State.SENDING, claimed_at=row.claimed_at)


def _failed(row: MailMessage, error: Exception) -> None:
    """For good when the receiving side refused this very mail; else again, each time three times later."""
    reason = _reason(error)
    if _is_final(error) or row.attempts >= ATTEMPTS:
        _claimed(row).update(state=State.FAILED, error=reason)
        logger.warning("mail %s failed for good: %s", row.pk, reason)
        return
    again = timezone.now() + dt.timedelta(minutes=back_off(row.attempts))
    _claimed(row).update(state=State.SCHEDULED, send_at=again, error=reason)
    logger.info("mail %s failed: %s; again later", row.pk, reason)


def back_off(attempts: int) -> int:
    """Minutes to wait after so many attempts: 1, 3, 9, 27 … about eighteen hours in all."""
    return int(3 ** (attempts - 1))


def _is_final(error: Exception) -> bool:
    # A refused sender or login is our own setting, and all mails would fail with it: worth waiting for.
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return all(_is_permanent(refusal[0]) for refusal in error.recipients.values())
    if isinstance(error, smtplib.SMTPDataError):
        return _is_permanent(error.smtp_code)
    # A header or an address that cannot be written: the mail itself is at fault.
    return isinstance(error, ValueError)


def _reason(error: Exception) -> str:
    """The class and the server's code: never its text, which repeats the address."""
    name = type(error).__name__
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return " ".join([name, *sorted({str(refusal[0]) for refusal in error.recipients.values()})])
    if isinstance(error, smtplib.SMTPResponseException):
        return f"{name} {error.smtp_code}"
    return name


def _is_permanent(code: int) -> bool:
    return 500 <= code < 600  # noqa: PLR2004  # RFC 5321: 5yz is a permanent refusal


def _opened(connection: BaseEmailBackend) -> bool:
    try:
        connection.open()
    except (OSError, smtplib.SMTPException) as error:
        logger.warning("the mail server does not answer: %s", type(error).__name__)
        return False
    return True


def _close(connection: BaseEmailBackend) -> None:
    with contextlib.suppress(OSError, smtplib.SMTPException):
        connection.close()
