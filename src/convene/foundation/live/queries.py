from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from convene.foundation.live.models import LiveTopic

_AT_ONCE = 900
"""Names in one statement: fewer than the least limit of parameters SQLite was ever built with."""


def versions(names: Iterable[str]) -> dict[str, int]:
    """The version of each; 0 for one that never changed."""
    wanted = list(dict.fromkeys(names))
    found = dict.fromkeys(wanted, 0)
    for start in range(0, len(wanted), _AT_ONCE):
        rows = LiveTopic.objects.filter(name__in=wanted[start : start + _AT_ONCE])
        found.update(rows.values_list("name", "version"))
    return found


def changed_since(moment: dt.datetime) -> dict[str, tuple[int, dt.datetime]]:
    """The version of each topic touched since, and when: one statement, however many are watched."""
    rows = LiveTopic.objects.filter(changed_at__gte=moment).values_list("name", "version", "changed_at")
    return {name: (version, at) for name, version, at in rows}
