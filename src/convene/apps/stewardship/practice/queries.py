"""Offers for members; one's own practice for its two people."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Q, QuerySet, Sum

from convene.apps.people.models import Person
from convene.apps.stewardship.models import Practice

State = Practice.State


def _of(community_id: UUID) -> QuerySet[Practice]:
    return Practice.objects.filter(outcome__community_id=community_id).select_related(
        "outcome__community", "host", "guest"
    )


def offers(community_id: UUID, reader: Person) -> QuerySet[Practice]:
    """What others offer and nobody has asked for; whoever offers is named by offering."""
    return (
        _of(community_id)
        .filter(state=State.OFFERED, outcome__taken_off_at=None)
        .exclude(host_id=reader.pk)
        .order_by("outcome__position", "offered_at")
    )


def mine(community_id: UUID, reader: Person) -> QuerySet[Practice]:
    """As host or guest, those that run first; `minutes`: logged so far."""
    return (
        _of(community_id)
        .filter(Q(host_id=reader.pk) | Q(guest_id=reader.pk))
        .exclude(state=State.WITHDRAWN)
        .annotate(minutes=Sum("log__minutes"))
        .order_by("ended_at", "-offered_at")
    )


def practice_for(reader: Person, community_id: UUID, practice_id: UUID) -> Practice | None:
    """For its two people; nobody else, stewards neither."""
    return mine(community_id, reader).filter(pk=practice_id).first()
