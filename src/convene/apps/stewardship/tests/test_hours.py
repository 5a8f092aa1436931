from __future__ import annotations

import datetime as dt
import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from convene.apps.stewardship.hours import queries, rules, services
from convene.apps.stewardship.hours.rules import Asked, Shares
from convene.apps.stewardship.models import TimeTarget
from convene.apps.workshops.models import Workshop
from convene.apps.workshops.ports import further_findings
from convene.foundation.errors import NotAllowed, RuleBroken
from tests.makers import (
    make_community,
    make_facilitator,
    make_member,
    make_person,
    make_policy,
    make_session,
    make_workshop,
)

NOW = dt.datetime(2026, 5, 10, 9, tzinfo=dt.UTC)


def asked(**fields):
    values = {
        "workshop_id": uuid.uuid4(),
        "kind": "training",
        "audience": "members",
        "minutes": 60,
        "seats": 10,
        "minimum": 4,
        "facilitators": 2,
    }
    return Asked(**{**values, **fields})


@pytest.mark.parametrize(
    ("fields", "members"),
    [({}, 12), ({"seats": None}, 6), ({"audience": "everyone"}, 2), ({"audience": "core"}, 12)],
)
def test_seats_of_members_and_those_who_facilitate_give_members_time(fields, members):
    assert asked(**fields).members == members


def test_trainings_skills_workshops_and_informative_sessions_are_training_and_all_else_is_thinking():
    rows = [asked(kind=kind) for kind in Workshop.Kind.values]
    assert rules.shares(rows) == Shares(training=3 * 720, thinking=4 * 720)
    assert (rules.shares(rows).training_share, rules.shares([]).training_share) == (43, None)


@pytest.mark.parametrize(
    ("kind", "before", "after", "most", "beyond"),
    [
        ("training", Shares(0, 40), Shares(60, 40), 50, True),
        ("training", Shares(0, 40), Shares(60, 40), 60, False),
        ("training", Shares(0, 40), Shares(60, 40), None, False),
        ("conversation", Shares(60, 0), Shares(60, 10), 50, False),
        ("informative", Shares(60, 40), Shares(60, 40), 50, False),
    ],
)
def test_only_what_adds_training_beyond_the_target_is_spoken_of(kind, before, after, most, beyond):
    assert rules.goes_beyond(kind=kind, before=before, after=after, most=most) == beyond


pytestmark = pytest.mark.django_db


@pytest.fixture
def steward():
    return make_person("Ada")


@pytest.fixture
def community(steward):
    return make_community(steward=steward, zone="Europe/Berlin")


def workshop(community, kind="training", *, seats=10, at=NOW, **fields):
    """One two-hour session."""
    made = make_workshop(community, kind=kind, audience=fields.pop("audience", "members"), **fields)
    made.sessions.all().delete()
    make_session(made, starts_at=at, ends_at=at + dt.timedelta(hours=2))
    make_policy(made, capacity=seats)
    return made


def test_quarters_are_counted_by_the_communitys_own_clock_and_without_drafts(community):
    workshop(community)
    workshop(community, "conversation", seats=30)
    workshop(community, at=dt.datetime(2026, 3, 31, 22, 30, tzinfo=dt.UTC), seats=5)
    workshop(community, at=dt.datetime(2026, 7, 1, tzinfo=dt.UTC), seats=1)
    for state in ("draft", "postponed", "cancelled"):
        workshop(community, state=state)
    shown = queries.quarters(community, NOW)
    assert [one.period.key for one in shown] == ["2026-Q3", "2026-Q2", "2026-Q1", "2025-Q4", "2025-Q3"]
    second = shown[1]
    assert (second.training, second.thinking, second.share) == (30, 60, 33)
    assert second.kinds == [("open conversation", 60), ("training", 30)]
    assert [one.share for one in shown] == [100, 33, None, None, None]


def test_before_publishing_it_says_what_the_quarter_becomes(community, steward):
    workshop(community, "conversation", seats=38)
    draft = workshop(community, seats=62, state="draft")

    def codes():
        return [one.text for one in further_findings(draft, NOW) if one.code == "time_share"]

    assert codes() == []
    services.set_target(community=community, most_training=50, actor=steward, now=NOW)
    assert codes() == ["This makes 62 % of members’ hours of April to June 2026 training; you set 50 %."]
    Workshop.objects.filter(pk=draft.pk).update(kind="conversation")
    draft.refresh_from_db()
    assert codes() == []
    Workshop.objects.filter(pk=draft.pk).update(kind="training")
    draft.refresh_from_db()
    services.set_target(community=community, most_training=62, actor=steward, now=NOW)
    assert codes() == []
    draft.sessions.all().delete()
    services.set_target(community=community, most_training=0, actor=steward, now=NOW)
    assert codes() == []


def test_only_stewards_set_a_target_and_only_of_a_hundred(community, steward):
    with pytest.raises(NotAllowed):
        services.set_target(community=community, most_training=5, actor=make_member(community), now=NOW)
    with pytest.raises(RuleBroken):
        services.set_target(community=community, most_training=101, actor=steward, now=NOW)
    services.set_target(community=community, most_training=40, actor=steward, now=NOW)
    services.set_target(community=community, most_training=None, actor=steward, now=NOW)
    assert not TimeTarget.objects.exists()


def test_the_load_is_of_those_who_agreed_this_quarter_and_the_next(community):
    busy, calm = make_member(community, make_person("Bea")), make_member(community, make_person("Cem"))
    for days in (0, 60, 200):
        make_facilitator(workshop(community, at=NOW + dt.timedelta(days=days)), busy)
    both = workshop(community, "conversation")
    make_facilitator(both, busy, state="invited")
    make_facilitator(both, calm)
    make_facilitator(workshop(community, state="cancelled"), calm)
    assert [(one.name, one.workshops, one.hours) for one in queries.loads(community, NOW)] == [
        ("Bea", 2, 4.0),
        ("Cem", 1, 2.0),
    ]
    assert [one.name for one in queries.loads(community, NOW, only=calm.pk)] == ["Cem"]


def test_members_see_the_shares_and_their_own_load_and_stewards_everyones(community, steward, client):
    page = reverse("members_time", args=[community.slug])
    member, other = make_member(community, make_person("Bea")), make_member(community, make_person("Cem"))
    now = timezone.now()
    for person in (member, other):
        make_facilitator(workshop(community, at=now), person)
    client.force_login(member)
    html = client.get(page).content.decode()
    assert ("1 workshop, 2.0 hours" in html, "Cem" in html) == (True, False)
    assert client.post(page, {"most_training": "30"}).status_code == 403
    client.force_login(steward)
    assert "Cem" in client.get(page).content.decode()
    assert client.post(page, {"most_training": "300"}).status_code == 422
    assert client.post(page, {"most_training": "30"}).status_code == 302
    assert "more than you set" in client.get(page).content.decode()
    client.force_login(make_person())
    assert client.get(page).status_code == 403


def test_the_page_takes_the_same_queries_for_one_and_many(community, steward, client):
    client.force_login(steward)
    page = reverse("members_time", args=[community.slug])
    counts = []
    for more in (1, 20):
        for _ in range(more):
            make_facilitator(workshop(community, at=timezone.now()), make_member(community))
        client.get(page)
        with CaptureQueriesContext(connection) as seen:
            client.get(page)
        counts.append(len(seen))
    assert counts[0] == counts[1]
