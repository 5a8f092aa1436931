"""Who reads and who writes what is decided."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING
from uuid import UUID

from convene.apps.communities.permissions import is_member, is_steward

if TYPE_CHECKING:
    from convene.apps.communities.permissions import Actor


class Permission(StrEnum):
    READ_DECISIONS = "decision:read"
    DECIDE = "decision:make"
    PRACTISE = "practice:take_part"


def can_read(actor: Actor, community_id: UUID) -> bool:
    return is_member(actor, community_id) or is_steward(actor, community_id)


def can_decide(actor: Actor, community_id: UUID) -> bool:
    return is_steward(actor, community_id)
