"""People one met, contacts that both show, and whom one has not met yet."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from convene.apps.connections import tasks
from convene.apps.connections.models import ContactCard, Exchange
from convene.apps.connections.queries import met as queries
from convene.apps.connections.queries.unmet import not_met
from convene.apps.connections.services import contacts
from convene.apps.people.links import my_data_token
from convene.apps.people.rules import Purpose
from convene.apps.people.services import give_consent, withdraw_consent
from convene.apps.rooms.models import Participant
from convene.apps.rooms.queries.meetings import Scope, meetings
from convene.foundation.errors import RuleBroken
from convene.foundation.mail.models import MailMessage
from convene.foundation.privacy import erase_person, export_person
from tests.makers import make_account, make_community, make_member, make_person, make_tables, make_workshop

pytestmark = pytest.mark.django_db
NOW = timezone.now()


@pytest.fixture
def community():
    return make_community(steward=make_person())


@pytest.fixture
def people():
    return [make_account(name) for name in ("Ada", "Ben", "Cleo", "Dov", "Eva", "Fay", "Gus", "Hal", "Ida")]


def names(person):
    return [one.person.name for each in queries.people_met(person, NOW) for one in each.people]


def agreed(person, other):
    contacts.say_yes(person=person, other_id=other.pk, now=NOW)


@pytest.fixture
def pair(community, people):
    make_tables(community, [people[:3], people[3:6], people[6:]])
    for person in people[:2]:
        contacts.share_contact(person=person, text=f"{person.name}@home", now=NOW)
    return people[:2]


def test_those_of_my_table_are_met_and_those_of_others_are_not(community, people):
    make_tables(community, [people[:3], people[3:6], people[6:]])
    assert names(people[0]) == ["Ben", "Cleo"]


def test_in_a_session_of_eight_everyone_is_met_and_in_one_of_nine_only_the_table(community, people):
    make_tables(community, [people[:4], people[4:8]])
    assert names(people[0]) == ["Ben", "Cleo", "Dov", "Eva", "Fay", "Gus", "Hal"]
    assert [one.at_table for one in meetings(Scope(of=people[0].pk, until=NOW))].count(True) == 3


def test_a_round_that_was_not_reached_and_who_never_came_count_for_nothing(community, people):
    room = make_tables(community, [people[:3], people[3:6], [*people[6:], make_person()]])
    room.participants.filter(person=people[1]).update(state=Participant.State.EXPECTED, arrived_at=None)
    assert names(people[0]) == ["Cleo"]
    room.groupings.get().placements.update(round=2)
    assert names(people[0]) == []


def test_while_the_session_runs_nobody_is_listed(community, people):
    make_tables(community, [people[:3], people[3:6], people[6:]], over=False)
    assert names(people[0]) == []


def test_a_contact_is_shown_once_both_say_so_and_each_is_told_once(pair):
    ada, ben = pair
    agreed(ada, ben)
    assert (queries.contacts_shown_to(ada.pk), queries.contacts_shown_to(ben.pk)) == ({}, {})
    agreed(ben, ada)
    assert queries.contacts_shown_to(ada.pk) == {ben.pk: "Ben@home"}
    assert queries.contacts_shown_to(ben.pk) == {ada.pk: "Ada@home"}
    for _ in range(2):
        tasks.tell_exchanged.call(exchange_id=str(Exchange.objects.get().pk))
    mails = MailMessage.objects.filter(kind="contacts_exchanged")
    assert sorted(mails.values_list("to_address", flat=True)) == sorted([ada.email, ben.email])
    assert not any("@home" in mail.text for mail in mails)
    assert {mail.community_id for mail in mails} == {None}


def test_one_yes_is_invisible_to_the_other_everywhere(client, pair):
    ada, ben = pair
    client.force_login(ben)
    # The token of forms differs each time.
    before = [line for line in client.get("/me/connections/").text.splitlines() if "csrf" not in line]
    agreed(ada, ben)
    after = [line for line in client.get("/me/connections/").text.splitlines() if "csrf" not in line]
    assert before == after
    assert export_person(ben.pk)["connections.Exchange"] == []


@pytest.mark.parametrize("by", [0, 1])
def test_taking_a_yes_back_hides_both_contacts_at_once(pair, by):
    agreed(*pair)
    agreed(*pair[::-1])
    contacts.take_back(person=pair[by], other_id=pair[1 - by].pk)
    assert [queries.contacts_shown_to(one.pk) for one in pair] == [{}, {}]
    agreed(pair[by], pair[1 - by])
    assert queries.contacts_shown_to(pair[0].pk) == {pair[1].pk: "Ben@home"}


def test_withdrawing_the_consent_hides_at_once_and_no_yes_comes_back_with_a_new_one(pair):
    ada, ben = pair
    agreed(ada, ben)
    agreed(ben, ada)
    withdraw_consent(person=ada, purpose=Purpose.CONTACT, now=NOW)
    assert [queries.contacts_shown_to(one.pk) for one in pair] == [{}, {}]
    contacts.share_contact(person=ada, text="Ada anew", now=NOW)
    assert [queries.contacts_shown_to(one.pk) for one in pair] == [{}, {}]
    tasks.forget_contact.call(person_id=str(ada.pk))
    assert ContactCard.objects.get(person=ada).text == "Ada anew"


def test_nobody_can_ask_someone_they_did_not_meet_or_without_a_contact(pair, people):
    with pytest.raises(RuleBroken, match="not_met"):
        agreed(pair[0], people[5])
    with pytest.raises(RuleBroken, match="no_contact"):
        agreed(people[2], pair[0])


def test_the_page_keeps_a_contact_and_asks_by_a_press(client, pair):
    ada, ben = pair
    client.force_login(ada)
    refused = client.post(reverse("my_connections"), {"contact": " "})
    assert (refused.status_code, ContactCard.objects.get(person=ada).text) == (422, "Ada@home")
    assert client.post(reverse("my_connections"), {"contact": "+49 1"}).status_code == 302
    assert client.post(reverse("exchange_contact", args=[ben.pk]), {"yes": "1"}).status_code == 302
    assert "Only you know" in client.get(reverse("my_connections")).text
    client.post(reverse("stop_sharing_contact"))
    assert not Exchange.objects.exists()


def test_someone_without_an_account_reaches_the_page_by_their_link(client, community, people):
    guest = make_person("Nour")
    make_tables(community, [[guest, *people[:3]], people[3:]])
    link = reverse("my_connections_link", args=[my_data_token(guest)])
    assert client.get(link).status_code == 200
    assert client.get(reverse("my_connections")).status_code == 302
    assert "Ada" in client.post(link, follow=True).text
    client.logout()
    with_account = reverse("my_connections_link", args=[my_data_token(people[0])])
    assert client.post(with_account).url.startswith("/account/login/")


def test_erasing_oneself_takes_one_out_of_everyones_list(pair, people):
    agreed(*pair)
    agreed(*pair[::-1])
    erase_person(pair[1].pk)
    assert names(pair[0]) == ["Cleo"]
    assert not Exchange.objects.exists()
    assert names(people[2]) == ["Ada"]


def test_whom_i_have_not_met_are_listed_members_and_where_i_could(community, people):
    ada, ben, cleo, dov = people[:4]
    for one in (ada, ben, cleo, dov):
        make_member(community, one)
    for one in (ben, cleo):
        give_consent(person=one, purpose=Purpose.LISTED, scope_id=community.pk, now=NOW)
    coming = make_workshop(community)
    make_workshop(community, days=-3)
    make_tables(community, [[ada, ben], [dov]])
    found = not_met(ada, queries.met_ids(ada.pk, NOW), NOW)
    assert [[one.person.name for one in each.people] for each in found] == [["Cleo"]]
    assert [list(each.workshops) for each in found] == [[coming]]


def test_the_page_costs_the_same_for_one_and_for_many(client, community, people):
    make_tables(community, [people[:2], people[2:]], at=NOW - dt.timedelta(days=9))
    client.force_login(people[0])
    client.get(reverse("my_connections"))
    with CaptureQueriesContext(connection) as one:
        client.get(reverse("my_connections"))
    for days in (8, 7, 6):
        make_tables(community, [people[:5], people[5:]], at=NOW - dt.timedelta(days=days))
    make_tables(community, [people, [make_person() for _ in range(9)]])
    with CaptureQueriesContext(connection) as many:
        client.get(reverse("my_connections"))
    assert len(one) == len(many)
