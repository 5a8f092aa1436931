"""What happens to a series. `subject_id` is the series' id."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from convene.foundation.events import Event


@dataclass(frozen=True, kw_only=True)
class SeriesMade(Event):
    """A workshop was repeated; the copies are drafts of their own."""

    name = "series_made"
    workshop_ids: tuple[UUID, ...]


@dataclass(frozen=True, kw_only=True)
class SeriesChanged(Event):
    """From one date on; each workshop says itself what changed for its people."""

    name = "series_changed"
    workshop_ids: tuple[UUID, ...]
