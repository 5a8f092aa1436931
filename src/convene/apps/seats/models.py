"""Seat policy, pool, registration and every movement of a seat."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from convene.apps.communities.models import TraitQuestion
from convene.apps.workshops.models import Workshop

PERSON = settings.AUTH_USER_MODEL


class SeatPolicy(models.Model):
    """How seats of one workshop are given; its public text is generated from these fields."""

    class Kind(models.TextChoices):
        OPEN = "open", _("open")
        FIRST_COME = "first_come", _("first come")
        APPROVAL = "approval", _("approval")
        INVITATION = "invitation", _("invitation")
        DRAW = "draw", _("draw")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    workshop = models.OneToOneField(Workshop, on_delete=models.CASCADE, related_name="seat_policy")
    kind = models.CharField(_("how seats are given"), max_length=12, choices=Kind.choices, default=Kind.OPEN)
    capacity = models.PositiveIntegerField(_("seats"), null=True, blank=True, help_text="Null: no limit.")
    minimum = models.PositiveIntegerField(_("fewest people to run"), default=0)
    taken = models.PositiveIntegerField(default=0, help_text="Confirmed and offered, over all pools.")
    needs_approval = models.BooleanField(default=False)
    approver = models.ForeignKey(PERSON, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    deputy = models.ForeignKey(PERSON, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    closes_at = models.DateTimeField(_("requests until"), null=True, blank=True)
    offer_hours = models.PositiveIntegerField(_("hours to answer an offer"), default=48)
    cutoff_hours = models.PositiveIntegerField(_("no offers within, hours before the start"), default=2)
    late_cancel_hours = models.PositiveIntegerField(_("a cancellation is late within, hours"), default=24)
    warm_up = models.CharField(_("warm-up question"), max_length=200, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(capacity=None) | Q(taken__lte=F("capacity")), name="seats_never_exceed_capacity"
            )
        ]

    def __str__(self) -> str:
        return self.kind


class Pool(models.Model):
    """Seats for one kind of participant until `merges_at`, when what is left serves everyone."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    policy = models.ForeignKey(SeatPolicy, on_delete=models.CASCADE, related_name="pools")
    name = models.CharField(_("name"), max_length=80)
    capacity = models.PositiveIntegerField(_("seats"))
    taken = models.PositiveIntegerField(default=0)
    who = models.CharField(_("for whom"), max_length=20, help_text="A value of rules.PoolWho.")
    opens_at = models.DateTimeField(_("opens"), null=True, blank=True)
    merges_at = models.DateTimeField(_("merges"), null=True, blank=True)
    merged = models.BooleanField(default=False)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position"]
        constraints = [
            models.CheckConstraint(condition=Q(taken__lte=F("capacity")), name="pool_never_exceeds_capacity")
        ]

    def __str__(self) -> str:
        return self.name


class Registration(models.Model):
    """One person's request for a seat of one workshop, and everything that became of it."""

    class State(models.TextChoices):
        SUBMITTED = "submitted", _("submitted")
        NEEDS_APPROVAL = "needs_approval", _("waiting for approval")
        APPROVED = "approved", _("approved")
        DECLINED_BY_APPROVER = "declined_by_approver", _("not approved")
        POOLED = "pooled", _("in the draw")
        WAITLISTED = "waitlisted", _("on the waiting list")
        RESERVE = "reserve", _("not drawn")
        OFFERED = "offered", _("seat offered")
        CONFIRMED = "confirmed", _("seat confirmed")
        DECLINED = "declined", _("offer declined")
        EXPIRED = "expired", _("offer expired")
        WITHDRAWN = "withdrawn", _("withdrawn")
        CANCELLED_EARLY = "cancelled_early", _("cancelled")
        CANCELLED_LATE = "cancelled_late", _("cancelled late")
        VOIDED = "voided", _("workshop cancelled")

    HOLDING = ("offered", "confirmed")
    """States that hold a seat."""
    LIVE = (
        "submitted",
        "needs_approval",
        "approved",
        "pooled",
        "waitlisted",
        "reserve",
        "offered",
        "confirmed",
    )
    """States that may still become or are a seat; one a person and workshop."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    workshop = models.ForeignKey(Workshop, on_delete=models.PROTECT, related_name="registrations")
    person = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="registrations")
    pool = models.ForeignKey(
        Pool, null=True, blank=True, on_delete=models.SET_NULL, related_name="registrations"
    )
    state = models.CharField(max_length=20, choices=State.choices, default=State.SUBMITTED)
    entered_at = models.DateTimeField(help_text="When it joined the list it is on now.")
    position = models.PositiveIntegerField(null=True, blank=True, help_text="On the reserve list of a draw.")
    hope = models.TextField(_("what would make it worth your time"), blank=True)
    warm_up = models.TextField(_("warm-up answer"), blank=True)
    source = models.CharField(max_length=12, default="self", help_text="self, steward, door, import.")
    link_version = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes = [models.Index(fields=["workshop", "state", "entered_at"])]
        constraints = [
            models.UniqueConstraint(
                fields=["workshop", "person"],
                condition=Q(
                    state__in=[
                        "submitted",
                        "needs_approval",
                        "approved",
                        "pooled",
                        "waitlisted",
                        "reserve",
                        "offered",
                        "confirmed",
                    ]
                ),
                name="registration_live_once",
            )
        ]

    def __str__(self) -> str:
        return self.state


class Movement(models.Model):
    """One step of a registration: who, when, why. Append-only."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    registration = models.ForeignKey(Registration, on_delete=models.CASCADE, related_name="movements")
    before = models.CharField(max_length=20, blank=True)
    after = models.CharField(max_length=20)
    at = models.DateTimeField()
    actor_id = models.UUIDField(null=True)
    reason = models.CharField(max_length=60, help_text="A value of rules.Reason.")

    class Meta:
        ordering = ["at"]

    def __str__(self) -> str:
        return f"{self.before} -> {self.after}"


class Offer(models.Model):
    """A seat held for a person until a deadline."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    registration = models.ForeignKey(Registration, on_delete=models.CASCADE, related_name="offers")
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True, blank=True)
    answer = models.CharField(max_length=12, blank=True, help_text="confirmed, declined, expired, void.")

    class Meta:
        indexes = [models.Index(fields=["answer", "expires_at"])]

    def __str__(self) -> str:
        return self.answer or "open"


class Quota(models.Model):
    """Least and most seats for a trait value, in a draw."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    policy = models.ForeignKey(SeatPolicy, on_delete=models.CASCADE, related_name="quotas")
    question = models.ForeignKey(TraitQuestion, on_delete=models.PROTECT, related_name="+")
    value = models.CharField(max_length=80)
    least = models.PositiveIntegerField(_("at least"))
    most = models.PositiveIntegerField(_("at most"))

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["policy", "question", "value"], name="quota_once"),
            models.CheckConstraint(condition=Q(least__lte=F("most")), name="quota_least_below_most"),
        ]

    def __str__(self) -> str:
        return self.value


class Draw(models.Model):
    class State(models.TextChoices):
        FROZEN = "frozen", _("entries frozen")
        DRAWN = "drawn", _("drawn")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    policy = models.ForeignKey(SeatPolicy, on_delete=models.PROTECT, related_name="draws")
    state = models.CharField(max_length=10, choices=State.choices, default=State.FROZEN)
    seats = models.PositiveIntegerField()
    objective = models.CharField(max_length=10, default="leximin")
    seed = models.CharField(max_length=200, blank=True)
    frozen_at = models.DateTimeField()
    drawn_at = models.DateTimeField(null=True, blank=True)
    record = models.JSONField(default=dict, help_text="Quotas, types, lottery and chances, by entry number.")

    def __str__(self) -> str:
        return self.state


class Entry(models.Model):
    """A request in a draw: its frozen traits, its chance, its result."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    draw = models.ForeignKey(Draw, on_delete=models.PROTECT, related_name="entries")
    registration = models.ForeignKey(Registration, on_delete=models.PROTECT, related_name="entries")
    number = models.PositiveIntegerField()
    traits = models.JSONField(default=dict, help_text="Question key -> value, as declared at closing.")
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
