"""How the queue is doing, for `doctor` and the stewards' Today."""

from __future__ import annotations

import datetime as dt
from datetime import datetime

from django.db.models import Q
from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from convene.foundation.jobs.models import DueJob, WorkerBeat
from convene.foundation.jobs.queue import SILENT_AFTER

_LATE = dt.timedelta(minutes=5)


def living_workers(now: datetime) -> int:
    return WorkerBeat.objects.filter(seen_at__gt=now - SILENT_AFTER).count()


def overdue(now: datetime) -> int:
    """Due jobs nobody took, and tasks that wait though their time came."""
    jobs = DueJob.objects.filter(state=DueJob.State.WAITING, due_at__lt=now - _LATE).count()
    tasks = DBTaskResult.objects.ready().filter(
        Q(run_after__lt=now - _LATE) | Q(enqueued_at__lt=now - _LATE, started_at=None)
    )
    return jobs + tasks.count()


def failed(since: datetime) -> int:
    """Tasks that failed for good, and jobs that never became one."""
    tasks = DBTaskResult.objects.filter(status=TaskResultStatus.FAILED, finished_at__gt=since).count()
    jobs = DueJob.objects.filter(state=DueJob.State.FAILED, result_id=None, due_at__gt=since).count()
    return tasks + jobs
