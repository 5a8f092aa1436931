"""What the worker does for seats. Each task takes ids as strings and is harmless to repeat."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from django.utils import timezone
from django_tasks import task

from convene.apps.communities.models import Community
from convene.apps.communities.rules import FeatureName
from convene.apps.communities.services import offer_feature
from convene.apps.seats import queries, services
from convene.apps.seats.models import Draw
from convene.apps.workshops.models import Workshop


def sweep_due(now: dt.datetime) -> None:
    """The worker's regular turn: deadlines of offers, pools that merge, entries that close."""
    services.expire_offers(now=now)
    services.merge_pools(now=now)
    services.freeze_due_draws(now=now)
    services.resume_draws(now=now)


@task()
def prepare_draw(draw_id: str) -> None:
    services.prepare_draw(draw=Draw.objects.get(pk=UUID(draw_id)), now=timezone.now())


@task()
def take_chance(draw_id: str) -> None:
    services.take_chance(draw=Draw.objects.get(pk=UUID(draw_id)), now=timezone.now())


@task()
def finish_draw(draw_id: str) -> None:
    services.finish_draw(draw=Draw.objects.get(pk=UUID(draw_id)), now=timezone.now())


@task()
def replace_seats(draw_id: str) -> None:
    services.replace_seats(draw=Draw.objects.get(pk=UUID(draw_id)), now=timezone.now())


@task()
def offer_what_helps(community_id: str) -> None:
    """Sessions fill up: the first full one offers a waiting list, the second overflow a draw."""
    community = Community.objects.get(pk=UUID(community_id))
    full, overflowing = queries.full_workshops(community.pk)
    if full:
        offer_feature(community, FeatureName.WAITING_LIST, timezone.now())
    if overflowing > 1:
        offer_feature(community, FeatureName.DRAW, timezone.now())


@task()
def open_waiting_lists(community_id: str) -> None:
    services.open_waiting_lists(community_id=UUID(community_id))


@task()
def void(workshop_id: str) -> None:
    services.void_workshop(workshop=Workshop.objects.get(pk=UUID(workshop_id)), now=timezone.now())


@task()
def reopen(workshop_id: str, changed_at: str) -> None:
    services.reopen_choices(
        workshop=Workshop.objects.get(pk=UUID(workshop_id)),
        now=timezone.now(),
        changed_at=dt.datetime.fromisoformat(changed_at),
    )
