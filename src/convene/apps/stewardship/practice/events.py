"""What happens to guided practice. `subject_id` is the practice's id."""

from __future__ import annotations

from dataclasses import dataclass

from convene.foundation.events import Event


@dataclass(frozen=True, kw_only=True)
class PracticeOffered(Event):
    name = "practice_offered"


@dataclass(frozen=True, kw_only=True)
class PracticeAsked(Event):
    """The host is told who would like to come."""

    name = "practice_asked"


@dataclass(frozen=True, kw_only=True)
class PracticeAgreed(Event):
    """The guest is told."""

    name = "practice_agreed"


@dataclass(frozen=True, kw_only=True)
class PracticeNotAgreed(Event):
    """The host said no, or the guest took the wish back: it is offered again."""

    name = "practice_not_agreed"


@dataclass(frozen=True, kw_only=True)
class PracticeLogged(Event):
    name = "practice_logged"
    minutes: int


@dataclass(frozen=True, kw_only=True)
class PracticeEnded(Event):
    name = "practice_ended"


@dataclass(frozen=True, kw_only=True)
class PracticeWithdrawn(Event):
    name = "practice_withdrawn"
