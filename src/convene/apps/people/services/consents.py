"""Consent: one yes to one purpose; withdrawn, never overwritten."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from convene.apps.people.events import ConsentGiven, ConsentWithdrawn
from convene.apps.people.models import AccessNeed, Consent, Person
from convene.apps.people.rules import Purpose
from convene.foundation.events import publish


@transaction.atomic
def give_consent(*, person: Person, purpose: Purpose, now: datetime, scope_id: UUID | None = None) -> Consent:
    """Record a yes; the one already standing, if there is one."""
    consent, made = Consent.objects.get_or_create(
        person=person,
        purpose=Purpose(purpose),
        scope_id=scope_id,
        withdrawn_at=None,
        defaults={"given_at": now},
    )
    if made:
        publish(
            ConsentGiven(subject_id=person.pk, purpose=purpose.value, scope_id=scope_id),
            actor=person,
            now=now,
        )
    return consent


@transaction.atomic
def withdraw_consent(
    *, person: Person, purpose: Purpose, now: datetime, scope_id: UUID | None = None
) -> bool:
    """Take the yes back; False when there was none. What was kept by it goes too."""
    withdrawn = Consent.objects.filter(
        person=person, purpose=Purpose(purpose), scope_id=scope_id, withdrawn_at=None
    ).update(withdrawn_at=now)
    if purpose == Purpose.ACCESS_NEEDS:
        AccessNeed.objects.filter(person=person).delete()
    if withdrawn:
        publish(
            ConsentWithdrawn(subject_id=person.pk, purpose=purpose.value, scope_id=scope_id),
            actor=person,
            now=now,
        )
    return withdrawn == 1
