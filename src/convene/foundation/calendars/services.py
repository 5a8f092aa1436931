"""Make and revoke a person's own calendar address."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime
from uuid import UUID

from django.db import transaction

from convene.foundation.calendars.models import CalendarFeed


@transaction.atomic
def make_feed(*, person_id: UUID, now: datetime) -> str:
    """A new secret token, told this once; an earlier address stops working."""
    revoke_feed(person_id=person_id, now=now)
    token = secrets.token_urlsafe(24)
    CalendarFeed.objects.create(person_id=person_id, token_digest=digest(token), created_at=now)
    return token


def revoke_feed(*, person_id: UUID, now: datetime) -> None:
    CalendarFeed.objects.filter(person_id=person_id, revoked_at=None).update(revoked_at=now)


def live_feed(person_id: UUID) -> CalendarFeed | None:
    return CalendarFeed.objects.filter(person_id=person_id, revoked_at=None).first()


def feed_of(token: str) -> CalendarFeed | None:
    """The live feed with that token, its person along; a revoked or unknown one is None."""
    return (
        CalendarFeed.objects.select_related("person")
        .filter(token_digest=digest(token), revoked_at=None, person__is_active=True)
        .first()
    )


def digest(token: str) -> str:
    """The token is 192 random bits: a plain digest cannot be guessed back."""
    return hashlib.sha256(token.encode()).hexdigest()
