"""Who may wish, read and settle needs; who reads and writes the capability map."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING
from uuid import UUID

from convene.apps.communities.permissions import is_member, is_steward

if TYPE_CHECKING:
    from convene.apps.communities.permissions import Actor


class Permission(StrEnum):
    WISH = "need:wish"
    SETTLE_NEEDS = "need:settle"
    READ_MAP = "map:read"
    MAINTAIN_MAP = "map:maintain"


def can_wish(actor: Actor, community_id: UUID) -> bool:
    """Members, and stewards (who need no membership row for it)."""
    return is_member(actor, community_id) or is_steward(actor, community_id)


def can_settle(actor: Actor, community_id: UUID) -> bool:
    return is_steward(actor, community_id)


def can_read_map(actor: Actor, community_id: UUID) -> bool:
    return is_member(actor, community_id) or is_steward(actor, community_id)


def can_maintain_map(actor: Actor, community_id: UUID) -> bool:
    return is_steward(actor, community_id)
