"""Person and what a person consents to and needs."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any, ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.utils.translation import gettext_lazy as _

from convene.apps.people.rules import ACCESS_WORDS, AccessKind


class PersonManager(BaseUserManager["Person"]):
    def create_user(self, email: str, **fields: Any) -> Person:
        person = self.model(email=self.normalise(email), **fields)
        person.set_unusable_password()
        person.save(using=self._db)
        return person

    @staticmethod
    def normalise(email: str) -> str:
        return email.strip().lower()

    def get_by_natural_key(self, username: str | None) -> Person:
        return self.get(email=self.normalise(username or ""))


class Person(AbstractBaseUser):
    """Someone known to the site, with or without an account (an account is a confirmed mail address).

    Never deleted: erasure empties the row and sets `erased_at`, so that counts stay true.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    email = models.EmailField(_("e-mail"), max_length=254, unique=True, null=True, blank=True)
    name = models.CharField(_("name"), max_length=120, blank=True)
    zone = models.CharField(
        _("time zone"), max_length=64, blank=True, help_text="IANA; empty: the browser's."
    )
    language = models.CharField(_("language"), max_length=12, blank=True)
    speaks = models.JSONField(_("languages I speak"), default=list, blank=True, help_text="Codes.")
    decent_from = models.TimeField(_("decent hours from"), default=dt.time(8, 0))
    decent_until = models.TimeField(_("decent hours until"), default=dt.time(19, 0))
    offers = models.TextField(_("what I can offer"), blank=True)
    wants = models.TextField(_("what I want to learn"), blank=True)
    is_active = models.BooleanField(default=True)
    is_site_admin = models.BooleanField(default=False, help_text="May create communities on a public site.")
    is_demo = models.BooleanField(default=False)
    link_version = models.PositiveIntegerField(default=0, help_text="Raised to revoke all signed links.")
    created_at = models.DateTimeField(auto_now_add=True)
    erased_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[PersonManager] = PersonManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    def __str__(self) -> str:
        return self.name or str(_("Someone"))

    # allauth asks these of a user model
    def get_full_name(self) -> str:
        return self.name

    def get_short_name(self) -> str:
        return self.name

    @property
    def is_staff(self) -> bool:
        return False


class Consent(models.Model):
    """One yes, to one purpose, perhaps within one community or workshop; withdrawn, never overwritten."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="consents")
    purpose = models.CharField(max_length=40, help_text="A value of rules.Purpose.")
    scope_id = models.UUIDField(null=True, help_text="The community or question it is limited to.")
    given_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            # Two, because SQLite knows no "nulls not distinct".
            models.UniqueConstraint(
                fields=["person", "purpose", "scope_id"],
                condition=models.Q(withdrawn_at=None, scope_id__isnull=False),
                name="consent_live_once_in_scope",
            ),
            models.UniqueConstraint(
                fields=["person", "purpose"],
                condition=models.Q(withdrawn_at=None, scope_id=None),
                name="consent_live_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.purpose}"


class AccessNeed(models.Model):
    """What someone needs to take part; who sees it and until when is said when it is asked."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="access_needs")
    kind = models.CharField(max_length=30, help_text="A value of rules.AccessKind.")
    detail = models.TextField(blank=True)
    scope_id = models.UUIDField(null=True, help_text="A workshop; null: whenever I take part.")
    expires_on = models.DateField(_("keep until"), db_index=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person", "kind", "scope_id"],
                condition=models.Q(scope_id__isnull=False),
                name="need_once_in_scope",
            ),
            models.UniqueConstraint(
                fields=["person", "kind"], condition=models.Q(scope_id=None), name="need_once"
            ),
        ]

    def __str__(self) -> str:
        return self.words

    @property
    def words(self) -> str:
        """What is needed, as it is said on screen."""
        return str(ACCESS_WORDS[AccessKind(self.kind)])


class AccessNeedView(models.Model):
    """Someone saw someone's access needs, for a workshop, on a day; the owner reads this list."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="need_views")
    viewer = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    workshop_id = models.UUIDField()
    on = models.DateField()
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["owner", "viewer", "workshop_id", "on"], name="need_view_once_a_day"
            )
        ]

    def __str__(self) -> str:
        return f"{self.on}"
