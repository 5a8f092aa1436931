"""How mail is doing, for `doctor` and the stewards' Today."""

from __future__ import annotations

import datetime as dt
from datetime import datetime
from uuid import UUID

from django.db.models import Q, QuerySet

from convene.foundation.mail.models import MailMessage

_LATE = dt.timedelta(minutes=15)


def overdue(now: datetime) -> int:
    """Mails that should have left: no worker, or no server that takes them."""
    return MailMessage.objects.filter(state=MailMessage.State.SCHEDULED, send_at__lt=now - _LATE).count()


def undelivered(community_id: UUID, *, since: datetime) -> QuerySet[MailMessage]:
    """A community's mails that failed for good or came back, the latest first."""
    return (
        MailMessage.objects.filter(community_id=community_id).filter(_undelivered(since)).order_by("-send_at")
    )


def failed(since: datetime) -> int:
    return MailMessage.objects.filter(_undelivered(since)).count()


def _undelivered(since: datetime) -> Q:
    return Q(state=MailMessage.State.FAILED, send_at__gt=since) | Q(bounced_at__gt=since)
