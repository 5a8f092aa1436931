"""What happens to a person's record. `subject_id` is the person's id."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from convene.foundation.events import Event


@dataclass(frozen=True, kw_only=True)
class ConsentGiven(Event):
    name = "consent_given"
    purpose: str
    scope_id: UUID | None


@dataclass(frozen=True, kw_only=True)
class ConsentWithdrawn(Event):
    """What was kept by that consent must go: who keeps it reacts in web/wiring.py."""

    name = "consent_withdrawn"
    purpose: str
    scope_id: UUID | None


@dataclass(frozen=True, kw_only=True)
class PersonErased(Event):
    """Every registered eraser has run; only the id is left."""

    name = "person_erased"
