"""What people agree on after they met. Who met whom is not kept here: rooms knows it."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from convene.apps.communities.models import Community
from convene.apps.workshops.models import Session

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


class Introduction(models.Model):
    """Two people of a community who have not met, suggested to each other after a session.

    Why, in kinds and ids; each side reads it in words about themselves. `introduced_at`: both said yes.
    """

    class Common(models.TextChoices):
        NEED = "need", _("both asked for the same thing")
        WORKSHOP = "workshop", _("both took part in the same workshop")
        ORGANISATION = "organisation", _("the same organisation")
        SINCE = "since", _("members since the same year")

    class Differs(models.TextChoices):
        ORGANISATION = "organisation", _("another organisation")
        SINCE = "since", _("members since another year")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    community = models.ForeignKey(Community, on_delete=models.CASCADE, related_name="+")
    session = models.ForeignKey(Session, on_delete=models.CASCADE, related_name="+")
    common = models.CharField(max_length=12, choices=Common.choices)
    common_id = models.UUIDField(null=True, help_text="Of the need, workshop or organisation.")
    differs = models.CharField(max_length=12, choices=Differs.choices)
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    introduced_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return self.common


class IntroductionSide(models.Model):
    """One of the two. What they answered nobody else reads, and it is forgotten when the time is over."""

    class Answer(models.TextChoices):
        NONE = "", _("not answered")
        YES = "yes", _("yes")
        NO = "no", _("no")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    introduction = models.ForeignKey(Introduction, on_delete=models.CASCADE, related_name="sides")
    session = models.ForeignKey(Session, on_delete=models.CASCADE, related_name="+")
    person = models.ForeignKey(PERSON, on_delete=models.CASCADE, related_name="+")
    answer = models.CharField(max_length=3, choices=Answer.choices, blank=True, default="")
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["session", "person"], name="introduction_one_a_session"),
            models.UniqueConstraint(fields=["introduction", "person"], name="introduction_side_once"),
        ]

    def __str__(self) -> str:
        return str(self.introduction_id)


class Picture(models.Model):
    """How a community's groups met in a closed quarter, as it was published. Never changed; names nobody."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    community = models.ForeignKey(Community, on_delete=models.CASCADE, related_name="+")
    period = models.CharField(max_length=7, help_text="2026-Q3.")
    facts = models.JSONField(default=dict, help_text="See services/picture.py; small figures are not in it.")
    published_at = models.DateTimeField()

    class Meta:
        ordering = ["-period"]
        constraints = [models.UniqueConstraint(fields=["community", "period"], name="picture_once")]

    def __str__(self) -> str:
        return self.period
