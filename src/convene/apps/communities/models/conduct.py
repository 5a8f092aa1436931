"""Conduct reports: their own tables, their text unreadable without the site's key.

What a row shows to someone who only holds the database: that a report exists, whom it was entrusted to
and when. Words, names, the reporter and who is excluded are inside `sealed`. No audit entry, no event,
no job and no mail points at these rows.
"""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from convene.apps.communities.models.core import Community

PERSON = settings.AUTH_USER_MODEL


class ConductReport(models.Model):
    class State(models.TextChoices):
        RECEIVED = "received", _("received")
        READ = "read", _("read")
        IN_PROGRESS = "in_progress", _("being dealt with")
        CLOSED = "closed", _("closed")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    community = models.ForeignKey(Community, on_delete=models.CASCADE, related_name="+")
    contact = models.ForeignKey(PERSON, null=True, on_delete=models.SET_NULL, related_name="+")
    state = models.CharField(max_length=12, choices=State.choices, default=State.RECEIVED)
    sealed = models.BinaryField(help_text="Encrypted JSON: text, about, excluded, name, mail, reason.")
    code_tag = models.CharField(max_length=64, unique=True, help_text="Keyed hash of the follow-up code.")
    reporter_tag = models.CharField(
        max_length=64, blank=True, db_index=True, help_text="Keyed hash of a reporter who gave their name."
    )
    received_on = models.DateField()
    changed_on = models.DateField()
    news_for_contact = models.BooleanField(default=True)
    news_for_reporter = models.BooleanField(default=False)

    class Meta:
        ordering = ["-received_on"]

    def __str__(self) -> str:
        return self.state


class ConductMessage(models.Model):
    """A follow-up, from the reporter or from the contact."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    report = models.ForeignKey(ConductReport, on_delete=models.CASCADE, related_name="messages")
    from_reporter = models.BooleanField()
    sealed = models.BinaryField()
    at = models.DateTimeField()

    class Meta:
        ordering = ["at"]

    def __str__(self) -> str:
        return str(self.at)
