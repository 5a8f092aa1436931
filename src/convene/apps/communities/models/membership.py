"""Who belongs: organisations, memberships, roles with a term, applications and their readings."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from convene.apps.communities.models.core import Community

PERSON = settings.AUTH_USER_MODEL


class Organisation(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    community = models.ForeignKey(Community, on_delete=models.CASCADE, related_name="organisations")
    name = models.CharField(_("name"), max_length=160)

    class Meta:
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["community", "name"], name="organisation_once")]

    def __str__(self) -> str:
        return self.name


class Membership(models.Model):
    """A person's place in a community. One live row a person; a return after leaving is a new row."""

    class Tier(models.TextChoices):
        CORE = "core", _("core")
        ACTIVE = "active", _("active")
        PERIPHERAL = "peripheral", _("peripheral")

    class State(models.TextChoices):
        INVITED = "invited", _("invited")
        ACTIVE = "active", _("member")
        PAUSED = "paused", _("paused")
        LEFT = "left", _("left")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    community = models.ForeignKey(Community, on_delete=models.CASCADE, related_name="memberships")
    person = models.ForeignKey(PERSON, on_delete=models.CASCADE, related_name="memberships")
    organisation = models.ForeignKey(
        Organisation, null=True, blank=True, on_delete=models.SET_NULL, related_name="memberships"
    )
    tier = models.CharField(_("tier"), max_length=10, choices=Tier.choices, default=Tier.ACTIVE)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.ACTIVE)
    since = models.DateField()
    review_on = models.DateField(null=True, blank=True, help_text="When “still for you?” is asked next.")
    asked_at = models.DateTimeField(
        null=True, blank=True, help_text="When it was asked and not answered yet."
    )
    ended_on = models.DateField(null=True, blank=True)
    end_reason = models.CharField(max_length=300, blank=True)
    ended_by_self = models.BooleanField(default=False)
    link_version = models.PositiveIntegerField(default=0, help_text="Raised when its mailed links are spent.")

    class Meta:
        indexes = [models.Index(fields=["community", "state"])]
        constraints = [
            models.UniqueConstraint(
                fields=["community", "person"], condition=~Q(state="left"), name="membership_live_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.tier} {self.state}"


class RoleTerm(models.Model):
    """A role, held from `starts_on` until it is ended with a reason.

    `planned_until` is the term agreed at the start. `ends_on` is the fact: from that day on the role is
    no longer held. The two differ when nobody could take over, so that no community is left alone.
    """

    class Role(models.TextChoices):
        STEWARD = "steward", _("steward")
        FACILITATOR = "facilitator", _("facilitator")
        HOST = "host", _("host")
        CONDUCT_CONTACT = "conduct_contact", _("conduct contact")
        DOOR_HELPER = "door_helper", _("door helper")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    community = models.ForeignKey(Community, on_delete=models.CASCADE, related_name="role_terms")
    person = models.ForeignKey(PERSON, on_delete=models.CASCADE, related_name="role_terms")
    role = models.CharField(_("role"), max_length=20, choices=Role.choices)
    starts_on = models.DateField(_("from"))
    planned_until = models.DateField(_("until"), null=True, blank=True)
    ends_on = models.DateField(null=True, blank=True)
    end_reason = models.CharField(max_length=300, blank=True)

    class Meta:
        indexes = [models.Index(fields=["community", "role"])]
        constraints = [
            models.UniqueConstraint(
                fields=["community", "person", "role"], condition=Q(ends_on=None), name="role_held_once"
            )
        ]

    def __str__(self) -> str:
        return self.role


class Application(models.Model):
    """Someone asks to become a member. From outside it counts only once the mail address is confirmed."""

    class State(models.TextChoices):
        UNCONFIRMED = "unconfirmed", _("waiting for your mail confirmation")
        RECEIVED = "received", _("being read")
        ACCEPTED = "accepted", _("accepted")
        NOT_NOW = "not_now", _("not now")
        REDIRECTED = "redirected", _("pointed elsewhere")
        WITHDRAWN = "withdrawn", _("withdrawn")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    community = models.ForeignKey(Community, on_delete=models.CASCADE, related_name="applications")
    person = models.ForeignKey(PERSON, on_delete=models.CASCADE, related_name="applications")
    practice = models.TextField(_("what is your practice?"))
    bring = models.TextField(_("what would you bring?"))
    time = models.CharField(_("how much time can you give?"), max_length=200)
    organisation = models.CharField(_("organisation"), max_length=160, blank=True)
    state = models.CharField(max_length=12, choices=State.choices, default=State.UNCONFIRMED)
    submitted_at = models.DateTimeField()
    received_at = models.DateTimeField(null=True, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(PERSON, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    reason = models.TextField(_("reason"), blank=True)
    pointer = models.TextField(_("where else"), blank=True)

    class Meta:
        indexes = [models.Index(fields=["community", "state"])]
        constraints = [
            models.UniqueConstraint(
                fields=["community", "person"], condition=Q(state="received"), name="application_open_once"
            )
        ]

    def __str__(self) -> str:
        return self.state


class Reading(models.Model):
    """One reader's view of an application, formed before seeing anyone else's."""

    class View(models.TextChoices):
        ACCEPT = "accept", _("accept")
        NOT_NOW = "not_now", _("not now")
        REDIRECT = "redirect", _("point elsewhere")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="readings")
    reader = models.ForeignKey(PERSON, on_delete=models.CASCADE, related_name="+")
    view = models.CharField(_("my view"), max_length=10, choices=View.choices)
    note = models.TextField(_("why"))
    at = models.DateTimeField()

    class Meta:
        ordering = ["at"]
        constraints = [models.UniqueConstraint(fields=["application", "reader"], name="reading_once")]

    def __str__(self) -> str:
        return self.view
