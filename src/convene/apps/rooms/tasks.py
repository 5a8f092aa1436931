"""What a room does by itself, later. Each may run twice."""

from __future__ import annotations

from django.utils import timezone
from django_tasks import task

from convene.apps.rooms.models import Room
from convene.apps.rooms.services.notes import make_final


@task()
def make_notes_final(room_id: str) -> None:
    room = Room.objects.filter(pk=room_id).first()
    if room is not None:
        make_final(room=room, now=timezone.now())
