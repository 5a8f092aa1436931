"""How evenly a room's time was shared; a figure about the room, never a list of people."""

from __future__ import annotations

from collections.abc import Collection


def gini(seconds: Collection[float]) -> float:
    """Of everybody present, the silent ones too: 0 when all spoke alike, (n - 1)/n when one spoke alone.

    Half the mean absolute difference over the mean (Gini 1912); 0 for nobody, or when nobody spoke.
    Raises ValueError for a negative number.
    """
    ordered = sorted(seconds)
    total = sum(ordered)
    if ordered and ordered[0] < 0:
        raise ValueError("nobody speaks for less than no time")
    if total == 0:
        return 0.0
    count = len(ordered)
    weighted = sum((2 * place - count - 1) * each for place, each in enumerate(ordered, start=1))
    return max(0.0, weighted / (count * total))


def share(own: float, seconds: Collection[float]) -> float:
    """One's own part of all time spoken, between 0 and 1; for that person's eyes only."""
    total = sum(seconds)
    return own / total if total > 0 else 0.0
