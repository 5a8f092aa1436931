"""Reading people, their consents and their needs."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from allauth.account.models import EmailAddress
from django.db.models import Q, QuerySet
from django.utils import timezone

from convene.apps.people.models import AccessNeed, AccessNeedView, Consent, Person
from convene.apps.people.rules import Purpose
from convene.foundation import privacy


def find_person(email: str) -> Person | None:
    """Whom an address belongs to: as their own, or as one they have confirmed."""
    address = Person.objects.normalise(email)
    if not address:
        return None
    person = Person.objects.filter(email=address).first()
    if person is not None:
        return person
    return Person.objects.filter(emailaddress__email=address, emailaddress__verified=True).first()


def has_account(person: Person) -> bool:
    """An account is a confirmed mail address."""
    return bool(EmailAddress.objects.filter(user_id=person.pk, verified=True).exists())


def has_consent(person_id: UUID, purpose: Purpose, *, scope_id: UUID | None = None) -> bool:
    return Consent.objects.filter(
        person_id=person_id, purpose=purpose, scope_id=scope_id, withdrawn_at=None
    ).exists()


def standing_purposes(person: Person) -> list[str]:
    """What the person said yes to for everything, not for one community or question alone."""
    standing = person.consents.filter(scope_id=None, withdrawn_at=None)
    return list(standing.values_list("purpose", flat=True))


def people_consenting(
    purpose: Purpose, *, person_ids: Iterable[UUID], scope_id: UUID | None = None
) -> set[UUID]:
    """Which of these said yes: one query for a list."""
    return set(
        Consent.objects.filter(
            purpose=purpose, scope_id=scope_id, person_id__in=person_ids, withdrawn_at=None
        ).values_list("person_id", flat=True)
    )


def consents_of(person: Person) -> QuerySet[Consent]:
    return person.consents.order_by("withdrawn_at", "-given_at")


def needs_of(person: Person) -> QuerySet[AccessNeed]:
    return person.access_needs.order_by("expires_on", "kind")


def needs_for(
    person_ids: Iterable[UUID], workshop_id: UUID, *, today: dt.date | None = None
) -> QuerySet[AccessNeed]:
    """What these people need in this workshop: their general needs, and those said for it alone.

    For counts and checks. A page that shows them beside names goes through `services.show_access_needs`,
    which writes down who looked.
    """
    return (
        AccessNeed.objects.filter(person_id__in=person_ids)
        .filter(Q(scope_id=None) | Q(scope_id=workshop_id))
        .filter(expires_on__gte=today or timezone.now().date())
        .order_by("kind", "created_at")
    )


def looks_at_needs(person: Person) -> QuerySet[AccessNeedView]:
    """Who saw the person's access needs, newest first."""
    return AccessNeedView.objects.filter(owner=person).select_related("viewer").order_by("-at")


@dataclass(frozen=True)
class Held:
    """All rows of one kind that the site holds on a person."""

    title: str
    why: str
    stays: str
    rows: privacy.Rows

    @property
    def count(self) -> int:
        return len(self.rows)


def held_on(person: Person) -> list[Held]:
    """Everything, by kind: what the person told us first, what the machinery keeps last."""
    entries = sorted(privacy.registered(), key=lambda entry: _place(entry.model))
    exported = [(entry, entry.export(person.pk)) for entry in entries]
    return [
        Held(title=entry.title, why=str(entry.why), stays=str(entry.stays), rows=rows)
        for entry, rows in exported
        if rows
    ]


def _place(model: str) -> int:
    if model == "people.Person":
        return 0
    app = model.partition(".")[0]
    return {"people": 1, "mail": 3, "sessions": 4, "audit": 5, "jobs": 6}.get(app, 2)
