"""Schedule, edit, stop and send mails. Nothing else writes MailMessage."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import TypedDict, Unpack
from urllib.parse import urlsplit
from uuid import UUID

from django.conf import settings

from convene.foundation.mail.models import MailMessage


class MailExtras(TypedDict, total=False):
    calendar: str
    calendar_method: str
    reply_to: str
    unsubscribe_url: str
    community_id: UUID | None
    about_id: UUID | None


def schedule_mail(
    *,
    key: str,
    kind: str,
    person_id: UUID | None,
    to_address: str,
    language: str,
    subject: str,
    text: str,
    send_at: datetime,
    **extras: Unpack[MailExtras],
) -> MailMessage | None:
    """Write the mail that leaves at `send_at`; None when `key` already has one (at most one effect).

    Call it inside the transaction of what it tells of. The worker sends what is due.
    """
    row_id = uuid.uuid4()
    message, made = MailMessage.objects.get_or_create(
        key=key,
        defaults={
            "id": row_id,
            "kind": kind,
            "person_id": person_id,
            "to_address": to_address,
            "language": language,
            "subject": " ".join(subject.split())[:250],
            "text": text,
            "send_at": send_at,
            "message_id": f"<{row_id}@{mail_domain()}>",
            **extras,
        },
    )
    return message if made else None


def mail_domain() -> str:
    """The right side of Message-IDs and calendar UIDs: the public host, else a name that is never one."""
    return urlsplit(settings.PUBLIC_ADDRESS).hostname or "convene.invalid"
