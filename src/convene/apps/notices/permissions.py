"""Who reads and edits notices: those who plan the workshop."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from convene.apps.workshops.permissions import can_plan

if TYPE_CHECKING:
    from convene.apps.communities.permissions import Actor
    from convene.apps.workshops.models import Workshop


class Permission(StrEnum):
    EDIT_NOTICES = "notice:edit"
    WRITE_LETTER = "letter:write"


def can_edit_notices(actor: Actor, workshop: Workshop) -> bool:
    return can_plan(actor, workshop)
