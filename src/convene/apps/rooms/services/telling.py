"""Who must see a change at once: the pages that watch this room."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from convene.apps.rooms.models import Participant, Room


def tell(
    room: Room,
    *,
    cockpit: bool = True,
    screen: bool = True,
    phone: bool = True,
    participants: Iterable[Participant | UUID] = (),
) -> None:
    """The last thing a service does in its transaction: name the pages whose content changed.

    `participants`: those whose own part of the phone changed.
    """
