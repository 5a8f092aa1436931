from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from convene.apps.people.models import Person
from convene.apps.stewardship import tasks
from convene.apps.stewardship.models import Practice, PracticeLog
from convene.apps.stewardship.practice import queries, services
from convene.foundation import privacy
from convene.foundation.errors import NotAllowed, RuleBroken
from convene.foundation.mail.models import MailMessage
from tests.makers import make_community, make_member, make_outcome, make_person

pytestmark = pytest.mark.django_db
NOW = timezone.now()


@pytest.fixture
def community():
    return make_community(steward=make_person("Ada"))


@pytest.fixture
def host(community):
    return make_member(community, make_person("Bea"))


@pytest.fixture
def guest(community):
    return make_member(community, make_person("Cem"))


def offered(community, host, what="My round on ward 4"):
    return services.offer(outcome=make_outcome(community), kind="shadowing", what=what, actor=host, now=NOW)


def running(community, host, guest):
    made = offered(community, host)
    services.ask(practice=made, actor=guest, now=NOW)
    services.agree(practice=made, actor=host, now=NOW)
    made.refresh_from_db()
    return made


def write(practice, actor, **fields):
    values = {"day": NOW.date(), "minutes": 60, "text": "We washed hands.", "now": NOW}
    return services.log(practice=practice, actor=actor, **{**values, **fields})


def test_one_offers_another_asks_and_both_keep_a_log(community, host, guest):
    made = running(community, host, guest)
    write(made, host)
    write(made, guest, minutes=30)
    assert queries.mine(community.pk, guest).get().minutes == 90
    services.end(practice=made, actor=guest, now=NOW)
    with pytest.raises(RuleBroken) as broken:
        write(made, host)
    assert broken.value.code == "practice_over"


def test_of_two_who_ask_the_second_is_told_and_a_no_offers_it_again(community, host, guest):
    made = offered(community, host)
    services.ask(practice=made, actor=guest, now=NOW)
    with pytest.raises(RuleBroken) as broken:
        services.ask(practice=made, actor=make_member(community), now=NOW)
    assert broken.value.code == "practice_changed"
    made.refresh_from_db()
    services.step_back(practice=made, actor=host, now=NOW)
    made.refresh_from_db()
    assert (made.state, made.guest) == ("offered", None)
    services.withdraw(practice=made, actor=host, now=NOW)
    assert not queries.offers(community.pk, guest).exists()


def test_nobody_but_the_two_reads_or_writes_it_stewards_neither(community, host, guest):
    made = running(community, host, guest)
    steward = Person.objects.get(name="Ada")
    for other in (make_member(community), steward, make_person()):
        assert queries.practice_for(other, community.pk, made.pk) is None
        for act in (services.agree, services.step_back, services.withdraw, services.end):
            with pytest.raises(NotAllowed):
                act(practice=made, actor=other, now=NOW)
        with pytest.raises(NotAllowed):
            write(made, other)
    stranger = make_person()
    with pytest.raises(NotAllowed):
        services.ask(practice=offered(community, host), actor=stranger, now=NOW)
    with pytest.raises(NotAllowed):
        services.ask(practice=offered(community, host), actor=host, now=NOW)
    with pytest.raises(NotAllowed):
        offered(community, stranger)


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"day": NOW.date() + dt.timedelta(days=1)}, "day"),
        ({"day": NOW.date() - dt.timedelta(days=1)}, "day"),
        ({"minutes": 4}, "minutes"),
        ({"minutes": 721}, "minutes"),
        ({"text": " a "}, "text"),
    ],
)
def test_a_line_that_cannot_be_is_refused_at_its_field(community, host, guest, fields, field):
    with pytest.raises(RuleBroken) as broken:
        write(running(community, host, guest), guest, **fields)
    assert broken.value.field == field


def test_five_offers_at_a_time_and_each_says_what(community, host):
    with pytest.raises(RuleBroken) as broken:
        offered(community, host, "x")
    assert broken.value.code == "offer_what"
    for _ in range(5):
        offered(community, host)
    with pytest.raises(RuleBroken) as broken:
        offered(community, host)
    assert broken.value.code == "offers_many"


def test_host_and_guest_are_told_once(community, host, guest):
    made = offered(community, host)
    services.ask(practice=made, actor=guest, now=NOW)
    for _ in range(2):
        tasks.tell_host.call(practice_id=str(made.pk))
        tasks.tell_guest.call(practice_id=str(made.pk))
    services.agree(practice=made, actor=host, now=NOW)
    for _ in range(2):
        tasks.tell_guest.call(practice_id=str(made.pk))
    mails = MailMessage.objects.order_by("kind").values_list("kind", "to_address", "subject")
    assert list(mails) == [
        ("practice_agreed", guest.email, "Bea says: yes, come"),
        ("practice_asked", host.email, "Cem would like to come along"),
    ]


def test_who_is_erased_leaves_no_line_and_no_offer(community, host, guest):
    made = running(community, host, guest)
    write(made, guest)
    write(made, host)
    assert {"stewardship.Practice", "stewardship.PracticeLog"} <= set(privacy.export_person(guest.pk))
    privacy.erase_person(guest.pk)
    made.refresh_from_db()
    assert (made.state, made.guest) == ("ended", None)
    assert [one.written_by for one in PracticeLog.objects.all()] == [host]
    offered(community, host)
    privacy.erase_person(host.pk)
    assert [(one.state, one.host) for one in Practice.objects.all()] == [("ended", None)]
    assert not PracticeLog.objects.exists()


def test_of_who_ran_it_with_an_erased_host_the_log_stays_with_the_guest(community, host, guest, client):
    made = running(community, host, guest)
    write(made, guest)
    privacy.erase_person(host.pk)
    client.force_login(guest)
    html = client.get(reverse("practice", args=[community.slug, made.pk])).content.decode()
    assert ("We washed hands." in html, "Bea" in html) == (True, False)
    assert client.get(reverse("practices", args=[community.slug])).status_code == 200


def test_the_pages_work_by_buttons_alone(community, host, guest, client):
    outcome = make_outcome(community)
    page = reverse("practices", args=[community.slug])
    client.force_login(host)
    assert client.post(page, {"outcome": outcome.pk}).status_code == 422
    sent = {"outcome": outcome.pk, "kind": "coaching", "what": "Ward 4 on Tuesdays"}
    assert client.post(page, sent).status_code == 302
    made = Practice.objects.get()
    act = reverse("practice_act", args=[community.slug, made.pk])
    log = reverse("practice", args=[community.slug, made.pk])
    client.force_login(guest)
    assert "Ward 4 on Tuesdays" in client.get(page).content.decode()
    assert client.get(log).status_code == 404
    client.post(act, {"act": "ask"})
    assert client.post(act, {"act": "agree"}).status_code == 403
    client.force_login(host)
    assert "Yes, come" in client.get(page).content.decode()
    client.post(act, {"act": "agree"})
    assert client.post(act, {"act": "agree"}).status_code == 302
    assert (
        client.post(log, {"day": NOW.date().isoformat(), "minutes": "900", "text": "Kept words"}).status_code
        == 422
    )
    assert (
        client.post(
            log, {"day": timezone.localdate().isoformat(), "minutes": "90", "text": "We did it"}
        ).status_code
        == 302
    )
    assert "We did it" in client.get(log).content.decode()
    assert client.post(act, {"act": "dance"}).status_code == 404
    client.force_login(make_person())
    assert client.get(page).status_code == 403


def test_the_list_takes_the_same_queries_for_one_and_many(community, host, guest, client):
    client.force_login(guest)
    page = reverse("practices", args=[community.slug])
    counts = []
    for more in (1, 10):
        for _ in range(more):
            offered(community, make_member(community))
            running(community, make_member(community), guest)
        client.get(page)
        with CaptureQueriesContext(connection) as seen:
            client.get(page)
        counts.append(len(seen))
    assert counts[0] == counts[1]
