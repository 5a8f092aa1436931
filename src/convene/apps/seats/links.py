"""Signed links by which people keep their registration in hand without an account, and approvers answer.

A link ends when the registration's or the person's `link_version` rises, or the person is erased.
"""

from __future__ import annotations

from uuid import UUID

from django.urls import reverse

from convene.apps.people.models import Person
from convene.apps.seats.models import Registration, SeatPolicy, Witness
from convene.foundation.access import links
from convene.foundation.access.links import BadLink

_REGISTRATION = "registration"
_APPROVAL = "approval"
_WITNESS = "witness"


def registration_token(registration: Registration) -> str:
    return links.sign(_REGISTRATION, registration.pk, version_of(registration))


def registration_path(registration: Registration) -> str:
    """The page where the person sees and moves their registration; for mails, make it absolute."""
    return reverse("registration", args=[registration_token(registration)])


def registration_of(token: str) -> Registration:
    """The registration a link is for. Raises BadLink."""
    subject, version = links.read(_REGISTRATION, token)
    found = (
        Registration.objects.select_related("person", "pool", "workshop__community")
        .filter(pk=UUID(subject), person__erased_at=None)
        .first()
    )
    if found is None or version_of(found) != version:
        raise BadLink(_REGISTRATION)
    return found


def approval_path(registration: Registration, approver: Person) -> str:
    """The page where an approver or deputy answers a request without an account."""
    subject = f"{registration.pk}:{approver.pk}"
    return reverse("seat_approval", args=[links.sign(_APPROVAL, subject, approver.link_version)])


def approval_of(token: str) -> tuple[Registration, Person]:
    """The request and who answers it; only while they are its approver or deputy. Raises BadLink."""
    subject, version = links.read(_APPROVAL, token, max_age_days=60)
    request_id, _colon, person_id = subject.partition(":")
    found = (
        Registration.objects.select_related("person", "pool", "workshop__community")
        .filter(pk=UUID(request_id))
        .first()
    )
    approver = Person.objects.filter(pk=UUID(person_id), erased_at=None, link_version=version).first()
    if found is None or approver is None:
        raise BadLink(_APPROVAL)
    named = SeatPolicy.objects.filter(workshop_id=found.workshop_id).values_list("approver_id", "deputy_id")
    if approver.pk not in (named.first() or ()):
        raise BadLink(_APPROVAL)
    return found, approver


def witness_path(witness: Witness) -> str:
    """The page where a witness seals and reveals without an account. The witness is a person still here."""
    version = witness.person.link_version if witness.person is not None else 0
    return reverse("draw_witness", args=[links.sign(_WITNESS, witness.pk, version)])


def witness_of(token: str) -> Witness:
    """The witness a link is for, while they are one. Raises BadLink."""
    subject, version = links.read(_WITNESS, token)
    found = (
        Witness.objects.select_related("person", "policy__workshop__community")
        .filter(pk=UUID(subject), person__erased_at=None)
        .first()
    )
    if found is None or found.person is None or found.person.link_version != version:
        raise BadLink(_WITNESS)
    return found


def version_of(registration: Registration) -> int:
    """What every link to a registration carries, other apps' too. Both only rise: their sum is enough."""
    return registration.link_version + registration.person.link_version
