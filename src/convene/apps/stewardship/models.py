"""Audiences, what is decided for each, and which workshop aims at which outcome."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from convene.apps.capabilities.models import Depth, Outcome
from convene.apps.communities.models import Community
from convene.apps.workshops.models import Workshop

PERSON = settings.AUTH_USER_MODEL


class Aim(models.Model):
    """A workshop wants people to come away with an outcome, at the depth of the workshop."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    workshop = models.ForeignKey(Workshop, on_delete=models.CASCADE, related_name="aims")
    outcome = models.ForeignKey(Outcome, on_delete=models.CASCADE, related_name="aims")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["workshop", "outcome"], name="aim_once")]

    def __str__(self) -> str:
        return str(self.pk)


class Audience(models.Model):
    """A kind of people the community decides for; nobody by name."""

    class Standing(models.TextChoices):
        KEY = "key", _("the domain is key for them: membership")
        USE = "use", _("they use it: training and workshops")
        INFORMED = "informed", _("an informative session is enough")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    community = models.ForeignKey(Community, on_delete=models.CASCADE, related_name="audiences")
    name = models.CharField(_("who they are"), max_length=80)
    about = models.CharField(_("what they need it for"), max_length=300, blank=True)
    standing = models.CharField(_("what it is to them"), max_length=10, choices=Standing.choices)
    size = models.PositiveIntegerField(_("about how many"), null=True, blank=True)
    position = models.PositiveIntegerField()
    put_away_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["position", "name"]
        constraints = [
            models.UniqueConstraint(
                fields=["community", "name"],
                condition=models.Q(put_away_at=None),
                name="audience_name_once",
            )
        ]

    def __str__(self) -> str:
        return self.name


class AudienceDecision(models.Model):
    """How deep an audience shall know an outcome and by which route; with a reason and a day to look again.

    `revision` rises with each change: of two stewards deciding at once only one goes on.
    """

    class Route(models.TextChoices):
        CONVERSATION = "conversation", _("conversation")
        WORKSHOP = "workshop", _("workshop")
        PRACTICE = "practice", _("guided practice")
        COURSE = "course", _("course at the unit")
        MATERIAL = "material", _("material")
        NONE = "none", _("none")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    audience = models.ForeignKey(Audience, on_delete=models.CASCADE, related_name="decisions")
    outcome = models.ForeignKey(Outcome, on_delete=models.CASCADE, related_name="decisions")
    depth = models.CharField(_("how deep"), max_length=10, choices=Depth.choices, blank=True)
    route = models.CharField(_("by which route"), max_length=15, choices=Route.choices)
    reason = models.CharField(_("why"), max_length=300)
    owner = models.ForeignKey(PERSON, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    review_on = models.DateField(_("look again on"))
    decided_at = models.DateTimeField()
    workshop = models.ForeignKey(
        Workshop,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text="The draft that a proposal made of it.",
    )
    revision = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["audience", "outcome"], name="decision_once"),
            models.CheckConstraint(
                condition=models.Q(route="none") | ~models.Q(depth=""), name="decision_has_a_depth"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.depth} {self.route}".strip()
