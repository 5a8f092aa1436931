"""What is not published of a draw: the whole record, and of it each person their own receipt."""

from __future__ import annotations

from typing import Any

from convene.apps.seats.models import Draw, Entry, Registration, SealedDraw
from convene.engines.allotment.sealing import receipt


def full_record(draw: Draw) -> dict[str, Any]:
    """The public record and what is kept apart, as the engine made it. Raises SealedDraw.DoesNotExist."""
    return {**SealedDraw.objects.get(draw=draw).private, **draw.record}


def receipt_of(registration: Registration) -> dict[str, Any] | None:
    """From the seal on; None: in no sealed draw, withdrawn before the seal, or forgotten."""
    entry = (
        Entry.objects.filter(registration=registration)
        .exclude(draw__commitment="")
        .select_related("draw")
        .first()
    )
    return None if entry is None else receipt_for(entry)


def receipt_for(entry: Entry) -> dict[str, Any] | None:
    try:
        return receipt(full_record(entry.draw), str(entry.number))
    except (KeyError, SealedDraw.DoesNotExist):
        return None
