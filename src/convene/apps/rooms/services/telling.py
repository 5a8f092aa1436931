"""Who must see a change at once: the pages that watch this room."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from convene.apps.rooms.models import Participant, Room
from convene.foundation.live import services as live
from convene.foundation.live import topic


def tell(
    room: Room,
    *,
    cockpit: bool = True,
    screen: bool = True,
    phone: bool = True,
    participants: Iterable[Participant | UUID] = (),
    everyone: bool = False,
) -> None:
    """The last thing a service does in its transaction: name the pages whose content changed.

    `participants`: those whose own part of the phone changed; `everyone`: that of all.
    """
    pages = {"cockpit": cockpit, "screen": screen, "phone": phone}
    topics = [topic(f"room-{page}", room.session_id) for page, changed in pages.items() if changed]
    own = room.participants.values_list("pk", flat=True) if everyone else participants
    topics += [topic("room-me", one.pk if isinstance(one, Participant) else one) for one in own]
    live.touch(*topics)
