"""The due-table's clock: what is due goes to the queue, once."""

from __future__ import annotations

import datetime as dt
import logging
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.utils.module_loading import import_string
from django_tasks.base import Task

from convene.foundation.jobs.models import DueJob

logger = logging.getLogger(__name__)
HAND_OVER_ATTEMPTS = 5
_BATCH = 100


def hand_over_due(now: datetime) -> int:
    """Enqueue the task of each due job; how many. Two workers at once never enqueue one job twice."""
    due = DueJob.objects.filter(state=DueJob.State.WAITING, due_at__lte=now)
    ids = list(due.order_by("due_at").values_list("pk", flat=True)[:_BATCH])
    return sum(_hand_over(pk, now) for pk in ids)


def _hand_over(pk: UUID, now: datetime) -> bool:
    try:
        with transaction.atomic():
            if not claim(pk, now):
                return False
            job = DueJob.objects.get(pk=pk)
            task: Task[..., object] = import_string(job.task)
            result = task.enqueue(**job.args)
            DueJob.objects.filter(pk=pk).update(result_id=result.id)
    except Exception as error:
        logger.exception("due job %s could not be queued", pk)
        _put_back(pk, now, error)
        return False
    return True


def claim(pk: UUID, now: datetime) -> bool:
    """Whether this caller, and no other, may hand the job over; inside a transaction."""
    claimed = DueJob.objects.filter(pk=pk, state=DueJob.State.WAITING, due_at__lte=now)
    return claimed.update(state=DueJob.State.QUEUED, attempts=F("attempts") + 1) == 1


def _put_back(pk: UUID, now: datetime, error: Exception) -> None:
    """Later again, each time four times later; after the last attempt it stays failed."""
    waiting = DueJob.objects.filter(pk=pk, state=DueJob.State.WAITING, due_at__lte=now)
    attempts = waiting.values_list("attempts", flat=True).first()
    if attempts is None:
        return
    attempts += 1
    failed = attempts >= HAND_OVER_ATTEMPTS
    waiting.update(
        attempts=attempts,
        error=type(error).__name__,
        state=DueJob.State.FAILED if failed else DueJob.State.WAITING,
        due_at=now + dt.timedelta(seconds=10 * 4 ** (attempts - 1)),
    )


def finish(result_id: UUID | str, *, error: str = "") -> None:
    """The queue is done with the task of a due job, well or for good."""
    DueJob.objects.filter(result_id=result_id, state=DueJob.State.QUEUED).update(
        state=DueJob.State.FAILED if error else DueJob.State.DONE, error=error
    )
