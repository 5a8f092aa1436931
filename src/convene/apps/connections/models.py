"""What people agree on after they met. Who met whom is not kept here: rooms knows it."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

PERSON = settings.AUTH_USER_MODEL


class ContactCard(models.Model):
    """How someone wants to be reached by people they met; stands only with their consent."""

    person = models.OneToOneField(
        PERSON, on_delete=models.CASCADE, primary_key=True, related_name="contact_card"
    )
    text = models.CharField(_("the contact you share"), max_length=200)
    changed_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.text


class Exchange(models.Model):
    """Two people, `one` before `other` by id. Each sees the other's contact while `shared_at` stands."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    one = models.ForeignKey(PERSON, on_delete=models.CASCADE, related_name="+")
    other = models.ForeignKey(PERSON, on_delete=models.CASCADE, related_name="+")
    one_yes_at = models.DateTimeField(null=True, blank=True)
    other_yes_at = models.DateTimeField(null=True, blank=True)
    shared_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["one", "other"], name="exchange_once"),
            models.CheckConstraint(
                condition=Q(shared_at=None) | Q(one_yes_at__isnull=False, other_yes_at__isnull=False),
                name="exchange_shared_by_both",
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)
