"""The community itself, its charter's versions and what is switched on for it."""

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
    conduct_elsewhere = models.TextField(_("where to turn outside this community"), blank=True)
    charter_number = models.PositiveIntegerField(default=0, help_text="Of the newest CharterVersion.")
    zone = models.CharField(_("time zone"), max_length=64, default="UTC")
    language = models.CharField(_("language"), max_length=12, default="en")
    contact = models.EmailField(_("contact address"), blank=True)
    stage = models.CharField(_("stage"), max_length=14, choices=Stage.choices, default=Stage.POTENTIAL)
    outside_reader = models.ForeignKey(
        PERSON, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    is_demo = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name_plural = "communities"

    def __str__(self) -> str:
        return self.name


class CharterVersion(models.Model):
    """The charter as it stood from `at` on; the community's own fields always equal the newest one."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    community = models.ForeignKey(Community, on_delete=models.CASCADE, related_name="charter_versions")
    number = models.PositiveIntegerField()
    content = models.JSONField(help_text="Field name -> text, for rules.CHARTER_FIELDS.")
    note = models.CharField(_("why it changed"), max_length=300, blank=True)
    by = models.ForeignKey(PERSON, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["-number"]
        constraints = [models.UniqueConstraint(fields=["community", "number"], name="charter_version_once")]

    def __str__(self) -> str:
        return str(self.number)


class Feature(models.Model):
    """Something switched on for a community, by need or by hand. Absent: off, and never yet offered."""

    community = models.ForeignKey(Community, on_delete=models.CASCADE, related_name="features")
    name = models.CharField(max_length=30, help_text="A value of rules.FeatureName.")
    on = models.BooleanField(default=True)
    offered_at = models.DateTimeField(null=True, blank=True)
    answered_at = models.DateTimeField(
        null=True, blank=True, help_text="When a steward took or put aside the offer."
    )
    changed_at = models.DateTimeField()
    changed_by = models.ForeignKey(PERSON, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["community", "name"], name="feature_once")]

    def __str__(self) -> str:
        return self.name
