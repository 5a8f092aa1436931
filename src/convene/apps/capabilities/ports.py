"""Questions the capability map asks of higher apps, plugged in `web/wiring.py`."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from uuid import UUID

LastTaught = Callable[[UUID], Mapping[tuple[UUID, UUID], dt.date]]
"""Of a community: (person, outcome) -> the day they last held a workshop that aimed at it."""


class _Ports:
    last_taught: LastTaught | None = None


_ports = _Ports()


def plug(*, last_taught: LastTaught) -> None:
    """Called by wiring.py alone."""
    _ports.last_taught = last_taught


def last_taught(community_id: UUID) -> Mapping[tuple[UUID, UUID], dt.date]:
    return _ports.last_taught(community_id) if _ports.last_taught else {}
