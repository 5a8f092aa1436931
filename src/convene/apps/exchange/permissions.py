"""Who brings tables in and takes them out: stewards."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING
from uuid import UUID

from convene.apps.communities.permissions import is_steward

if TYPE_CHECKING:
    from convene.apps.communities.permissions import Actor


class Permission(StrEnum):
    IMPORT_TABLE = "exchange:import"
    EXPORT_TABLE = "exchange:export"


def can_exchange(actor: Actor, community_id: UUID) -> bool:
    return is_steward(actor, community_id)
