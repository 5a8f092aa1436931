"""Who may plan, lead and see a workshop."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING
from uuid import UUID

from convene.apps.communities.permissions import is_steward
from convene.apps.workshops.models import Facilitation, Workshop

if TYPE_CHECKING:
    from convene.apps.communities.permissions import Actor


class Permission(StrEnum):
    PLAN_WORKSHOP = "workshop:plan"
    LEAD_WORKSHOP = "workshop:lead"
    ANSWER_INVITATION = "workshop:answer"


def can_create(actor: Actor, community_id: UUID) -> bool:
    return is_steward(actor, community_id)


def can_plan(actor: Actor, workshop: Workshop) -> bool:
    """Stewards of its community."""
    return is_steward(actor, workshop.community_id)


def can_lead(actor: Actor, workshop: Workshop) -> bool:
    """Stewards, and facilitators who accepted: room, door, attendance; never the seat policy."""
    if not actor.is_authenticated or not actor.is_active:
        return False
    accepted = Facilitation.objects.filter(
        workshop=workshop, person_id=actor.pk, state=Facilitation.State.ACCEPTED
    )
    return accepted.exists() or can_plan(actor, workshop)
