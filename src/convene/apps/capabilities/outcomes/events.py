"""What happens to the capability map. `subject_id` is the outcome's id unless said otherwise."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from convene.foundation.events import Event


@dataclass(frozen=True, kw_only=True)
class OutcomeAdded(Event):
    name = "outcome_added"


@dataclass(frozen=True, kw_only=True)
class OutcomeChanged(Event):
    name = "outcome_changed"


@dataclass(frozen=True, kw_only=True)
class OutcomeTakenOff(Event):
    """It left the map; what rests on it stays readable."""

    name = "outcome_taken_off"


@dataclass(frozen=True, kw_only=True)
class OutcomePutBack(Event):
    name = "outcome_put_back"


@dataclass(frozen=True, kw_only=True)
class MapBroughtIn(Event):
    """From a CASE file. `subject_id` is the community's id."""

    name = "map_brought_in"
    new: int
    changed: int


@dataclass(frozen=True, kw_only=True)
class TeacherQualified(Event):
    """`subject_id` is the qualification's id."""

    name = "teacher_qualified"
    outcome_id: UUID


@dataclass(frozen=True, kw_only=True)
class QualificationEnded(Event):
    """`subject_id` is the qualification's id."""

    name = "qualification_ended"
    outcome_id: UUID
