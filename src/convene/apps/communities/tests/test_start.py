from __future__ import annotations

import pytest
from django.utils import timezone

from convene.apps.communities import permissions, queries, services
from convene.apps.communities.models import Community, Membership, RoleTerm
from convene.apps.communities.rules import FeatureName, TemplateName
from convene.foundation.audit.models import AuditEntry
from convene.foundation.errors import NotAllowed, RuleBroken
from convene.foundation.jobs.models import DueJob
from convene.foundation.mail.models import MailMessage
from tests.makers import make_person

pytestmark = pytest.mark.django_db


def start(person=None, **fields):
    fields.setdefault("name", "Evidence synthesis")
    fields.setdefault("domain", "Reading many studies as one.")
    return services.start_community(actor=person or make_person(), now=timezone.now(), **fields)


def test_who_starts_a_community_stewards_it_and_is_its_first_conduct_contact():
    person = make_person("Amina")
    community = start(person)
    assert list(queries.stewards_of(community)) == [person]
    assert list(queries.conduct_contacts_of(community)) == [person]
    assert permissions.is_member(person, community.pk)
    assert community.slug == "evidence-synthesis"
    assert community.charter_number == 1


def test_two_colleagues_are_invited_by_a_mail_each_and_no_address_twice():
    person = make_person(email="me@example.org")
    community = start(
        person, colleagues=["a@example.org", " A@example.org ", "", "me@example.org", "b@example.org"]
    )
    invited = Membership.objects.filter(community=community, state="invited")
    assert sorted(m.person.email for m in invited) == ["a@example.org", "b@example.org"]
    assert sorted(MailMessage.objects.values_list("to_address", flat=True)) == [
        "a@example.org",
        "b@example.org",
    ]


def test_an_address_that_is_none_starts_nothing():
    with pytest.raises(RuleBroken) as broken:
        start(colleagues=["not an address"])
    assert broken.value.code == "bad_email"
    assert Community.objects.count() == 0


def test_two_communities_of_one_name_have_two_addresses():
    assert start().slug != start().slug


def test_a_name_without_latin_letters_gets_an_address_too():
    assert start(name="مكافحة العدوى").slug.startswith("community-")


def test_an_open_taster_opens_the_door_and_nothing_else():
    community = start(template=TemplateName.OPEN_TASTER)
    assert queries.features_on(community.pk) == {FeatureName.OPEN_DOOR}
    assert queries.features_on(start().pk) == set()


def test_a_public_site_may_keep_starting_to_its_administrators(settings):
    settings.PUBLIC_ADDRESS = "https://convene.example.org"
    settings.WHO_MAY_START = "admins"
    with pytest.raises(NotAllowed):
        start()
    start(make_person(is_site_admin=True))
    settings.PUBLIC_ADDRESS = ""
    start()


def test_starting_leaves_ids_only_in_the_audit_trail():
    start(make_person("Amina"), colleagues=["a@example.org"])
    text = " ".join(str(entry.payload) for entry in AuditEntry.objects.all())
    assert "example.org" not in text
    assert "Amina" not in text


def test_the_yearly_question_is_planned_on_the_day_someone_joins():
    community = start()
    membership = Membership.objects.get(community=community)
    job = DueJob.objects.get(key=f"still-for-you:{membership.pk}")
    assert job.due_at.date() == membership.review_on
    assert RoleTerm.objects.filter(community=community).count() == 2
