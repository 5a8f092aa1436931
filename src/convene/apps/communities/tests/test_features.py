from __future__ import annotations

import uuid

import pytest
from django.urls import reverse
from django.utils import timezone

from convene.apps.communities import queries, services, tasks
from convene.apps.communities.rules import ABOUT, FeatureName
from convene.foundation.audit.models import AuditEntry
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
    by_hand = {name for name, about in ABOUT.items() if not about.moment}
    assert by_hand == {FeatureName.POOLS, FeatureName.APPROVAL}


def test_one_thing_switched_on_makes_another_useful():
    steward = make_person()
    community = make_community(steward=steward)
    tasks.offer_what_follows.call(str(community.pk), FeatureName.DRAW)
    tasks.offer_what_follows.call(str(community.pk), FeatureName.OPEN_DOOR)
    tasks.offer_what_follows.call(str(community.pk), FeatureName.SERIES)
    assert queries.offers_waiting(community.pk) == [FeatureName.TRAITS, FeatureName.APPLICATIONS]


def test_the_third_published_workshop_asks_who_else_has_a_stake():
    community = make_community()
    for count in range(3):
        assert queries.offers_waiting(community.pk) == []
        AuditEntry.objects.create(
            name="workshop_published", subject_id=uuid.uuid4(), community_id=community.pk, at=NOW
        )
        tasks.offer_stakeholders.call(str(community.pk))
        assert (count == 2) == (queries.offers_waiting(community.pk) == [FeatureName.STAKEHOLDERS])


def test_a_steward_answers_an_offer_on_its_card(client):
    steward = make_person()
    community = make_community(steward=steward)
    services.offer_feature(community, FeatureName.WAITING_LIST, NOW)
    client.force_login(steward)
    where = reverse("feature_switch", args=[community.slug, "waiting_list"])
    assert client.post(where, {"on": "1", "back": "today"}).url == reverse("today", args=[community.slug])
    assert queries.feature_on(community.pk, FeatureName.WAITING_LIST)
    assert client.post(reverse("feature_switch", args=[community.slug, "no-such"])).status_code == 404
