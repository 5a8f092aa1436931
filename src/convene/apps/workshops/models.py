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
    further_languages = models.JSONField(
        _("further languages people may speak"), default=list, blank=True, help_text="Language codes."
    )
    format = models.CharField(_("format"), max_length=10, choices=Format.choices, default=Format.ONLINE)
    recording = models.CharField(
        _("recording"), max_length=10, choices=Recording.choices, default=Recording.CHATHAM
    )
    access_offered = models.TextField(_("access offered"), blank=True)
    counts_minutes = models.BooleanField(
        _("keep minutes of attendance"), default=False, help_text=_("For certificates or funded time only.")
    )
    template = models.CharField(max_length=20, blank=True, help_text="A key of starters.STARTERS.")
    brief = models.TextField(_("brief for those who facilitate"), blank=True)
    run_sheet = models.TextField(
        _("run of the session"), blank=True, help_text=_("One block a line: minutes, then what happens.")
    )
    state = models.CharField(max_length=10, choices=State.choices, default=State.DRAFT)
    state_reason = models.CharField(max_length=300, blank=True)
    published_at = models.DateTimeField(null=True, blank=True)
    revision = models.PositiveIntegerField(
        default=0, help_text="Rises with each change; of two changes made at once only one goes on."
    )
    minimum_decision = models.CharField(
        max_length=12, blank=True, help_text="A value of rules.workshop.MinimumDecision."
    )
    merged_into = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.SET_NULL, related_name="merged_from"
    )
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
    suggestion = models.CharField(_("who else"), max_length=200, blank=True)
    invited_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True, blank=True)
    link_version = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["workshop", "person"], name="facilitation_once")]

    def __str__(self) -> str:
        return self.state


class ChecklistItem(models.Model):
    """Something to do before the first session; its due date follows from that, so it is not stored."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    workshop = models.ForeignKey(Workshop, on_delete=models.CASCADE, related_name="checklist")
    key = models.CharField(max_length=20, blank=True, help_text="A value of starters.ItemKey, or empty.")
    text = models.CharField(_("what"), max_length=200)
    lead_days = models.PositiveSmallIntegerField(_("days before the first session"), default=1)
    working_days = models.BooleanField(_("working days only"), default=False)
    owner = models.ForeignKey(PERSON, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    done_at = models.DateTimeField(null=True, blank=True)
    done_by = models.ForeignKey(PERSON, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes = [models.Index(fields=["workshop", "done_at"])]

    def __str__(self) -> str:
        return self.text


class MissingView(models.Model):
    """A point of view that should be in the room, in the steward's words; nobody's name."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    workshop = models.ForeignKey(Workshop, on_delete=models.CASCADE, related_name="missing_views")
    text = models.CharField(_("the view"), max_length=160)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["created_at"]

    def __str__(self) -> str:
        return self.text


class Invitee(models.Model):
    """Someone who should be in this room, and why. Being invited gives no seat by itself."""

    class Because(models.TextChoices):
        MEMBER = "member", _("member")
        STAKEHOLDER = "stakeholder", _("has a stake")
        VIEW = "view", _("brings a view that is missing")

    class State(models.TextChoices):
        LISTED = "listed", _("listed")
        INVITED = "invited", _("invited")
        ANSWERED = "answered", _("answered")

    class Answer(models.TextChoices):
        COMING = "coming", _("wants to come")
        NOT_COMING = "not_coming", _("cannot come")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    workshop = models.ForeignKey(Workshop, on_delete=models.CASCADE, related_name="invitees")
    person = models.ForeignKey(PERSON, on_delete=models.CASCADE, related_name="room_invitations")
    because = models.CharField(max_length=12, choices=Because.choices, default=Because.MEMBER)
    view = models.ForeignKey(
        MissingView, null=True, blank=True, on_delete=models.SET_NULL, related_name="invitees"
    )
    stakeholder_id = models.UUIDField(null=True, blank=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.LISTED)
    answer = models.CharField(max_length=12, choices=Answer.choices, blank=True)
    invited_at = models.DateTimeField(null=True, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    link_version = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["workshop", "person"], name="invitee_once")]

    def __str__(self) -> str:
        return self.state


class Slot(models.Model):
    """A time that might suit."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    workshop = models.ForeignKey(Workshop, on_delete=models.CASCADE, related_name="slots")
    starts_at = models.DateTimeField(_("starts"))
    ends_at = models.DateTimeField(_("ends"))
    zone = models.CharField(_("time zone"), max_length=64)
    chosen_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["starts_at"]
        constraints = [
            models.UniqueConstraint(fields=["workshop", "starts_at"], name="slot_once"),
            models.CheckConstraint(
                condition=models.Q(ends_at__gt=models.F("starts_at")), name="slot_ends_later"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.starts_at:%Y-%m-%d %H:%M}"


class SlotAnswer(models.Model):
    class Answer(models.TextChoices):
        YES = "yes", _("yes")
        IF_NEED_BE = "if_need_be", _("if need be")
        NO = "no", _("no")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    slot = models.ForeignKey(Slot, on_delete=models.CASCADE, related_name="answers")
    person = models.ForeignKey(PERSON, on_delete=models.CASCADE, related_name="slot_answers")
    answer = models.CharField(max_length=10, choices=Answer.choices)
    answered_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["slot", "person"], name="slot_answer_once")]

    def __str__(self) -> str:
        return self.answer


class OddHour(models.Model):
    """A person took part in a session outside their decent hours: the memory by which the burden rotates."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    session = models.ForeignKey(Session, on_delete=models.CASCADE, related_name="odd_hours")
    community = models.ForeignKey(Community, on_delete=models.CASCADE, related_name="+")
    person = models.ForeignKey(PERSON, on_delete=models.CASCADE, related_name="odd_hours")
    borne_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["session", "person"], name="odd_hour_once")]
        indexes = [models.Index(fields=["community", "person"])]

    def __str__(self) -> str:
        return f"{self.borne_at:%Y-%m-%d %H:%M}"


class Resource(models.Model):
    """Something to read, see or open: a link or a file, never both."""

    class Kind(models.TextChoices):
        PRE_READING = "pre_reading", _("to read before")
        SLIDES = "slides", _("slides")
        LINK = "link", _("link")
        NOTES = "notes", _("notes")

    class Share(models.TextChoices):
        SEATED = "seated", _("those with a seat")
        ASKED = "asked", _("everyone who asked for a seat")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    workshop = models.ForeignKey(Workshop, on_delete=models.CASCADE, related_name="resources")
    kind = models.CharField(_("what it is"), max_length=12, choices=Kind.choices, default=Kind.LINK)
    title = models.CharField(_("title"), max_length=160)
    url = models.URLField(_("address"), max_length=500, blank=True)
    stored_as = models.CharField(max_length=60, blank=True, help_text="Its file under settings.FILES.")
    file_name = models.CharField(max_length=160, blank=True)
    size = models.PositiveIntegerField(default=0)
    share = models.CharField(_("who sees it"), max_length=8, choices=Share.choices, default=Share.SEATED)
    added_by = models.ForeignKey(PERSON, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    added_at = models.DateTimeField()

    class Meta:
        ordering = ["added_at"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(url="", stored_as__gt="") | models.Q(url__gt="", stored_as=""),
                name="resource_link_or_file",
            )
        ]

    def __str__(self) -> str:
        return self.title
