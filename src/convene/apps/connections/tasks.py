"""What follows by itself. Each may run twice, and has its effect once."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.utils import timezone
from django_tasks import task

from convene.apps.communities.models import Community
from convene.apps.communities.rules import FeatureName
from convene.apps.communities.services import offer_feature
from convene.apps.connections import mails
from convene.apps.connections.models import Exchange, Introduction
from convene.apps.connections.queries import picture as picture_queries
from convene.apps.connections.services import contacts, introductions, picture
from convene.apps.people.queries import has_consent
from convene.apps.people.rules import Purpose


@task()
def tell_exchanged(exchange_id: str) -> None:
    """Both learn of it, unless one took the yes back in the meantime."""
    pair = Exchange.objects.select_related("one", "other").filter(pk=exchange_id).first()
    if pair is None or pair.shared_at is None:
        return
    for person, other in ((pair.one, pair.other), (pair.other, pair.one)):
        key = f"contacts_exchanged:{pair.pk}:{person.pk}:{pair.shared_at:%Y%m%dT%H%M%S}"
        mails.tell_exchanged(person, other, key=key, now=timezone.now())


@task()
def offer_connections(community_id: str) -> None:
    """Its moment: the first tables of a community were shown."""
    offer_feature(Community.objects.get(pk=community_id), FeatureName.CONNECTIONS, timezone.now())


@task()
def suggest_introductions(room_id: str) -> None:
    introductions.suggest_after(room_id=UUID(room_id), now=timezone.now())


@task()
def tell_introduced(introduction_id: str) -> None:
    made = Introduction.objects.filter(pk=introduction_id, introduced_at__isnull=False).first()
    sides = [side.person for side in made.sides.select_related("person")] if made else []
    if made is None or len(sides) < 2:  # noqa: PLR2004 - one of the two is erased
        return
    for person, other in (sides, sides[::-1]):
        mails.tell_introduced(made, person, other, now=timezone.now())


def publish_what_is_due(now: datetime) -> None:
    for community in picture_queries.communities_due(now):
        publish_pictures.enqueue(community_id=str(community.pk))


@task()
def publish_pictures(community_id: str) -> None:
    picture.publish_due(community=Community.objects.get(pk=community_id), now=timezone.now())


def forget_answers(now: datetime) -> int:
    return introductions.forget_answers(now=now)


@task()
def forget_contact(person_id: str) -> None:
    """The consent was taken back elsewhere; unless it was given anew, which began afresh."""
    if not has_consent(UUID(person_id), Purpose.CONTACT):
        contacts.forget_contact(person_id=UUID(person_id))
