"""Who reads the figures on access: stewards."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING
from uuid import UUID

from convene.apps.communities.permissions import is_steward

if TYPE_CHECKING:
    from convene.apps.communities.permissions import Actor


class Permission(StrEnum):
    READ_EQUITY = "equity:read"


def can_read(actor: Actor, community_id: UUID) -> bool:
    return is_steward(actor, community_id)
