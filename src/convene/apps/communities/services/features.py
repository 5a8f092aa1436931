"""Offering and switching what is off until it is needed."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from convene.apps.communities.events import FeatureOffered, FeatureSwitched
from convene.apps.communities.models import Community, Feature
from convene.apps.communities.rules import FeatureName
from convene.apps.communities.services.common import require_steward
from convene.apps.people.models import Person
from convene.foundation.events import publish


@transaction.atomic
def offer_feature(community: Community, name: FeatureName, now: datetime) -> bool:
    """Its moment came: put it on Today, once. False when it is on, was offered, or was switched by hand.

    For handlers in web/wiring.py; the offer itself changes nothing.
    """
    _row, made = Feature.objects.get_or_create(
        community=community,
        name=FeatureName(name),
        defaults={"on": False, "offered_at": now, "changed_at": now},
    )
    if made:
        publish(
            FeatureOffered(subject_id=community.pk, community_id=community.pk, feature=FeatureName(name)),
            actor=None,
            now=now,
        )
    return made


@transaction.atomic
def switch_feature(
    *, community: Community, name: FeatureName, on: bool, actor: Person, now: datetime
) -> None:
    """A steward switches it, offered or not; either answer settles an offer."""
    require_steward(actor, community.pk)
    Feature.objects.update_or_create(
        community=community,
        name=FeatureName(name),
        defaults={"on": on, "changed_at": now, "changed_by": actor, "answered_at": now},
    )
    publish(
        FeatureSwitched(subject_id=community.pk, community_id=community.pk, feature=FeatureName(name), on=on),
        actor=actor,
        now=now,
    )
