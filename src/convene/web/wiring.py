"""What follows from what: every domain event and its handlers, on one screen.

A handler takes the event and only enqueues tasks or schedules due jobs (rows of the same transaction).
Ports, the typed questions a lower app asks of a higher one, are plugged in here too.
"""

from __future__ import annotations

from convene.foundation.events import connect


def connect_all() -> None:
    """Called once when Django is ready."""
    _connect_needs()


def _connect_needs() -> None:
    from convene.apps.capabilities import tasks
    from convene.apps.capabilities.events import NeedDeclined, SessionRequested
    from convene.apps.workshops.events import WorkshopPublished

    connect(SessionRequested, lambda event: tasks.mail_confirmation.enqueue(request_id=str(event.subject_id)))
    connect(NeedDeclined, lambda event: tasks.tell_declined.enqueue(need_id=str(event.subject_id)))
    connect(WorkshopPublished, lambda event: tasks.tell_published.enqueue(workshop_id=str(event.subject_id)))
