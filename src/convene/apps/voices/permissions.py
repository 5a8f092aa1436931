"""Who may put questions, and who may answer them."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING
from uuid import UUID

from convene.apps.communities.permissions import is_member, is_steward
from convene.apps.rooms.queries.rooms import takes_part
from convene.apps.voices.models import Inquiry
from convene.apps.workshops.models import Session
from convene.apps.workshops.permissions import can_lead

if TYPE_CHECKING:
    from convene.apps.communities.permissions import Actor
    from convene.apps.people.models import Person


class Permission(StrEnum):
    ASK = "inquiry:ask"
    RUN = "inquiry:run"
    ANSWER = "inquiry:answer"


def can_ask(actor: Actor, community_id: UUID, session: Session | None = None) -> bool:
    """Stewards; and in a session those who lead its workshop."""
    return is_steward(actor, community_id) or (
        session is not None
        and session.workshop.community_id == community_id
        and can_lead(actor, session.workshop)
    )


def can_run(actor: Actor, inquiry: Inquiry) -> bool:
    return can_ask(actor, inquiry.community_id, inquiry.session)


def can_answer(person: Person, inquiry: Inquiry) -> bool:
    """Whom it asks; a person with an invitation needs no other right."""
    if inquiry.asks == Inquiry.Asks.MEMBERS:
        return is_member(person, inquiry.community_id) or is_steward(person, inquiry.community_id)
    if inquiry.asks == Inquiry.Asks.SESSION and inquiry.session is not None:
        return takes_part(inquiry.session, person)
    return False


def can_read(actor: Actor, inquiry: Inquiry) -> bool:
    """The map: whoever is asked, whoever runs it, and members of the community."""
    from convene.apps.people.models import Person

    if isinstance(actor, Person) and (can_answer(actor, inquiry) or can_run(actor, inquiry)):
        return True
    return is_member(actor, inquiry.community_id)
