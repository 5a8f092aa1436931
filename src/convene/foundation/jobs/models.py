"""Things that must happen at a time, as rows: the due-table; and signs of life of the workers."""

from __future__ import annotations

import uuid

from django.db import models


class DueJob(models.Model):
    """Call `task` (dotted path of a django-tasks task) with `args` at `due_at`; once per `key`.

    A worker claims it by a conditional UPDATE and enqueues the task in the same transaction: so it is
    enqueued exactly once, and the queue's retries and recovery hold for it too. `result_id` is the row of
    the queue. When the last attempt fails, it stays as failed and stands on the stewards' Today.
    """

    class State(models.TextChoices):
        WAITING = "waiting"
        QUEUED = "queued"
        DONE = "done"
        FAILED = "failed"
        CANCELLED = "cancelled"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    key = models.CharField(max_length=200, unique=True)
    task = models.CharField(max_length=200)
    args = models.JSONField(default=dict)
    due_at = models.DateTimeField()
    state = models.CharField(max_length=12, choices=State.choices, default=State.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0, help_text="Of handing it to the queue.")
    error = models.TextField(blank=True)
    result_id = models.UUIDField(null=True, db_index=True)

    class Meta:
        indexes = [models.Index(fields=["state", "due_at"])]

    def __str__(self) -> str:
        return self.key


class WorkerBeat(models.Model):
    """A running worker says it is alive; tasks of a silent one are taken over by the reaper."""

    worker_id = models.CharField(primary_key=True, max_length=64)
    seen_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.worker_id


class SweepRun(models.Model):
    """When a registered sweep last began, so that of several workers one does it."""

    name = models.CharField(primary_key=True, max_length=80)
    began_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name
