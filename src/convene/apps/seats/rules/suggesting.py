"""Targets suggested from who the members are, by figures that anyone on the page may read.

A suggestion is worked out from nothing but the counts that are shown: it tells no more than they do, so an
answer that fewer than five gave, and one whose count is hidden to protect another, gets no target.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor


@dataclass(frozen=True)
class Share:
    """How many members gave one answer, and how many of those asking; None: not shown."""

    value: str
    members: int | None
    asking: int | None = None


@dataclass(frozen=True)
class Wish:
    """Least and most seats for one answer."""

    least: int
    most: int


def suggest(
    shares: Sequence[Share], *, members: int, answered: int, seats: int, room: int = 0
) -> dict[str, Wish]:
    """Least and most for the answers to one question, in proportion to the members.

    `members` are all, `answered` those of them who gave any answer. At least: the answer's share of all
    members, at most: its share of those who answered, each made roomier by up to one seat and by `room`.
    So the leasts leave at least one seat free, and if every answer has a target the mosts fill all seats.
    An answer that those asking cannot give often enough has a lower least; one that would be free anyway is
    left out.
    """
    found: dict[str, Wish] = {}
    for share in shares:
        if share.members is None or not members or not answered:
            continue
        least = max(0, ceil(Fraction(seats * share.members, members)) - 1 - room)
        most = min(seats, floor(Fraction(seats * share.members, answered)) + 1 + room)
        if least > 0 or most < seats:
            found[share.value] = Wish(least, most)
    return found


def within(wishes: dict[str, Wish], shares: Sequence[Share]) -> dict[str, Wish]:
    """No least above the number asking that is shown; where none is shown, no least."""
    asking = {share.value: share.asking for share in shares}
    return {value: Wish(min(wish.least, asking.get(value) or 0), wish.most) for value, wish in wishes.items()}


def rooms(seats: int) -> list[int]:
    """From tight to free: with the last there is no target left."""
    found, room = [], 0
    while room < seats:
        found.append(room)
        room = room + 1 + room // 2
    return [*found, seats]
