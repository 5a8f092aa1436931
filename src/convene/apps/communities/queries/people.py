"""Who belongs, who applied, whose term is over."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from convene.apps.communities import permissions
from convene.apps.communities.models import Application, Membership, Reading, RoleTerm
from convene.apps.people.models import Consent, Person
from convene.apps.people.rules import Purpose

if TYPE_CHECKING:
    from convene.apps.communities.permissions import Actor

SOON = dt.timedelta(days=30)


def live_membership(person_id: UUID, community_id: UUID) -> Membership | None:
    return (
        Membership.objects.filter(person_id=person_id, community_id=community_id)
        .exclude(state=Membership.State.LEFT)
        .select_related("community", "person", "organisation")
        .first()
    )


def members_visible_to(actor: Actor, community_id: UUID) -> QuerySet[Membership]:
    """Stewards: all who have not left. Members: themselves and active ones who agreed to be listed."""
    rows = (
        Membership.objects.filter(community_id=community_id)
        .exclude(state=Membership.State.LEFT)
        .select_related("person", "organisation")
        .order_by("person__name", "pk")
    )
    if permissions.is_steward(actor, community_id):
        return rows
    if not permissions.is_member(actor, community_id):
        return rows.none()
    agreed = Consent.objects.filter(
        person_id=OuterRef("person_id"),
        purpose=Purpose.LISTED,
        scope_id=OuterRef("community_id"),
        withdrawn_at=None,
    )
    listed = Q(Exists(agreed)) & Q(state=Membership.State.ACTIVE)
    return rows.filter(listed | Q(person_id=actor.pk))


def people_matching(
    rows: QuerySet[Membership], asked: dict[str, str], *, by_state: bool
) -> QuerySet[Membership]:
    """The list narrowed by what was searched for; the mail address is searched for stewards only."""
    words = asked.get("q", "").strip()
    if words:
        match = Q(person__name__icontains=words) | Q(organisation__name__icontains=words)
        rows = rows.filter(match | Q(person__email__icontains=words) if by_state else match)
    if asked.get("tier"):
        rows = rows.filter(tier=asked["tier"])
    if asked.get("state") and by_state:
        rows = rows.filter(state=asked["state"])
    if asked.get("role"):
        holds = RoleTerm.objects.filter(
            permissions.holding(timezone.now().date()),
            community_id=OuterRef("community_id"),
            person_id=OuterRef("person_id"),
            role=asked["role"],
        )
        rows = rows.filter(Exists(holds))
    return rows


@dataclass(frozen=True)
class Member:
    membership: Membership
    roles: list[str]


def with_roles(memberships: Iterable[Membership]) -> list[Member]:
    """Each with the names of the roles held now; one query for all."""
    rows = list(memberships)
    if not rows:
        return []
    roles: dict[UUID, list[str]] = {}
    for term in RoleTerm.objects.filter(
        permissions.holding(timezone.now().date()),
        community_id=rows[0].community_id,
        person_id__in=[row.person_id for row in rows],
    ).order_by("role"):
        roles.setdefault(term.person_id, []).append(term.get_role_display())
    return [Member(row, roles.get(row.person_id, [])) for row in rows]


def invitations_of(person_id: UUID) -> QuerySet[Membership]:
    return Membership.objects.filter(person_id=person_id, state=Membership.State.INVITED).select_related(
        "community"
    )


def roles_now(community_id: UUID) -> QuerySet[RoleTerm]:
    return (
        RoleTerm.objects.filter(permissions.holding(timezone.now().date()), community_id=community_id)
        .select_related("person")
        .order_by("role", "person__name")
    )


def terms_over(community_id: UUID, *, today: dt.date) -> QuerySet[RoleTerm]:
    """Terms that end within a month, or are over and go on because nobody took over: for Today."""
    return roles_now(community_id).filter(planned_until__lte=today + SOON).order_by("planned_until")


def applications_waiting(actor: Person, community_id: UUID) -> QuerySet[Application]:
    """Open applications this person may read, oldest first; `read_by_me` says whether they have."""
    rows = (
        Application.objects.filter(community_id=community_id, state=Application.State.RECEIVED)
        .exclude(person_id=actor.pk)
        .select_related("community", "person")
        .order_by("received_at")
    )
    if not permissions.is_steward(actor, community_id):
        rows = rows.filter(community__outside_reader_id=actor.pk)
    found: QuerySet[Application] = rows.annotate(
        read_by_me=Exists(Reading.objects.filter(application=OuterRef("pk"), reader_id=actor.pk))
    )
    return found
