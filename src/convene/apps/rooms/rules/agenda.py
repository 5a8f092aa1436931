"""The clock of an agenda: what began when, what ends when, and how far that is from the plan."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from django.utils.translation import gettext as _

from convene.foundation.errors import RuleBroken

MINUTES = (1, 480)
STEP = 5
"""Minutes given or taken by one press."""
TOLERATED = timedelta(minutes=1)
"""A minute is neither early nor late."""


class Timeable(Protocol):
    """What the clock needs of a block."""

    minutes: int
    extended: int
    started_at: datetime | None
    ended_at: datetime | None


@dataclass(frozen=True)
class Stretch:
    """When a block runs: as it was where it is over, as it will be if nothing changes where it is not."""

    starts_at: datetime
    ends_at: datetime


def reflow(blocks: Sequence[Timeable], starts_at: datetime, now: datetime) -> list[Stretch]:
    """One stretch for each block, in order.

    `starts_at`: when the session starts, as planned or as it was. A block that is on and over its time pushes
    the rest along, minute by minute; a coming block never begins in the past once the session runs.
    """
    clock, found = starts_at, []
    running = any(block.started_at for block in blocks)
    for block in blocks:
        begins = block.started_at or (max(clock, now) if running else clock)
        planned = begins + timedelta(minutes=max(0, block.minutes + block.extended))
        if block.ended_at is not None:
            ends = block.ended_at
        elif block.started_at is not None:
            ends = max(planned, now)
        else:
            ends = planned
        found.append(Stretch(begins, ends))
        clock = ends
    return found


def due_at(block: Timeable) -> datetime | None:
    """When the block that is on should end; None before it began."""
    if block.started_at is None:
        return None
    return block.started_at + timedelta(minutes=max(0, block.minutes + block.extended))


def minutes_late(ends_at: datetime, planned: datetime) -> int:
    """By how many whole minutes the session ends after its planned end; negative: before."""
    late = ends_at - planned
    return 0 if abs(late) < TOLERATED else int(late.total_seconds() // 60)


def check_block(title: str, minutes: int) -> str:
    """The title without spaces around it."""
    tidy = title.strip()
    if not tidy:
        raise RuleBroken(_("Say in a few words what happens."), code="empty", field="title")
    least, most = MINUTES
    if not least <= minutes <= most:
        raise RuleBroken(
            _("Between %(least)d and %(most)d minutes.") % {"least": least, "most": most},
            code="minutes",
            field="minutes",
        )
    return tidy


def check_not_begun(started_at: datetime | None) -> None:
    if started_at is not None:
        raise RuleBroken(_("This part has begun; it stays in the agenda as it was."), code="begun")


def check_extension(minutes: int, extended: int) -> None:
    """A block keeps at least a minute of what was planned and given."""
    if minutes + extended < 1:
        raise RuleBroken(_("Nothing is left to take from this part. Go on to the next."), code="too_short")
