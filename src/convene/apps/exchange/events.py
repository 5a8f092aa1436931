"""What came in and what went out. `subject_id` is the import's, or the community's for an export."""

from __future__ import annotations

from dataclasses import dataclass

from convene.foundation.events import Event


@dataclass(frozen=True, kw_only=True)
class TableImported(Event):
    name = "table_imported"
    kind: str
    rows: int


@dataclass(frozen=True, kw_only=True)
class TableExported(Event):
    name = "table_exported"
    kind: str
    rows: int
