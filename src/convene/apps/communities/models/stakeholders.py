"""Who has a stake in the community, and when somebody last spoke with them."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from convene.apps.communities.models.core import Community

PERSON = settings.AUTH_USER_MODEL


class Stakeholder(models.Model):
    """A body or person with a stake. `contact` is the human being behind it, if there is one address."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    community = models.ForeignKey(Community, on_delete=models.CASCADE, related_name="stakeholders")
    name = models.CharField(_("who has a stake"), max_length=160)
    stake = models.TextField(_("what is at stake for them"))
    wants = models.TextField(_("what they want to see"), blank=True)
    contact = models.ForeignKey(PERSON, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    keeper = models.ForeignKey(PERSON, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    last_on = models.DateField(_("last contact"), null=True, blank=True)
    next_on = models.DateField(_("next contact due"), null=True, blank=True)
    ended_on = models.DateField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["name"]
        indexes = [models.Index(fields=["community", "next_on"])]

    def __str__(self) -> str:
        return self.name


class StakeholderContact(models.Model):
    """One conversation with a stakeholder."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    stakeholder = models.ForeignKey(Stakeholder, on_delete=models.CASCADE, related_name="contacts")
    on = models.DateField(_("when"))
    note = models.TextField(_("what came of it"), blank=True)
    by = models.ForeignKey(PERSON, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        ordering = ["-on"]

    def __str__(self) -> str:
        return str(self.on)
