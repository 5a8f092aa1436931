"""Community and everything that hangs on it."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

PERSON = settings.AUTH_USER_MODEL


class Community(models.Model):
    class Stage(models.TextChoices):
        POTENTIAL = "potential", _("potential")
        COALESCING = "coalescing", _("coalescing")
        ACTIVE = "active", _("active")
        STEWARDING = "stewarding", _("stewarding")
        TRANSFORMING = "transforming", _("transforming")
        CLOSED = "closed", _("closed")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(_("name"), max_length=120)
    slug = models.SlugField(max_length=60, unique=True)
    domain = models.CharField(_("domain, in one sentence"), max_length=300)
    practice = models.TextField(_("practice"), blank=True)
    who_for = models.TextField(_("who it is for"), blank=True)
    not_for = models.TextField(_("who it is not for"), blank=True)
    stop_when = models.TextField(_("what would make us stop"), blank=True)
    criteria = models.TextField(_("membership criteria"), blank=True)
    elsewhere = models.TextField(_("where we point others to"), blank=True)
    conduct = models.TextField(_("code of conduct"), blank=True)
    zone = models.CharField(_("time zone"), max_length=64, default="UTC")
    language = models.CharField(_("language"), max_length=12, default="en")
    contact = models.EmailField(_("contact address"), blank=True)
    stage = models.CharField(max_length=14, choices=Stage.choices, default=Stage.POTENTIAL)
    outside_reader = models.ForeignKey(
        PERSON, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    is_demo = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name_plural = "communities"

    def __str__(self) -> str:
        return self.name


class Feature(models.Model):
    """Something switched on for a community, by need or by hand. Absent: off, and perhaps offered."""

    community = models.ForeignKey(Community, on_delete=models.CASCADE, related_name="features")
    name = models.CharField(max_length=30, help_text="A value of rules.FeatureName.")
    on = models.BooleanField(default=True)
    offered_at = models.DateTimeField(null=True, blank=True)
    changed_at = models.DateTimeField()
    changed_by = models.ForeignKey(PERSON, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["community", "name"], name="feature_once")]

    def __str__(self) -> str:
        return self.name


class Organisation(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    community = models.ForeignKey(Community, on_delete=models.CASCADE, related_name="organisations")
    name = models.CharField(_("name"), max_length=160)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["community", "name"], name="organisation_once")]

    def __str__(self) -> str:
        return self.name


class Membership(models.Model):
    class Tier(models.TextChoices):
        CORE = "core", _("core")
        ACTIVE = "active", _("active")
        PERIPHERAL = "peripheral", _("peripheral")

    class State(models.TextChoices):
        INVITED = "invited", _("invited")
        ACTIVE = "active", _("active")
        PAUSED = "paused", _("paused")
        LEFT = "left", _("left")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    community = models.ForeignKey(Community, on_delete=models.CASCADE, related_name="memberships")
    person = models.ForeignKey(PERSON, on_delete=models.CASCADE, related_name="memberships")
    organisation = models.ForeignKey(Organisation, null=True, blank=True, on_delete=models.SET_NULL)
    tier = models.CharField(max_length=10, choices=Tier.choices, default=Tier.ACTIVE)
    state = models.CharField(max_length=10, choices=State.choices, default=State.ACTIVE)
    since = models.DateField()
    review_on = models.DateField(null=True, blank=True)
    ended_on = models.DateField(null=True, blank=True)
    end_reason = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["community", "person"], condition=~models.Q(state="left"), name="membership_live_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.tier} {self.state}"


class RoleTerm(models.Model):
    """A role with a term and a reason for ending."""

    class Role(models.TextChoices):
        STEWARD = "steward", _("steward")
        FACILITATOR = "facilitator", _("facilitator")
        HOST = "host", _("host")
        CONDUCT_CONTACT = "conduct_contact", _("conduct contact")
        DOOR_HELPER = "door_helper", _("door helper")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    community = models.ForeignKey(Community, on_delete=models.CASCADE, related_name="role_terms")
    person = models.ForeignKey(PERSON, on_delete=models.CASCADE, related_name="role_terms")
    role = models.CharField(max_length=20, choices=Role.choices)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)
    end_reason = models.CharField(max_length=300, blank=True)

    def __str__(self) -> str:
        return self.role


class TraitQuestion(models.Model):
    """An attribute a community asks for, with its purpose; never required."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    community = models.ForeignKey(Community, on_delete=models.CASCADE, related_name="trait_questions")
    key = models.SlugField(max_length=40)
    label = models.CharField(_("question"), max_length=120)
    purpose = models.CharField(_("what it is used for"), max_length=300)
    values = models.JSONField(_("answers to choose from"), default=list)
    position = models.PositiveSmallIntegerField(default=0)
    retired_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["position", "label"]
        constraints = [models.UniqueConstraint(fields=["community", "key"], name="trait_question_once")]

    def __str__(self) -> str:
        return self.label


class Trait(models.Model):
    """What a person chose to declare. No row: not asked yet. `value` empty: prefers not to say."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    question = models.ForeignKey(TraitQuestion, on_delete=models.CASCADE, related_name="traits")
    person = models.ForeignKey(PERSON, on_delete=models.CASCADE, related_name="traits")
    value = models.CharField(max_length=80, blank=True)
    declared_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["question", "person"], name="trait_once")]

    def __str__(self) -> str:
        return str(self.question_id)
