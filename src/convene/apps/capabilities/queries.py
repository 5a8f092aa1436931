"""Needs as members and stewards may read them: counts in words below five, names only by consent."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from django.db.models import Count, Exists, F, OuterRef, Prefetch, Q, QuerySet

from convene.apps.capabilities.models import Need, NeedSource

if TYPE_CHECKING:
    from convene.apps.people.models import Person


def open_needs(community_id: UUID) -> QuerySet[Need]:
    """Most wanted first."""
    return _counted(community_id).filter(state=Need.State.OPEN).order_by(F("asked").desc(), "created_at")


def settled_needs(community_id: UUID) -> QuerySet[Need]:
    """What became of needs, newest first; merged ones live on in another and are left out."""
    return (
        _counted(community_id)
        .filter(state__in=[Need.State.PLANNED, Need.State.DECLINED])
        .order_by("-decided_at")
    )


def all_needs(community_id: UUID) -> QuerySet[Need]:
    return _counted(community_id)


def with_mine(needs: QuerySet[Need], person: Person) -> QuerySet[Need]:
    """Each need says whether `person` asked for it (`mine`)."""
    return needs.annotate(mine=Exists(NeedSource.objects.filter(need=OuterRef("pk"), person_id=person.pk)))


def with_sources(needs: QuerySet[Need]) -> QuerySet[Need]:
    return needs.prefetch_related(
        Prefetch("sources", queryset=NeedSource.objects.select_related("person").order_by("created_at"))
    )


def _counted(community_id: UUID) -> QuerySet[Need]:
    named = NeedSource.objects.filter(may_name=True, person__isnull=False).select_related("person")
    return (
        Need.objects.filter(community_id=community_id)
        .annotate(
            asked=Count("sources", distinct=True),
            requests=Count("sources", filter=Q(sources__kind=NeedSource.Kind.REQUEST), distinct=True),
        )
        .prefetch_related(Prefetch("sources", queryset=named, to_attr="named_sources"))
    )


def asker_ids(need_id: UUID) -> list[UUID]:
    """Everyone who asked, for telling them what became of it; never for showing."""
    rows = NeedSource.objects.filter(need_id=need_id, person__isnull=False)
    return list(rows.values_list("person_id", flat=True))
