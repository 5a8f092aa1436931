"""Mails are rows with states: a steward reads, edits and stops them before they leave."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models


class MailMessage(models.Model):
    class State(models.TextChoices):
        SCHEDULED = "scheduled"
        SENDING = "sending"
        SENT = "sent"
        FAILED = "failed"
        CANCELLED = "cancelled"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    key = models.CharField(
        max_length=200, unique=True, help_text="What for and to whom: at most one mail has it."
    )
    kind = models.CharField(max_length=60, db_index=True, help_text="The notice it is, such as seat_offered.")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    to_address = models.EmailField(max_length=254)
    language = models.CharField(max_length=12, default="en")
    subject = models.CharField(max_length=250)
    text = models.TextField()
    calendar = models.TextField(
        blank=True, help_text="A text/calendar body; its METHOD is in calendar_method."
    )
    calendar_method = models.CharField(max_length=12, blank=True)
    reply_to = models.EmailField(max_length=254, blank=True)
    unsubscribe_url = models.CharField(max_length=500, blank=True)
    community_id = models.UUIDField(null=True, db_index=True)
    about_id = models.UUIDField(
        null=True, db_index=True, help_text="The workshop (or other object) it is about."
    )
    message_id = models.CharField(max_length=200, unique=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.SCHEDULED)
    send_at = models.DateTimeField()
    created_at = models.DateTimeField(auto_now_add=True)
    sent_at = models.DateTimeField(null=True)
    claimed_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    error = models.CharField(max_length=300, blank=True)
    bounced_at = models.DateTimeField(null=True)
    edited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        indexes = [models.Index(fields=["state", "send_at"]), models.Index(fields=["about_id", "state"])]

    def __str__(self) -> str:
        return f"{self.kind} {self.state}"
