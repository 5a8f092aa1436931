"""What stewards do to notices."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from convene.foundation.events import Event


@dataclass(frozen=True, kw_only=True)
class NoticeEdited(Event):
    """`subject_id` is the workshop's."""

    name = "notice_edited"
    kind: str
    on: bool


@dataclass(frozen=True, kw_only=True)
class LetterWritten(Event):
    """`subject_id` is the letter's."""

    name = "letter_written"
    workshop_id: UUID
    readers: int
