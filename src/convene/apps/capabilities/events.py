"""What happens to needs. `subject_id` is the need's id."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from convene.foundation.events import Event


@dataclass(frozen=True, kw_only=True)
class NeedAsked(Event):
    """Someone wishes for it: the first, or one more."""

    name = "need_asked"
    source_id: UUID


@dataclass(frozen=True, kw_only=True)
class NeedUnasked(Event):
    """Someone took their wish back."""

    name = "need_unasked"


@dataclass(frozen=True, kw_only=True)
class NeedsMerged(Event):
    name = "needs_merged"
    merged_ids: tuple[UUID, ...]


@dataclass(frozen=True, kw_only=True)
class NeedPlanned(Event):
    """It became a draft workshop. Those who asked hear of it when that is published."""

    name = "need_planned"
    workshop_id: UUID


@dataclass(frozen=True, kw_only=True)
class NeedDeclined(Event):
    """Those who asked are told why, and where else to turn."""

    name = "need_declined"


@dataclass(frozen=True, kw_only=True)
class NeedReopened(Event):
    name = "need_reopened"


@dataclass(frozen=True, kw_only=True)
class SessionRequested(Event):
    """From outside, not confirmed yet. `subject_id` is the request's id."""

    name = "session_requested"
