"""A run of the seat lottery: what is published before and after chance, and what is kept apart."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from convene.apps.seats import rules
from convene.apps.seats.models.giving import SeatPolicy
from convene.apps.seats.models.registrations import Registration

PERSON = settings.AUTH_USER_MODEL


class Draw(models.Model):
    class State(models.TextChoices):
        FROZEN = "frozen", _("entries frozen")
        PREPARING = "preparing", _("being prepared")
        COMMITTED = "committed", _("sealed, waiting for chance")
        DRAWING = "drawing", _("being drawn")
        DRAWN = "drawn", _("drawn")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    policy = models.ForeignKey(SeatPolicy, on_delete=models.PROTECT, related_name="draws")
    state = models.CharField(max_length=10, choices=State.choices, default=State.FROZEN)
    seats = models.PositiveIntegerField()
    objective = models.CharField(max_length=10, default="leximin")
    problem = models.JSONField(
        default=dict,
        blank=True,
        help_text="Why it waits: the clash and its smallest relaxation. Empty: none.",
    )
    frozen_at = models.DateTimeField()
    source_kind = models.CharField(
        max_length=12,
        blank=True,
        default="",
        choices=[*rules.ChanceSource.choices, ("room", _("chance in the room"))],
        help_text="Empty: not sealed yet. “room”: a text typed by a steward, before draws were sealed.",
    )
    source = models.JSONField(default=dict, blank=True, help_text="The source of chance, as published.")
    commitment = models.CharField(
        max_length=64, blank=True, help_text="Empty: not sealed, or drawn before draws were sealed."
    )
    committed_at = models.DateTimeField(null=True, blank=True)
    chance_due_at = models.DateTimeField(
        null=True, blank=True, help_text="The round's time, the site's opening, or the end of revealing."
    )
    seed = models.TextField(blank=True, help_text="The value of chance; once recorded it stays.")
    chance_at = models.DateTimeField(null=True, blank=True)
    chance_by = models.ForeignKey(
        PERSON, null=True, blank=True, on_delete=models.SET_NULL, related_name="+", help_text="Who typed it."
    )
    confirmed_by = models.ForeignKey(
        PERSON,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text="Who saw it too.",
    )
    confirmed_at = models.DateTimeField(null=True, blank=True)
    evidence = models.JSONField(default=dict, blank=True, help_text="What shows the value; public, no names.")
    drawn_at = models.DateTimeField(null=True, blank=True)
    record = models.JSONField(default=dict, help_text="The public record: names, traits and salts never.")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["policy"], name="draw_once")]

    def __str__(self) -> str:
        return self.state

    @property
    def is_sealed(self) -> bool:
        """Whether it was made by a commitment (draws before that published their seed only)."""
        return bool(self.commitment)


class SealedDraw(models.Model):
    """What is not published, in a table of its own so that no page reads it by accident.

    Salts, entries, tickets; and the site's own value until it is opened. For the auditor and the receipts.
    """

    draw = models.OneToOneField(Draw, on_delete=models.CASCADE, primary_key=True, related_name="sealed")
    private = models.JSONField(default=dict)
    secret = models.CharField(max_length=64, blank=True, help_text="The site's own value; empty: none.")

    def __str__(self) -> str:
        return "sealed"


class Witness(models.Model):
    """Someone who seals a value before the draw is sealed, and reveals it after."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    policy = models.ForeignKey(SeatPolicy, on_delete=models.CASCADE, related_name="witnesses")
    number = models.PositiveSmallIntegerField(help_text="Stands for them in the record.")
    person = models.ForeignKey(
        PERSON, null=True, blank=True, on_delete=models.SET_NULL, related_name="+", help_text="Null: erased."
    )
    sealed_hash = models.CharField(max_length=64, blank=True, help_text="SHA-256 of the value, in hex.")
    sealed_at = models.DateTimeField(null=True, blank=True)
    value = models.CharField(max_length=200, blank=True)
    revealed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["number"]
        verbose_name_plural = "witnesses"
        constraints = [
            models.UniqueConstraint(fields=["policy", "number"], name="witness_number_once"),
            models.UniqueConstraint(fields=["policy", "person"], name="witness_once"),
            models.UniqueConstraint(
                fields=["policy", "sealed_hash"],
                condition=~Q(sealed_hash=""),
                name="witness_value_own",
            ),
        ]

    def __str__(self) -> str:
        return str(self.number)


class Entry(models.Model):
    """A request in a draw: its frozen traits, its chance, its result."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    draw = models.ForeignKey(Draw, on_delete=models.PROTECT, related_name="entries")
    registration = models.ForeignKey(Registration, on_delete=models.PROTECT, related_name="entries")
    number = models.PositiveIntegerField()
    traits = models.JSONField(default=dict, help_text="Question id -> value, as declared at closing.")
    weight = models.FloatField(default=1, help_text="As the public rule gave it at closing.")
    chance = models.FloatField(null=True)
    seated = models.BooleanField(default=False)
    reserve_position = models.PositiveIntegerField(null=True)

    class Meta:
        verbose_name_plural = "entries"
        constraints = [
            models.UniqueConstraint(fields=["draw", "number"], name="entry_number_once"),
            models.UniqueConstraint(fields=["draw", "registration"], name="entry_once"),
        ]

    def __str__(self) -> str:
        return str(self.number)
