"""Mails that come back: delivery reports here; replies go to whoever registered for them."""

from __future__ import annotations

import email.parser
import logging
from collections.abc import Callable
from datetime import datetime
from email.message import EmailMessage, Message
from enum import StrEnum

from convene.foundation.mail.models import MailMessage

logger = logging.getLogger(__name__)
Handler = Callable[[EmailMessage, datetime], bool]
"""Looks at a mail that came in; True when it was for this handler and is dealt with."""

_handlers: dict[str, Handler] = {}


class Fate(StrEnum):
    BOUNCE = "bounce"
    DELAYED = "delayed"
    HANDLED = "handled"
    UNKNOWN = "unknown"


def register(name: str, handler: Handler) -> None:
    """Have `handler` asked about each mail that is no delivery report; from an AppConfig.ready."""
    _handlers[name] = handler


def receive(mail: EmailMessage, *, now: datetime) -> Fate:
    """Deal with one mail. What nobody knows is left for people."""
    report = _report(mail)
    if report is not None:
        return _note_bounce(report, mail, now)
    for name, handler in _handlers.items():
        if handler(mail, now):
            logger.info("a mail was dealt with by %s", name)
            return Fate.HANDLED
    return Fate.UNKNOWN


def _report(mail: EmailMessage) -> Message | None:
    """The machine-readable part of a delivery report (RFC 3464)."""
    if mail.get_content_type() != "multipart/report":
        return None
    return next((part for part in mail.walk() if part.get_content_type() == "message/delivery-status"), None)


def _note_bounce(report: Message, mail: EmailMessage, now: datetime) -> Fate:
    actions = {action.strip().lower() for block in _blocks(report) for action in block.get_all("Action", [])}
    if "failed" not in actions:
        return Fate.DELAYED
    original = _original_id(mail)
    if original is None:
        return Fate.UNKNOWN
    rows = MailMessage.objects.filter(message_id=original)
    rows.filter(bounced_at=None).update(bounced_at=now, error=_status(report))
    return Fate.BOUNCE if rows.exists() else Fate.UNKNOWN


def _blocks(report: Message) -> list[Message]:
    payload = report.get_payload()
    return [block for block in payload if isinstance(block, Message)] if isinstance(payload, list) else []


def _status(report: Message) -> str:
    """Such as "bounced 5.1.1"; the server's own words repeat the address and are left out."""
    for block in _blocks(report):
        status = str(block.get("Status", "")).split()
        if status and str(block.get("Action", "")).strip().lower() == "failed":
            return f"bounced {status[0][:20]}"
    return "bounced"


def _original_id(mail: EmailMessage) -> str | None:
    """The Message-ID of the mail that did not arrive, from what the report returns of it."""
    for part in mail.walk():
        if part.get_content_type() == "message/rfc822":
            payload = part.get_payload()
            if isinstance(payload, list) and isinstance(payload[0], Message):
                return _clean(payload[0].get("Message-ID"))
        if part.get_content_type() == "text/rfc822-headers":
            text = part.get_payload(decode=True)
            headers = email.parser.BytesHeaderParser().parsebytes(text if isinstance(text, bytes) else b"")
            return _clean(headers.get("Message-ID"))
    return None


def _clean(value: object) -> str | None:
    return str(value).strip() if value else None
