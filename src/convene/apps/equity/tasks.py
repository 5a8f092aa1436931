"""What the worker does: publish what is due, in the background, because the proof takes time."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from django.utils import timezone
from django_tasks import task

from convene.apps.communities.models import Community
from convene.apps.equity import queries, services


def publish_what_is_due(now: dt.datetime) -> None:
    """One task for each community with a settled period that is not published yet."""
    for community in queries.communities_due(now):
        publish_figures.enqueue(community_id=str(community.pk))


@task()
def publish_figures(community_id: str) -> None:
    services.publish_due(community=Community.objects.get(pk=UUID(community_id)), now=timezone.now())
