"""Who did what, when: append-only, ids only, so that erasing a person needs no rewrite."""

from __future__ import annotations

import uuid
from typing import Any, NoReturn

from django.db import models


class AuditEntry(models.Model):
    name = models.CharField(max_length=80, db_index=True)
    subject_id = models.UUIDField(db_index=True)
    actor_id = models.UUIDField(null=True, help_text="Null: the site itself, or someone not signed in.")
    community_id = models.UUIDField(null=True, db_index=True)
    payload = models.JSONField(default=dict)
    at = models.DateTimeField()
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)

    class Meta:
        indexes = [models.Index(fields=["community_id", "-at"])]

    def __str__(self) -> str:
        return f"{self.name} {self.subject_id}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise TypeError("An audit entry is never changed.")
        super().save(*args, **kwargs)

    def delete(self, *_args: Any, **_kwargs: Any) -> NoReturn:
        raise TypeError("An audit entry is never deleted.")
