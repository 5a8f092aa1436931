"""Which workshops a person sees."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING
from uuid import UUID

from django.db.models import Count, Min, Prefetch, Q, QuerySet
from django.http import Http404
from django.utils import timezone

from convene.apps.communities.models import Community, Membership, RoleTerm
from convene.apps.communities.permissions import holding
from convene.apps.workshops import permissions
from convene.apps.workshops.models import Facilitation, Invitee, Session, Workshop

if TYPE_CHECKING:
    from convene.apps.communities.permissions import Actor

_PUBLIC = ~Q(state=Workshop.State.DRAFT) & Q(published_at__isnull=False)


def visible_workshops(actor: Actor) -> QuerySet[Workshop]:
    """What is published for the person's audience; for those who plan, lead or are invited, more."""
    everyone = _PUBLIC & Q(audience=Workshop.Audience.EVERYONE)
    if not actor.is_authenticated or not actor.is_active:
        return Workshop.objects.filter(everyone)
    member_of = Membership.objects.filter(person_id=actor.pk, state=Membership.State.ACTIVE)
    core_of = member_of.filter(tier=Membership.Tier.CORE)
    facilitates = Facilitation.objects.filter(person_id=actor.pk).exclude(state=Facilitation.State.DECLINED)
    invited = Invitee.objects.filter(person_id=actor.pk).exclude(state=Invitee.State.LISTED)
    return Workshop.objects.filter(
        everyone
        | (_PUBLIC & Q(audience=Workshop.Audience.MEMBERS, community__in=member_of.values("community_id")))
        | (_PUBLIC & Q(audience=Workshop.Audience.CORE, community__in=core_of.values("community_id")))
        | (_PUBLIC & Q(pk__in=invited.values("workshop_id")))
        | Q(pk__in=facilitates.values("workshop_id"))
        | Q(community__in=_stewarded(actor))
    )


def _stewarded(actor: Actor) -> QuerySet[RoleTerm, UUID]:
    return RoleTerm.objects.filter(
        holding(timezone.now().date()), person=actor.pk, role=RoleTerm.Role.STEWARD
    ).values_list("community_id", flat=True)


def workshop_for(actor: Actor, workshop_id: UUID) -> Workshop:
    """The workshop if the person may see it; Http404 otherwise."""
    workshop = visible_workshops(actor).select_related("community").filter(pk=workshop_id).first()
    if workshop is None:
        raise Http404
    return workshop


def planned_workshop_for(actor: Actor, workshop_id: UUID) -> Workshop:
    """The workshop if the person plans it (a steward); Http404 otherwise."""
    workshop = Workshop.objects.select_related("community").filter(pk=workshop_id).first()
    if workshop is None or not permissions.can_plan(actor, workshop):
        raise Http404
    return workshop


def led_workshop_for(actor: Actor, workshop_id: UUID) -> Workshop:
    """The workshop if the person leads it (a steward, or a facilitator who accepted); Http404 otherwise."""
    workshop = Workshop.objects.select_related("community").filter(pk=workshop_id).first()
    if workshop is None or not permissions.can_lead(actor, workshop):
        raise Http404
    return workshop


def community_workshops(community: Community) -> QuerySet[Workshop]:
    """All of a community's, for its stewards, soonest session first; drafts without one lead."""
    return (
        Workshop.objects.filter(community=community)
        .annotate(first_start=Min("sessions__starts_at"), session_count=Count("sessions", distinct=True))
        .prefetch_related(Prefetch("sessions", Session.objects.order_by("starts_at")))
        .order_by("first_start", "created_at")
    )


def invited_person_ids(workshop_id: UUID) -> set[UUID]:
    """Who was invited into this room and has not said no; the invitation policy of seats reads it."""
    return set(
        Invitee.objects.filter(workshop_id=workshop_id)
        .exclude(state=Invitee.State.LISTED)
        .exclude(answer=Invitee.Answer.NOT_COMING)
        .values_list("person_id", flat=True)
    )


def merge_targets(workshop: Workshop, now: dt.datetime) -> QuerySet[Workshop]:
    """Published workshops of the same community that are still to come."""
    return (
        Workshop.objects.filter(
            community_id=workshop.community_id, state=Workshop.State.PUBLISHED, sessions__starts_at__gt=now
        )
        .exclude(pk=workshop.pk)
        .distinct()
        .order_by("title")
    )
