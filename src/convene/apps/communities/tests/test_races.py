"""Stewards who all step back at the same moment: one stays."""

from __future__ import annotations

import threading

import pytest
from django.db import connection
from django.utils import timezone

from convene.apps.communities import queries, services
from convene.apps.communities.models import Community
from convene.apps.communities.services import roles
from convene.foundation.errors import RuleBroken
from tests.makers import make_community, make_member, make_person, make_role

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]
STEWARDS = 4


def all_step_back() -> tuple[Community, list[str]]:
    """The codes of the refusals."""
    community = make_community()
    terms = [make_role(community, make_member(community), "steward") for _ in range(STEWARDS)]
    barrier, refused = threading.Barrier(STEWARDS), []

    def step_back(term) -> None:
        try:
            barrier.wait()
            services.end_role(term=term, reason="Enough.", actor=term.person, now=timezone.now())
        except RuleBroken as error:
            refused.append(error.code)
        finally:
            connection.close()

    threads = [threading.Thread(target=step_back, args=[term]) for term in terms]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return community, refused


def test_of_four_stewards_who_step_back_at_once_one_stays():
    community, refused = all_step_back()
    assert refused == ["last_steward"]
    assert queries.stewards_of(community).count() == 1


def test_twin_without_the_lock_nobody_stays(monkeypatch):
    if connection.vendor == "sqlite":
        pytest.skip("SQLite has one writer at a time: each transaction that writes begins with its lock")
    everyone_looked = threading.Barrier(STEWARDS)
    looked = roles._check_steward_remains
    monkeypatch.setattr(roles, "locked", lambda community_id: Community.objects.get(pk=community_id))

    def look_and_wait(term, now) -> None:
        looked(term, now)
        everyone_looked.wait(timeout=10)

    monkeypatch.setattr(roles, "_check_steward_remains", look_and_wait)
    community, refused = all_step_back()
    assert refused == []
    assert queries.stewards_of(community).count() == 0


def test_of_four_invitations_at_once_one_is_written():
    steward = make_person()
    community = make_community(steward=steward)
    barrier, refused = threading.Barrier(STEWARDS), []

    def invite() -> None:
        try:
            barrier.wait()
            services.invite_member(
                community=community,
                email="a@example.org",
                name="",
                tier="active",
                actor=steward,
                now=timezone.now(),
            )
        except RuleBroken as error:
            refused.append(error.code)
        finally:
            connection.close()

    threads = [threading.Thread(target=invite) for _ in range(STEWARDS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert refused == ["already_member"] * (STEWARDS - 1)
    assert community.memberships.filter(state="invited").count() == 1
