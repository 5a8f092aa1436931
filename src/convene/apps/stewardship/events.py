"""What is decided for audiences, and aimed at by workshops."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from convene.foundation.events import Event


@dataclass(frozen=True, kw_only=True)
class AudienceAdded(Event):
    """`subject_id` is the audience's id."""

    name = "audience_added"


@dataclass(frozen=True, kw_only=True)
class AudienceChanged(Event):
    """`subject_id` is the audience's id."""

    name = "audience_changed"


@dataclass(frozen=True, kw_only=True)
class AudiencePutAway(Event):
    """It is decided for no longer. `subject_id` is the audience's id."""

    name = "audience_put_away"


@dataclass(frozen=True, kw_only=True)
class AudienceDecided(Event):
    """How deep and by which route, for one outcome. `subject_id` is the audience's id."""

    name = "audience_decided"
    outcome_id: UUID


@dataclass(frozen=True, kw_only=True)
class DecisionWithdrawn(Event):
    """It is open again. `subject_id` is the audience's id."""

    name = "decision_withdrawn"
    outcome_id: UUID


@dataclass(frozen=True, kw_only=True)
class ProposalPlanned(Event):
    """Decisions became a draft. `subject_id` is the workshop's id."""

    name = "proposal_planned"
    decision_ids: tuple[UUID, ...]


@dataclass(frozen=True, kw_only=True)
class AimsChanged(Event):
    """`subject_id` is the workshop's id."""

    name = "aims_changed"
    outcome_ids: tuple[UUID, ...]
