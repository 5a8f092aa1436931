"""What the worker does later for a published workshop: look at the minimum, and call it held."""

from __future__ import annotations

from datetime import datetime, timedelta

from convene.apps.workshops.models import Workshop
from convene.apps.workshops.rules.workshop import decision_due_at
from convene.foundation.jobs.services import cancel, schedule

HELD_AFTER = timedelta(hours=1)
_TASKS = "convene.apps.workshops.tasks"


def schedule_due(workshop: Workshop, now: datetime) -> None:
    """Set both jobs to the sessions as they stand now; the same key moves them."""
    sessions = list(workshop.sessions.order_by("starts_at"))
    if not sessions:
        return
    args = {"workshop_id": str(workshop.pk)}
    schedule(
        key=f"workshop-minimum:{workshop.pk}",
        task=f"{_TASKS}.weigh_minimum",
        args=args,
        due_at=decision_due_at(sessions[0].starts_at, workshop.published_at or now),
    )
    last_end = max(session.ends_at for session in sessions)
    schedule(
        key=f"workshop-held:{workshop.pk}", task=f"{_TASKS}.hold", args=args, due_at=last_end + HELD_AFTER
    )


def cancel_due(workshop: Workshop) -> None:
    cancel(key=f"workshop-minimum:{workshop.pk}")
    cancel(key=f"workshop-held:{workshop.pk}")
