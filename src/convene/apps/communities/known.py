"""Finding, or making known, the person behind a mail address that somebody typed."""

from __future__ import annotations

from datetime import datetime

from convene.apps.communities.models import Community
from convene.apps.people.models import Person
from convene.apps.people.services import find_or_make_person


def person_at(email: str, *, name: str, community: Community, now: datetime) -> Person:
    """Perhaps without a name, until they say what they want to be called. Raises RuleBroken("bad_email")."""
    return find_or_make_person(
        email=email, name=name, language=community.language, zone="", now=now, nameless=True
    )
