"""What the worker does for communities."""

from __future__ import annotations

import datetime as dt

from django.utils import timezone
from django_tasks import task

from convene.apps.communities import services
from convene.apps.communities.models import Community, Membership, RoleTerm
from convene.apps.communities.rules import FeatureName
from convene.foundation.audit.models import AuditEntry

WORKSHOPS_TO_SHOW = 3


@task()
def ask_still_for_you(membership_id: str, on: str) -> None:
    membership = Membership.objects.filter(pk=membership_id).select_related("community", "person").first()
    if membership is not None:
        services.ask_still_for_you(membership=membership, on=dt.date.fromisoformat(on), now=timezone.now())


@task()
def offer_what_follows(community_id: str, feature: str) -> None:
    """One thing switched on makes another useful."""
    follows = {FeatureName.DRAW: FeatureName.TRAITS, FeatureName.OPEN_DOOR: FeatureName.APPLICATIONS}
    community = Community.objects.filter(pk=community_id).first()
    if community is not None and feature in follows:
        services.offer_feature(community, follows[FeatureName(feature)], timezone.now())


@task()
def offer_stakeholders(community_id: str) -> None:
    """A community that has published three workshops has something to show."""
    community = Community.objects.filter(pk=community_id).first()
    published = AuditEntry.objects.filter(community_id=community_id, name="workshop_published")
    if community is not None and published.count() >= WORKSHOPS_TO_SHOW:
        services.offer_feature(community, FeatureName.STAKEHOLDERS, timezone.now())


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
