"""What was published, as it was published; and who was counted, so that a later table is held against it."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models

from convene.apps.communities.models import Community, TraitQuestion
from convene.apps.equity.periods import Step
from convene.apps.workshops.models import Workshop

PERSON = settings.AUTH_USER_MODEL


class Publication(models.Model):
    """A closed quarter or year of a community, of all kinds of workshop or of one. Never changed."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    community = models.ForeignKey(Community, on_delete=models.CASCADE, related_name="+")
    period = models.CharField(max_length=7, help_text="2026 or 2026-Q3.")
    kind = models.CharField(
        max_length=15, choices=Workshop.Kind.choices, blank=True, help_text="Empty: all kinds."
    )
    guests = models.JSONField(default=dict, help_text="Step -> people who were no members, or null: hidden.")
    published_at = models.DateTimeField()

    class Meta:
        ordering = ["-period", "kind"]
        constraints = [
            models.UniqueConstraint(fields=["community", "period", "kind"], name="publication_once")
        ]

    def __str__(self) -> str:
        return f"{self.period} {self.kind}".strip()


class EquityTable(models.Model):
    """One question of a publication; without a question: by tier."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    publication = models.ForeignKey(Publication, on_delete=models.CASCADE, related_name="tables")
    question = models.ForeignKey(TraitQuestion, null=True, on_delete=models.SET_NULL, related_name="+")
    key = models.CharField(max_length=40, help_text="The question's, or “tier”.")
    rows = models.JSONField(default=list, help_text="[{answers, counts: step -> people or null}]")
    totals = models.JSONField(default=dict, help_text="Step -> members or null.")
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["publication", "key"], name="equity_table_once")]

    def __str__(self) -> str:
        return self.key


class Counted(models.Model):
    """How far a member came in a publication; not what they declared. The erased stay, without the link."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    publication = models.ForeignKey(Publication, on_delete=models.CASCADE, related_name="counted")
    person = models.ForeignKey(PERSON, null=True, on_delete=models.SET_NULL, related_name="+")
    step = models.CharField(max_length=10, choices=Step.choices)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["publication", "person"], name="counted_once")]

    def __str__(self) -> str:
        return self.step
