"""Presence, with its source; visible to the person, who can contest it."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from convene.apps.seats.models import Registration
from convene.apps.workshops.models import Session, Workshop

PERSON = settings.AUTH_USER_MODEL


class Attendance(models.Model):
    """One finding about one registration in one session. A correction is a new row; the newest holds."""

    class State(models.TextChoices):
        ATTENDED = "attended", _("attended")
        PARTLY = "partly_attended", _("partly attended")
        APOLOGISED = "apologised", _("sent apologies")
        ABSENT = "absent", _("absent")

    class Source(models.TextChoices):
        JOIN_LINK = "join_link", _("personal join link")
        ROOM_CODE = "room_code", _("room code")
        DOOR = "door", _("door list")
        IMPORT = "import", _("imported")
        STEWARD = "steward", _("steward")
        CORRECTION = "correction", _("correction you asked for")
        SELF = "self", _("yourself")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    registration = models.ForeignKey(Registration, on_delete=models.PROTECT, related_name="attendances")
    session = models.ForeignKey(Session, on_delete=models.PROTECT, related_name="attendances")
    state = models.CharField(max_length=16, choices=State.choices)
    minutes = models.PositiveIntegerField(null=True, blank=True)
    arrived_at = models.DateTimeField(null=True, blank=True)
    source = models.CharField(max_length=12, choices=Source.choices)
    recorded_by = models.UUIDField(null=True)
    reason = models.CharField(max_length=300, blank=True)
    at = models.DateTimeField()
    holds = models.BooleanField(
        default=True, help_text="The newest finding for this registration and session."
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["registration", "session"],
                condition=models.Q(holds=True),
                name="attendance_holds_once",
            )
        ]

    def __str__(self) -> str:
        return self.state


class Contest(models.Model):
    """ "This is wrong": a person's claim about a finding, and the steward's decision."""

    class State(models.TextChoices):
        OPEN = "open", _("waiting for a steward")
        ACCEPTED = "accepted", _("corrected")
        DECLINED = "declined", _("not changed")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    registration = models.ForeignKey(Registration, on_delete=models.PROTECT, related_name="contests")
    session = models.ForeignKey(Session, on_delete=models.PROTECT, related_name="+")
    claim = models.CharField(max_length=16, choices=Attendance.State.choices)
    text = models.TextField(blank=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    reason = models.CharField(max_length=300, blank=True)
    decided_by = models.ForeignKey(PERSON, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.state


class Feedback(models.Model):
    """Three answers, kept without any link to who gave them; `FeedbackGiven` keeps that someone did."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    workshop = models.ForeignKey(Workshop, on_delete=models.CASCADE, related_name="feedback")
    useful = models.PositiveSmallIntegerField(null=True, blank=True)
    said = models.PositiveSmallIntegerField(null=True, blank=True)
    change = models.TextField(blank=True)

    def __str__(self) -> str:
        return str(self.workshop_id)


class FeedbackGiven(models.Model):
    registration = models.OneToOneField(Registration, on_delete=models.CASCADE, related_name="feedback_given")

    def __str__(self) -> str:
        return str(self.registration_id)


class RoomCode(models.Model):
    """What hangs on the wall as text and QR: it lets people in the room check themselves in."""

    session = models.OneToOneField(Session, on_delete=models.CASCADE, related_name="room_code")
    code = models.CharField(max_length=12, unique=True)

    def __str__(self) -> str:
        return str(self.session_id)


class AttendanceImport(models.Model):
    """An uploaded list between its upload and the steward's yes; the names in it go with either."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    session = models.ForeignKey(Session, on_delete=models.CASCADE, related_name="imports")
    rows = models.JSONField(default=list, help_text="[name, email, minutes] as the video tool wrote them.")
    made_by = models.ForeignKey(PERSON, null=True, on_delete=models.SET_NULL, related_name="+")
    made_at = models.DateTimeField()
    applied_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return str(self.session_id)
