"""What was said that is worth keeping, by block; and the debrief of those who facilitated."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from convene.apps.rooms.models.agenda import Block, Participant, Room

PERSON = settings.AUTH_USER_MODEL


class NotePad(models.Model):
    """The notes of one block: one writer at a time. `revision` rises with each save."""

    block = models.OneToOneField(Block, on_delete=models.CASCADE, related_name="pad", primary_key=True)
    writer = models.ForeignKey(
        Participant, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    writer_seen_at = models.DateTimeField(null=True, blank=True)
    asked_by = models.ForeignKey(
        Participant, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    asked_at = models.DateTimeField(null=True, blank=True)
    revision = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return str(self.block_id)


class NoteLine(models.Model):
    """One line. A line of a Chatham House block has no author at all; closed blocks have no lines."""

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
    text = models.CharField(_("note"), max_length=1000)
    tag = models.CharField(max_length=15, choices=Tag.choices, default=Tag.NONE, blank=True)
    author = models.ForeignKey(
        Participant, null=True, blank=True, on_delete=models.SET_NULL, related_name="note_lines"
    )
    name_shown = models.BooleanField(default=False, help_text="Only by the author's own choice.")
    written_at = models.DateTimeField()

    class Meta:
        ordering = ["position", "id"]

    def __str__(self) -> str:
        return self.tag


class Amendment(models.Model):
    """A person's own words put right within the five days: what stood, what stands."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    line = models.ForeignKey(NoteLine, on_delete=models.CASCADE, related_name="amendments")
    before = models.CharField(max_length=1000)
    after = models.CharField(max_length=1000, blank=True)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.line_id)


class Debrief(models.Model):
    """Four fields, soon after: what worked, what to change, what was reached, the time it took."""

    room = models.OneToOneField(Room, on_delete=models.CASCADE, related_name="debrief", primary_key=True)
    worked = models.TextField(_("what worked"), blank=True)
    change = models.TextField(_("what to change next time"), blank=True)
    reached = models.TextField(_("what people can do now"), blank=True)
    preparation_minutes = models.PositiveIntegerField(_("time spent preparing"), null=True, blank=True)
    written_by = models.ForeignKey(PERSON, null=True, on_delete=models.SET_NULL, related_name="+")
    written_at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.room_id)
