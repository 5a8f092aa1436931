"""Jobs carry ids, but what went wrong may quote an address: forgetting that."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any

from django.db import models
from django.db.models import Q
from django.db.models.functions import Cast
from django_tasks_db.models import DBTaskResult

from convene.foundation.jobs.models import DueJob
from convene.foundation.privacy.scrub import Traces

_JSON = {"args", "args_kwargs", "return_value"}


def forget_in_due_jobs(traces: Traces) -> None:
    _forget(DueJob, ("args", "error"), traces)


def forget_in_task_results(traces: Traces) -> None:
    _forget(DBTaskResult, ("args_kwargs", "return_value", "traceback"), traces)


def _forget(model: type[models.Model], names: tuple[str, ...], traces: Traces) -> None:
    for row in _holding(model, names, traces):
        for name in names:
            value = getattr(row, name)
            setattr(row, name, traces.scrubbed_json(value) if name in _JSON else traces.scrubbed(value))
        row.save(update_fields=list(names))


def _holding(model: type[models.Model], names: Iterable[str], traces: Traces) -> Iterator[Any]:
    """Rows in whose text one of the words stands; JSON keeps letters beyond ASCII as escapes."""
    rows = model._default_manager.annotate(  # noqa: SLF001  # Django's documented way to a model's manager
        **{f"{name}_text": Cast(name, models.TextField()) for name in names}
    )
    found = Q()
    for word in traces.words:
        for form in {word, json.dumps(word)[1:-1]}:
            for name in names:
                found |= Q(**{f"{name}_text__icontains": form})
    return rows.filter(found).iterator() if found else iter(())
