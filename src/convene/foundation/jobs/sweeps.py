"""Things done again and again: each app registers its own, the worker calls them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

Sweep = Callable[[datetime], object]


@dataclass(frozen=True)
class Registered:
    name: str
    call: Sweep
    every_seconds: int


_sweeps: dict[str, Registered] = {}


def register_sweep(name: str, call: Sweep, every_seconds: int) -> None:
    """Have a worker call `call(now)` about every `every_seconds`; of several workers, one at a time.

    0: at each turn of each worker, unclaimed: `call` must be cheap when there is nothing to do, and claim
    its own rows. Either way it must be idempotent: a killed worker's sweep is called again.
    """
    _sweeps[name] = Registered(name, call, every_seconds)


def registered() -> tuple[Registered, ...]:
    return tuple(_sweeps.values())
