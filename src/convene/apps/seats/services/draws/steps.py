"""What all steps of a draw share: the claim and the event."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from convene.apps.seats.models import Draw
from convene.foundation.events import Event
from convene.foundation.jobs import services as jobs

LATER = dt.timedelta(minutes=30)


def step(draw: Draw, before: str, after: str, **changes: Any) -> bool:
    """Of two who would take the draw further only one does; the conditional UPDATE decides."""
    changes["state"] = after
    if Draw.objects.filter(pk=draw.pk, state=before).update(**changes) != 1:
        return False
    for name, value in changes.items():
        setattr(draw, name, value)
    return True


def look_again(draw: Draw, task: str, now: dt.datetime) -> None:
    """Should the task be lost with its worker, it is done later: it is harmless to repeat."""
    jobs.schedule(
        key=f"draw-{task}:{draw.pk}",
        task=f"convene.apps.seats.tasks.{task}",
        args={"draw_id": str(draw.pk)},
        due_at=now + LATER,
    )


def draw_event(kind: Callable[..., Event], draw: Draw, **more: Any) -> Event:
    workshop = draw.policy.workshop
    return kind(subject_id=draw.pk, community_id=workshop.community_id, workshop_id=workshop.pk, **more)
