"""What a live session holds about a person. Each part of the room registers its own."""

from __future__ import annotations

from convene.apps.rooms.privacy import agenda, groups, notes, turns


def register_all() -> None:
    # Parts that hold words first: erasing them reads the participations, which agenda's eraser keeps.
    turns.register_all()
    notes.register_all()
    groups.register_all()
    agenda.register_all()
