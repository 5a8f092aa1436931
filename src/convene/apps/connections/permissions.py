"""Who sees how a community's groups meet: those who belong to it."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING
from uuid import UUID

from convene.apps.communities.permissions import is_member, is_steward

if TYPE_CHECKING:
    from convene.apps.communities.permissions import Actor


class Permission(StrEnum):
    SEE_PICTURE = "connections:see_picture"


def can_see_picture(actor: Actor, community_id: UUID) -> bool:
    """Members and stewards: it is their own network, in groups of five or more."""
    return is_member(actor, community_id) or is_steward(actor, community_id)
