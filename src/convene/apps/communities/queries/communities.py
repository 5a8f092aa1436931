"""Communities, who holds which role in them, and what is switched on."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from django.db.models import Q, QuerySet
from django.http import Http404
from django.utils import timezone

from convene.apps.communities.models import Community, Feature, Membership, RoleTerm, TraitQuestion
from convene.apps.communities.permissions import holding
from convene.apps.communities.rules import FeatureName
from convene.apps.people.models import Person

if TYPE_CHECKING:
    from convene.apps.communities.permissions import Actor


@dataclass(frozen=True)
class Standing:
    """What someone is in a community, read at once."""

    roles: frozenset[str] = frozenset()
    membership: Membership | None = None

    @property
    def is_steward(self) -> bool:
        return RoleTerm.Role.STEWARD in self.roles

    @property
    def is_contact(self) -> bool:
        return RoleTerm.Role.CONDUCT_CONTACT in self.roles

    @property
    def is_member(self) -> bool:
        return self.membership is not None and self.membership.state == Membership.State.ACTIVE


NOBODY = Standing()


def standing_of(actor: Actor, community_id: UUID) -> Standing:
    """Two queries; none for someone not signed in."""
    if not actor.is_authenticated or not actor.is_active:
        return NOBODY
    roles = RoleTerm.objects.filter(
        holding(timezone.now().date()), person_id=actor.pk, community_id=community_id
    ).values_list("role", flat=True)
    membership = (
        Membership.objects.filter(person_id=actor.pk, community_id=community_id)
        .exclude(state=Membership.State.LEFT)
        .first()
    )
    return Standing(frozenset(roles), membership)


def standings_of(actor: Actor, community_ids: Sequence[UUID]) -> dict[UUID, Standing]:
    """For a page with several communities: two queries however many."""
    if not actor.is_authenticated:
        return dict.fromkeys(community_ids, NOBODY)
    roles: dict[UUID, set[str]] = {}
    for term in RoleTerm.objects.filter(
        holding(timezone.now().date()), person_id=actor.pk, community_id__in=community_ids
    ):
        roles.setdefault(term.community_id, set()).add(term.role)
    live = Membership.objects.filter(person_id=actor.pk, community_id__in=community_ids).exclude(
        state=Membership.State.LEFT
    )
    memberships = {membership.community_id: membership for membership in live}
    return {
        community_id: Standing(frozenset(roles.get(community_id, ())), memberships.get(community_id))
        for community_id in community_ids
    }


def names_of(ids: Iterable[UUID]) -> dict[UUID, str]:
    """Of communities and of trait questions, for pages that list what a consent is limited to."""
    wanted = list(ids)
    names = dict(Community.objects.filter(pk__in=wanted).values_list("pk", "name"))
    for question in TraitQuestion.objects.filter(pk__in=wanted).select_related("community"):
        names[question.pk] = f"{question.community.name}: {question.label}"
    return names


def find_community(slug: str) -> Community:
    """Raises Http404. A community's page is public; what lies behind it asks for permission."""
    community = Community.objects.filter(slug=slug).first()
    if community is None:
        raise Http404
    return community


def visible_to(actor: Actor) -> QuerySet[Community]:
    """Communities whose public page this reader meets in lists: every open one, and their own."""
    public = ~Q(stage=Community.Stage.CLOSED)
    if not actor.is_authenticated:
        return Community.objects.filter(public)
    return Community.objects.filter(public | Q(pk__in=_own_ids(actor.pk)))


def communities_of(person: Actor) -> QuerySet[Community]:
    """Where they are a member (paused too) or hold a role; not where they are only invited."""
    if not person.is_authenticated:
        return Community.objects.none()
    return Community.objects.filter(pk__in=_own_ids(person.pk)).order_by("name")


def _own_ids(person_id: UUID) -> QuerySet[Community, UUID]:
    return Community.objects.filter(
        Q(
            pk__in=Membership.objects.filter(
                person_id=person_id, state__in=[Membership.State.ACTIVE, Membership.State.PAUSED]
            ).values("community_id")
        )
        | Q(
            pk__in=RoleTerm.objects.filter(holding(timezone.now().date()), person_id=person_id).values(
                "community_id"
            )
        )
    ).values_list("pk", flat=True)


def _holders(community: Community | UUID, role: str) -> QuerySet[Person]:
    community_id = community.pk if isinstance(community, Community) else community
    terms = RoleTerm.objects.filter(
        holding(timezone.now().date()), community_id=community_id, role=role
    ).values("person_id")
    return Person.objects.filter(pk__in=terms, is_active=True).order_by("name", "pk")


def stewards_of(community: Community | UUID) -> QuerySet[Person]:
    return _holders(community, RoleTerm.Role.STEWARD)


def conduct_contacts_of(community: Community | UUID) -> QuerySet[Person]:
    return _holders(community, RoleTerm.Role.CONDUCT_CONTACT)


def feature_on(community_id: UUID, name: FeatureName) -> bool:
    return Feature.objects.filter(community_id=community_id, name=FeatureName(name), on=True).exists()


def features_on(community_id: UUID) -> set[FeatureName]:
    """All at once, for a page that asks about several. Names of an older version are passed over."""
    names = Feature.objects.filter(community_id=community_id, on=True).values_list("name", flat=True)
    known = {name.value for name in FeatureName}
    return {FeatureName(name) for name in names if name in known}


def offers_waiting(community_id: UUID) -> list[FeatureName]:
    """Offered, and neither taken nor put aside: cards for Today, oldest first."""
    rows = Feature.objects.filter(
        community_id=community_id, on=False, answered_at=None, offered_at__isnull=False
    ).order_by("offered_at")
    known = {name.value for name in FeatureName}
    return [FeatureName(row.name) for row in rows if row.name in known]
