"""Contacts that two people show each other: only when both say so, and no longer than both say so."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from convene.apps.connections.events import ContactsExchanged
from convene.apps.connections.models import ContactCard, Exchange
from convene.apps.connections.queries import met as queries
from convene.apps.connections.queries.introductions import introduced_to
from convene.apps.connections.rules import contacts as rules
from convene.apps.people.models import Person
from convene.apps.people.queries import has_consent
from convene.apps.people.rules import Purpose
from convene.apps.people.services import give_consent, withdraw_consent
from convene.foundation.events import publish


@transaction.atomic
def share_contact(*, person: Person, text: str, now: datetime) -> None:
    """Say which contact one shares, and agree to it. After a withdrawal no earlier yes comes back."""
    cleaned = rules.clean_contact(text)
    if not has_consent(person.pk, Purpose.CONTACT):
        forget_contact(person_id=person.pk)
    give_consent(person=person, purpose=Purpose.CONTACT, now=now)
    ContactCard.objects.update_or_create(person=person, defaults={"text": cleaned, "changed_at": now})


@transaction.atomic
def stop_sharing(*, person: Person, now: datetime) -> None:
    """Nobody sees it any more, from this moment on; every yes to an exchange is taken back with it."""
    withdraw_consent(person=person, purpose=Purpose.CONTACT, now=now)
    forget_contact(person_id=person.pk)


@transaction.atomic
def forget_contact(*, person_id: UUID) -> None:
    """The card and every yes of theirs; the others' own answers stay."""
    ContactCard.objects.filter(person_id=person_id).delete()
    Exchange.objects.filter(one=person_id).update(one_yes_at=None, shared_at=None)
    Exchange.objects.filter(other=person_id).update(other_yes_at=None, shared_at=None)
    Exchange.objects.filter(
        Q(one=person_id) | Q(other=person_id), one_yes_at=None, other_yes_at=None
    ).delete()


def say_yes(*, person: Person, other_id: UUID, now: datetime) -> None:
    """“Exchange contacts”: remembered silently; shown to both once the other says so too."""
    rules.check_may_ask(
        met=other_id in queries.met_ids(person.pk, now) | introduced_to(person.pk),
        has_contact=bool(queries.contact_of(person.pk)),
    )
    with transaction.atomic():
        pair = _locked(person.pk, other_id)
        if _agree(pair, {person.pk}, now):
            publish(ContactsExchanged(subject_id=pair.pk), actor=None, now=now)


def agree_for_both(*, one_id: UUID, other_id: UUID, now: datetime) -> None:
    """After an introduction to which both said yes; inside its transaction."""
    _agree(_locked(one_id, other_id), {one_id, other_id}, now)


def _locked(one_id: UUID, other_id: UUID) -> Exchange:
    first, second = rules.in_order(one_id, other_id)
    Exchange.objects.get_or_create(one_id=first, other_id=second)
    return Exchange.objects.select_for_update().get(one_id=first, other_id=second)


def _agree(pair: Exchange, people: set[UUID], now: datetime) -> bool:
    """Under the row's lock. True once: the step to “both” is claimed."""
    row = Exchange.objects.filter(pk=pair.pk)
    if pair.one_id in people:
        row.filter(one_yes_at=None).update(one_yes_at=now)
    if pair.other_id in people:
        row.filter(other_yes_at=None).update(other_yes_at=now)
    both = row.filter(one_yes_at__isnull=False, other_yes_at__isnull=False, shared_at=None)
    return both.update(shared_at=now) == 1


@transaction.atomic
def take_back(*, person: Person, other_id: UUID) -> None:
    """One's own yes to one person; at once neither sees the other's contact."""
    first, second = rules.in_order(person.pk, other_id)
    rows = Exchange.objects.filter(one_id=first, other_id=second)
    mine = "one_yes_at" if person.pk == first else "other_yes_at"
    rows.update(**{mine: None, "shared_at": None})
    rows.filter(one_yes_at=None, other_yes_at=None).delete()
