"""Deciding at the same instant: one decision a field, and one draft of a proposal."""

from __future__ import annotations

import datetime as dt
from functools import partial

import pytest
from django.utils import timezone

from convene.apps.stewardship import services
from convene.apps.stewardship.board import services as board
from convene.apps.stewardship.models import AudienceDecision
from convene.apps.stewardship.practice import services as practice
from convene.apps.stewardship.rules import Line
from convene.apps.workshops.models import Workshop
from tests.makers import make_audience, make_community, make_decision, make_member, make_outcome, make_person
from tests.races.together import together

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]
NOW = timezone.now()


def test_of_four_who_decide_one_field_at_once_one_does():
    steward = make_person()
    community = make_community(steward=steward)
    audience, outcome = make_audience(community), make_outcome(community)
    calls = [
        partial(
            services.decide,
            audience=audience,
            lines=[Line(outcome.pk, depth, "workshop", "They do it daily.", 0)],
            owner=None,
            review_on=NOW.date() + dt.timedelta(days=100),
            actor=steward,
            now=NOW,
        )
        for depth in ("aware", "converse", "do", "steward")
    ]
    assert together(calls).count("decision_changed") == 3
    assert AudienceDecision.objects.get().revision == 1


def test_of_four_who_press_at_once_one_makes_the_draft():
    steward = make_person()
    community = make_community(steward=steward)
    row = make_decision(make_audience(community), make_outcome(community))
    call = partial(services.plan_proposal, community=community, decision_ids=[row.pk], actor=steward, now=NOW)
    assert together([call] * 4).count("proposal_gone") == 3
    assert Workshop.objects.count() == 1


def test_of_four_stewards_who_press_at_once_one_makes_the_conversation():
    steward = make_person()
    community = make_community(steward=steward)
    question = board.ask(community=community, text="Why do masks fog up?", actor=steward, now=NOW)
    call = partial(board.converse, question=question, actor=steward, now=NOW)
    assert together([call] * 4).count("question_settled") == 3
    assert Workshop.objects.count() == 1


def test_one_question_asked_four_times_at_once_stands_once():
    steward = make_person()
    community = make_community(steward=steward)
    call = partial(board.ask, community=community, text="Why do masks fog up?", actor=steward, now=NOW)
    assert together([call] * 4).count("question_known") == 3


def test_of_four_who_ask_to_come_at_once_one_is_put_to_the_host():
    community = make_community(steward=make_person())
    made = practice.offer(
        outcome=make_outcome(community),
        kind="shadowing",
        what="My round on ward 4",
        actor=make_member(community),
        now=NOW,
    )
    calls = [partial(practice.ask, practice=made, actor=make_member(community), now=NOW) for _ in range(4)]
    assert together(calls).count("practice_changed") == 3
