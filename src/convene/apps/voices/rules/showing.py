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


def batch_is_full(waiting: int) -> bool:
    """Whether so many new or changed votes on a statement may be counted in."""
    return waiting >= K
