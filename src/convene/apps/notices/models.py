"""Steward's words for a notice, letters to groups, who wants no reminders, what each calendar was told."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from convene.apps.workshops.models import Session, Workshop

PERSON = settings.AUTH_USER_MODEL


class NoticeText(models.Model):
    """A notice of one workshop in the steward's words, or switched off. No row: the words of texts.py."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    workshop = models.ForeignKey(Workshop, on_delete=models.CASCADE, related_name="notice_texts")
    kind = models.CharField(max_length=30)
    on = models.BooleanField(_("send it"), default=True)
    subject = models.CharField(_("subject"), max_length=200, blank=True)
    text = models.TextField(_("text"), blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["workshop", "kind"], name="notice_text_once")]

    def __str__(self) -> str:
        return self.kind


class Letter(models.Model):
    """A mail a steward wrote to a group; each reader's copy is a MailMessage."""

    class Group(models.TextChoices):
        CONFIRMED = "confirmed", _("everyone with a confirmed seat")
        WAITING = "waiting", _("everyone who waits for a seat")
        FACILITATORS = "facilitators", _("the facilitators")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    workshop = models.ForeignKey(Workshop, on_delete=models.CASCADE, related_name="letters")
    group = models.CharField(_("to"), max_length=12, choices=Group.choices)
    subject = models.CharField(_("subject"), max_length=200)
    text = models.TextField(_("text"))
    written_by = models.ForeignKey(PERSON, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField()
    send_at = models.DateTimeField(_("leaves at"))

    def __str__(self) -> str:
        return self.group


class OptOut(models.Model):
    """Someone wants no reminders from a community. Notices about their own seat still come."""

    person = models.ForeignKey(PERSON, on_delete=models.CASCADE, related_name="+")
    community_id = models.UUIDField()
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "community_id"], name="opt_out_once")]

    def __str__(self) -> str:
        return str(self.community_id)


class CalendarState(models.Model):
    """What one person's calendar was last told of one session.

    The UID is the session's for life. SEQUENCE must rise for this reader with each message, also when a
    seat is given back and taken again, so it is counted for each person and never below the session's.
    """

    session = models.ForeignKey(Session, on_delete=models.CASCADE, related_name="calendar_states")
    person = models.ForeignKey(PERSON, on_delete=models.CASCADE, related_name="+")
    sequence = models.PositiveIntegerField(default=0)
    method = models.CharField(max_length=10, help_text="REQUEST or CANCEL: whether the entry stands.")
    partstat = models.CharField(
        max_length=14, blank=True, help_text="The last answer from the calendar itself."
    )

    class Meta:
        constraints = [models.UniqueConstraint(fields=["session", "person"], name="calendar_state_once")]

    def __str__(self) -> str:
        return f"{self.method} {self.sequence}"
