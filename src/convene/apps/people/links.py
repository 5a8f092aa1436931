"""The signed link by which someone without an account reaches their own data; every mail carries it."""

from __future__ import annotations

from uuid import UUID

from convene.apps.people.models import Person
from convene.foundation.access import links
from convene.foundation.mail.urls_absolute import absolute_to

PURPOSE = "my-data"
MAX_AGE_DAYS = 366


def my_data_token(person: Person) -> str:
    return links.sign(PURPOSE, person.pk, person.link_version)


def my_data_url(person: Person) -> str:
    """Absolute; dies when the person changes their address, revokes their links, or is erased."""
    return absolute_to("my_link", my_data_token(person))


def person_of(token: str) -> Person:
    """Raises BadLink when the token is damaged, old or revoked."""
    subject_id, version = links.read(PURPOSE, token, max_age_days=MAX_AGE_DAYS)
    person = Person.objects.filter(pk=UUID(subject_id), link_version=version, erased_at=None).first()
    if person is None or not person.is_active:
        raise links.BadLink(PURPOSE)
    return person
