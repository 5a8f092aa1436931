"""What every service of this app needs."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from convene.apps.communities import permissions
from convene.apps.communities.models import Community, RoleTerm
from convene.apps.communities.permissions import Permission
from convene.apps.people.models import Person
from convene.foundation.errors import NotAllowed


def require_steward(actor: Person, community_id: UUID) -> None:
    if not permissions.can_manage(actor, community_id):
        raise NotAllowed(Permission.MANAGE_COMMUNITY)


def locked(community_id: UUID) -> Community:
    """The community's row, held to the end of the transaction: for rules about several rows."""
    return Community.objects.select_for_update().get(pk=community_id)


def steward_ids(community_id: UUID, today: dt.date) -> set[UUID]:
    return set(
        RoleTerm.objects.filter(
            permissions.holding(today),
            community_id=community_id,
            role=RoleTerm.Role.STEWARD,
            person__is_active=True,
        ).values_list("person_id", flat=True)
    )
