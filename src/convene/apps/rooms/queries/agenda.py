"""The agenda with its clock, as every page shows it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from convene.apps.rooms.models import Block, Room
from convene.apps.rooms.rules import agenda as rules


@dataclass(frozen=True)
class Line:
    """A block and when it runs. `left_out`: the session ended before it began."""

    block: Block
    at: rules.Stretch
    left_out: bool = False

    @property
    def over(self) -> bool:
        return self.block.ended_at is not None

    @property
    def on(self) -> bool:
        return self.block.started_at is not None and self.block.ended_at is None


@dataclass(frozen=True)
class Agenda:
    """`late`: minutes by which it ends, or ended, after the session should; negative: before."""

    lines: list[Line]
    ends_at: datetime
    late: int
    is_over: bool = False

    @property
    def on(self) -> Line | None:
        return next((line for line in self.lines if line.on), None)

    @property
    def next(self) -> Line | None:
        return next((line for line in self.lines if line.block.started_at is None), None)

    @property
    def before(self) -> Line | None:
        """What “back” returns to."""
        over = [line for line in self.lines if line.over]
        return max(over, key=lambda line: (line.block.ended_at, line.block.position)) if over else None

    @property
    def due_at(self) -> datetime | None:
        """When the block that is on should end."""
        return rules.due_at(self.on.block) if self.on else None

    @property
    def early(self) -> int:
        return max(0, -self.late)

    @property
    def minutes(self) -> int:
        return sum(line.block.minutes for line in self.lines)


def agenda_of(room: Room, now: datetime) -> Agenda:
    """One query."""
    session = room.session
    blocks = list(room.blocks.select_related("host"))
    stretches = rules.reflow(blocks, room.started_at or session.starts_at, room.ended_at or now)
    ends_at = room.ended_at or (stretches[-1].ends_at if stretches else session.ends_at)
    is_over = room.ended_at is not None
    lines = [
        Line(block, at, left_out=is_over and block.started_at is None)
        for block, at in zip(blocks, stretches, strict=True)
    ]
    return Agenda(lines, ends_at, rules.minutes_late(ends_at, session.ends_at), is_over)
