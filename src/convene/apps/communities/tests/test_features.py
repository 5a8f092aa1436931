from __future__ import annotations

import pytest
from django.utils import timezone

from convene.apps.communities import queries, services
from convene.apps.communities.rules import ABOUT, FeatureName
from convene.foundation.errors import NotAllowed
from tests.makers import make_community, make_person

pytestmark = pytest.mark.django_db
NOW = timezone.now()


def test_everything_is_off_until_it_is_switched_on():
    steward = make_person()
    community = make_community(steward=steward)
    assert not queries.feature_on(community.pk, FeatureName.DRAW)
    services.switch_feature(community=community, name=FeatureName.DRAW, on=True, actor=steward, now=NOW)
    assert queries.feature_on(community.pk, FeatureName.DRAW)
    assert queries.features_on(community.pk) == {FeatureName.DRAW}


def test_a_moment_offers_once_and_never_again_after_an_answer():
    steward = make_person()
    community = make_community(steward=steward)
    assert services.offer_feature(community, FeatureName.WAITING_LIST, NOW)
    assert not services.offer_feature(community, FeatureName.WAITING_LIST, NOW)
    assert queries.offers_waiting(community.pk) == [FeatureName.WAITING_LIST]
    assert not queries.feature_on(community.pk, FeatureName.WAITING_LIST)
    services.switch_feature(
        community=community, name=FeatureName.WAITING_LIST, on=False, actor=steward, now=NOW
    )
    assert queries.offers_waiting(community.pk) == []
    assert not services.offer_feature(community, FeatureName.WAITING_LIST, NOW)


def test_what_is_on_is_not_offered():
    steward = make_person()
    community = make_community(steward=steward)
    services.switch_feature(community=community, name=FeatureName.DRAW, on=True, actor=steward, now=NOW)
    assert not services.offer_feature(community, FeatureName.DRAW, NOW)


def test_only_a_steward_switches():
    community = make_community(steward=make_person())
    with pytest.raises(NotAllowed):
        services.switch_feature(
            community=community,
            name=FeatureName.DRAW,
            on=True,
            actor=make_person(is_site_admin=True),
            now=NOW,
        )


def test_every_feature_says_what_it_does_and_when_it_is_offered():
    assert set(ABOUT) == set(FeatureName)
