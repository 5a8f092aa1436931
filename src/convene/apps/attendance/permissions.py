"""Who keeps the door, who decides on a contest, whose record is whose."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from convene.apps.seats.permissions import can_work_door
from convene.apps.workshops.permissions import can_plan

if TYPE_CHECKING:
    from convene.apps.communities.permissions import Actor
    from convene.apps.workshops.models import Workshop


class Permission(StrEnum):
    KEEP_DOOR = "attendance:door"
    DECIDE_CONTEST = "attendance:decide"
    CONTEST_OWN = "attendance:contest"


def can_keep_door(actor: Actor, workshop: Workshop) -> bool:
    """Whoever may let people in: stewards, facilitators, hosts and door helpers."""
    return can_work_door(actor, workshop)


def can_decide(actor: Actor, workshop: Workshop) -> bool:
    return can_plan(actor, workshop)
