"""Suggested once after a session, to two who agreed; introduced only by two yeses; of a no nobody learns."""

from __future__ import annotations

import datetime as dt
import itertools
import random
import re
import uuid

import pytest
from django.urls import reverse
from django.utils import timezone

from convene.apps.communities.models import Organisation
from convene.apps.connections import tasks
from convene.apps.connections.models import Exchange, Introduction, IntroductionSide
from convene.apps.connections.queries import introductions as queries
from convene.apps.connections.queries.met import contacts_shown_to
from convene.apps.connections.rules.introductions import Facts, reason_for, worth
from convene.apps.connections.rules.matching import best_pairs
from convene.apps.connections.services import contacts
from convene.apps.connections.services import introductions as services
from convene.apps.people.rules import Purpose
from convene.apps.people.services import withdraw_consent
from convene.foundation.errors import RuleBroken
from convene.foundation.mail.models import MailMessage
from convene.foundation.privacy import erase_person, export_person
from tests.makers import make_account, make_community, make_feature, make_member, make_person, make_tables

pytestmark = pytest.mark.django_db
NOW = timezone.now()


def test_a_session_that_is_long_over_suggests_nobody():
    community = make_community(steward=make_person())
    make_feature(community, "connections")
    people = [make_member(community, since=f"202{n % 2}-01-01") for n in range(10)]
    for person in people:
        services.switch_introductions(person=person, on=True, now=NOW)
    room = make_tables(community, [people[:5], people[5:]], at=NOW - dt.timedelta(days=4))
    assert services.suggest_after(room_id=room.pk, now=NOW) == 0
    assert services.suggest_after(room_id=room.pk, now=NOW - dt.timedelta(days=2)) > 0


def weight_of(pairs, weights):
    return sum(weights[pair] for pair in pairs)


def brute_force(weights, people):
    if len(people) < 2:
        return 0.0
    first, *rest = people
    best = brute_force(weights, rest)
    for other in rest:
        if (first, other) in weights:
            left = [one for one in rest if one != other]
            best = max(best, weights[first, other] + brute_force(weights, left))
    return best


@pytest.mark.parametrize("seed", range(12))
def test_the_pairs_are_the_best_there_are(seed):
    chance = random.Random(seed)
    people = sorted(uuid.UUID(int=chance.getrandbits(128)) for _ in range(9))
    weights = {
        pair: chance.randint(1, 30) for pair in itertools.combinations(people, 2) if chance.random() < 0.5
    }
    found = best_pairs(weights)
    assert weight_of(found, weights) == pytest.approx(brute_force(weights, people))
    assert len({one for pair in found for one in pair}) == 2 * len(found)


def facts(**fields):
    fields = {
        "organisation": None,
        "since": 2024,
        "needs": frozenset(),
        "workshops": frozenset(),
        "met": 0,
    } | fields
    return Facts(**fields)


def test_who_knows_few_weighs_more_than_anything_in_common():
    need, here, there = uuid.uuid4(), uuid.uuid4(), uuid.uuid4()
    known = [facts(organisation=place, needs=frozenset({need}), met=9) for place in (here, there)]
    new = [facts(since=2024, organisation=here), facts(since=2024, organisation=there)]
    assert worth(*new, reason_for(*new)) > worth(*known, reason_for(*known))


def test_without_something_in_common_and_something_that_differs_there_is_no_reason():
    assert reason_for(facts(since=2020), facts(since=2021)) is None
    assert reason_for(facts(), facts()) is None


@pytest.fixture
def community():
    found = make_community(steward=make_person())
    make_feature(found, "connections")
    return found


@pytest.fixture
def room(community):
    """Nine at three tables; the first of each table agreed to be introduced, and all joined this year."""
    places = [Organisation.objects.create(community=community, name=f"Hospital {n}") for n in range(9)]
    people = [
        make_member(community, make_account(f"Person {n} Known"), organisation=places[n]) for n in range(9)
    ]
    for person in people[::3]:
        services.switch_introductions(person=person, on=True, now=NOW)
        contacts.share_contact(person=person, text=f"{person.name}'s number", now=NOW)
    return make_tables(community, [people[:3], people[3:6], people[6:]])


@pytest.fixture
def two(room):
    services.suggest_after(room_id=room.pk, now=NOW)
    return [side.person for side in Introduction.objects.get().sides.select_related("person")]


def say(person, *, yes=True, now=NOW):
    introduction = Introduction.objects.get()
    return services.answer(person=person, introduction_id=introduction.pk, yes=yes, now=now)


def seen(client, person):
    """What someone reads on the page, in their mails and in their data."""
    client.force_login(person)
    text = re.sub(r'name="csrf[^>]*>|hx-headers=[^>]*>', "", client.get(reverse("my_connections")).text)
    mails = list(MailMessage.objects.filter(person=person).values_list("subject", "text"))
    return text, mails, export_person(person.pk)["connections.IntroductionSide"]


def test_of_three_who_agreed_two_are_suggested_to_each_other_once(room):
    assert [services.suggest_after(room_id=room.pk, now=NOW) for _ in range(2)] == [1, 0]
    assert IntroductionSide.objects.count() == 2
    mails = MailMessage.objects.filter(kind="introduction_suggested")
    assert mails.count() == 2
    assert {mail.community_id for mail in mails} == {None}
    assert all("Like you, they took part in" in mail.text for mail in mails)


def test_without_the_feature_or_for_those_at_one_table_nothing_is_suggested(community, room):
    for person in [one.person for one in room.participants.all()]:
        services.switch_introductions(person=person, on=False, now=NOW)
    table = [one.participant.person for one in room.groupings.get().groups.first().placements.all()]
    for person in table:
        services.switch_introductions(person=person, on=True, now=NOW)
    assert services.suggest_after(room_id=room.pk, now=NOW) == 0
    community.features.update(on=False)
    services.switch_introductions(person=room.participants.last().person, on=True, now=NOW)
    assert services.suggest_after(room_id=room.pk, now=NOW) == 0


def test_who_was_suggested_once_or_waits_for_an_answer_is_not_suggested_again(community, room, two):
    again = make_tables(community, [[two[0], make_person()], [two[1], *[make_person() for _ in range(7)]]])
    assert services.suggest_after(room_id=again.pk, now=NOW) == 0
    later = NOW + dt.timedelta(days=15)
    services.suggest_after(room_id=again.pk, now=later)
    pairs = [frozenset(one.sides.values_list("person_id", flat=True)) for one in Introduction.objects.all()]
    assert pairs.count(frozenset(one.pk for one in two)) == 1


def test_two_yeses_introduce_and_both_see_the_contact_and_get_one_mail(two):
    assert [say(two[0]), say(two[1])] == [False, True]
    for _ in range(2):
        tasks.tell_introduced.call(introduction_id=str(Introduction.objects.get().pk))
    assert MailMessage.objects.filter(kind="introduction_made").count() == 2
    assert contacts_shown_to(two[0].pk) == {two[1].pk: f"{two[1].name}'s number"}
    assert not MailMessage.objects.filter(kind="contacts_exchanged").exists()
    contacts.take_back(person=two[1], other_id=two[0].pk)
    assert contacts_shown_to(two[0].pk) == {}


@pytest.mark.parametrize("mine", ["", "yes"])
def test_a_no_changes_nothing_that_the_other_can_read(client, two, mine):
    if mine:
        say(two[0])
    before = seen(client, two[0])
    say(two[1], yes=False)
    assert seen(client, two[0]) == before


def test_after_fourteen_days_nothing_can_be_answered_and_the_answers_are_forgotten(client, two):
    say(two[0], yes=False)
    late = NOW + dt.timedelta(days=14)
    with pytest.raises(RuleBroken, match="introduction_over"):
        say(two[1], now=late)
    assert services.forget_answers(now=late) == 1
    assert set(IntroductionSide.objects.values_list("answer", flat=True)) == {""}
    assert queries.suggestions_for(two[1], {}, late) == []


def test_taking_the_consent_back_takes_the_suggestion_from_both_pages(two):
    say(two[0])
    withdraw_consent(person=two[1], purpose=Purpose.INTRODUCTIONS, now=NOW)
    assert [queries.suggestions_for(one, {}, NOW) for one in two] == [[], []]
    with pytest.raises(RuleBroken, match="introduction_over"):
        say(two[1])


def test_a_yes_needs_a_contact_and_another_person_cannot_answer(client, two):
    contacts.stop_sharing(person=two[0], now=NOW)
    with pytest.raises(RuleBroken, match="no_contact"):
        say(two[0])
    other = make_account("Other Person")
    client.force_login(other)
    client.post(reverse("answer_introduction", args=[Introduction.objects.get().pk]), {"yes": "1"})
    assert set(IntroductionSide.objects.values_list("answer", flat=True)) == {""}


def test_the_page_asks_and_takes_the_answer(client, two):
    client.force_login(two[0])
    page = client.get(reverse("my_connections")).text
    assert f"Would you like to be introduced to {two[1].name}?" in page
    client.post(reverse("answer_introduction", args=[Introduction.objects.get().pk]), {"yes": "1"})
    assert "You said yes. If they say so too" in client.get(reverse("my_connections")).text
    client.post(reverse("switch_introductions"), {"on": "0"})
    assert "Yes, suggest someone to me" in client.get(reverse("my_connections")).text


def test_erasing_oneself_erases_the_suggestion(two):
    say(two[0])
    erase_person(two[1].pk)
    assert not Introduction.objects.exists()
    assert not Exchange.objects.exists()
