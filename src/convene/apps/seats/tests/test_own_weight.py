"""The page about one's own weight, and its correction."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from convene.apps.communities.models import Community
from convene.apps.people.models import Person
from convene.apps.seats import links, queries, services
from convene.apps.seats.models import Correction
from convene.apps.seats.rules import Kind, State
from convene.apps.seats.tests.test_remembering import NOW, past, times
from convene.foundation.errors import NotAllowed, RuleBroken
from convene.foundation.privacy import erase_person, export_person
from tests.makers import make_community, make_person, make_policy, make_workshop

pytestmark = pytest.mark.django_db


@pytest.fixture
def ada() -> Person:
    return make_person("Ada")


@pytest.fixture
def community(ada: Person) -> Community:
    return make_community(steward=ada)


@pytest.fixture
def bo() -> Person:
    return make_person("Bo")


def page(person: Person) -> str:
    client = Client()
    client.force_login(person)
    return client.get(reverse("my_weight")).content.decode()


def test_it_says_what_counts_and_until_when_and_only_to_oneself(community, bo, ada) -> None:
    missed = past(community, bo, State.POOLED, State.RESERVE, days_ago=30)
    seen = page(bo)
    assert "Your weight is <strong>2</strong>" in seen
    assert missed.title in seen
    assert "fully" in seen
    assert missed.title not in page(ada)
    assert Client().get(reverse("my_weight")).status_code == 302


def test_it_says_the_weight_in_the_draws_one_stands_in(community, bo) -> None:
    past(community, bo, State.POOLED, State.RESERVE, days_ago=100)
    for remembers in (True, False):
        workshop = make_workshop(community, days=20 + remembers)
        make_policy(workshop, kind=Kind.DRAW, closes_at=NOW + dt.timedelta(days=5), remembers=remembers)
        services.request_seat(workshop=workshop, person=bo, actor=bo, now=NOW)
    seen = page(bo)
    assert "you would have the weight 1.75" in seen
    assert "In this draw everyone weighs the same." in seen


def test_without_an_account_it_opens_by_the_link_of_a_registration(community, bo) -> None:
    workshop = past(community, bo, State.POOLED, State.RESERVE)
    token = links.registration_token(workshop.registrations.get(person=bo))
    answer = Client().get(reverse("registration_weight", args=[token]))
    assert (answer.status_code, workshop.title in answer.content.decode()) == (200, True)
    assert reverse("registration_weight", args=[token]) in (
        Client().get(reverse("registration", args=[token])).content.decode()
    )
    assert Client().get(reverse("registration_weight", args=["no"])).status_code == 404


def test_one_time_and_many_take_as_many_queries(community, bo) -> None:
    counts = []
    for days in (10, 20, 30, 40):
        past(community, bo, State.POOLED, State.RESERVE, days_ago=days)
        with CaptureQueriesContext(connection) as seen:
            page(bo)
        counts.append(len(seen))
    assert len(set(counts)) == 1


class TestCorrecting:
    @pytest.fixture
    def said(self, community, bo) -> Correction:
        seat = past(community, bo, State.OFFERED, State.CONFIRMED, days_ago=20)
        return services.ask_correction(workshop=seat, person=bo, says="Sent away at the door.", now=NOW)

    def test_agreed_it_counts_and_the_seat_does_not(self, community, bo, ada, said) -> None:
        past(community, bo, State.POOLED, State.RESERVE, days_ago=60)
        assert times(community, bo) == 0
        assert list(queries.corrections_waiting(community.pk)) == [said]
        services.answer_correction(correction=said, agree=True, answer="So it was.", actor=ada, now=NOW)
        assert times(community, bo) == 2
        assert "So it was." in page(bo)

    def test_not_agreed_nothing_changes_and_the_answer_stays(self, community, bo, ada, said) -> None:
        services.answer_correction(correction=said, agree=False, answer="You sat there.", actor=ada, now=NOW)
        assert times(community, bo) == 0
        with pytest.raises(RuleBroken) as refusal:
            services.answer_correction(correction=said, agree=True, answer="Well …", actor=ada, now=NOW)
        assert refusal.value.code == "answered_already"
        with pytest.raises(RuleBroken) as refusal:
            services.ask_correction(workshop=said.workshop, person=bo, says="Again", now=NOW)
        assert refusal.value.code == "not_correctable"

    def test_only_another_steward_of_the_community_answers(self, community, bo, said, ada) -> None:
        for actor in (bo, make_person(), steward_elsewhere()):
            with pytest.raises(NotAllowed):
                services.answer_correction(correction=said, agree=True, answer="x", actor=actor, now=NOW)
        said.person = ada
        with pytest.raises(RuleBroken) as refusal:
            services.answer_correction(correction=said, agree=True, answer="x", actor=ada, now=NOW)
        assert refusal.value.code == "own_correction"

    def test_pages_ask_and_answer(self, community, bo, ada) -> None:
        workshop = past(community, bo, State.WAITLISTED, State.WITHDRAWN, kind=Kind.FIRST_COME)
        client, steward = Client(), Client()
        client.force_login(bo)
        steward.force_login(ada)
        empty = client.post(reverse("my_weight"), {"workshop": str(workshop.pk), "says": ""})
        assert empty.status_code == 422
        client.post(reverse("my_weight"), {"workshop": str(workshop.pk), "says": "I had to leave the list."})
        row = Correction.objects.get()
        address = reverse("correction_answer", args=[workshop.pk, row.pk])
        assert "I had to leave the list." in steward.get(address).content.decode()
        assert steward.post(address, {"act": "agree", "answer": ""}).status_code == 422
        steward.post(address, {"act": "agree", "answer": "True."})
        assert times(community, bo) == 1
        assert client.get(address).status_code in {403, 404}

    def test_words_are_exported_and_erased(self, bo, said) -> None:
        assert export_person(bo.pk)["seats.Correction"][0]["says"] == "Sent away at the door."
        erase_person(bo.pk)
        said.refresh_from_db()
        assert said.says == ""


def steward_elsewhere() -> Person:
    other = make_person()
    make_community(steward=other)
    return other
