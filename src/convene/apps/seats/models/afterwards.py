"""What is remembered beyond one draw: later lotteries for its seats, corrections of who was passed over."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from convene.apps.seats.models.draws import Draw
from convene.apps.workshops.models import Workshop

PERSON = settings.AUTH_USER_MODEL


class Replacement(models.Model):
    """A new lottery for drawn seats that became free: repeatable, and nobody could choose its chance."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    draw = models.ForeignKey(Draw, on_delete=models.PROTECT, related_name="replacements")
    number = models.PositiveIntegerField(help_text="From 1; with the draw's value it is the seed.")
    made_at = models.DateTimeField()
    seats = models.PositiveIntegerField(help_text="So many were given.")
    waiting = models.PositiveIntegerField(help_text="So many waited for them.")
    chances = models.JSONField(default=dict, help_text="Registration -> chance, of everyone who waited.")
    chosen = models.JSONField(default=list, help_text="Registrations.")
    record = models.JSONField(default=dict, help_text="As the engine writes it, by registration; no traits.")

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["draw", "number"], name="replacement_number_once")]

    def __str__(self) -> str:
        return str(self.number)


class Correction(models.Model):
    """Someone says that they were passed over where the registrations do not show it; a steward answers."""

    class State(models.TextChoices):
        ASKED = "asked", _("waits for an answer")
        AGREED = "agreed", _("agreed: it counts")
        DECLINED = "declined", _("not agreed")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    workshop = models.ForeignKey(Workshop, on_delete=models.PROTECT, related_name="+")
    says = models.TextField(_("what happened"), blank=True, help_text="Empty: erased.")
    state = models.CharField(max_length=10, choices=State.choices, default=State.ASKED)
    answer = models.TextField(_("reason"), blank=True)
    counts_at = models.DateTimeField(help_text="The first session's start: from then it counts, once agreed.")
    asked_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.ForeignKey(
        PERSON, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        ordering = ["asked_at"]
        constraints = [models.UniqueConstraint(fields=["person", "workshop"], name="correction_once")]

    def __str__(self) -> str:
        return self.state
