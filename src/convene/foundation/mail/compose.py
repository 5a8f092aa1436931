"""From a row to a mail as it goes over the wire."""

from __future__ import annotations

from django.conf import settings
from django.core.mail import EmailMultiAlternatives

from convene.foundation.mail.models import MailMessage


def compose(row: MailMessage) -> EmailMultiAlternatives:
    """The mail of `row`: plain text; with a calendar, that as an alternative (which calendars act on) and
    as an attachment (for readers that show only those). Raises ValueError when it cannot be written.
    """
    if not row.to_address:
        raise ValueError("a mail to nobody")
    mail = EmailMultiAlternatives(
        subject=row.subject,
        body=row.text,
        from_email=settings.MAIL_FROM,
        to=[row.to_address],
        reply_to=[row.reply_to] if row.reply_to else None,
        headers=_headers(row),
    )
    if row.calendar:
        method = row.calendar_method or "PUBLISH"
        mail.attach_alternative(row.calendar, f"text/calendar; method={method}")
        mail.attach("invite.ics", row.calendar.encode(), "application/ics")
    return mail


def _headers(row: MailMessage) -> dict[str, str]:
    headers = {
        "Message-ID": row.message_id,
        # RFC 3834: no "out of office" in answer to a machine.
        "Auto-Submitted": "auto-generated",
        "X-Auto-Response-Suppress": "OOF, AutoReply",
        "Content-Language": row.language,
    }
    if row.unsubscribe_url:
        headers["List-Unsubscribe"] = f"<{row.unsubscribe_url}>"
        # RFC 8058: the reader's mail program may post there itself, with one press.
        headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    return headers
