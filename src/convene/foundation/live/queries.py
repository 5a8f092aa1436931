from __future__ import annotations

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
