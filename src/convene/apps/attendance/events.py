"""What becomes known about presence. `subject_id` is the registration's unless said otherwise."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from convene.foundation.events import Event


@dataclass(frozen=True, kw_only=True)
class AttendanceRecorded(Event):
    name = "attendance_recorded"
    workshop_id: UUID
    session_id: UUID
    state: str
    source: str


@dataclass(frozen=True, kw_only=True)
class AttendanceContested(Event):
    """`subject_id` is the contest's."""

    name = "attendance_contested"
    workshop_id: UUID


@dataclass(frozen=True, kw_only=True)
class ContestDecided(Event):
    """`subject_id` is the contest's."""

    name = "contest_decided"
    workshop_id: UUID
    state: str


@dataclass(frozen=True, kw_only=True)
class RoomCodeMade(Event):
    """People can tick themselves off by it from now on. `subject_id` is the session's."""

    name = "room_code_made"
    workshop_id: UUID


@dataclass(frozen=True, kw_only=True)
class SessionClosed(Event):
    """Everyone still expected was absent. `subject_id` is the session's."""

    name = "session_closed"
    workshop_id: UUID
    absent: int


@dataclass(frozen=True, kw_only=True)
class FeedbackReceived(Event):
    """`subject_id` is the workshop's; who answered stays unsaid."""

    name = "feedback_received"


@dataclass(frozen=True, kw_only=True)
class AttendanceImported(Event):
    """`subject_id` is the session's."""

    name = "attendance_imported"
    workshop_id: UUID
    recorded: int
