"""The front page: for who is not signed in what this is; for who is, their communities."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.functional import Promise
from django.views.decorators.http import require_GET

from convene.apps.communities import permissions, queries
from convene.apps.communities.models import Application, Community, Membership
from convene.apps.communities.queries.conduct import entrusted_to
from convene.apps.seats.models import Registration
from convene.apps.workshops.models import Facilitation, Session, Workshop
from convene.foundation.addresses import address_of

if TYPE_CHECKING:
    from convene.apps.communities.permissions import Actor


SESSIONS_SHOWN = 5


@dataclass(frozen=True)
class Place:
    """One of my communities, and where I go first in it."""

    community: Community
    standing: queries.Standing
    href: str
    what: str | Promise


@require_GET
def home(request: HttpRequest) -> HttpResponse:
    if not request.user.is_authenticated:
        return render(request, "home.html")
    return render(request, "home_mine.html", _mine(request.user))


def _mine(person: Actor) -> dict[str, object]:
    assert person.is_authenticated
    return {
        "places": _places(person),
        "sessions": _next_sessions(person.pk),
        "invitations": queries.invitations_of(person.pk),
        "asked": Membership.objects.filter(
            person_id=person.pk, state=Membership.State.ACTIVE, asked_at__isnull=False
        ).select_related("community"),
        "applications": Application.objects.filter(
            person_id=person.pk, state=Application.State.RECEIVED
        ).select_related("community"),
        "reading": _something_to_read(person),
        "may_start": permissions.can_start(person),
    }


def _next_sessions(person_id: UUID) -> QuerySet[Session]:
    """Sittings still to come in which I hold a seat, confirmed or `offered`, or which I lead."""
    mine = Registration.objects.filter(person_id=person_id, state__in=Registration.HOLDING)
    led = Facilitation.objects.filter(person_id=person_id, state=Facilitation.State.ACCEPTED)
    return (
        Session.objects.filter(
            Q(workshop__in=mine.values("workshop_id")) | Q(workshop__in=led.values("workshop_id")),
            workshop__state=Workshop.State.PUBLISHED,
            ends_at__gte=timezone.now(),
        )
        .annotate(
            offered=Exists(mine.filter(workshop=OuterRef("workshop_id"), state=Registration.State.OFFERED))
        )
        .select_related("workshop__community")
        .order_by("starts_at")[:SESSIONS_SHOWN]
    )


def _places(person: Actor) -> list[Place]:
    assert person.is_authenticated
    communities = list(queries.communities_of(person))
    standings = queries.standings_of(person, [community.pk for community in communities])
    return [_place(community, standings[community.pk]) for community in communities]


def _place(community: Community, standing: queries.Standing) -> Place:
    """A steward's way leads to Today, anyone else's to the community's page."""
    today = address_of("today", community.slug) if standing.is_steward else ""
    what = standing.membership.get_tier_display() if standing.membership else ""
    return Place(community, standing, today or address_of("community_page", community.slug), what)


def _something_to_read(person: Actor) -> str:
    """The address, when something waits. The page says no more than that, whoever looks on."""
    waiting = entrusted_to(person).filter(news_for_contact=True).first()
    return address_of("conduct_inbox", waiting.community.slug) if waiting else ""
