"""Hours that sessions ask of members, by what they are for. Pure.

Only what the plan says is counted: how long, how many seats for members, how many facilitate. So nothing
here is about anybody who came or did not.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext as _

from convene.foundation.errors import RuleBroken

TRAINING = frozenset({"training", "skills", "informative"})
"""Where some know and others learn. All other kinds are thinking together."""
EVERYONE = "everyone"
WHOLE = 100


@dataclass(frozen=True)
class Asked:
    """One session. `seats`: None for no limit; then as many as it needs at least."""

    workshop_id: UUID
    kind: str
    audience: str
    minutes: int
    seats: int | None
    minimum: int
    facilitators: int

    @property
    def members(self) -> int:
        """In what is open to everyone the seats are others' time; those who facilitate give ours."""
        seats = 0 if self.audience == EVERYONE else self.minimum if self.seats is None else self.seats
        return seats + self.facilitators

    @property
    def member_minutes(self) -> int:
        return self.members * self.minutes


@dataclass(frozen=True)
class Shares:
    """Minutes of members' time."""

    training: int
    thinking: int

    @property
    def training_share(self) -> int | None:
        """Of a hundred; None when there is nothing."""
        whole = self.training + self.thinking
        return round(WHOLE * self.training / whole) if whole else None


def shares(sessions: Iterable[Asked]) -> Shares:
    training = thinking = 0
    for one in sessions:
        if one.kind in TRAINING:
            training += one.member_minutes
        else:
            thinking += one.member_minutes
    return Shares(training, thinking)


def by_kind(sessions: Iterable[Asked]) -> dict[str, int]:
    found: dict[str, int] = {}
    for one in sessions:
        found[one.kind] = found.get(one.kind, 0) + one.member_minutes
    return found


def goes_beyond(*, kind: str, before: Shares, after: Shares, most: int | None) -> bool:
    """Whether publishing a workshop of this kind leaves more than `most` for training, and adds to it."""
    if most is None or kind not in TRAINING or after.training == before.training:
        return False
    return (after.training_share or 0) > most


def check_target(most: int) -> None:
    if not 0 <= most <= WHOLE:
        raise RuleBroken(_("Choose a number from 0 to 100."), code="target_range", field="most_training")
