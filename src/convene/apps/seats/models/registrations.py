"""A request for a seat, its steps and its offers."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from convene.apps.seats import rules
from convene.apps.seats.models.giving import Pool
from convene.apps.workshops.models import Workshop

PERSON = settings.AUTH_USER_MODEL


class Registration(models.Model):
    """One person's request for a seat of one workshop, and everything that became of it."""

    class Source(models.TextChoices):
        SELF = "self", _("asked themselves")
        STEWARD = "steward", _("written down by a steward")
        DOOR = "door", _("at the door")
        IMPORT = "import", _("from a list")

    State = rules.State
    HOLDING = rules.HOLDING
    WAITING = rules.WAITING
    LIVE = rules.LIVE

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    workshop = models.ForeignKey(Workshop, on_delete=models.PROTECT, related_name="registrations")
    person = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="registrations")
    pool = models.ForeignKey(
        Pool, null=True, blank=True, on_delete=models.SET_NULL, related_name="registrations"
    )
    state = models.CharField(max_length=20, choices=rules.State.choices, default=rules.State.SUBMITTED)
    entered_at = models.DateTimeField(help_text="When it joined the list it is on now.")
    position = models.PositiveIntegerField(null=True, blank=True, help_text="On the reserve list of a draw.")
    hope = models.TextField(_("what would make it worth your time"), blank=True)
    warm_up = models.TextField(_("warm-up answer"), blank=True)
    note = models.TextField(
        _("reason to the person"), blank=True, help_text="What an approver or steward told them."
    )
    source = models.CharField(max_length=12, choices=Source.choices, default=Source.SELF)
    approved_at = models.DateTimeField(null=True, blank=True, help_text="When the approval gate opened.")
    link_version = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes = [models.Index(fields=["workshop", "state", "entered_at"])]
        constraints = [
            models.UniqueConstraint(
                fields=["workshop", "person"],
                condition=Q(state__in=list(rules.LIVE)),
                name="registration_live_once",
            )
        ]

    def __str__(self) -> str:
        return self.state


class Movement(models.Model):
    """One step of a registration: who, when, why. Append-only; rising ids keep the order."""

    id = models.BigAutoField(primary_key=True)
    registration = models.ForeignKey(Registration, on_delete=models.CASCADE, related_name="movements")
    before = models.CharField(max_length=20, blank=True)
    after = models.CharField(max_length=20)
    at = models.DateTimeField()
    actor_id = models.UUIDField(null=True)
    reason = models.CharField(max_length=60, help_text="A value of rules.Reason.")

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.before} -> {self.after}"


class Offer(models.Model):
    """A seat held for a person until a deadline."""

    class Answer(models.TextChoices):
        NONE = "", _("open")
        CONFIRMED = "confirmed", _("yes")
        DECLINED = "declined", _("no")
        EXPIRED = "expired", _("no answer in time")
        VOID = "void", _("void")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    registration = models.ForeignKey(Registration, on_delete=models.CASCADE, related_name="offers")
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True, blank=True)
    answer = models.CharField(
        max_length=12, choices=Answer.choices, default=Answer.NONE, blank=True, help_text="Empty: open."
    )

    class Meta:
        indexes = [models.Index(fields=["answer", "expires_at"])]
        constraints = [
            models.UniqueConstraint(fields=["registration"], condition=Q(answer=""), name="offer_open_once")
        ]

    def __str__(self) -> str:
        return self.answer or "open"
