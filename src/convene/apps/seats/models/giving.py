"""How seats of a workshop are given: the policy, its pools and targets."""

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
    chance_source = models.CharField(
        _("where chance comes from"),
        max_length=12,
        choices=rules.ChanceSource.choices,
        default=rules.ChanceSource.SITE,
    )
    chance_minutes = models.PositiveIntegerField(
        _("minutes from the seal to chance"),
        default=10,
        help_text="drand: the round is at least so much later; site: its value is opened then.",
    )
    dice_count = models.PositiveSmallIntegerField(_("how many dice"), default=10)
    dice_sides = models.PositiveSmallIntegerField(_("sides of each die"), default=6)
    reveal_hours = models.PositiveIntegerField(
        _("hours for witnesses to reveal"), default=24, help_text="From the seal."
    )
    auditor = models.ForeignKey(
        PERSON,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text="May read the full record of the draw and the people file.",
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
