"""Access needs: kept by consent, shown to few, each look written down, gone on their day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.db import transaction

from convene.apps.people import queries, rules
from convene.apps.people.models import AccessNeed, AccessNeedView, Person
from convene.apps.people.rules import AccessKind, Purpose
from convene.apps.people.services.consents import give_consent


@transaction.atomic
def record_access_need(
    *,
    person: Person,
    kind: AccessKind | str,
    now: datetime,
    detail: str = "",
    workshop_id: UUID | None = None,
    expires_on: dt.date | None = None,
) -> AccessNeed:
    """Keep what the person said they need, for one workshop or (None) whenever they take part.

    Telling us is the consent; the form must say who sees it (stewards and facilitators of workshops they
    hold a seat in) and until when. Without a day it is kept for a year. The same need told twice is one
    row, with the newer words.
    """
    until = expires_on or now.date() + dt.timedelta(days=rules.NEED_DAYS_USUAL)
    rules.check_need(kind=kind, detail=detail, expires_on=until, today=now.date())
    give_consent(person=person, purpose=Purpose.ACCESS_NEEDS, now=now)
    need, _made = AccessNeed.objects.update_or_create(
        person=person,
        kind=AccessKind(kind),
        scope_id=workshop_id,
        defaults={"detail": detail.strip(), "expires_on": until},
    )
    return need


def remove_access_need(*, person: Person, need_id: UUID) -> bool:
    """False when it was not this person's, or gone already."""
    deleted, _by_model = AccessNeed.objects.filter(pk=need_id, person=person).delete()
    return deleted > 0


@transaction.atomic
def show_access_needs(
    *, viewer: Person, person_ids: Collection[UUID], workshop_id: UUID, now: datetime
) -> dict[UUID, list[AccessNeed]]:
    """What these people need in this workshop, by person; and who looked, written down for each of them.

    The caller has checked that `viewer` is a steward or facilitator of the workshop and that the people
    hold a seat in it.
    """
    shown: dict[UUID, list[AccessNeed]] = {}
    for need in queries.needs_for(person_ids, workshop_id, today=now.date()):
        shown.setdefault(need.person_id, []).append(need)
    AccessNeedView.objects.bulk_create(
        [
            AccessNeedView(owner_id=owner_id, viewer=viewer, workshop_id=workshop_id, on=now.date(), at=now)
            for owner_id in shown
            if owner_id != viewer.pk
        ],
        ignore_conflicts=True,
    )
    return shown


def forget_expired_needs(*, now: datetime) -> int:
    """Delete the needs whose last day has passed; the worker calls it every day."""
    deleted, _by_model = AccessNeed.objects.filter(expires_on__lt=now.date()).delete()
    return deleted
