from __future__ import annotations

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from convene.apps.communities import mails, queries, services
from convene.apps.communities.models import Application, Reading
from convene.apps.communities.rules import readers_needed
from convene.foundation.access import links
from convene.foundation.errors import NotAllowed, RuleBroken
from convene.foundation.mail.models import MailMessage
from tests.makers import make_application, make_community, make_feature, make_member, make_person, make_role

pytestmark = pytest.mark.django_db
NOW = timezone.now()
WORDS = {"practice": "I read studies.", "bring": "A method.", "time": "two hours a month"}
OUTSIDE = {**WORDS, "name": "Olu Outsider", "email": "olu@example.org", "organisation": ""}


@pytest.fixture
def steward():
    return make_person("Stella")


@pytest.fixture
def community(steward):
    community = make_community(steward=steward, criteria="This is your work.")
    make_feature(community, "applications")
    return community


def more_stewards(community, count):
    people = [make_member(community) for _ in range(count)]
    for person in people:
        make_role(community, person, "steward")
    return people


def read(application, reader, view="accept"):
    services.read_application(
        application=application, view=view, note="By the criteria.", actor=reader, now=NOW
    )


def decide(application, steward, decision="accepted", **words):
    words.setdefault("reason", "")
    services.decide_application(application=application, decision=decision, actor=steward, now=NOW, **words)


def test_an_application_from_outside_counts_once_its_mail_is_confirmed_by_button(client, community):
    where = reverse("apply", args=[community.slug])
    assert client.post(where, OUTSIDE).url == reverse("apply_sent", args=[community.slug])
    application = Application.objects.get()
    assert application.state == "unconfirmed"
    assert not MailMessage.objects.filter(kind="application_waiting").exists()
    confirm = reverse("application_confirm", args=[links.sign(mails.APPLICATION_CONFIRM, application.pk)])
    assert client.get(confirm).status_code == 200
    application.refresh_from_db()
    assert application.state == "unconfirmed"
    follow = client.post(confirm).url
    application.refresh_from_db()
    assert application.state == "received"
    assert MailMessage.objects.filter(kind="application_waiting").count() == 1
    assert "being read" in client.get(follow).content.decode()
    client.post(follow)
    application.refresh_from_db()
    assert application.state == "withdrawn"


def test_the_page_says_the_same_whoever_the_address_belongs_to(client, community):
    member = make_member(community)
    where = reverse("apply", args=[community.slug])
    known = client.post(where, {**OUTSIDE, "email": member.email})
    unknown = client.post(where, OUTSIDE)
    assert (known.status_code, known.url) == (unknown.status_code, unknown.url)
    assert Application.objects.filter(person=member).count() == 0


def test_what_was_typed_stays_when_something_is_missing(client, community):
    response = client.post(reverse("apply", args=[community.slug]), {**OUTSIDE, "bring": ""})
    assert response.status_code == 422
    assert "I read studies." in response.content.decode()
    assert 'id="id_bring_error"' in response.content.decode()


def test_one_address_gets_three_mails_at_most(community):
    for _ in range(5):
        services.apply_from_outside(community=community, now=NOW, **OUTSIDE)
    assert MailMessage.objects.count() == 3


def test_unconfirmed_applications_are_forgotten_after_a_week(community):
    services.apply_from_outside(community=community, now=NOW, **OUTSIDE)
    assert services.forget_unconfirmed(NOW + dt.timedelta(days=6)) == 0
    assert services.forget_unconfirmed(NOW + dt.timedelta(days=8)) == 1


def test_signed_in_one_applies_at_once_and_once(community):
    person = make_person()
    services.apply(community=community, actor=person, now=NOW, **WORDS)
    with pytest.raises(RuleBroken) as broken:
        services.apply(community=community, actor=person, now=NOW, **WORDS)
    assert broken.value.code == "already_applied"


def test_where_applications_are_off_the_page_says_how_else(client):
    community = make_community(contact="us@example.org")
    page = client.post(reverse("apply", args=[community.slug]), OUTSIDE)
    assert "Applications are not open" in page.content.decode()
    assert Application.objects.count() == 0


@pytest.mark.parametrize(("stewards", "needed"), [(1, 1), (3, 1), (4, 2), (9, 2)])
def test_one_reader_is_enough_below_four_stewards(stewards, needed):
    assert readers_needed(stewards) == needed


def test_a_reader_sees_the_others_reading_only_after_their_own(client, community, steward):
    second, *_rest = more_stewards(community, 3)
    application = make_application(community)
    read(application, second, view="not_now")
    Reading.objects.update(note="Their practice is elsewhere.")
    where = reverse("application_read", args=[community.slug, application.pk])
    client.force_login(steward)
    assert "Their practice is elsewhere." not in client.get(where).content.decode()
    client.post(where, {"view": "accept", "note": "Fits well."})
    assert "Their practice is elsewhere." in client.get(where).content.decode()


def test_a_decision_waits_for_two_readings_and_for_the_deciders_own(community, steward):
    second, third, _fourth = more_stewards(community, 3)
    application = make_application(community)
    with pytest.raises(RuleBroken) as broken:
        decide(application, steward)
    assert broken.value.code == "decider_has_not_read"
    read(application, steward)
    with pytest.raises(RuleBroken) as broken:
        decide(application, steward)
    assert broken.value.code == "reading_missing"
    read(application, second)
    with pytest.raises(RuleBroken):
        decide(application, third)
    decide(application, steward)
    assert queries.live_membership(application.person_id, community.pk) is not None


def test_a_no_has_a_reason_and_an_elsewhere_a_where(community, steward):
    application = make_application(community)
    read(application, steward)
    for decision, code in (("not_now", "reason_missing"), ("redirected", "reason_missing")):
        with pytest.raises(RuleBroken) as broken:
            decide(application, steward, decision)
        assert broken.value.code == code
    with pytest.raises(RuleBroken) as broken:
        decide(application, steward, "redirected", reason="It is a course you want.")
    assert broken.value.code == "pointer_missing"
    decide(
        application, steward, "redirected", reason="It is a course you want.", pointer="The training unit."
    )
    mail = MailMessage.objects.get(kind="application_decided")
    assert "It is a course you want." in mail.text
    assert "The training unit." in mail.text


def test_an_outside_reader_reads_but_does_not_decide(client, community, steward):
    reader = make_person("Rhea Reader")
    community.outside_reader = reader
    community.save()
    application = make_application(community)
    client.force_login(reader)
    assert client.get(reverse("applications", args=[community.slug])).status_code == 200
    read(application, reader)
    with pytest.raises(NotAllowed):
        decide(application, reader)
    read(application, steward)
    decide(application, steward)


def test_nobody_reads_or_decides_their_own(community, steward):
    second, *_rest = more_stewards(community, 1)
    application = make_application(community, second)
    with pytest.raises(NotAllowed):
        read(application, second)
    assert list(queries.applications_waiting(second, community.pk)) == []
    assert list(queries.applications_waiting(steward, community.pk)) == [application]


def test_a_decided_application_is_decided_once(community, steward):
    application = make_application(community)
    read(application, steward)
    decide(application, steward)
    with pytest.raises(RuleBroken) as broken:
        decide(application, steward)
    assert broken.value.code == "application_not_open"
