"""Run what handlers have enqueued, in this process, as a worker would."""

from __future__ import annotations

from convene.foundation.jobs.queue import Queue


def run_tasks(worker_id: str = "tests") -> int:
    """Everything that is ready, and what that enqueues in turn; how many. A failed task is an error."""
    done = 0
    while ran := Queue(worker_id).run_ready():
        done += ran
    from django_tasks import TaskResultStatus
    from django_tasks_db.models import DBTaskResult

    failed = DBTaskResult.objects.filter(status=TaskResultStatus.FAILED).first()
    if failed is not None:
        raise AssertionError(failed.traceback)
    return done
