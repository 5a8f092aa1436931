"""How often one place on the net may do something."""

from __future__ import annotations

import pytest
from django.core.cache import cache
from django.test import RequestFactory

from convene.foundation.access.rate import check_rate, is_spent, take
from convene.foundation.errors import RuleBroken

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _nothing_counted_before():
    cache.clear()


@pytest.fixture
def clock(monkeypatch):
    """The cache's clock, to move on."""
    now = [1_800_000_000.0]
    monkeypatch.setattr("django.core.cache.backends.base.time.time", lambda: now[0])
    import datetime as dt

    from django.core.cache.backends import db

    monkeypatch.setattr(db, "tz_now", lambda: dt.datetime.fromtimestamp(now[0], dt.UTC))
    return now


def ask(address="192.0.2.1", **fields):
    return RequestFactory().post("/", REMOTE_ADDR=address, **fields)


def test_so_many_and_no_more_for_the_whole_window_and_for_each_place_apart(clock):
    for _n in range(3):
        check_rate(ask(), "post", most=3, seconds=3600)
    clock[0] += 3500  # long after a cache's own five minutes
    with pytest.raises(RuleBroken) as refused:
        check_rate(ask(), "post", most=3, seconds=3600)
    assert refused.value.code == "too_many"
    check_rate(ask("192.0.2.2"), "post", most=3, seconds=3600)
    check_rate(ask(), "other", most=3, seconds=3600)
    clock[0] += 200
    check_rate(ask(), "post", most=3, seconds=3600)


def test_trying_in_vain_does_not_make_the_wait_longer(clock):
    assert take(ask(), "post", most=1, seconds=60)
    clock[0] += 50
    assert not take(ask(), "post", most=1, seconds=60)
    clock[0] += 11
    assert take(ask(), "post", most=1, seconds=60)


def test_looking_takes_no_place():
    assert not is_spent(ask(), "guess", most=1)
    assert not is_spent(ask(), "guess", most=1)
    take(ask(), "guess", most=1, seconds=60)
    assert is_spent(ask(), "guess", most=1)
