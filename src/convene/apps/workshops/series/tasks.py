"""The moment that offers series: the same workshop was held again."""

from __future__ import annotations

from uuid import UUID

from django.utils import timezone
from django_tasks import task

from convene.apps.communities.rules import FeatureName
from convene.apps.communities.services import offer_feature
from convene.apps.workshops.models import Workshop


@task()
def offer_series(workshop_id: str) -> None:
    workshop = Workshop.objects.select_related("community").filter(pk=UUID(workshop_id)).first()
    if workshop is None or workshop.series_id is not None:
        return
    same = Workshop.objects.filter(
        community_id=workshop.community_id, state=Workshop.State.HELD, title__iexact=workshop.title
    )
    if same.exclude(pk=workshop.pk).exists():
        offer_feature(workshop.community, FeatureName.SERIES, timezone.now())
