"""What happens between people who met. That one of two said yes is no event: nobody may read it anywhere."""

from __future__ import annotations

from dataclasses import dataclass

from convene.foundation.events import Event


@dataclass(frozen=True, kw_only=True)
class ContactsExchanged(Event):
    """Both said yes. `subject_id` is the exchange's."""

    name = "contacts_exchanged"


@dataclass(frozen=True, kw_only=True)
class IntroductionsSuggested(Event):
    """After a session: how many. `subject_id` is the session's."""

    name = "introductions_suggested"
    count: int


@dataclass(frozen=True, kw_only=True)
class IntroductionMade(Event):
    """Both said yes. `subject_id` is the introduction's."""

    name = "introduction_made"


@dataclass(frozen=True, kw_only=True)
class PicturePublished(Event):
    """How groups met in a closed quarter. `subject_id` is the picture's."""

    name = "picture_published"
    period: str
