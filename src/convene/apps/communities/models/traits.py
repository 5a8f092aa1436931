"""What a community asks people about themselves, and what they chose to declare."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from convene.apps.communities.models.core import Community

PERSON = settings.AUTH_USER_MODEL


class TraitQuestion(models.Model):
    """An attribute a community asks for, with its purpose; never required.

    Purpose and answers are what people consented to: once somebody has answered they no longer change.
    """

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
    """What a person chose to declare. No row: not answered. `value` empty: prefers not to say."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    question = models.ForeignKey(TraitQuestion, on_delete=models.CASCADE, related_name="traits")
    person = models.ForeignKey(PERSON, on_delete=models.CASCADE, related_name="traits")
    value = models.CharField(max_length=80, blank=True)
    declared_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["question", "person"], name="trait_once")]

    def __str__(self) -> str:
        return str(self.question_id)
