"""Permission and state: the first lines of every service here."""

from __future__ import annotations

from django.utils.translation import gettext as _

from convene.apps.people.models import Person
from convene.apps.rooms import permissions
from convene.apps.rooms.models import Room
from convene.apps.rooms.permissions import Permission
from convene.foundation.errors import NotAllowed, RuleBroken


def must_facilitate(actor: Person, room: Room) -> None:
    if not permissions.can_facilitate(actor, room):
        raise NotAllowed(Permission.FACILITATE)


def must_run(room: Room) -> None:
    """What belongs to a running session: neither before it starts nor after it ended."""
    state = Room.objects.values_list("state", flat=True).get(pk=room.pk)
    if state == Room.State.PREPARING:
        raise RuleBroken(_("The session has not started."), code="not_started")
    if state == Room.State.OVER:
        raise RuleBroken(_("The session is over."), code="over")


def locked(room: Room) -> Room:
    """The room as it stands now, held until the transaction ends."""
    return Room.objects.select_for_update().get(pk=room.pk)
