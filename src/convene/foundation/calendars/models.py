"""A person's own calendar address. The token is in the address alone; here is only its digest."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models


class CalendarFeed(models.Model):
    """One live address a person; a new one ends the old."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="calendar_feeds"
    )
    token_digest = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person"], condition=models.Q(revoked_at=None), name="calendar_feed_live_once"
            )
        ]

    def __str__(self) -> str:
        return str(self.pk)
