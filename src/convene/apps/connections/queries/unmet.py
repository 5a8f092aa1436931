"""Whom someone has not met yet, for themselves alone: members who agreed to be listed, and where to meet."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Exists, Min, OuterRef, Q

from convene.apps.communities.models import Community, Membership
from convene.apps.people.models import Consent, Person
from convene.apps.people.rules import Purpose
from convene.apps.workshops.models import Workshop
from convene.apps.workshops.queries import visible_workshops

SHOWN = 12
"""Names a community; the list of its people has the rest."""
WORKSHOPS_SHOWN = 3


@dataclass(frozen=True)
class NotMet:
    """`people`: those of another organisation than mine first. `more`: how many are not shown."""

    community: Community
    people: list[Membership]
    more: int
    workshops: list[Workshop]


def not_met(person: Person, met: Collection[UUID], now: datetime) -> list[NotMet]:
    """For each community of which they are a member; three queries."""
    active = Membership.objects.filter(state=Membership.State.ACTIVE)
    mine = list(active.filter(person=person).select_related("community").order_by("community__name"))
    agreed = Consent.objects.filter(
        person_id=OuterRef("person_id"),
        purpose=Purpose.LISTED,
        scope_id=OuterRef("community_id"),
        withdrawn_at=None,
    )
    listed = (
        active.filter(Exists(agreed), community_id__in=[one.community_id for one in mine])
        .exclude(person=person)
        .exclude(person_id__in=list(met))
        .select_related("person", "organisation")
        .order_by("person__name", "pk")
    )
    people: dict[UUID, list[Membership]] = defaultdict(list)
    for one in listed:
        people[one.community_id].append(one)
    coming = _coming(person, [one.community_id for one in mine], now)
    return [_block(one, people[one.community_id], coming[one.community_id]) for one in mine]


def _block(mine: Membership, people: list[Membership], coming: list[Workshop]) -> NotMet:
    elsewhere = sorted(people, key=lambda one: one.organisation_id == mine.organisation_id)
    return NotMet(mine.community, elsewhere[:SHOWN], max(0, len(people) - SHOWN), coming[:WORKSHOPS_SHOWN])


def _coming(person: Person, communities: list[UUID], now: datetime) -> dict[UUID, list[Workshop]]:
    found = (
        visible_workshops(person)
        .filter(community_id__in=communities, state=Workshop.State.PUBLISHED)
        .annotate(next_start=Min("sessions__starts_at", filter=Q(sessions__starts_at__gt=now)))
        .filter(next_start__isnull=False)
        .order_by("next_start", "pk")
    )
    by_community: dict[UUID, list[Workshop]] = defaultdict(list)
    for one in found:
        by_community[one.community_id].append(one)
    return by_community
