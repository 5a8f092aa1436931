"""Hands, turns to speak, invitations to speak, and questions people ask and vote up."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from convene.apps.rooms.models.agenda import Block, Participant, Room


class Hand(models.Model):
    """A raised hand; one open at a time for each participant."""

    class State(models.TextChoices):
        UP = "up", _("waiting")
        CALLED = "called", _("called")
        LOWERED = "lowered", _("lowered")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    participant = models.ForeignKey(Participant, on_delete=models.CASCADE, related_name="hands")
    block = models.ForeignKey(Block, null=True, blank=True, on_delete=models.SET_NULL, related_name="hands")
    state = models.CharField(max_length=10, choices=State.choices, default=State.UP)
    raised_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["participant"], condition=Q(state="up"), name="hand_up_once")
        ]

    def __str__(self) -> str:
        return self.state


class Turn(models.Model):
    """One person's time to speak. In a room one turn runs at most."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    room = models.ForeignKey(Room, on_delete=models.CASCADE, related_name="turns")
    participant = models.ForeignKey(Participant, on_delete=models.CASCADE, related_name="turns")
    block = models.ForeignKey(Block, null=True, blank=True, on_delete=models.SET_NULL, related_name="turns")
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    waived = models.BooleanField(default=False, help_text="The limit was waived for this turn.")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["room"], condition=Q(ended_at__isnull=True), name="turn_one_runs"
            ),
        ]

    def __str__(self) -> str:
        return str(self.participant_id)


class TurnInvitation(models.Model):
    """A gentle "would you like to say something?". "Passed" is an answer."""

    class Answer(models.TextChoices):
        OPEN = "open", _("not answered yet")
        YES = "yes", _("will speak")
        PASSED = "passed", _("passed")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    participant = models.ForeignKey(Participant, on_delete=models.CASCADE, related_name="turn_invitations")
    block = models.ForeignKey(Block, on_delete=models.CASCADE, related_name="turn_invitations")
    answer = models.CharField(max_length=10, choices=Answer.choices, default=Answer.OPEN)
    invited_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["participant", "block"], name="turn_invitation_once_a_block")
        ]

    def __str__(self) -> str:
        return self.answer


class Question(models.Model):
    """Asked from a phone. Without an `author` nobody can find out who asked: no link is kept."""

    class State(models.TextChoices):
        OPEN = "open", _("open")
        ANSWERED = "answered", _("answered")
        HIDDEN = "hidden", _("hidden")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    room = models.ForeignKey(Room, on_delete=models.CASCADE, related_name="questions")
    text = models.CharField(_("your question"), max_length=400)
    author = models.ForeignKey(
        Participant, null=True, blank=True, on_delete=models.SET_NULL, related_name="questions"
    )
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    asked_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.state


class QuestionVote(models.Model):
    """Pseudonymous: kept so that it can be taken back and counts once."""

    question = models.ForeignKey(Question, on_delete=models.CASCADE, related_name="votes")
    participant = models.ForeignKey(Participant, on_delete=models.CASCADE, related_name="question_votes")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["question", "participant"], name="question_vote_once")]

    def __str__(self) -> str:
        return str(self.question_id)
