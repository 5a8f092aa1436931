"""The checklist: what is due when, and what is late."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from convene.apps.communities.queries import stewards_of
from convene.apps.people.models import Person
from convene.apps.workshops.models import ChecklistItem, Facilitation, Session, Workshop
from convene.apps.workshops.rules import times


@dataclass(frozen=True)
class DueItem:
    item: ChecklistItem
    due_on: dt.date | None
    """None: there is no session yet."""
    is_late: bool


def first_session(workshop: Workshop) -> Session | None:
    return min(workshop.sessions.all(), key=lambda session: session.starts_at, default=None)


def due_items(workshop: Workshop, now: dt.datetime) -> list[DueItem]:
    """The whole checklist, the earliest due first; uses prefetched sessions and checklist when they are."""
    first = first_session(workshop)
    items = [_due(item, first, now) for item in workshop.checklist.all()]
    return sorted(items, key=lambda due: (due.due_on or dt.date.max, due.item.created_at))


def _due(item: ChecklistItem, first: Session | None, now: dt.datetime) -> DueItem:
    if first is None:
        return DueItem(item, None, is_late=False)
    first_day = times.local_time(first.starts_at, first.zone).date()
    today = times.local_time(now, first.zone).date()
    due = times.due_on(first_day, item.lead_days, working_days=item.working_days)
    return DueItem(item, due, is_late=item.done_at is None and due < today)


def late_items(workshop: Workshop, now: dt.datetime) -> list[DueItem]:
    return [due for due in due_items(workshop, now) if due.is_late]


def possible_owners(workshop: Workshop) -> QuerySet[Person]:
    """Stewards of the community and those who agreed to facilitate."""
    leading = Facilitation.objects.filter(workshop=workshop, state=Facilitation.State.ACCEPTED)
    stewards = stewards_of(workshop.community_id)
    return Person.objects.filter(
        Q(pk__in=leading.values("person_id")) | Q(pk__in=stewards.values("pk"))
    ).order_by("name")
