"""Who may do what in a community. A site administrator is no steward: communities are self-governed."""

from __future__ import annotations

import datetime as dt
from enum import StrEnum
from typing import TYPE_CHECKING
from uuid import UUID

from django.conf import settings
from django.db.models import Q
from django.utils import timezone

from convene.apps.communities.models import Application, Membership, RoleTerm

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from convene.apps.people.models import Person

    Actor = Person | AnonymousUser


class Permission(StrEnum):
    START_COMMUNITY = "community:start"
    MANAGE_COMMUNITY = "community:manage"
    SEE_MEMBERS = "community:see_members"
    OWN_MEMBERSHIP = "community:own_membership"
    READ_APPLICATION = "application:read"
    DECIDE_APPLICATION = "application:decide"


def holding(today: dt.date) -> Q:
    """Role terms in force on `today`."""
    return Q(starts_on__lte=today) & (Q(ends_on=None) | Q(ends_on__gt=today))


def has_role(actor: Actor, community_id: UUID, *roles: str) -> bool:
    """Whether `actor` holds one of `roles` in the community today."""
    if not actor.is_authenticated or not actor.is_active:
        return False
    return RoleTerm.objects.filter(
        holding(timezone.now().date()), person_id=actor.pk, community_id=community_id, role__in=roles
    ).exists()


def is_steward(actor: Actor, community_id: UUID) -> bool:
    return has_role(actor, community_id, RoleTerm.Role.STEWARD)


def is_conduct_contact(actor: Actor, community_id: UUID) -> bool:
    return has_role(actor, community_id, RoleTerm.Role.CONDUCT_CONTACT)


def is_member(actor: Actor, community_id: UUID) -> bool:
    if not actor.is_authenticated or not actor.is_active:
        return False
    return Membership.objects.filter(
        person_id=actor.pk, community_id=community_id, state=Membership.State.ACTIVE
    ).exists()


def can_start(actor: Actor) -> bool:
    """Locally anyone signed in; on a public site as CONVENE_WHO_MAY_START says."""
    if not actor.is_authenticated or not actor.is_active:
        return False
    return not settings.PUBLIC_ADDRESS or settings.WHO_MAY_START == "anyone" or actor.is_site_admin


def can_manage(actor: Actor, community_id: UUID) -> bool:
    """Charter, settings, roles, members: its stewards."""
    return is_steward(actor, community_id)


def can_see_members(actor: Actor, community_id: UUID) -> bool:
    """Members see those who agreed to be listed; stewards see everyone (queries.members_visible_to)."""
    return is_member(actor, community_id) or is_steward(actor, community_id)


def can_read_application(actor: Actor, application: Application) -> bool:
    """Stewards and the named outside reader; never one's own."""
    if not actor.is_authenticated or application.person_id == actor.pk:
        return False
    outside = application.community.outside_reader_id == actor.pk and actor.is_active
    return outside or is_steward(actor, application.community_id)


def can_decide_application(actor: Actor, application: Application) -> bool:
    return (
        actor.is_authenticated
        and application.person_id != actor.pk
        and is_steward(actor, application.community_id)
    )
