"""The map at the same instant: never more than forty, no code twice, and a file brought in once."""

from __future__ import annotations

import uuid
from functools import partial

import pytest
from django.utils import timezone

from convene.apps.capabilities.models import Outcome, Qualification
from convene.apps.capabilities.outcomes import services
from convene.apps.capabilities.outcomes.rules import MOST_OUTCOMES, Item
from tests.makers import make_community, make_member, make_outcome, make_person
from tests.races.together import together

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]
NOW = timezone.now()


def test_of_six_who_add_at_once_only_as_many_as_there_is_room_for_do():
    steward = make_person()
    community = make_community(steward=steward)
    for _ in range(MOST_OUTCOMES - 2):
        make_outcome(community)
    calls = [
        partial(
            services.add_outcome, community=community, code=f"N{n}", title="Do it", actor=steward, now=NOW
        )
        for n in range(6)
    ]
    got = together(calls)
    assert got.count("map_full") == 4
    assert Outcome.objects.count() == MOST_OUTCOMES


def test_one_file_brought_in_four_times_at_once_is_there_once():
    steward = make_person()
    community = make_community(steward=steward)
    items = [Item(uuid.UUID(int=n), f"A{n}", "Do thing") for n in range(5)]
    together([partial(services.bring_in, community=community, items=items, actor=steward, now=NOW)] * 4)
    positions = Outcome.objects.order_by("position").values_list("position", flat=True)
    assert list(positions) == [1, 2, 3, 4, 5]


def test_one_named_four_times_at_once_is_named_once():
    steward = make_person()
    community = make_community(steward=steward)
    one, person = make_outcome(community), make_member(community)
    call = partial(services.qualify, outcome=one, person=person, expires_on=None, actor=steward, now=NOW)
    together([call] * 4)
    assert Qualification.objects.count() == 1
