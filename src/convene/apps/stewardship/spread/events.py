"""What is published of the spread."""

from __future__ import annotations

from dataclasses import dataclass

from convene.foundation.events import Event


@dataclass(frozen=True, kw_only=True)
class SpreadPublished(Event):
    """`subject_id` is the publication's id."""

    name = "spread_published"
    period: str
