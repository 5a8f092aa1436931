"""What those who facilitated wrote about a session."""

from __future__ import annotations

from convene.apps.rooms.models import Debrief, Room


def debrief_of(room: Room) -> Debrief | None:
    return Debrief.objects.select_related("written_by").filter(room=room).first()
