"""One session while it is prepared, runs and ends: blocks, the clock, and who is here."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from convene.apps.seats.models import Registration
from convene.apps.workshops.models import Session, Workshop

PERSON = settings.AUTH_USER_MODEL


class Room(models.Model):
    """The live side of one session. `revision` rises with each change of agenda or clock."""

    class State(models.TextChoices):
        PREPARING = "preparing", _("being prepared")
        RUNNING = "running", _("running")
        OVER = "over", _("over")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    session = models.OneToOneField(Session, on_delete=models.CASCADE, related_name="room")
    state = models.CharField(max_length=10, choices=State.choices, default=State.PREPARING)
    started_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    turns_on = models.BooleanField(_("turns are taken"), default=False)
    turn_seconds = models.PositiveSmallIntegerField(
        _("seconds for each turn"), null=True, blank=True, default=45, help_text=_("Empty: no limit.")
    )
    revision = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.state


class Block(models.Model):
    """A stretch of the session. One at most is on: it has `started_at` and no `ended_at`."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    room = models.ForeignKey(Room, on_delete=models.CASCADE, related_name="blocks")
    position = models.PositiveSmallIntegerField()
    title = models.CharField(_("what happens"), max_length=160)
    purpose = models.CharField(_("what it is for"), max_length=300, blank=True)
    method = models.CharField(_("how"), max_length=160, blank=True)
    minutes = models.PositiveSmallIntegerField(_("minutes"), default=10)
    extended = models.SmallIntegerField(default=0, help_text="Minutes given or taken while it ran.")
    host = models.ForeignKey(
        PERSON, verbose_name=_("host"), null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    recording = models.CharField(
        _("recording"), max_length=10, choices=Workshop.Recording.choices, default=Workshop.Recording.CHATHAM
    )
    started_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["position", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["room"],
                condition=Q(started_at__isnull=False, ended_at__isnull=True),
                name="block_one_is_on",
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True) | Q(started_at__isnull=False),
                name="block_ends_after_start",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class Participant(models.Model):
    """Someone with a seat in this session, or one who facilitates it; here, expected, or gone again."""

    class State(models.TextChoices):
        EXPECTED = "expected", _("expected")
        HERE = "here", _("here")
        LEFT = "left", _("left")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    room = models.ForeignKey(Room, on_delete=models.CASCADE, related_name="participants")
    person = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="participations")
    registration = models.ForeignKey(
        Registration, null=True, blank=True, on_delete=models.PROTECT, related_name="participations"
    )
    facilitates = models.BooleanField(default=False)
    state = models.CharField(max_length=10, choices=State.choices, default=State.EXPECTED)
    arrived_at = models.DateTimeField(null=True, blank=True)
    left_at = models.DateTimeField(null=True, blank=True)
    open_to_invitation = models.BooleanField(
        _("may be invited to speak"), default=False, help_text="Their own choice, made on their phone."
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["room", "person"], name="participant_once"),
            models.CheckConstraint(
                condition=Q(left_at__isnull=True) | Q(left_at__gte=F("arrived_at")),
                name="participant_left_later",
            ),
        ]

    def __str__(self) -> str:
        return self.state
