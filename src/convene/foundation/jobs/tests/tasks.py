"""Tasks that only tests enqueue."""

import os
import time
from pathlib import Path

from django_tasks import task

from convene.foundation.errors import RuleBroken


@task()
def note(path: str, text: str = "ran") -> None:
    with Path(path).open("a") as file:
        file.write(f"{text}\n")


@task()
def fail(path: str) -> None:
    note.func(path)
    raise ValueError("no luck for ada@example.org")


@task()
def refuse(path: str) -> None:
    note.func(path)
    raise RuleBroken("Not now.", code="not_now")


@task()
def hang_the_first_time(path: str) -> None:
    """Writes who runs it; the first one never ends."""
    first = not Path(path).exists()
    note.func(path, str(os.getpid()))
    if first:
        time.sleep(300)
