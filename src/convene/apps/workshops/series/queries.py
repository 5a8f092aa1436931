"""The workshops of a series."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from django.db.models import F, Min, Prefetch, QuerySet
from django.http import Http404

from convene.apps.workshops import permissions
from convene.apps.workshops.models import Series, Session, Workshop
from convene.apps.workshops.queries import visible_workshops
from convene.apps.workshops.rules.workshop import EDITABLE

if TYPE_CHECKING:
    from convene.apps.communities.permissions import Actor


def workshops_of(series: Series) -> QuerySet[Workshop]:
    """In the order of their first sessions, with sessions."""
    return (
        Workshop.objects.filter(series=series)
        .annotate(first_start=Min("sessions__starts_at"))
        .order_by(F("first_start").asc(nulls_last=True), "pk")
        .select_related("community", "seat_policy")
        .prefetch_related(Prefetch("sessions", Session.objects.order_by("starts_at")))
    )


def visible_in(series: Series, actor: Actor) -> QuerySet[Workshop]:
    """Those `actor` may see, in order."""
    return workshops_of(series).filter(pk__in=visible_workshops(actor).values("pk"))


def from_here(workshop: Workshop) -> list[Workshop]:
    """This workshop and the later ones of its series that can still change."""
    if workshop.series is None:
        return [workshop]
    rows = [row for row in workshops_of(workshop.series) if row.state in EDITABLE]
    here = next((index for index, row in enumerate(rows) if row.pk == workshop.pk), len(rows))
    return rows[here:]


def coming_like(workshop: Workshop, *, run_sheet: str) -> list[Workshop]:
    """The dates after this one that can still change and have this very run sheet."""
    if workshop.series is None:
        return []
    rows = list(workshops_of(workshop.series))
    here = next(index for index, row in enumerate(rows) if row.pk == workshop.pk)
    return [row for row in rows[here + 1 :] if row.state in EDITABLE and row.run_sheet == run_sheet]


def planned_series_for(actor: Actor, series_id: UUID) -> Series:
    """The series if the person plans it (a steward of its community); Http404 otherwise."""
    series = Series.objects.select_related("community").filter(pk=series_id).first()
    if series is None or not permissions.can_create(actor, series.community_id):
        raise Http404
    return series
