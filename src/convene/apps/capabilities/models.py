"""Needs, merged and counted."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from convene.apps.communities.models import Community


class Need(models.Model):
    class State(models.TextChoices):
        OPEN = "open", _("open")
        PLANNED = "planned", _("planned")
        DECLINED = "declined", _("declined")
        MERGED = "merged", _("merged")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    community = models.ForeignKey(Community, on_delete=models.CASCADE, related_name="needs")
    title = models.CharField(_("what people want to learn"), max_length=200)
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    merged_into = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    workshop_id = models.UUIDField(null=True, blank=True, help_text="The workshop it became.")
    reason = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.title


class NeedSource(models.Model):
    """One asking: who (if they agreed to be named), why now, for how many."""

    class Kind(models.TextChoices):
        WISH = "wish", _("a member's wish")
        REQUEST = "request", _("a request from outside")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    need = models.ForeignKey(Need, on_delete=models.CASCADE, related_name="sources")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    may_name = models.BooleanField(default=False)
    text = models.TextField(blank=True)
    audience = models.CharField(max_length=200, blank=True)
    size = models.PositiveIntegerField(null=True, blank=True)
    why_now = models.TextField(blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.kind
