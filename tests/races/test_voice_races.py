"""Votes at the same instant: one ballot for each voter, one vote on each statement, one ballot an invitation."""

from __future__ import annotations

import uuid
from functools import partial

import pytest
from django.utils import timezone

from convene.apps.voices import keys, services
from convene.apps.voices.models import Ballot, Inquiry, Statement, Vote
from convene.apps.workshops.models import Workshop
from tests.makers import make_community, make_person
from tests.races.together import together

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]
NOW = timezone.now()


@pytest.fixture
def inquiry() -> Inquiry:
    steward = make_person("Ada")
    terms = services.Terms(question="How?", seeds=["More cases", "Fewer cases"])
    made = services.make_inquiry(
        community=make_community(steward=steward), terms=terms, actor=steward, now=NOW
    )
    services.ask_everyone(inquiry=made, actor=steward, now=NOW)
    made.refresh_from_db()
    return made


def test_one_who_votes_four_times_at_once_has_one_ballot_and_one_vote(inquiry):
    me = keys.of_person(uuid.uuid4(), inquiry.salt)
    statement = inquiry.statements.first()
    got = together([partial(services.cast, statement=statement, voter=me, value=1, now=NOW)] * 4)
    assert (got, Ballot.objects.count(), Vote.objects.count()) == ([None] * 4, 1, 1)


def test_a_code_used_four_times_at_once_opens_one_ballot(inquiry):
    steward = inquiry.created_by
    (code,) = services.make_invitations(inquiry=inquiry, count=1, actor=steward, now=NOW)
    got = together([partial(services.use_invitation, inquiry_id=inquiry.pk, code=code, now=NOW)] * 4)
    assert got.count("invitation") == 3


def test_eight_who_write_at_once_have_eight_numbers(inquiry):
    calls = [
        partial(
            services.say,
            inquiry=inquiry,
            voter=keys.of_person(uuid.uuid4(), inquiry.salt),
            text=f"View {number}",
            now=NOW,
        )
        for number in range(8)
    ]
    together(calls)
    numbers = Statement.objects.order_by("number").values_list("number", flat=True)
    assert list(numbers) == list(range(1, 11))


def test_releases_at_once_count_every_vote_once(inquiry):
    statement = inquiry.statements.first()
    for _ in range(6):
        voter = keys.of_person(uuid.uuid4(), inquiry.salt)
        services.cast(statement=statement, voter=voter, value=1, now=NOW)
    together([partial(services.release, inquiry_id=inquiry.pk, now=NOW)] * 4)
    statement.refresh_from_db()
    assert (statement.agreed, inquiry.maps.count()) == (6, 1)


def test_a_topic_planned_four_times_at_once_is_one_draft(inquiry):
    statement = inquiry.statements.first()
    steward = inquiry.created_by
    got = together([partial(services.plan_topic, statement=statement, actor=steward, now=NOW)] * 4)
    assert set(got) == {Workshop.objects.get().pk}
