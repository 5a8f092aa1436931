"""What calendar addresses hold about a person, and forgetting it."""

from __future__ import annotations

from uuid import UUID

from django.utils.translation import gettext_lazy as _

from convene.foundation.calendars.models import CalendarFeed
from convene.foundation.privacy import Rows, register


def export_feeds(person_id: UUID) -> Rows:
    return [
        {
            "made": feed.created_at.isoformat(),
            "ended": feed.revoked_at.isoformat() if feed.revoked_at else None,
        }
        for feed in CalendarFeed.objects.filter(person_id=person_id).order_by("created_at")
    ]


def erase_feeds(person_id: UUID) -> None:
    CalendarFeed.objects.filter(person_id=person_id).delete()


def register_all() -> None:
    register(
        "calendars.CalendarFeed",
        label=_("Your own calendar address"),
        why=_("You asked for an address that your calendar reads your sessions from."),
        export=export_feeds,
        erase=erase_feeds,
    )
