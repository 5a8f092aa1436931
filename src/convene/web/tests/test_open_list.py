from __future__ import annotations

import datetime as dt
import re

import pytest
from django.urls import reverse
from django.utils import timezone

from tests.makers import make_community, make_member, make_person, make_policy, make_session, make_workshop

pytestmark = pytest.mark.django_db


def titles(client, query=""):
    html = client.get(reverse("open_list") + query).content.decode()
    return re.findall(r'entries__link" href="[^"]*">([^<]*)<', html)


def test_what_is_open_to_everyone_stands_soonest_first(client):
    make_workshop(title="Later", days=9)
    make_workshop(title="Soon", days=2)
    make_workshop(title="Over", days=-3)
    make_workshop(title="Draft", state="draft")
    make_workshop(title="Called off", state="cancelled", published_at=timezone.now())
    make_workshop(title="For members", audience="members")
    running = make_workshop(title="Running since last week", days=-7)
    make_session(running, days=5)
    make_workshop(title="No time yet", state="postponed", published_at=timezone.now())
    assert titles(client) == ["Soon", "Running since last week", "Later", "No time yet"]
    assert titles(client, "?when=past") == ["Over"]


def test_members_see_theirs_too(client):
    community = make_community()
    make_workshop(community, title="For members", audience="members")
    make_workshop(community, title="For the core", audience="core")
    client.force_login(make_member(community))
    assert titles(client) == ["For members"]


def test_facets_narrow_the_list_and_nonsense_is_ignored(client):
    hospital = make_community(slug="hospital")
    first = make_workshop(
        hospital, title="A", kind="skills", depth="do", language="de", format="in_person", days=3
    )
    second = make_workshop(
        title="B", kind="informative", depth="aware", language="en", format="online", days=20
    )
    make_policy(first, capacity=5, taken=5)
    make_policy(second, capacity=5, taken=4)
    expected = {
        "?community=hospital": ["A"],
        "?kind=informative": ["B"],
        "?depth=do": ["A"],
        "?language=de": ["A"],
        "?format=online": ["B"],
        "?when=7": ["A"],
        "?when=31": ["A", "B"],
        "?free=1": ["B"],
        "?kind=nonsense&depth=&when=x&page=zz": ["A", "B"],
        "?kind=skills&language=en": [],
    }
    assert {query: titles(client, query) for query in expected} == expected


def test_words_are_searched_in_titles_texts_and_communities_in_any_script(client):
    make_workshop(make_community(name="Ärzte im Nachtdienst"), title="Clean HANDS", summary="für alle")
    make_workshop(title="Something else", outcomes="wash your hands, 100% of them")
    found = {
        query: sorted(titles(client, f"?q={query}"))
        for query in ("hands", "clean hands", "ärzte", "100%25", "für", "zzz", "%25")
    }
    assert found == {
        "hands": ["Clean HANDS", "Something else"],
        "clean hands": ["Clean HANDS"],
        "ärzte": ["Clean HANDS"],
        "100%25": ["Something else"],
        "für": ["Clean HANDS"],
        "zzz": [],
        "%25": ["Something else"],
    }


def test_a_long_list_is_paged_and_keeps_its_filters(client):
    community = make_community(slug="many")
    for n in range(25):
        make_workshop(community, title=f"W{n:02}", days=n + 1)
    assert len(titles(client, "?community=many")) == 20
    assert titles(client, "?community=many&page=2") == ["W20", "W21", "W22", "W23", "W24"]
    html = client.get(reverse("open_list") + "?community=many").content.decode()
    assert "community=many&amp;page=2" in html


def test_the_list_takes_the_same_queries_for_one_and_a_thousand(client, django_assert_num_queries):
    make_policy(make_workshop())
    client.get(reverse("open_list"))
    with django_assert_num_queries(4):
        client.get(reverse("open_list"))
    make_many(1000)
    with django_assert_num_queries(4):
        html = client.get(reverse("open_list")).content.decode()
    assert "1001 found" in html


def make_many(count):
    from convene.apps.seats.models import SeatPolicy
    from convene.apps.workshops.models import Session, Workshop

    community, now = make_community(), timezone.now()
    made = Workshop.objects.bulk_create(
        Workshop(community=community, title=f"M{n}", state="published", audience="everyone", published_at=now)
        for n in range(count)
    )
    SeatPolicy.objects.bulk_create(SeatPolicy(workshop=workshop) for workshop in made)
    Session.objects.bulk_create(
        Session(
            workshop=workshop,
            starts_at=now + dt.timedelta(days=n + 1),
            ends_at=now + dt.timedelta(days=n + 1, hours=1),
            zone="UTC",
            uid=f"many-{n}",
        )
        for n, workshop in enumerate(made)
    )


def test_an_empty_list_says_what_to_do_next(client):
    assert "Nothing is open right now" in client.get(reverse("open_list")).content.decode()
    make_workshop()
    assert "Nothing fits all of that" in client.get(reverse("open_list") + "?q=zzz").content.decode()


def test_no_figure_tells_how_few_come(client):
    workshop = make_workshop()
    make_policy(workshop, capacity=7, taken=3)
    client.force_login(make_person())
    html = client.get(reverse("open_list")).content.decode()
    assert "seats free" in html
    assert not re.search(r"\b[347] seats?\b", html)
