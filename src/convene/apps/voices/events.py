"""What happens in an inquiry, never who voted. `subject_id` is the inquiry's unless said otherwise."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from convene.foundation.events import Event


@dataclass(frozen=True, kw_only=True)
class InquiryMade(Event):
    name = "inquiry_made"


@dataclass(frozen=True, kw_only=True)
class InquiryOpened(Event):
    name = "inquiry_opened"


@dataclass(frozen=True, kw_only=True)
class InquiryClosed(Event):
    name = "inquiry_closed"


@dataclass(frozen=True, kw_only=True)
class StatementAccepted(Event):
    """`subject_id` is the statement's."""

    name = "statement_accepted"
    inquiry_id: UUID


@dataclass(frozen=True, kw_only=True)
class StatementTakenOut(Event):
    """`subject_id` is the statement's; its reason stands beside it for everyone."""

    name = "statement_taken_out"
    inquiry_id: UUID


@dataclass(frozen=True, kw_only=True)
class InvitationsMade(Event):
    name = "invitations_made"
    count: int


@dataclass(frozen=True, kw_only=True)
class OpenExportBroughtIn(Event):
    """Another conversation's statements and votes; nobody here was asked."""

    name = "open_export_brought_in"
    statements: int
    votes: int


@dataclass(frozen=True, kw_only=True)
class TopicPlanned(Event):
    """A chosen topic became a draft workshop. `subject_id` is the statement's."""

    name = "topic_planned"
    inquiry_id: UUID
    workshop_id: UUID


@dataclass(frozen=True, kw_only=True)
class PulseMade(Event):
    """`subject_id` is the pulse's; so in the three that follow."""

    name = "pulse_made"


@dataclass(frozen=True, kw_only=True)
class PulseAsked(Event):
    name = "pulse_asked"
    count: int


@dataclass(frozen=True, kw_only=True)
class PulseClosed(Event):
    name = "pulse_closed"


@dataclass(frozen=True, kw_only=True)
class PulseReplied(Event):
    """You said, we did."""

    name = "pulse_replied"
