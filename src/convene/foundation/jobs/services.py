"""The due-table: things that happen at a time."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from convene.foundation.jobs.models import DueJob


def schedule(*, key: str, task: str, args: dict[str, Any], due_at: datetime) -> None:
    """Run the task at dotted path `task` with keyword `args` at `due_at`; the same key moves its time.

    Call it inside the transaction of what it follows from. The task must be idempotent.
    """
    DueJob.objects.update_or_create(
        key=key,
        defaults={
            "task": task,
            "args": args,
            "due_at": due_at,
            "state": DueJob.State.WAITING,
            "attempts": 0,
            "error": "",
            "result_id": None,
        },
    )


def cancel(*, key: str) -> None:
    DueJob.objects.filter(key=key, state=DueJob.State.WAITING).update(state=DueJob.State.CANCELLED)
