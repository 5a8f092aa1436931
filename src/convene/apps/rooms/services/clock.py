"""What changes by the clock alone."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from convene.apps.rooms.models import Block, Room
from convene.apps.rooms.rules.agenda import due_at
from convene.apps.rooms.services.telling import tell


def keep_time(*, now: datetime) -> None:
    """Where a block runs over its minutes all that follows moves along: pages are told."""
    on = Block.objects.filter(room__state=Room.State.RUNNING, started_at__isnull=False, ended_at=None)
    for block in on.select_related("room"):
        due = due_at(block)
        if due is not None and due < now:
            with transaction.atomic():
                tell(block.room)
