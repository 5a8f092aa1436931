"""What was said that is worth keeping, by block; and the debrief of those who facilitated.

Who holds the pen is told by a secret in their browser, of which only the digest is kept. So a Chatham House
block needs no person here at all: not who writes, not who asked for the pen, not who wrote.
"""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from convene.apps.rooms.models.agenda import Block, Participant, Room

PERSON = settings.AUTH_USER_MODEL


class NoteSet(models.Model):
    """The notes of one session: written while it runs, in review for five days, then final."""

    class State(models.TextChoices):
        LIVE = "live", _("being written")
        IN_REVIEW = "in_review", _("in review")
        FINAL = "final", _("final")

    room = models.OneToOneField(Room, on_delete=models.CASCADE, related_name="note_set", primary_key=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.LIVE)
    review_until = models.DateTimeField(null=True, blank=True)
    final_at = models.DateTimeField(null=True, blank=True)
    revision = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state="live") | Q(review_until__isnull=False), name="notes_review_has_an_end"
            )
        ]

    def __str__(self) -> str:
        return self.state


class NotePad(models.Model):
    """The notes of one block: one writer at a time. `revision` rises with each save.

    `pen` and `asked` are digests of secrets; the people beside them are only kept in open blocks.
    """

    block = models.OneToOneField(Block, on_delete=models.CASCADE, related_name="pad", primary_key=True)
    pen = models.CharField(max_length=64, blank=True)
    pen_at = models.DateTimeField(null=True, blank=True, help_text="When the writer was last heard of.")
    writer = models.ForeignKey(
        Participant, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    asked = models.CharField(max_length=64, blank=True)
    asked_at = models.DateTimeField(null=True, blank=True)
    asked_by = models.ForeignKey(
        Participant, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    anyone = models.BooleanField(default=False, help_text="Everyone here may take the pen when it is free.")
    revision = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return str(self.block_id)


class NoteLine(models.Model):
    """One line. A line of a Chatham House block has no author at all; closed blocks take no lines.

    An empty text: its author took it back in the review.
    """

    class Tag(models.TextChoices):
        NONE = "", _("no tag")
        TIP = "tip", _("tip")
        PITFALL = "pitfall", _("pitfall")
        OPEN_QUESTION = "open_question", _("open question")
        CHANGE = "change", _("change to curriculum")
        DECISION = "decision", _("decision")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    block = models.ForeignKey(Block, on_delete=models.CASCADE, related_name="lines")
    position = models.PositiveIntegerField()
    text = models.CharField(_("note"), max_length=1000, blank=True)
    tag = models.CharField(max_length=15, choices=Tag.choices, default=Tag.NONE, blank=True)
    author = models.ForeignKey(
        Participant, null=True, blank=True, on_delete=models.SET_NULL, related_name="note_lines"
    )
    name_shown = models.BooleanField(default=False, help_text="Only by the author's own choice.")
    written_at = models.DateTimeField(help_text="In Chatham House blocks: when the block began.")

    class Meta:
        ordering = ["position", "id"]
        indexes = [models.Index(fields=["tag", "block"])]

    def __str__(self) -> str:
        return self.tag

    @property
    def anchor(self) -> str:
        return f"line-{self.pk}"


class Amendment(models.Model):
    """A person's own words put right within the five days. `before` goes when the notes become final."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    line = models.ForeignKey(NoteLine, on_delete=models.CASCADE, related_name="amendments")
    before = models.CharField(max_length=1000, blank=True)
    after = models.CharField(max_length=1000, blank=True)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.line_id)


class LineRequest(models.Model):
    """Someone who was in the room asks for a line to be put right. Who asked is not kept."""

    class State(models.TextChoices):
        OPEN = "open", _("asked for")
        ACCEPTED = "accepted", _("put right")
        DECLINED = "declined", _("left as it is")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    line = models.ForeignKey(NoteLine, on_delete=models.CASCADE, related_name="requests")
    after = models.CharField(_("what it should say"), max_length=1000, blank=True)
    why = models.CharField(_("why"), max_length=300, blank=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    decided_by = models.ForeignKey(PERSON, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["line"], condition=Q(state="open"), name="line_asked_once")
        ]

    def __str__(self) -> str:
        return self.state


class Debrief(models.Model):
    """Four fields, soon after: what worked, what to change, what was reached, the time it took."""

    room = models.OneToOneField(Room, on_delete=models.CASCADE, related_name="debrief", primary_key=True)
    worked = models.TextField(_("what worked"), blank=True)
    change = models.TextField(_("what to change next time"), blank=True)
    reached = models.TextField(_("what people can do now"), blank=True)
    preparation_minutes = models.PositiveIntegerField(_("time spent preparing"), null=True, blank=True)
    written_by = models.ForeignKey(PERSON, null=True, on_delete=models.SET_NULL, related_name="+")
    written_at = models.DateTimeField()
    revision = models.PositiveIntegerField(default=0, help_text="Rises with each save.")

    def __str__(self) -> str:
        return str(self.room_id)
