"""What the worker does for communities."""

from __future__ import annotations

import datetime as dt

from django.utils import timezone
from django_tasks import task

from convene.apps.communities import services
from convene.apps.communities.models import Membership, RoleTerm


@task()
def ask_still_for_you(membership_id: str, on: str) -> None:
    membership = Membership.objects.filter(pk=membership_id).select_related("community", "person").first()
    if membership is not None:
        services.ask_still_for_you(membership=membership, on=dt.date.fromisoformat(on), now=timezone.now())


@task()
def lapse_role(term_id: str) -> None:
    term = RoleTerm.objects.filter(pk=term_id).first()
    if term is not None:
        services.lapse_role(term=term, now=timezone.now())


@task()
def forget_trait(person_id: str, question_id: str | None) -> None:
    """Consent was withdrawn on the profile page."""
    from uuid import UUID

    services.forget_trait(person_id=UUID(person_id), question_id=UUID(question_id) if question_id else None)
