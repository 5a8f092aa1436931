"""Doing things in the same instant: threads that start behind a barrier, each with its own connection."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from typing import Any

from django.db import connection

from convene.foundation.errors import RuleBroken

local = threading.local()
"""What a careless twin remembers from before the race, one for each thread."""


def together(calls: Sequence[Callable[[], Any]], *, before: Callable[[], Any] | None = None) -> list[Any]:
    """The results in order; a refusal counts as its code, any other exception as itself.

    `before` runs in each thread ahead of the barrier: what a careless program has read by then.
    """
    barrier = threading.Barrier(len(calls))
    results: list[Any] = [None] * len(calls)

    def run(index: int) -> None:
        try:
            if before is not None:
                before()
            barrier.wait()
            results[index] = calls[index]()
        except RuleBroken as error:
            results[index] = error.code
        except Exception as error:  # noqa: BLE001 - the test says which are right
            results[index] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[index]) for index in range(len(calls))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results
