"""Audiences, what is decided for each, which workshop aims at which outcome; what nobody knows yet."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from convene.apps.capabilities.models import Depth, Outcome
from convene.apps.communities.models import Community
from convene.apps.rooms.models import NoteLine
from convene.apps.voices.models import Statement
from convene.apps.workshops.models import Workshop

PERSON = settings.AUTH_USER_MODEL


class Aim(models.Model):
    """A workshop wants people to come away with an outcome, at the depth of the workshop."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    workshop = models.ForeignKey(Workshop, on_delete=models.CASCADE, related_name="aims")
    outcome = models.ForeignKey(Outcome, on_delete=models.CASCADE, related_name="aims")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["workshop", "outcome"], name="aim_once")]

    def __str__(self) -> str:
        return str(self.pk)


class Audience(models.Model):
    """A kind of people the community decides for; nobody by name."""

    class Standing(models.TextChoices):
        KEY = "key", _("the domain is key for them: membership")
        USE = "use", _("they use it: training and workshops")
        INFORMED = "informed", _("an informative session is enough")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    community = models.ForeignKey(Community, on_delete=models.CASCADE, related_name="audiences")
    name = models.CharField(_("who they are"), max_length=80)
    about = models.CharField(_("what they need it for"), max_length=300, blank=True)
    standing = models.CharField(_("what it is to them"), max_length=10, choices=Standing.choices)
    size = models.PositiveIntegerField(_("about how many"), null=True, blank=True)
    position = models.PositiveIntegerField()
    put_away_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["position", "name"]
        constraints = [
            models.UniqueConstraint(
                fields=["community", "name"],
                condition=models.Q(put_away_at=None),
                name="audience_name_once",
            )
        ]

    def __str__(self) -> str:
        return self.name


class AudienceDecision(models.Model):
    """How deep an audience shall know an outcome and by which route; with a reason and a day to look again.

    `revision` rises with each change: of two stewards deciding at once only one goes on.
    """

    class Route(models.TextChoices):
        CONVERSATION = "conversation", _("conversation")
        WORKSHOP = "workshop", _("workshop")
        PRACTICE = "practice", _("guided practice")
        COURSE = "course", _("course at the unit")
        MATERIAL = "material", _("material")
        NONE = "none", _("none")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    audience = models.ForeignKey(Audience, on_delete=models.CASCADE, related_name="decisions")
    outcome = models.ForeignKey(Outcome, on_delete=models.CASCADE, related_name="decisions")
    depth = models.CharField(_("how deep"), max_length=10, choices=Depth.choices, blank=True)
    route = models.CharField(_("by which route"), max_length=15, choices=Route.choices)
    reason = models.CharField(_("why"), max_length=300)
    owner = models.ForeignKey(PERSON, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    review_on = models.DateField(_("look again on"))
    decided_at = models.DateTimeField()
    workshop = models.ForeignKey(
        Workshop,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text="The draft that a proposal made of it.",
    )
    revision = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["audience", "outcome"], name="decision_once"),
            models.CheckConstraint(
                condition=models.Q(route="none") | ~models.Q(depth=""), name="decision_has_a_depth"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.depth} {self.route}".strip()


class OpenQuestion(models.Model):
    """What nobody knows yet. From a note it waits until a steward has read it: it was written for the room.

    It becomes an open conversation, is answered, or is set aside with a reason; never a training.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("to be read")
        OPEN = "open", _("open")
        CONVERSATION = "conversation", _("a conversation is planned")
        ANSWERED = "answered", _("answered")
        SET_ASIDE = "set_aside", _("set aside")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    community = models.ForeignKey(Community, on_delete=models.CASCADE, related_name="open_questions")
    text = models.CharField(_("the question"), max_length=300)
    state = models.CharField(max_length=15, choices=State.choices, default=State.OPEN)
    line = models.OneToOneField(
        NoteLine, null=True, blank=True, on_delete=models.SET_NULL, related_name="open_question_row"
    )
    statement = models.OneToOneField(
        Statement, null=True, blank=True, on_delete=models.SET_NULL, related_name="open_question_row"
    )
    asked_by = models.ForeignKey(PERSON, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    asked_at = models.DateTimeField()
    workshop = models.ForeignKey(
        Workshop, null=True, blank=True, on_delete=models.SET_NULL, related_name="open_questions"
    )
    settled_at = models.DateTimeField(null=True, blank=True)
    words = models.CharField(_("the answer, or why it was set aside"), max_length=300, blank=True)

    class Meta:
        indexes = [models.Index(fields=["community", "state"])]

    def __str__(self) -> str:
        return self.state


class Thinker(models.Model):
    """Someone wants to think about a question; named only if they say so."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    question = models.ForeignKey(OpenQuestion, on_delete=models.CASCADE, related_name="thinkers")
    person = models.ForeignKey(PERSON, on_delete=models.CASCADE, related_name="+")
    may_name = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["question", "person"], name="thinker_once")]

    def __str__(self) -> str:
        return str(self.pk)


class TimeTarget(models.Model):
    """At most so much of members' hours shall go to training; the rest is for thinking together."""

    community = models.OneToOneField(
        Community, on_delete=models.CASCADE, related_name="time_target", primary_key=True
    )
    most_training = models.PositiveSmallIntegerField(_("at most so many of a hundred hours for training"))
    set_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(most_training__lte=100), name="time_target_of_a_hundred"
            )
        ]

    def __str__(self) -> str:
        return str(self.most_training)


class Practice(models.Model):
    """Shadowing or coaching: offered by a host, asked for by one guest, agreed, and ended by either."""

    class Kind(models.TextChoices):
        SHADOWING = "shadowing", _("shadowing: come along and watch")
        COACHING = "coaching", _("coaching: do it, with me beside")

    class State(models.TextChoices):
        OFFERED = "offered", _("offered")
        ASKED = "asked", _("asked for")
        RUNNING = "running", _("under way")
        ENDED = "ended", _("ended")
        WITHDRAWN = "withdrawn", _("withdrawn")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    outcome = models.ForeignKey(Outcome, on_delete=models.CASCADE, related_name="practices")
    host = models.ForeignKey(PERSON, null=True, on_delete=models.SET_NULL, related_name="+")
    guest = models.ForeignKey(PERSON, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    kind = models.CharField(_("how"), max_length=10, choices=Kind.choices)
    what = models.CharField(_("what, when and where"), max_length=300)
    state = models.CharField(max_length=10, choices=State.choices, default=State.OFFERED)
    offered_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["outcome", "state"])]

    def __str__(self) -> str:
        return self.state


class PracticeLog(models.Model):
    """A time they spent on it. Read by the two and nobody else."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    practice = models.ForeignKey(Practice, on_delete=models.CASCADE, related_name="log")
    day = models.DateField(_("day"))
    minutes = models.PositiveSmallIntegerField(_("minutes"))
    text = models.CharField(_("what you did, and what you noticed"), max_length=500)
    written_by = models.ForeignKey(PERSON, null=True, on_delete=models.SET_NULL, related_name="+")
    written_at = models.DateTimeField()

    class Meta:
        ordering = ["day", "written_at"]

    def __str__(self) -> str:
        return str(self.pk)


class Spread(models.Model):
    """A closed quarter: members by unit and depth, as published. Never changed."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    community = models.ForeignKey(Community, on_delete=models.CASCADE, related_name="+")
    period = models.CharField(max_length=7, help_text="2026-Q3.")
    units = models.JSONField(default=list, help_text="[{key, name, total}]; total null: hidden.")
    rows = models.JSONField(default=list, help_text="[{answers, counts: key -> people or null}]")
    published_at = models.DateTimeField()

    class Meta:
        ordering = ["-period"]
        constraints = [models.UniqueConstraint(fields=["community", "period"], name="spread_once")]

    def __str__(self) -> str:
        return self.period
