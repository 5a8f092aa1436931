"""What may be shown about how people voted; each threshold and its test: docs/reference/disclosure.md."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum

from django.utils.translation import gettext as _

K = 5
"""Nothing is shown about fewer people; counts move in batches of at least as many votes."""
K_GROUPS = 10
"""A share within an opinion group is shown when as many of the group voted on the statement."""
ROOM = 12
"""Up to so many voters, only words: a share of eight people says too much about each."""
DOTS = 30
"""There is a picture of people from so many on; each dot is five of them or more."""
NEARLY, DIVIDED = 0.8, 1 / 3
Z = 1.96
MOST, LEAST = 95, 5
"""Hundredths beyond which a share is told no closer."""


class Stand(StrEnum):
    """How those who voted on a statement stand to it, in words."""

    TOGETHER = "together"
    AGAINST = "against"
    DIVIDED = "divided"
    MIXED = "mixed"


@dataclass(frozen=True)
class Counts:
    """Released votes on one statement."""

    agreed: int
    disagreed: int
    passed: int

    @property
    def voters(self) -> int:
        return self.agreed + self.disagreed + self.passed

    @property
    def share(self) -> float:
        """Of those who voted, passing counted: who agrees."""
        return self.agreed / self.voters if self.voters else 0.0


def shows_anything(counts: Counts) -> bool:
    return counts.voters >= K


def shows_shares(counts: Counts) -> bool:
    return counts.voters > ROOM


def stand(counts: Counts) -> Stand:
    """In words alone. Never “all”: that would be everyone's vote."""
    agreed, disagreed = counts.agreed / counts.voters, counts.disagreed / counts.voters
    if agreed >= NEARLY:
        return Stand.TOGETHER
    if disagreed >= NEARLY:
        return Stand.AGAINST
    if agreed >= DIVIDED and disagreed >= DIVIDED:
        return Stand.DIVIDED
    return Stand.MIXED


def stand_words(found: Stand) -> str:
    return {
        Stand.TOGETHER: _("largely agreed"),
        Stand.AGAINST: _("largely rejected"),
        Stand.DIVIDED: _("divided"),
        Stand.MIXED: _("mixed"),
    }[found]


def interval(part: int, whole: int) -> tuple[float, float]:
    """Wilson's score interval of a share, 95 %; whole > 0. E. B. Wilson, JASA 22 (1927)."""
    share, square = part / whole, Z * Z
    middle = (share + square / (2 * whole)) / (1 + square / whole)
    half = Z / (1 + square / whole) * math.sqrt(share * (1 - share) / whole + square / (4 * whole * whole))
    return max(0.0, min(share, middle - half)), min(1.0, max(share, middle + half))


def sureness(part: int, whole: int) -> str:
    """The interval in words, to the nearest five in a hundred outwards."""
    low, high = interval(part, whole)
    bounds = {"low": math.floor(low * 20) * 5, "high": math.ceil(high * 20) * 5}
    return _("between %(low)d and %(high)d %% if others like them were asked") % bounds


def share_told(part: int, whole: int) -> int:
    """In hundredths, never beyond `MOST` or below `LEAST`: nearly all, or nearly nobody, is near enough."""
    return min(MOST, max(LEAST, round(100 * part / whole)))


def share_words(percent: int) -> str:
    if percent >= MOST:
        return _("%(share)d %% or more") % {"share": MOST}
    if percent <= LEAST:
        return _("%(share)d %% or fewer") % {"share": LEAST}
    return _("%(share)d %%") % {"share": percent}


def told(counts: Counts) -> tuple[object, ...]:
    """Everything a page says of one statement."""
    if not shows_anything(counts):
        return ()
    if not shows_shares(counts):
        return (stand(counts),)
    agreed, disagreed = (share_told(part, counts.voters) for part in (counts.agreed, counts.disagreed))
    if agreed in {MOST, LEAST}:
        return stand(counts), agreed, sureness_of(agreed, counts)
    return stand(counts), agreed, disagreed, sureness_of(agreed, counts)


def sureness_of(percent: int, counts: Counts) -> str:
    """As `sureness`; at either end, of the share that is told and not of the one behind it."""
    if percent in {MOST, LEAST}:
        return sureness(round(percent * counts.voters / 100), counts.voters)
    return sureness(counts.agreed, counts.voters)


def gives_away(after: Counts, batch: Counts) -> bool:
    """Whether what is told after a batch says how every one in it voted.

    It may when all of the batch voted alike. It does not when the same would be told had one of them voted
    otherwise: nearly everyone's agreement stays visible, and nobody's vote is certain.
    """
    kinds = (batch.agreed, batch.disagreed, batch.passed)
    if sum(kind > 0 for kind in kinds) > 1:
        return False
    like = next(at for at, kind in enumerate(kinds) if kind)
    return all(told(_moved(after, like, other)) != told(after) for other in range(3) if other != like)


def _moved(counts: Counts, one: int, other: int) -> Counts:
    parts = [counts.agreed, counts.disagreed, counts.passed]
    parts[one] -= 1
    parts[other] += 1
    return Counts(*parts)


def batch_is_full(waiting: int) -> bool:
    """Whether so many new or changed votes on a statement may be counted in."""
    return waiting >= K
