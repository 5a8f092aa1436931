"""Mail rows of a person: what they hold, and forgetting it."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Q

from convene.foundation.mail.models import MailMessage
from convene.foundation.privacy import Rows
from convene.foundation.privacy.scrub import Traces


def _theirs(person_id: UUID, traces: Traces) -> Q:
    mine = Q(person_id=person_id)
    for address in traces.addresses:
        mine |= Q(to_address__iexact=address)
    return mine


def export(person_id: UUID, traces: Traces) -> Rows:
    rows = MailMessage.objects.filter(_theirs(person_id, traces)).order_by("created_at")
    return [
        {
            "kind": row.kind,
            "to": row.to_address,
            "subject": row.subject,
            "text": row.text,
            "calendar": row.calendar,
            "state": row.state,
            "send_at": row.send_at.isoformat(),
            "sent_at": row.sent_at.isoformat() if row.sent_at else None,
        }
        for row in rows
    ]


def empty(rows: Q) -> int:
    """Keep that a mail was written, when and why (its key); drop to whom and what it said."""
    return MailMessage.objects.filter(rows).update(
        to_address="", subject="", text="", calendar="", reply_to="", unsubscribe_url="", error=""
    )


def forget(person_id: UUID, traces: Traces) -> None:
    """Stop what has not left, empty what has, and take the name out of mails to others."""
    theirs = _theirs(person_id, traces)
    MailMessage.objects.filter(
        theirs, state__in=[MailMessage.State.SCHEDULED, MailMessage.State.FAILED]
    ).update(state=MailMessage.State.CANCELLED)
    empty(theirs)
    about = Q()
    for word in traces.words:
        about |= Q(subject__icontains=word) | Q(text__icontains=word) | Q(calendar__icontains=word)
        about |= Q(error__icontains=word) | Q(reply_to__iexact=word)
    if not about:
        return
    for row in MailMessage.objects.filter(about).iterator():
        for name in ("subject", "text", "calendar", "error"):
            setattr(row, name, traces.scrubbed(getattr(row, name)))
        if row.reply_to.lower() in traces.addresses:
            row.reply_to = ""
        row.save(update_fields=["subject", "text", "calendar", "error", "reply_to"])
