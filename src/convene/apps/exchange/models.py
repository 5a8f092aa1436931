"""An uploaded table between its upload and the steward's yes."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from convene.apps.communities.models import Community
from convene.apps.workshops.models import Workshop


class TableImport(models.Model):
    """Its rows hold names and addresses: they go when it is applied or dropped, or after seven days."""

    class Kind(models.TextChoices):
        PEOPLE = "people", _("people")
        REGISTRATIONS = "registrations", _("registrations")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=14, choices=Kind.choices)
    community = models.ForeignKey(Community, on_delete=models.CASCADE, related_name="+")
    workshop = models.ForeignKey(Workshop, null=True, on_delete=models.CASCADE, related_name="+")
    header = models.JSONField(default=list)
    rows = models.JSONField(default=list)
    numbers = models.JSONField(default=list, help_text="The line of the file each row stood on.")
    mapping = models.JSONField(default=dict, help_text="Column's place -> meaning.")
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    made_at = models.DateTimeField()
    applied_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.kind
