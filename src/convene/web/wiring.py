"""What follows from what: every domain event and its handlers, on one screen.

A handler takes the event and only enqueues tasks or schedules due jobs (rows of the same transaction).
Ports, the typed questions a lower app asks of a higher one, are plugged in here too.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.utils import timezone

from convene.foundation.events import connect

if TYPE_CHECKING:
    from convene.apps.people.models import Person


def connect_all() -> None:
    """Called once when Django is ready."""
    _connect_needs()
    _connect_seats()


def _connect_needs() -> None:
    from convene.apps.capabilities import tasks
    from convene.apps.capabilities.events import NeedDeclined, SessionRequested
    from convene.apps.workshops.events import WorkshopPublished

    connect(SessionRequested, lambda event: tasks.mail_confirmation.enqueue(request_id=str(event.subject_id)))
    connect(NeedDeclined, lambda event: tasks.tell_declined.enqueue(need_id=str(event.subject_id)))
    connect(WorkshopPublished, lambda event: tasks.tell_published.enqueue(workshop_id=str(event.subject_id)))


def _connect_seats() -> None:
    from convene.apps.communities.events import FeatureSwitched
    from convene.apps.communities.rules import FeatureName
    from convene.apps.people.ports import ports as people_ports
    from convene.apps.seats import queries, services, tasks
    from convene.apps.seats.events import SeatsFilled
    from convene.apps.workshops import ports as workshop_ports
    from convene.apps.workshops.events import WorkshopCancelled, WorkshopTimesChanged

    connect(WorkshopCancelled, lambda event: tasks.void.enqueue(workshop_id=str(event.subject_id)))
    connect(
        WorkshopTimesChanged,
        lambda event: tasks.reopen.enqueue(
            workshop_id=str(event.subject_id), changed_at=timezone.now().isoformat()
        ),
    )
    connect(SeatsFilled, lambda event: tasks.offer_what_helps.enqueue(community_id=str(event.community_id)))
    connect(
        FeatureSwitched,
        lambda event: (
            tasks.open_waiting_lists.enqueue(community_id=str(event.subject_id))
            if event.on and event.feature == FeatureName.WAITING_LIST
            else None
        ),
    )
    workshop_ports.plug(
        seat_defaults=services.give_default_seats,
        copy_seats=services.copy_policy,
        seat_figures=queries.seat_figures,
        people_holding_seats=queries.people_holding_seats,
        standing=queries.standing,
    )

    def give_seats_back(person: Person, now: datetime) -> None:
        services.person_leaves(person=person, now=now)

    people_ports.before_erasing(give_seats_back)
