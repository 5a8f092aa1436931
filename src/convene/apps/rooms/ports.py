"""Questions this app asks of higher ones: declared here, plugged in `web/wiring.py`."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol
from uuid import UUID


class ViewpointsOf(Protocol):
    """Where people stand, as vectors of one length, by the person's id.

    Only of those who agreed, apart from everything else, that their viewpoint may be used for tables; the
    others are left out. Vectors are used by the search and for its figures, and are never shown or stored.
    """

    def __call__(
        self, *, community_id: UUID, person_ids: Collection[UUID]
    ) -> Mapping[UUID, Sequence[float]]: ...


@dataclass
class Ports:
    """Until somebody plugs `viewpoints`, no page offers to mix by them."""

    viewpoints: ViewpointsOf | None = None


ports = Ports()
