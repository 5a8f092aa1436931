from __future__ import annotations

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from convene.apps.attendance.models import Attendance
from convene.apps.communities.models import Organisation
from convene.apps.equity.periods import Period
from convene.apps.stewardship import tasks
from convene.apps.stewardship.models import Aim, Spread
from convene.apps.stewardship.spread import queries, services
from tests.makers import (
    make_community,
    make_member,
    make_outcome,
    make_person,
    make_registration,
    make_workshop,
)

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2026, 11, 1, 12, tzinfo=dt.UTC)
SUMMER = Period(2026, 3)


@pytest.fixture
def community():
    return make_community()


def held(community, depth, *people, aims=True):
    start = dt.datetime(2026, 8, 10, 14, tzinfo=dt.UTC)
    days = (start - timezone.now()).total_seconds() / 86400
    workshop = make_workshop(community, days=days, state="held", depth=depth)
    if aims:
        Aim.objects.create(workshop=workshop, outcome=make_outcome(community))
    for person in people:
        row = make_registration(workshop, person, state="confirmed")
        Attendance.objects.create(
            registration=row, session=workshop.sessions.get(), state="attended", source="door", at=NOW
        )
    return workshop


def unit(community, name, count):
    organisation = Organisation.objects.create(community=community, name=name)
    since = dt.date(2026, 1, 1)
    return [make_member(community, organisation=organisation, since=since) for _ in range(count)]


def figures():
    """(unit, answers) -> count, of what is shown."""
    made = Spread.objects.get()
    names = {one["key"]: one["name"] or "all" for one in made.units}
    return {
        (names[key], tuple(row["answers"])): count
        for row in made.rows
        for key, count in row["counts"].items()
        if count is not None
    }


def test_each_member_counts_once_at_the_deepest_they_took_part_in(community):
    east = unit(community, "East", 20)
    held(community, "aware", *east[:16])
    held(community, "do", *east[:8])
    held(community, "steward", *east, aims=False)
    held(community, "do", make_person())
    found = queries.reached(community, SUMMER)
    said = [found.answers[one.pk] for one in east]
    assert (said.count("do"), said.count("aware"), said.count("")) == (8, 8, 4)
    assert len(found.answers) == 20


def test_a_closed_quarter_is_published_once_and_shows_nothing_below_five(community):
    east, west = unit(community, "East", 30), unit(community, "West", 30)
    small = unit(community, "Small", 4)
    held(community, "do", *east[:15], *west[:14], *small)
    held(community, "aware", *east[15:18], *west[14:24])
    tasks.publish_spread_due(NOW)
    assert [services.publish_due(community=community, now=NOW) for _ in range(2)] == [1, 0]
    shown = figures()
    assert shown, "large groups can be shown"
    assert min(shown.values()) >= 5
    assert "Small" not in {name for name, _answers in shown}


def test_a_quarter_that_is_not_settled_has_no_figures(community):
    held(community, "do", *unit(community, "East", 20))
    assert services.publish_due(community=community, now=dt.datetime(2026, 10, 10, tzinfo=dt.UTC)) == 0
    assert not Spread.objects.exists()


def test_stewards_read_it_and_members_do_not(client):
    steward = make_person()
    community = make_community(steward=steward)
    page = reverse("spread", args=[community.slug])
    client.force_login(steward)
    assert "No quarter can be shown yet" in client.get(page).content.decode()
    held(community, "do", *unit(community, "East", 40)[:20])
    services.publish_due(community=community, now=NOW)
    html = client.get(page).content.decode()
    assert ("July to September 2026" in html, "East" in html, "<svg" in html) == (True, True, True)
    client.force_login(make_member(community))
    assert client.get(page).status_code == 403
