"""What follows by itself. Each may run twice, and has its effect once."""

from __future__ import annotations

from uuid import UUID

from django.utils import timezone
from django_tasks import task

from convene.apps.connections import mails
from convene.apps.connections.models import Exchange
from convene.apps.connections.services import contacts
from convene.apps.people.queries import has_consent
from convene.apps.people.rules import Purpose


@task()
def tell_exchanged(exchange_id: str) -> None:
    """Both learn of it, unless one took the yes back in the meantime."""
    pair = Exchange.objects.select_related("one", "other").filter(pk=exchange_id).first()
    if pair is None or pair.shared_at is None:
        return
    for person, other in ((pair.one, pair.other), (pair.other, pair.one)):
        key = f"contacts_exchanged:{pair.pk}:{person.pk}:{pair.shared_at:%Y%m%dT%H%M%S}"
        mails.tell_exchanged(person, other, key=key, now=timezone.now())


@task()
def forget_contact(person_id: str) -> None:
    """The consent was taken back elsewhere; unless it was given anew, which began afresh."""
    if not has_consent(UUID(person_id), Purpose.CONTACT):
        contacts.forget_contact(person_id=UUID(person_id))
