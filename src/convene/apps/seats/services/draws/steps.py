"""What all steps of a draw share: the claim and the event."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from convene.apps.seats.models import Draw
from convene.foundation.events import Event


def step(draw: Draw, before: str, after: str, **changes: Any) -> bool:
    """Of two who would take the draw further only one does; the conditional UPDATE decides."""
    changes["state"] = after
    if Draw.objects.filter(pk=draw.pk, state=before).update(**changes) != 1:
        return False
    for name, value in changes.items():
        setattr(draw, name, value)
    return True


def draw_event(kind: Callable[..., Event], draw: Draw, **more: Any) -> Event:
    workshop = draw.policy.workshop
    return kind(subject_id=draw.pk, community_id=workshop.community_id, workshop_id=workshop.pk, **more)
