"""What happens to open questions. `subject_id` is the question's id."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from convene.foundation.events import Event


@dataclass(frozen=True, kw_only=True)
class QuestionPutUp(Event):
    """It stands on the board: a member asked it, or a steward read it in notes."""

    name = "question_put_up"


@dataclass(frozen=True, kw_only=True)
class ThinkerJoined(Event):
    name = "thinker_joined"


@dataclass(frozen=True, kw_only=True)
class ThinkerLeft(Event):
    name = "thinker_left"


@dataclass(frozen=True, kw_only=True)
class ConversationPlanned(Event):
    """It became the draft of an open conversation."""

    name = "conversation_planned"
    workshop_id: UUID


@dataclass(frozen=True, kw_only=True)
class QuestionSettled(Event):
    """Answered or set aside."""

    name = "question_settled"
    answered: bool


@dataclass(frozen=True, kw_only=True)
class QuestionReopened(Event):
    name = "question_reopened"
