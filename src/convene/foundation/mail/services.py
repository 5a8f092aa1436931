"""Schedule, edit, stop and send mails. Nothing else writes MailMessage."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import TypedDict, Unpack
from urllib.parse import urlsplit
from uuid import UUID

from django.conf import settings
from django.utils.translation import gettext as _

from convene.foundation.errors import RuleBroken
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


def edit_mail(*, mail_id: UUID, subject: str, text: str, actor_id: UUID) -> None:
    """Change a mail that has not left. Raises RuleBroken when it has."""
    changed = MailMessage.objects.filter(pk=mail_id, state=MailMessage.State.SCHEDULED).update(
        subject=" ".join(subject.split())[:250], text=text, edited_by_id=actor_id
    )
    _check_waiting(changed)


def cancel_mail(*, mail_id: UUID, actor_id: UUID) -> None:
    """Stop a mail that has not left. Raises RuleBroken when it has."""
    changed = MailMessage.objects.filter(pk=mail_id, state=MailMessage.State.SCHEDULED).update(
        state=MailMessage.State.CANCELLED, edited_by_id=actor_id
    )
    _check_waiting(changed)


def withdraw_mails(*, prefix: str) -> int:
    """Stop all that have not left and whose keys begin with `prefix`: what they tell of is no longer so.

    Call it inside the transaction of what it follows from. Returns how many were stopped.
    """
    waiting = MailMessage.objects.filter(key__startswith=prefix, state=MailMessage.State.SCHEDULED)
    return waiting.update(state=MailMessage.State.CANCELLED)


def _check_waiting(changed: int) -> None:
    if changed != 1:
        raise RuleBroken(_("This mail has left already, or was stopped."), code="mail_left")


def mail_domain() -> str:
    """The right side of Message-IDs and calendar UIDs: the public host, else a name that is never one."""
    return urlsplit(settings.PUBLIC_ADDRESS).hostname or "convene.invalid"
