"""Seat policy, pool, registration and every movement of a seat."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from convene.apps.communities.models import Organisation, TraitQuestion
from convene.apps.seats import rules
from convene.apps.workshops.models import Workshop

PERSON = settings.AUTH_USER_MODEL


class SeatPolicy(models.Model):
    """How seats of one workshop are given; its public text is generated from these fields."""

    Kind = rules.Kind

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    workshop = models.OneToOneField(Workshop, on_delete=models.CASCADE, related_name="seat_policy")
    kind = models.CharField(
        _("how seats are given"), max_length=12, choices=rules.Kind.choices, default=rules.Kind.OPEN
    )
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
    waiting_list = models.BooleanField(_("waiting list when full"), default=True)
    draws_itself = models.BooleanField(
        _("draw as soon as entries close"),
        default=True,
        help_text=_("Otherwise a steward makes the draw, for example with dice in the room."),
    )
    remembers = models.BooleanField(
        _("who was passed over before has a higher chance"), default=True, help_text="In a draw."
    )
    most_weight = models.PositiveSmallIntegerField(
        _("at most so many times the usual chance"), default=rules.MOST_WEIGHT
    )
    kept_places = models.PositiveIntegerField(
        _("places held for those long passed over"), default=0, help_text="In a draw."
    )
    kept_after = models.PositiveSmallIntegerField(
        _("for who was passed over at least so often"), default=rules.KEPT_AFTER
    )

    class Meta:
        verbose_name_plural = "seat policies"
        constraints = [
            models.CheckConstraint(
                condition=Q(capacity=None) | Q(taken__lte=F("capacity")), name="seats_never_exceed_capacity"
            )
        ]

    def __str__(self) -> str:
        return self.kind

    @property
    def asks_approval(self) -> bool:
        return self.needs_approval or self.kind == rules.Kind.APPROVAL


class Pool(models.Model):
    """Seats for one kind of participant until `merges_at`, when what is left serves everyone."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    policy = models.ForeignKey(SeatPolicy, on_delete=models.CASCADE, related_name="pools")
    name = models.CharField(_("name"), max_length=80)
    capacity = models.PositiveIntegerField(_("seats"))
    taken = models.PositiveIntegerField(default=0)
    who = models.CharField(
        _("for whom"), max_length=20, choices=rules.PoolWho.choices, default=rules.PoolWho.EVERYONE
    )
    organisation = models.ForeignKey(
        Organisation, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
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
        DRAWING = "drawing", _("being drawn")
        DRAWN = "drawn", _("drawn")

    class SeedSource(models.TextChoices):
        NONE = "", _("not yet")
        ROOM = "room", _("chance in the room")
        SITE = "site", _("this site")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    policy = models.ForeignKey(SeatPolicy, on_delete=models.PROTECT, related_name="draws")
    state = models.CharField(max_length=10, choices=State.choices, default=State.FROZEN)
    seats = models.PositiveIntegerField()
    objective = models.CharField(max_length=10, default="leximin")
    seed = models.CharField(max_length=200, blank=True)
    seed_source = models.CharField(
        max_length=4, choices=SeedSource.choices, default=SeedSource.NONE, blank=True
    )
    problem = models.JSONField(
        default=dict,
        blank=True,
        help_text="Why it waits: the clash and its smallest relaxation. Empty: none.",
    )
    frozen_at = models.DateTimeField()
    drawn_at = models.DateTimeField(null=True, blank=True)
    record = models.JSONField(default=dict, help_text="Quotas, types, lottery and chances, by entry number.")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["policy"], name="draw_once")]

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
