"""Figures were published, and read."""

from __future__ import annotations

from dataclasses import dataclass

from convene.foundation.events import Event


@dataclass(frozen=True, kw_only=True)
class EquityPublished(Event):
    """The figures of a closed period were published. `subject_id` is the publication's."""

    name = "equity_published"
    period: str
    kind: str


@dataclass(frozen=True, kw_only=True)
class EquityRead(Event):
    """A steward looked at published figures, or exported them. `subject_id` is the publication's."""

    name = "equity_read"
    as_table: bool
