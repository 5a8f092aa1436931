"""What is scheduled for later exists: a dotted path in a string is invisible to the type checker."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from django.utils.module_loading import import_string
from django_tasks.base import Task

from convene.foundation.jobs import sweeps

SOURCE = Path(__file__).resolve().parents[2] / "src" / "convene"


def scheduled() -> Iterator[tuple[str, str]]:
    """(file, dotted path) of every `schedule(task="…")`."""
    for path in SOURCE.rglob("*.py"):
        if "tests" in path.parts:
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call):
                for keyword in node.keywords:
                    if keyword.arg == "task" and isinstance(keyword.value, ast.Constant):
                        yield str(path.relative_to(SOURCE)), str(keyword.value.value)


def test_each_task_that_is_scheduled_by_its_path_is_a_task():
    wrong = [(where, path) for where, path in scheduled() if not isinstance(import_string(path), Task)]
    assert wrong == []


def test_each_task_takes_names_not_places():
    """The due-table calls with keywords, and rows outlive the code that wrote them."""
    paths = {path for _where, path in scheduled()}
    variable = [path for path in paths if import_string(path).func.__code__.co_flags & 0x04]
    assert variable == []


def test_sweeps_have_sensible_intervals():
    odd = [
        sweep.name
        for sweep in sweeps.registered()
        if sweep.every_seconds < 0 or sweep.every_seconds > 7 * 86_400
    ]
    assert odd == []
    assert {"mail_send", "tasks_recover"} <= {sweep.name for sweep in sweeps.registered()}
