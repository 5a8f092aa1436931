"""Workshop, session, series, facilitation. Times are UTC instants beside the organiser's IANA zone."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from convene.apps.communities.models import Community

PERSON = settings.AUTH_USER_MODEL


class Series(models.Model):
    """Workshops of one idea over time: the rule they were made by."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    community = models.ForeignKey(Community, on_delete=models.CASCADE, related_name="series")
    title = models.CharField(max_length=160)
    rrule = models.CharField(max_length=300, help_text="RFC 5545, in the organiser's zone.")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name_plural = "series"

    def __str__(self) -> str:
        return self.title


class Workshop(models.Model):
    class Kind(models.TextChoices):
        CONVERSATION = "conversation", _("open conversation")
        PEER_ASSIST = "peer_assist", _("peer assist")
        SKILLS = "skills", _("skills workshop")
        TRAINING = "training", _("training")
        INFORMATIVE = "informative", _("informative session")
        SHOW_AND_TELL = "show_and_tell", _("show-and-tell")
        DEBRIEF = "debrief", _("debrief")

    class Audience(models.TextChoices):
        CORE = "core", _("core members")
        MEMBERS = "members", _("all members")
        EVERYONE = "everyone", _("everyone")

    class Depth(models.TextChoices):
        AWARE = "aware", _("aware")
        CONVERSE = "converse", _("can converse")
        WITH_HELP = "with_help", _("can do with help")
        DO = "do", _("can do")
        STEWARD = "steward", _("can steward")

    class Format(models.TextChoices):
        IN_PERSON = "in_person", _("in person")
        ONLINE = "online", _("online")
        HYBRID = "hybrid", _("hybrid")

    class Recording(models.TextChoices):
        OPEN = "open", _("open: may be recorded and quoted")
        CHATHAM = "chatham", _("Chatham House: what was said, not who said it")
        CLOSED = "closed", _("closed: nothing leaves the room")

    class State(models.TextChoices):
        DRAFT = "draft", _("draft")
        PUBLISHED = "published", _("published")
        POSTPONED = "postponed", _("postponed")
        CANCELLED = "cancelled", _("cancelled")
        HELD = "held", _("held")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    community = models.ForeignKey(Community, on_delete=models.CASCADE, related_name="workshops")
    series = models.ForeignKey(
        Series, null=True, blank=True, on_delete=models.SET_NULL, related_name="workshops"
    )
    title = models.CharField(_("title"), max_length=160)
    summary = models.CharField(_("in one sentence"), max_length=300, blank=True)
    description = models.TextField(_("description"), blank=True)
    kind = models.CharField(_("kind"), max_length=15, choices=Kind.choices, default=Kind.SKILLS)
    audience = models.CharField(
        _("audience"), max_length=10, choices=Audience.choices, default=Audience.MEMBERS
    )
    depth = models.CharField(_("depth"), max_length=10, choices=Depth.choices, default=Depth.CONVERSE)
    outcomes = models.TextField(_("what people will be able to do"), blank=True)
    prerequisites = models.TextField(_("prerequisites"), blank=True)
    language = models.CharField(_("language"), max_length=12, default="en")
    format = models.CharField(_("format"), max_length=10, choices=Format.choices, default=Format.ONLINE)
    recording = models.CharField(
        _("recording"), max_length=10, choices=Recording.choices, default=Recording.CHATHAM
    )
    access_offered = models.TextField(_("access offered"), blank=True)
    counts_minutes = models.BooleanField(
        _("keep minutes of attendance"), default=False, help_text=_("For certificates or funded time only.")
    )
    state = models.CharField(max_length=10, choices=State.choices, default=State.DRAFT)
    state_reason = models.CharField(max_length=300, blank=True)
    published_at = models.DateTimeField(null=True, blank=True)
    created_by = models.ForeignKey(PERSON, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes = [models.Index(fields=["community", "state"])]

    def __str__(self) -> str:
        return self.title


class Session(models.Model):
    """One sitting. `uid` is for life; `sequence` rises with each change people were told of."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    workshop = models.ForeignKey(Workshop, on_delete=models.CASCADE, related_name="sessions")
    starts_at = models.DateTimeField(_("starts"))
    ends_at = models.DateTimeField(_("ends"))
    zone = models.CharField(_("time zone"), max_length=64)
    place = models.CharField(_("place"), max_length=300, blank=True)
    join_url = models.URLField(_("join link"), max_length=500, blank=True)
    uid = models.CharField(max_length=120, unique=True)
    sequence = models.PositiveIntegerField(default=0)
    previous_starts_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["starts_at"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ends_at__gt=models.F("starts_at")), name="session_ends_later"
            )
        ]

    def __str__(self) -> str:
        return f"{self.starts_at:%Y-%m-%d %H:%M}"


class Facilitation(models.Model):
    class State(models.TextChoices):
        INVITED = "invited", _("invited")
        ACCEPTED = "accepted", _("accepted")
        DECLINED = "declined", _("declined")
        SUGGESTED = "suggested", _("suggests someone else")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    workshop = models.ForeignKey(Workshop, on_delete=models.CASCADE, related_name="facilitations")
    person = models.ForeignKey(PERSON, on_delete=models.CASCADE, related_name="facilitations")
    state = models.CharField(max_length=10, choices=State.choices, default=State.INVITED)
    suggestion = models.CharField(max_length=200, blank=True)
    invited_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["workshop", "person"], name="facilitation_once")]

    def __str__(self) -> str:
        return self.state
