"""Signed links for people who were asked something about a workshop, with or without an account."""

from __future__ import annotations

from uuid import UUID

from django.urls import reverse

from convene.apps.people.models import Person
from convene.apps.workshops.models import Facilitation, Invitee
from convene.foundation.access import links
from convene.foundation.mail.urls_absolute import absolute, absolute_to

FACILITATE, ROOM, MATERIAL = "facilitate", "room", "resources"
MAX_AGE_DAYS = 366


def facilitation_url(facilitation: Facilitation) -> str:
    """Absolute; dies when the person is asked anew or the invitation is taken back."""
    return absolute_to("facilitation_answer", links.sign(FACILITATE, facilitation.pk, _version(facilitation)))


def room_url(invitee: Invitee) -> str:
    return absolute_to("room_answer", links.sign(ROOM, invitee.pk, _version(invitee)))


def material_path(workshop_id: UUID, person: Person) -> str:
    """The resources page for a person without an account; what it shows follows their seat."""
    token = links.sign(MATERIAL, f"{workshop_id}:{person.pk}", person.link_version)
    return reverse("workshop_resources_link", args=[token])


def material_url(workshop_id: UUID, person: Person) -> str:
    return absolute(material_path(workshop_id, person))


def _version(asked: Facilitation | Invitee) -> int:
    """The link dies with the invitation's own version, and with all links of the person; both only rise."""
    return asked.link_version + asked.person.link_version


def facilitation_of(token: str) -> Facilitation:
    """Raises BadLink when the token is damaged, old or taken back."""
    subject_id, version = links.read(FACILITATE, token, max_age_days=MAX_AGE_DAYS)
    rows = Facilitation.objects.select_related("workshop__community", "person")
    found = rows.filter(pk=UUID(subject_id), person__erased_at=None).first()
    if found is None or _version(found) != version:
        raise links.BadLink(FACILITATE)
    return found


def invitee_of(token: str) -> Invitee:
    """Raises BadLink when the token is damaged, old or taken back."""
    subject_id, version = links.read(ROOM, token, max_age_days=MAX_AGE_DAYS)
    rows = Invitee.objects.select_related("workshop__community", "person")
    found = rows.filter(pk=UUID(subject_id), person__erased_at=None).first()
    if found is None or _version(found) != version:
        raise links.BadLink(ROOM)
    return found


def material_of(token: str) -> tuple[UUID, Person]:
    """The workshop's id and the person. Raises BadLink."""
    subject, version = links.read(MATERIAL, token, max_age_days=MAX_AGE_DAYS)
    workshop_id, _colon, person_id = subject.partition(":")
    person = Person.objects.filter(pk=UUID(person_id), link_version=version, erased_at=None).first()
    if person is None:
        raise links.BadLink(MATERIAL)
    return UUID(workshop_id), person
