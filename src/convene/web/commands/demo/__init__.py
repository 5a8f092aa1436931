"""The demo community: infection control across six hospitals. Written once, into an empty database.

Everything goes through the services, at the time it would have happened: what a visitor sees are real
movements, offers, draws and mails.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from convene.apps.communities.models import Community
from convene.apps.people.models import Person
from convene.web.commands.demo import (
    coming,
    drawn,
    live,
    network,
    opinions,
    past,
    people,
    quarters,
    stewarded,
    wishes,
)


@dataclass(frozen=True)
class Entry:
    """One way into the demo. `email` empty: as someone the site does not know."""

    label: str
    says: str
    email: str


ENTRIES = {
    "steward": Entry("steward", "Ines Castro, who plans and decides", people.address("Ines Castro")),
    "member": Entry("member", "Tomasz Lis, who looks for a seat", people.address("Tomasz Lis")),
    "outsider": Entry("outsider", "someone from outside, without an account", ""),
    "facilitator": Entry("facilitator", "Grace Mensah, who holds the room", people.address("Grace Mensah")),
}


def is_demo_database() -> bool:
    """Whether this database was begun as a demo."""
    return Community.objects.filter(is_demo=True).exists()


@transaction.atomic
def seed(*, now: datetime) -> None:
    """Write the demo; refuses a database that anyone is in."""
    if Person.objects.exists() or Community.objects.exists():
        raise RuntimeError("The demo is written into an empty database only.")
    cast = people.found_community(now)
    quarters.write(cast, now)
    past.write(cast, now)
    network.write(cast, now)
    coming.write(cast, now)
    drawn.write(cast, now)
    wishes.write(cast, now)
    stewarded.write(cast, now)
    live.write(cast, now)
    opinions.write(cast, now)
    Person.objects.update(is_demo=True)
