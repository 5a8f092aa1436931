"""What is sent twice counts once, and nobody sends another's words."""

from __future__ import annotations

import uuid

import pytest

from convene.foundation.errors import RuleBroken
from convene.foundation.live import once
from convene.foundation.live.models import Sending
from tests.races.together import together

ADA, BEN = uuid.uuid4(), uuid.uuid4()
KEY = str(uuid.uuid4())


def post(rf, **fields):
    return rf.post("/", fields)


def sent(request, person=ADA) -> bool:
    with once.first_time(request, person) as first:
        return first


@pytest.mark.django_db
def test_the_second_time_is_not_the_first(rf):
    assert [sent(post(rf, live_key=KEY)) for _ in range(3)] == [True, False, False]
    assert sent(post(rf, live_key=str(uuid.uuid4())))


@pytest.mark.django_db
def test_a_key_is_its_persons_own(rf):
    assert [sent(post(rf, live_key=KEY), person) for person in (ADA, BEN)] == [True, True]


@pytest.mark.django_db
@pytest.mark.parametrize("key", ["", "x", "1" * 400])
def test_a_form_without_a_key_is_always_new(rf, key):
    assert [sent(post(rf, live_key=key)) for _ in range(2)] == [True, True]
    assert Sending.objects.count() == 0


@pytest.mark.django_db
def test_what_was_refused_can_be_sent_again(rf):
    with pytest.raises(ValueError, match="no"), once.first_time(post(rf, live_key=KEY), ADA):
        raise ValueError("no")
    assert sent(post(rf, live_key=KEY))


@pytest.mark.django_db
def test_words_of_another_person_are_not_sent(rf):
    with pytest.raises(RuleBroken, match="others_words"):
        sent(post(rf, live_key=KEY, live_who=once.who_of(BEN)))
    assert sent(post(rf, live_key=KEY, live_who=once.who_of(ADA)))


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_of_many_at_once_one_is_the_first(rf):
    assert sorted(together([lambda: sent(post(rf, live_key=KEY))] * 8)) == [False] * 7 + [True]
