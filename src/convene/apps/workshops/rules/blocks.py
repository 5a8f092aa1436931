"""The run of a session as people type it: one block a line, minutes first."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass

_LINE = re.compile(r"^\s*(?P<minutes>\d{1,3})\s*(?:min(?:utes)?\.?|['′])?\s*[:–-]?\s+(?P<text>\S.*)$")


@dataclass(frozen=True)
class Block:
    """`minutes` None: a line without a number, a note to those who facilitate."""

    minutes: int | None
    text: str


@dataclass(frozen=True)
class TimedBlock:
    block: Block
    starts_at: dt.datetime | None
    ends_at: dt.datetime | None


def parse_blocks(text: str) -> list[Block]:
    blocks = []
    for line in text.splitlines():
        if not line.strip():
            continue
        match = _LINE.match(line)
        if match:
            blocks.append(Block(int(match["minutes"]), match["text"].strip()))
        else:
            blocks.append(Block(None, line.strip()))
    return blocks


def total_minutes(blocks: Sequence[Block]) -> int:
    return sum(block.minutes or 0 for block in blocks)


def timed(blocks: Sequence[Block], starts_at: dt.datetime) -> list[TimedBlock]:
    """Each block with the clock it begins and ends at; notes have none."""
    clock, found = starts_at, []
    for block in blocks:
        if block.minutes is None:
            found.append(TimedBlock(block, None, None))
            continue
        end = clock + dt.timedelta(minutes=block.minutes)
        found.append(TimedBlock(block, clock, end))
        clock = end
    return found
