"""Who may say how seats are given, approve requests, and let people in at the door."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from convene.apps.communities.models import RoleTerm
from convene.apps.communities.permissions import has_role
from convene.apps.seats.models import Registration, SeatPolicy
from convene.apps.workshops.models import Workshop
from convene.apps.workshops.permissions import can_lead, can_plan

if TYPE_CHECKING:
    from convene.apps.communities.permissions import Actor


class Permission(StrEnum):
    MANAGE_SEATS = "seats:manage"
    APPROVE_REQUESTS = "seats:approve"
    WORK_DOOR = "seats:door"
    DRAW_SEATS = "seats:draw"
    OWN_REGISTRATION = "seats:own"
    CONFIRM_CHANCE = "seats:confirm"
    WITNESS_DRAW = "seats:witness"
    AUDIT_DRAW = "seats:audit"


def can_manage_seats(actor: Actor, workshop: Workshop) -> bool:
    """Stewards of the workshop's community."""
    return can_plan(actor, workshop)


def can_approve(actor: Actor, policy: SeatPolicy) -> bool:
    """Stewards, and the approver or deputy they named."""
    if actor.pk is not None and actor.pk in {policy.approver_id, policy.deputy_id}:
        return True
    return can_manage_seats(actor, policy.workshop)


def can_work_door(actor: Actor, workshop: Workshop) -> bool:
    """Stewards, facilitators who accepted, hosts and door helpers of the community."""
    return can_lead(actor, workshop) or has_role(
        actor, workshop.community_id, RoleTerm.Role.DOOR_HELPER, RoleTerm.Role.HOST
    )


def can_move(actor: Actor, registration: Registration) -> bool:
    """The person themselves (also by their signed link), and stewards."""
    return actor.pk == registration.person_id or can_manage_seats(actor, registration.workshop)


def can_confirm_chance(actor: Actor, policy: SeatPolicy) -> bool:
    """The auditor, stewards and facilitators who accepted: someone who was in the room."""
    return can_audit(actor, policy) or can_lead(actor, policy.workshop)


def can_audit(actor: Actor, policy: SeatPolicy) -> bool:
    """The named auditor alone; stewards are not let in by their role."""
    return actor.pk is not None and actor.pk == policy.auditor_id and actor.is_active
