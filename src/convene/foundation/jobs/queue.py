"""The task queue, where django-tasks-db leaves off: retries, and tasks of killed workers."""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Iterable
from datetime import datetime
from typing import Any, TypeAlias

from django.utils import timezone
from django_tasks import TaskResultStatus
from django_tasks_db.management.commands.db_worker import Worker as QueueWorker
from django_tasks_db.models import DBTaskResult
from django_tasks_db.utils import exclusive_transaction

from convene.foundation.jobs import due
from convene.foundation.jobs.models import WorkerBeat
from convene.foundation.logs import without_addresses

Row: TypeAlias = "DBTaskResult[Any, Any]"
logger = logging.getLogger(__name__)
ATTEMPTS = 5
SILENT_AFTER = dt.timedelta(seconds=60)
"""A worker that gave no sign for so long is dead; a living one gives one every few seconds."""

_REFUSALS = {"convene.foundation.errors.RuleBroken", "convene.foundation.errors.NotAllowed"}


class Queue(QueueWorker):
    """Their worker without its endless loop, and with retries."""

    def __init__(self, worker_id: str, *, batch: int = 50) -> None:
        super().__init__(
            queue_names=["*"],
            interval=0,
            batch=True,
            backend_name="default",
            startup_delay=False,
            max_tasks=None,
            worker_id=worker_id,
            excluded_queue_names=[],
        )
        self.batch_size = batch

    def run_ready(self) -> int:
        """Run what is ready, at most a batch; how many."""
        done = 0
        while self.running and done < self.batch_size and (row := self._next()) is not None:
            self.run_task(row)
            done += 1
        return done

    def _next(self) -> Row | None:
        """The next row, claimed: no other worker runs it."""
        ready = DBTaskResult.objects.ready()
        # Claiming takes the write lock; so look first.
        if not ready.exists():
            return None
        with exclusive_transaction():
            row = ready.get_locked()
            if row is not None:
                row.claim(self.worker_id)
        return row

    def run_task(self, db_task_result: Row) -> None:
        super().run_task(db_task_result)
        settle(db_task_result)


def settle(row: Row) -> None:
    """After an attempt: done, or again later, or failed for good."""
    if row.status == TaskResultStatus.SUCCESSFUL:
        due.finish(row.pk)
    elif row.status == TaskResultStatus.FAILED:
        _again_or_never(row)


def _again_or_never(row: Row) -> None:
    attempts = len(row.worker_ids)
    failed = DBTaskResult.objects.filter(pk=row.pk, status=TaskResultStatus.FAILED)
    error = row.exception_class_path.rpartition(".")[2]
    if attempts >= ATTEMPTS or row.exception_class_path in _REFUSALS:
        failed.update(traceback=without_addresses(row.traceback))
        due.finish(row.pk, error=error or "failed")
        logger.error("task %s failed for good after %d attempts: %s", row.task_path, attempts, error)
        return
    again = timezone.now() + dt.timedelta(seconds=back_off(attempts))
    failed.update(
        status=TaskResultStatus.READY,
        run_after=again,
        finished_at=None,
        traceback=without_addresses(row.traceback),
    )
    logger.warning("task %s failed (attempt %d): %s; again later", row.task_path, attempts, error)


def back_off(attempts: int) -> int:
    """Seconds to wait after so many attempts: 10, 40, 160, 640."""
    return int(10 * 4 ** (attempts - 1))


def recover(now: datetime) -> int:
    """Take over tasks of workers that went silent, and settle failures a killed worker left; how many."""
    alive = set(WorkerBeat.objects.filter(seen_at__gt=now - SILENT_AFTER).values_list("worker_id", flat=True))
    running = DBTaskResult.objects.filter(status=TaskResultStatus.RUNNING, started_at__lt=now - SILENT_AFTER)
    orphans = [row for row in running if not row.worker_ids or row.worker_ids[-1] not in alive]
    return _take_over(orphans) + _settle_left(now)


def _take_over(orphans: Iterable[Row]) -> int:
    taken = 0
    for row in orphans:
        # The same attempt and no newer one: of two reapers, or a reaper and a late worker, one goes on.
        same = DBTaskResult.objects.filter(
            pk=row.pk, status=TaskResultStatus.RUNNING, started_at=row.started_at
        )
        given_up = len(row.worker_ids) >= ATTEMPTS
        if given_up:
            changed = same.update(
                status=TaskResultStatus.FAILED,
                finished_at=timezone.now(),
                exception_class_path="convene.foundation.jobs.queue.WorkerKilled",
            )
        else:
            changed = same.update(status=TaskResultStatus.READY, started_at=None)
        if changed and given_up:
            due.finish(row.pk, error="WorkerKilled")
        taken += changed
    if taken:
        logger.warning("took over %d tasks of a silent worker", taken)
    return taken


def _settle_left(now: datetime) -> int:
    recent = DBTaskResult.objects.filter(
        status=TaskResultStatus.FAILED, finished_at__gt=now - dt.timedelta(hours=1)
    )
    left = [
        row for row in recent if len(row.worker_ids) < ATTEMPTS and row.exception_class_path not in _REFUSALS
    ]
    for row in left:
        _again_or_never(row)
    return len(left)


class WorkerKilled(Exception):
    """Each worker that took the task was killed while it ran: perhaps by the task itself."""


def forget_finished(now: datetime) -> None:
    """Rows of the queue are kept two weeks, failed ones three months."""
    for status, days in ((TaskResultStatus.SUCCESSFUL, 14), (TaskResultStatus.FAILED, 90)):
        DBTaskResult.objects.filter(status=status, finished_at__lt=now - dt.timedelta(days=days)).delete()
    WorkerBeat.objects.filter(seen_at__lt=now - dt.timedelta(days=7)).delete()
