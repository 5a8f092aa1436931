"""Inquiries: a question put to people, short statements, and what each thinks of them.

Nothing here points from a ballot or a statement to a person. Whoever votes signed in, or by a personal link,
does so under a *key* made from their id, the inquiry's salt and the site's secret (`keys.py`): the site can
find their ballot again when they come back, change their mind or erase themselves, and a copy of the database
alone cannot say whose it is. That is pseudonymous. Who votes by a single-use invitation has a random key that
only their browser keeps: that is anonymous. Authors and voters have different keys, so that a statement does
not lead to its author's ballot.
"""

from __future__ import annotations

import secrets
import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from convene.apps.capabilities.models import Need
from convene.apps.communities.models import Community
from convene.apps.voices.keys import new_short_code
from convene.apps.workshops.models import Session

PERSON = settings.AUTH_USER_MODEL


def _salt() -> str:
    return secrets.token_hex(16)


class Inquiry(models.Model):
    """One question. Of kind *topics* its statements are what could be learnt next, for `places` workshops."""

    class Kind(models.TextChoices):
        VIEWS = "views", _("what we think")
        TOPICS = "topics", _("what we learn next")

    class State(models.TextChoices):
        DRAFT = "draft", _("being written")
        OPEN = "open", _("open")
        CLOSED = "closed", _("closed")

    class Asks(models.TextChoices):
        MEMBERS = "members", _("all members")
        SESSION = "session", _("who takes part in the session")
        INVITED = "invited", _("only who has an invitation")

    class Moderation(models.TextChoices):
        AFTER = "after", _("statements are seen at once; we can take one out")
        BEFORE = "before", _("we read each statement before others see it")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    community = models.ForeignKey(Community, on_delete=models.CASCADE, related_name="inquiries")
    session = models.ForeignKey(
        Session,
        verbose_name=_("session"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="inquiries",
    )
    kind = models.CharField(max_length=10, choices=Kind.choices, default=Kind.VIEWS)
    question = models.CharField(_("the question"), max_length=200)
    intro = models.TextField(_("what it is about"), blank=True)
    asks = models.CharField(_("who is asked"), max_length=10, choices=Asks.choices, default=Asks.MEMBERS)
    moderation = models.CharField(
        _("statements by others"), max_length=10, choices=Moderation.choices, default=Moderation.AFTER
    )
    places = models.PositiveSmallIntegerField(_("workshops we can hold"), null=True, blank=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.DRAFT)
    closes_at = models.DateTimeField(_("closes at"), null=True, blank=True)
    opened_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    imported = models.BooleanField(default=False)
    code = models.CharField(max_length=10, unique=True, default=new_short_code, editable=False)
    salt = models.CharField(max_length=32, default=_salt, editable=False)
    created_by = models.ForeignKey(PERSON, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name_plural = "inquiries"
        indexes = [models.Index(fields=["community", "state"])]

    def __str__(self) -> str:
        return self.question


class Statement(models.Model):
    """A short view. `agreed`, `disagreed`, `passed`: as last released; nothing fresher is ever shown."""

    class State(models.TextChoices):
        WAITING = "waiting", _("waits to be read")
        LIVE = "live", _("put to everyone")
        HIDDEN = "hidden", _("taken out")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    inquiry = models.ForeignKey(Inquiry, on_delete=models.CASCADE, related_name="statements")
    number = models.PositiveIntegerField()
    text = models.CharField(_("statement"), max_length=200)
    state = models.CharField(max_length=10, choices=State.choices, default=State.LIVE)
    reason = models.CharField(_("why it was taken out"), max_length=200, blank=True)
    seed = models.BooleanField(default=False, help_text="Written by those who ask.")
    author_key = models.UUIDField(null=True, blank=True, editable=False)
    since = models.PositiveIntegerField(default=0, help_text="Votes cast in the inquiry when it went live.")
    source = models.CharField(max_length=40, blank=True, help_text="Its id in the export it came from.")
    need = models.ForeignKey(Need, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    workshop_id = models.UUIDField(null=True, blank=True, help_text="The draft it became.")
    open_question = models.BooleanField(
        default=False, help_text="Nobody knows yet: a conversation and no training."
    )
    agreed = models.PositiveIntegerField(default=0)
    disagreed = models.PositiveIntegerField(default=0)
    passed = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["inquiry", "number"], name="statement_number_once"),
            models.UniqueConstraint(
                fields=["inquiry", "source"], condition=~Q(source=""), name="statement_source_once"
            ),
        ]

    def __str__(self) -> str:
        return self.text

    @property
    def votes_released(self) -> int:
        return self.agreed + self.disagreed + self.passed


class Ballot(models.Model):
    """What one voter thinks, under a key. Without a time: when somebody voted would say who it was."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    inquiry = models.ForeignKey(Inquiry, on_delete=models.CASCADE, related_name="ballots")
    key = models.UUIDField(editable=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["inquiry", "key"], name="ballot_once")]

    def __str__(self) -> str:
        return str(self.pk)


class Vote(models.Model):
    """`released`: the vote as the last release counted it; None while it waits for its batch."""

    class Value(models.IntegerChoices):
        AGREE = 1, _("agree")
        PASS = 0, _("pass")
        DISAGREE = -1, _("disagree")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    ballot = models.ForeignKey(Ballot, on_delete=models.CASCADE, related_name="votes")
    statement = models.ForeignKey(Statement, on_delete=models.CASCADE, related_name="votes")
    value = models.SmallIntegerField(choices=Value.choices)
    released = models.SmallIntegerField(choices=Value.choices, null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["ballot", "statement"], name="vote_once"),
            models.CheckConstraint(condition=Q(value__in=[-1, 0, 1]), name="vote_is_one_of_three"),
        ]

    def __str__(self) -> str:
        return self.get_value_display()


class Invitation(models.Model):
    """A single-use way in without a name. Of its code only a hash is kept, and not which ballot it became."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    inquiry = models.ForeignKey(Inquiry, on_delete=models.CASCADE, related_name="invitations")
    code_hash = models.CharField(max_length=64, unique=True)
    used = models.BooleanField(default=False)

    def __str__(self) -> str:
        return str(self.used)


class OpenExport(models.Model):
    """Another conversation's export between its upload and the yes; its rows go with either.

    `statements`: [id in the file, text, taken out]; `voters`: keys, the file's own ids are not kept;
    `votes`: [place of the voter, place of the statement, value]; `read`: counts and columns for the dry run.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    inquiry = models.ForeignKey(Inquiry, on_delete=models.CASCADE, related_name="open_exports")
    statements = models.JSONField(default=list)
    voters = models.JSONField(default=list)
    votes = models.JSONField(default=list)
    problems = models.JSONField(default=list, help_text="[file, line, why] of rows that stay out.")
    read = models.JSONField(default=dict)
    made_by = models.ForeignKey(PERSON, null=True, on_delete=models.SET_NULL, related_name="+")
    made_at = models.DateTimeField()
    applied_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return str(self.inquiry_id)


class OpinionMap(models.Model):
    """One release of the map: aggregates only (`drawing.py`). The newest is what everyone sees."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    inquiry = models.ForeignKey(Inquiry, on_delete=models.CASCADE, related_name="maps")
    made_at = models.DateTimeField()
    voters = models.PositiveIntegerField()
    body = models.JSONField(default=dict)

    class Meta:
        ordering = ["made_at"]
        indexes = [models.Index(fields=["inquiry", "-made_at"])]

    def __str__(self) -> str:
        return str(self.voters)


class Pulse(models.Model):
    """At most three short items after a session, answered without a name; or the longer yearly one."""

    class Kind(models.TextChoices):
        SESSION = "session", _("after a session")
        YEARLY = "yearly", _("once a year")

    class State(models.TextChoices):
        DRAFT = "draft", _("being written")
        OPEN = "open", _("being answered")
        CLOSED = "closed", _("closed")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    community = models.ForeignKey(Community, on_delete=models.CASCADE, related_name="pulses")
    session = models.ForeignKey(
        Session, null=True, blank=True, on_delete=models.SET_NULL, related_name="pulses"
    )
    kind = models.CharField(max_length=10, choices=Kind.choices, default=Kind.SESSION)
    state = models.CharField(max_length=10, choices=State.choices, default=State.DRAFT)
    asked_at = models.DateTimeField(null=True, blank=True)
    closes_at = models.DateTimeField(null=True, blank=True)
    reply = models.TextField(_("you said, we did"), blank=True)
    replied_at = models.DateTimeField(null=True, blank=True)
    created_by = models.ForeignKey(PERSON, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["session"], condition=Q(session__isnull=False), name="pulse_once_a_session"
            )
        ]

    def __str__(self) -> str:
        return self.state


class PulseItem(models.Model):
    """`scale`: of the yearly one, which items are scored together; `reversed`: agreeing means less of it."""

    class Answer(models.TextChoices):
        SCALE = "scale", _("from not at all to fully, in five steps")
        WORDS = "words", _("in their own words")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    pulse = models.ForeignKey(Pulse, on_delete=models.CASCADE, related_name="items")
    number = models.PositiveSmallIntegerField()
    text = models.CharField(max_length=200)
    answer = models.CharField(max_length=10, choices=Answer.choices, default=Answer.SCALE)
    scale = models.CharField(max_length=60, blank=True)
    reversed = models.BooleanField(default=False)

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["pulse", "number"], name="pulse_item_number_once")]

    def __str__(self) -> str:
        return self.text


class PulseAsk(models.Model):
    """Who was asked, so that nobody is asked again within a month; and whether, never what, they answered."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    pulse = models.ForeignKey(Pulse, on_delete=models.CASCADE, related_name="asks")
    person = models.ForeignKey(PERSON, on_delete=models.CASCADE, related_name="pulse_asks")
    asked_on = models.DateField()
    answered = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["pulse", "person"], name="pulse_ask_once")]

    def __str__(self) -> str:
        return str(self.answered)


class PulseAnswer(models.Model):
    """One answer to one item. `sheet` is random and holds the answers of one person together; no time."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    item = models.ForeignKey(PulseItem, on_delete=models.CASCADE, related_name="answers")
    sheet = models.UUIDField()
    value = models.PositiveSmallIntegerField(null=True, blank=True)
    words = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["item", "sheet"], name="pulse_answer_once"),
            models.CheckConstraint(
                condition=Q(value__isnull=True) | Q(value__gte=1, value__lte=5),
                name="pulse_value_one_to_five",
            ),
        ]

    def __str__(self) -> str:
        return str(self.value)
