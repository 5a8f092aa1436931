"""What happens in a live session. `subject_id` is the room's unless said otherwise."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from convene.foundation.events import Event


@dataclass(frozen=True, kw_only=True)
class SessionStarted(Event):
    name = "session_started"
    session_id: UUID


@dataclass(frozen=True, kw_only=True)
class BlockStarted(Event):
    """`subject_id` is the block's."""

    name = "block_started"
    room_id: UUID


@dataclass(frozen=True, kw_only=True)
class BlockChangedLength(Event):
    """Minutes were given or taken while it ran. `subject_id` is the block's."""

    name = "block_changed_length"
    room_id: UUID
    minutes: int


@dataclass(frozen=True, kw_only=True)
class SessionEnded(Event):
    name = "session_ended"
    session_id: UUID


@dataclass(frozen=True, kw_only=True)
class SessionResumed(Event):
    """Its end was a mistake, and taken back within minutes."""

    name = "session_resumed"
    session_id: UUID


@dataclass(frozen=True, kw_only=True)
class DebriefSaved(Event):
    """Those who facilitated wrote down how it went, or wrote it anew."""

    name = "debrief_saved"
    session_id: UUID
    revision: int


@dataclass(frozen=True, kw_only=True)
class AgendaChanged(Event):
    """A block was added, moved, edited or removed."""

    name = "agenda_changed"


@dataclass(frozen=True, kw_only=True)
class ParticipantArrived(Event):
    """Came, or came back. `subject_id` is the participant's."""

    name = "participant_arrived"
    room_id: UUID


@dataclass(frozen=True, kw_only=True)
class ParticipantLeft(Event):
    """Went, or was never there after all. `subject_id` is the participant's."""

    name = "participant_left"
    room_id: UUID


@dataclass(frozen=True, kw_only=True)
class TurnsSwitched(Event):
    """Turns are taken in this room from now on, or no more."""

    name = "turns_switched"
    on: bool


@dataclass(frozen=True, kw_only=True)
class QuestionAsked(Event):
    """`subject_id` is the question's. Of an anonymous one nobody is recorded as having asked."""

    name = "question_asked"
    anonymous: bool


@dataclass(frozen=True, kw_only=True)
class QuestionSettled(Event):
    """`subject_id` is the question's."""

    name = "question_settled"
    state: str


@dataclass(frozen=True, kw_only=True)
class GroupsPublished(Event):
    """`subject_id` is the grouping's."""

    name = "groups_published"
    groups: int
    rounds: int


@dataclass(frozen=True, kw_only=True)
class GroupsMoved(Event):
    """After people left or came: how many have a new table. `subject_id` is the grouping's."""

    name = "groups_moved"
    moved: int


@dataclass(frozen=True, kw_only=True)
class LineAmended(Event):
    """In the review, by its author, who is not named here: the line itself knows as long as it may.

    `subject_id` is the line's. `withdrawn`: they took their words back.
    """

    name = "note_line_amended"
    room_id: UUID
    withdrawn: bool


@dataclass(frozen=True, kw_only=True)
class LineRequestDecided(Event):
    """A line was put right as someone asked, or left as it is. `subject_id` is the line's."""

    name = "note_line_request_decided"
    room_id: UUID
    accepted: bool


@dataclass(frozen=True, kw_only=True)
class NotesFinal(Event):
    """The five days are over."""

    name = "notes_final"
    lines: int


@dataclass(frozen=True, kw_only=True)
class AddressesTaken(Event):
    """Someone who facilitates took the file for a video tool, with so many people's mail addresses.

    `subject_id` is the grouping's.
    """

    name = "addresses_taken"
    people: int
