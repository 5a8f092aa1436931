"""Needs: what people want to learn, merged and counted; and the map of what the community stewards."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from convene.apps.capabilities import rules
from convene.apps.communities.models import Community

PERSON = settings.AUTH_USER_MODEL


class Depth(models.TextChoices):
    """How deep one knows something; the same five as of a workshop."""

    AWARE = "aware", _("aware")
    CONVERSE = "converse", _("can converse")
    WITH_HELP = "with_help", _("can do with help")
    DO = "do", _("can do")
    STEWARD = "steward", _("can steward")


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
        "self", null=True, blank=True, on_delete=models.SET_NULL, related_name="merged_from"
    )
    workshop_id = models.UUIDField(null=True, blank=True, help_text="The workshop it became.")
    reason = models.CharField(_("why not"), max_length=300, blank=True)
    pointer = models.CharField(
        _("where they can turn instead"), max_length=300, blank=True, help_text="Words, or an address."
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes = [models.Index(fields=["community", "state"])]

    def __str__(self) -> str:
        return self.title

    @property
    def asked_words(self) -> str:
        """How many asked, in words below five; for needs read through queries.py."""
        return rules.asked_by(getattr(self, "asked", 0))

    @property
    def names(self) -> list[str]:
        """Those who agreed to be named; for needs read through queries.py."""
        sources: list[NeedSource] = getattr(self, "named_sources", [])
        return [source.person.name for source in sources if source.person is not None and source.person.name]


class NeedSource(models.Model):
    """One asking: who (named only if they agreed), why now, for how many. One for each person and need."""

    class Kind(models.TextChoices):
        WISH = "wish", _("a member's wish")
        REQUEST = "request", _("a request from outside")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    need = models.ForeignKey(Need, on_delete=models.CASCADE, related_name="sources")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    person = models.ForeignKey(PERSON, null=True, on_delete=models.SET_NULL, related_name="+")
    may_name = models.BooleanField(default=False)
    text = models.TextField(blank=True)
    audience = models.CharField(max_length=200, blank=True)
    size = models.PositiveIntegerField(null=True, blank=True)
    why_now = models.TextField(blank=True)
    time_from = models.CharField(max_length=200, blank=True, help_text="Who gives people the time for it.")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["created_at"]
        constraints = [models.UniqueConstraint(fields=["need", "person"], name="need_source_once")]

    def __str__(self) -> str:
        return self.kind


class SessionRequest(models.Model):
    """A session for a team, asked for from outside: it shows as a need once its address is confirmed.

    Unconfirmed ones hold a name and an address that nobody vouched for; a job removes them after a week.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    community = models.ForeignKey(Community, on_delete=models.CASCADE, related_name="session_requests")
    name = models.CharField(_("your name"), max_length=120)
    email = models.EmailField(_("your e-mail address"), max_length=254)
    language = models.CharField(max_length=12, default="en")
    topic = models.CharField(_("what should it be about"), max_length=200)
    audience = models.CharField(_("who would take part"), max_length=200)
    size = models.PositiveIntegerField(_("about how many people"))
    why_now = models.TextField(_("why now"), blank=True)
    time_from = models.CharField(_("who gives them the time"), max_length=200, blank=True)
    may_name = models.BooleanField(default=False)
    created_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True, blank=True)
    need = models.ForeignKey(Need, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["email", "created_at"])]

    def __str__(self) -> str:
        return self.topic


class Outcome(models.Model):
    """Something people can do, on the capability map. Taken off it is kept, for what names it.

    `identifier` is the one of CASE files: the same outcome may stand on the maps of two communities.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    community = models.ForeignKey(Community, on_delete=models.CASCADE, related_name="outcomes")
    identifier = models.UUIDField(default=uuid.uuid4)
    code = models.CharField(_("code"), max_length=20)
    title = models.CharField(_("what people can do"), max_length=300)
    part = models.CharField(_("under which heading"), max_length=120, blank=True)
    depths = models.JSONField(default=dict, blank=True, help_text="Depth -> how one would notice it.")
    position = models.PositiveIntegerField()
    changed_at = models.DateTimeField()
    taken_off_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["position", "code"]
        constraints = [
            models.UniqueConstraint(fields=["community", "identifier"], name="outcome_identifier_once"),
            models.UniqueConstraint(
                fields=["community", "code"],
                condition=models.Q(taken_off_at=None),
                name="outcome_code_once_on_the_map",
            ),
        ]

    def __str__(self) -> str:
        return self.code


class Qualification(models.Model):
    """A steward says that someone can teach an outcome, perhaps until a day."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    outcome = models.ForeignKey(Outcome, on_delete=models.CASCADE, related_name="qualifications")
    person = models.ForeignKey(PERSON, on_delete=models.CASCADE, related_name="+")
    qualified_by = models.ForeignKey(
        PERSON, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    qualified_on = models.DateField()
    expires_on = models.DateField(null=True, blank=True)
    ended_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["qualified_on"]
        constraints = [
            models.UniqueConstraint(
                fields=["outcome", "person"], condition=models.Q(ended_on=None), name="qualification_once"
            )
        ]

    def __str__(self) -> str:
        return str(self.pk)
