"""What a room does by itself, later. Each may run twice."""

from __future__ import annotations

from uuid import UUID

from django.utils import timezone
from django_tasks import task

from convene.apps.rooms.models import Room
from convene.apps.rooms.services import presence
from convene.apps.rooms.services.notes import make_final


@task()
def make_notes_final(room_id: str) -> None:
    room = Room.objects.filter(pk=room_id).first()
    if room is not None:
        make_final(room=room, now=timezone.now())


@task()
def show_code(session_id: str) -> None:
    """The code of the room was made: the shared screen shows it."""
    room = Room.objects.filter(session_id=session_id).first()
    if room is not None:
        presence.show_code(room=room)


@task()
def follow_attendance(session_id: str, registration_id: str) -> None:
    """What the door found becomes who is in the room."""
    presence.follow_attendance(
        session_id=UUID(session_id), registration_id=UUID(registration_id), now=timezone.now()
    )
