"""Meetings of the past weigh less and less: half after so many days, a quarter after twice as many."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable

from convene.engines.grouping.people import Met


def decayed(meetings: Iterable[tuple[str, str, float]], half_life_days: float = 180) -> list[Met]:
    """One `Met` for each pair, of (one, other, days ago); the order given does not matter.

    Raises ValueError for a half-life that is not above 0, or a meeting in the future.
    """
    if not half_life_days > 0:
        raise ValueError("a half-life is longer than no time")
    times: dict[tuple[str, str], list[float]] = defaultdict(list)
    for one, other, days in meetings:
        if not days >= 0:
            raise ValueError("a meeting lies in the past")
        if one != other:
            times[min(one, other), max(one, other)].append(0.5 ** (days / half_life_days))
    return [Met(*pair, math.fsum(each)) for pair, each in sorted(times.items())]
