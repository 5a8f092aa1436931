"""Who sits with whom, for one round or several."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from convene.apps.rooms.models.agenda import Block, Participant, Room

PERSON = settings.AUTH_USER_MODEL


class TableRule(models.Model):
    """What must hold at tables of this room whenever groups are made.

    `key`: whom there must be at each table, or the question of which nobody is to be the lone one.
    """

    class Kind(models.TextChoices):
        APART = "apart", _("not at one table")
        TOGETHER = "together", _("at one table")
        AT_EACH = "at_each", _("someone at every table")
        NOT_ALONE = "not_alone", _("nobody the lone one of their kind")
        LANGUAGE = "language", _("everyone can follow")
        STEP_FREE = "step_free", _("step-free for those who need it")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    room = models.ForeignKey(Room, on_delete=models.CASCADE, related_name="table_rules")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    key = models.SlugField(max_length=60, blank=True)
    people = models.ManyToManyField(Participant, blank=True, related_name="table_rules")
    made_by = models.ForeignKey(PERSON, null=True, on_delete=models.SET_NULL, related_name="+")
    made_at = models.DateTimeField()

    class Meta:
        ordering = ["made_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["room", "kind", "key"],
                condition=~Q(kind__in=["apart", "together"]),
                name="table_rule_once",
            )
        ]

    def __str__(self) -> str:
        return self.kind


class Grouping(models.Model):
    """One division of those present into small groups, over one round or several.

    `rules` and `wishes` are what the facilitator chose; the figures are those of the placements as they are.
    """

    class State(models.TextChoices):
        DRAFT = "draft", _("draft")
        PUBLISHED = "published", _("published")
        REPLACED = "replaced", _("replaced")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    room = models.ForeignKey(Room, on_delete=models.CASCADE, related_name="groupings")
    block = models.ForeignKey(
        Block, null=True, blank=True, on_delete=models.SET_NULL, related_name="groupings"
    )
    state = models.CharField(max_length=10, choices=State.choices, default=State.DRAFT)
    groups_count = models.PositiveSmallIntegerField(_("number of groups"))
    rounds_count = models.PositiveSmallIntegerField(_("number of rounds"), default=1)
    current_round = models.PositiveSmallIntegerField(default=1)
    new_faces = models.PositiveSmallIntegerField(
        _("meeting someone new, against mixing well"),
        default=50,
        help_text="0: mix only. 100: new faces only.",
    )
    rules = models.JSONField(default=list, blank=True)
    mixes = models.JSONField(default=list, blank=True, help_text="Keys of what people should differ in.")
    undo = models.JSONField(default=dict, blank=True, help_text="What stood before the last change by hand.")
    seed = models.PositiveIntegerField(default=1)
    repeats = models.PositiveIntegerField(default=0)
    repeats_bound = models.PositiveIntegerField(default=0)
    mixing = models.FloatField(default=0)
    mixing_bound = models.FloatField(default=0)
    revision = models.PositiveIntegerField(default=0)
    made_by = models.ForeignKey(PERSON, null=True, on_delete=models.SET_NULL, related_name="+")
    made_at = models.DateTimeField()
    published_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["room"], condition=Q(state="published"), name="grouping_one_is_published"
            ),
        ]

    def __str__(self) -> str:
        return self.state


class Group(models.Model):
    """One table or breakout of one round; `number` from 1."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    grouping = models.ForeignKey(Grouping, on_delete=models.CASCADE, related_name="groups")
    round = models.PositiveSmallIntegerField(default=1)
    number = models.PositiveSmallIntegerField()
    label = models.CharField(_("name of the table"), max_length=80, blank=True)
    link = models.URLField(_("breakout link"), max_length=500, blank=True)
    step_free = models.BooleanField(_("step-free"), default=False)

    class Meta:
        ordering = ["round", "number"]
        constraints = [
            models.UniqueConstraint(fields=["grouping", "round", "number"], name="group_number_once")
        ]

    def __str__(self) -> str:
        return self.label or str(self.number)


class Placement(models.Model):
    """One participant at one group of one round. `pinned`: stays there when the groups are made again."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    grouping = models.ForeignKey(Grouping, on_delete=models.CASCADE, related_name="placements")
    round = models.PositiveSmallIntegerField(default=1)
    group = models.ForeignKey(Group, on_delete=models.CASCADE, related_name="placements")
    participant = models.ForeignKey(Participant, on_delete=models.CASCADE, related_name="placements")
    pinned = models.BooleanField(default=False)
    moved_at = models.DateTimeField(null=True, blank=True, help_text="Moved after publishing.")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["grouping", "round", "participant"], name="placement_once_a_round"
            )
        ]

    def __str__(self) -> str:
        return str(self.group_id)
