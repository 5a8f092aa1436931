"""Who may do what in a community. A site administrator is no steward: communities are self-governed."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING
from uuid import UUID

from django.db.models import Q
from django.utils import timezone

from convene.apps.communities.models import Membership, RoleTerm

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from convene.apps.people.models import Person

    Actor = Person | AnonymousUser


class Permission(StrEnum):
    MANAGE_COMMUNITY = "community:manage"


def has_role(actor: Actor, community_id: UUID, *roles: str) -> bool:
    """Whether `actor` holds one of `roles` in the community today."""
    if not actor.is_authenticated or not actor.is_active:
        return False
    today = timezone.now().date()
    return (
        RoleTerm.objects.filter(
            person_id=actor.pk, community_id=community_id, role__in=roles, starts_on__lte=today
        )
        .filter(Q(ends_on=None) | Q(ends_on__gte=today))
        .exists()
    )


def is_steward(actor: Actor, community_id: UUID) -> bool:
    return has_role(actor, community_id, RoleTerm.Role.STEWARD)


def is_member(actor: Actor, community_id: UUID) -> bool:
    if not actor.is_authenticated or not actor.is_active:
        return False
    return Membership.objects.filter(
        person_id=actor.pk, community_id=community_id, state=Membership.State.ACTIVE
    ).exists()
