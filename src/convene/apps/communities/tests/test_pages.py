"""Every page for whoever may open it, and for nobody else; no object of another community is reached."""

from __future__ import annotations

import uuid

import pytest
from django.urls import reverse

from convene.apps.communities import urls
from convene.apps.communities.models import CharterVersion, Membership, RoleTerm
from convene.apps.communities.rules import FeatureName
from tests.makers import (
    make_application,
    make_community,
    make_feature,
    make_member,
    make_person,
    make_question,
    make_report,
    make_role,
    make_stakeholder,
)

pytestmark = pytest.mark.django_db

STEWARD = {
    "member_invite", "composition", "applications", "member_edit", "member_end", "stakeholders", "stakeholder_new",
    "stakeholder", "community_settings", "charter_edit", "community_features", "trait_questions", "trait_question",
    "application_read", "role_end", "role_term",
}  # fmt: skip
STEWARD_ACTS = {
    "role_give", "invitation_again", "invitation_take_back", "stakeholder_contact", "stakeholder_end",
    "feature_switch", "trait_retire", "community_close", "community_reopen",
}  # fmt: skip
MEMBER = {"community_people"}
OWN = {"my_membership", "my_traits"}
OWN_ACTS = {"membership_answer"}
PUBLIC = {
    "community_page",
    "charter",
    "charter_version",
    "apply",
    "apply_sent",
    "conduct_report",
    "conduct_answers",
}
LINKED = {
    "membership_invited",
    "membership_review",
    "membership_return",
    "application_confirm",
    "application_follow",
}
CONTACT = {"conduct_inbox", "conduct_case", "conduct_reply", "conduct_take_up", "conduct_close"}
SIGNED_IN = {"start"}


def test_every_address_stands_in_exactly_one_of_these_lists():
    lists = [STEWARD, STEWARD_ACTS, MEMBER, OWN, OWN_ACTS, PUBLIC, LINKED, CONTACT, SIGNED_IN]
    assert sum(map(len, lists)) == len(set().union(*lists))
    assert {pattern.name for pattern in urls.urlpatterns} == set().union(*lists)


@pytest.fixture
def world():
    """A community with one of everything, and the arguments of each address."""
    steward = make_person("Amina Wanjiru")
    community = make_community(steward=steward, charter_number=1, practice="Rounds", who_for="Nurses")
    CharterVersion.objects.create(
        community=community,
        number=1,
        content={"domain": community.domain},
        by=steward,
        at=community.created_at,
    )
    for name in (FeatureName.APPLICATIONS, FeatureName.TRAITS, FeatureName.STAKEHOLDERS):
        make_feature(community, name)
    other = make_member(community, make_person("Jonas Okafor"))
    membership = Membership.objects.get(community=community, person=other)
    invited = make_member(community, state="invited")
    contact = make_person("Noor Haddad")
    make_role(community, contact, RoleTerm.Role.CONDUCT_CONTACT)
    make_report(community, contact)
    return {
        "steward": steward,
        "member": other,
        "contact": contact,
        "community": community,
        "args": {
            "membership_id": membership.pk,
            "term_id": make_role(community, other, RoleTerm.Role.HOST).pk,
            "application_id": make_application(community).pk,
            "stakeholder_id": make_stakeholder(community).pk,
            "question_id": make_question(community).pk,
            "report_id": uuid.uuid4(),
            "number": 1,
            "name": "draw",
            "token": "x",
        },
        "invited": invited,
    }


def address(name, community, args):
    pattern = next(pattern for pattern in urls.urlpatterns if pattern.name == name)
    wanted = pattern.pattern.converters
    values = {"slug": community.slug, **args}
    return reverse(name, kwargs={key: values[key] for key in wanted})


@pytest.mark.parametrize("name", sorted(STEWARD | MEMBER | {"my_membership", "my_traits", "start"} | PUBLIC))
def test_a_steward_opens_it(client, world, name):
    client.force_login(world["steward"])
    assert client.get(address(name, world["community"], world["args"])).status_code == 200


@pytest.mark.parametrize("name", sorted(PUBLIC))
def test_everyone_opens_what_is_public(client, world, name):
    assert client.get(address(name, world["community"], world["args"])).status_code == 200


@pytest.mark.parametrize(
    "name", sorted(STEWARD | STEWARD_ACTS | MEMBER | OWN | OWN_ACTS | CONTACT | SIGNED_IN)
)
def test_without_signing_in_it_leads_to_the_login(client, world, name):
    where = address(name, world["community"], world["args"])
    for response in (client.get(where), client.post(where)):
        assert response.status_code in {302, 405}
        if response.status_code == 302:
            assert response.url.startswith(reverse("account_login"))


@pytest.mark.parametrize("name", sorted(STEWARD | STEWARD_ACTS))
@pytest.mark.parametrize("who", ["member", "contact", "outsider", "site admin", "steward elsewhere"])
def test_only_its_stewards_open_it(client, world, name, who):
    elsewhere = make_person()
    make_community(steward=elsewhere)
    people = {
        "outsider": make_person(),
        "site admin": make_person(is_site_admin=True),
        "steward elsewhere": elsewhere,
        "member": make_member(world["community"]),
        "contact": world["contact"],
    }
    client.force_login(people[who])
    where = address(name, world["community"], world["args"])
    assert client.post(where, {"answer": "x"}).status_code in {403, 405}
    if name not in STEWARD_ACTS:
        assert client.get(where).status_code == 403


@pytest.mark.parametrize(
    "name",
    sorted(
        name
        for name in STEWARD | STEWARD_ACTS
        if {"membership_id", "term_id", "application_id", "stakeholder_id", "question_id"}
        & set(next(p for p in urls.urlpatterns if p.name == name).pattern.converters)
    ),
)
def test_a_steward_reaches_nothing_of_another_community_through_their_own(client, world, name):
    stranger = make_person()
    own = make_community(steward=stranger)
    client.force_login(stranger)
    where = address(name, own, world["args"])
    assert client.post(where, {}).status_code in {404, 405}
    if name not in STEWARD_ACTS:
        assert client.get(where).status_code == 404


@pytest.mark.parametrize("name", sorted(LINKED))
def test_a_damaged_link_says_so_and_does_nothing(client, world, name):
    response = client.get(address(name, world["community"], world["args"]))
    assert response.status_code == 410


def test_a_member_sees_people_and_an_outsider_does_not(client, world):
    where = address("community_people", world["community"], {})
    client.force_login(world["member"])
    assert client.get(where).status_code == 200
    client.force_login(make_person())
    assert client.get(where).status_code == 403


def test_the_tabs_are_only_those_the_reader_may_open(client, world):
    where = address("community_page", world["community"], {})
    anonymous = client.get(where).content.decode()
    assert "section-nav" not in anonymous
    client.force_login(world["steward"])
    steward = client.get(where).content.decode()
    assert reverse("community_settings", args=[world["community"].slug]) in steward
    client.force_login(world["member"])
    member = client.get(where).content.decode()
    assert reverse("community_settings", args=[world["community"].slug]) not in member
    assert reverse("community_people", args=[world["community"].slug]) in member
    assert 'aria-current="page"' in member


@pytest.mark.parametrize("name", ["community_page", "community_people", "applications", "stakeholders"])
def test_a_longer_list_asks_no_more_questions_of_the_database(
    client, world, name, django_assert_max_num_queries
):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client.force_login(world["steward"])
    where = address(name, world["community"], {})
    client.get(where)
    with CaptureQueriesContext(connection) as few:
        client.get(where)
    for _ in range(8):
        make_role(world["community"], make_member(world["community"]), RoleTerm.Role.FACILITATOR)
        make_application(world["community"])
        make_stakeholder(world["community"], keeper=world["member"])
    with django_assert_max_num_queries(len(few)):
        client.get(where)
