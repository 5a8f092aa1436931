"""What all steps of a draw share: the claim, the event, the record as a whole."""

from __future__ import annotations

from typing import Any, TypeVar

from convene.apps.seats.models import Draw, SealedDraw
from convene.foundation.events import Event

E = TypeVar("E", bound=Event)


def step(draw: Draw, before: str, after: str, **changes: Any) -> bool:
    """Of two who would take the draw further only one does; the conditional UPDATE decides."""
    changes["state"] = after
    if Draw.objects.filter(pk=draw.pk, state=before).update(**changes) != 1:
        return False
    for name, value in changes.items():
        setattr(draw, name, value)
    return True


def draw_event(kind: type[E], draw: Draw, **more: Any) -> E:
    workshop = draw.policy.workshop
    return kind(subject_id=draw.pk, community_id=workshop.community_id, workshop_id=workshop.pk, **more)


def full_record(draw: Draw) -> dict[str, Any]:
    """The public record and what is kept apart, as the engine made it. Raises SealedDraw.DoesNotExist."""
    return {**SealedDraw.objects.get(draw=draw).private, **draw.record}
