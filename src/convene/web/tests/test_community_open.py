from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.makers import make_community, make_member, make_person, make_policy, make_workshop

pytestmark = pytest.mark.django_db


def test_a_communitys_page_shows_what_the_reader_may_come_to_and_its_calendar(client):
    community = make_community(steward=make_person(), slug="hospital")
    make_policy(make_workshop(community, title="For everyone"))
    make_workshop(community, title="For members", audience="members")
    make_workshop(title="Elsewhere")
    page = reverse("community_page", args=["hospital"])
    html = client.get(page).content.decode()
    assert [title in html for title in ("For everyone", "For members", "Elsewhere")] == [True, False, False]
    assert reverse("community_calendar", args=["hospital"]) in html
    assert "ld+json" in html
    client.force_login(make_member(community))
    assert "For members" in client.get(page).content.decode()


def test_a_community_without_workshops_still_shows_the_way_to_ask(client):
    community = make_community(steward=make_person())
    html = client.get(reverse("community_page", args=[community.slug])).content.decode()
    assert "Nothing is open right now." in html
    assert reverse("need_ask", args=[community.slug]) in html


def test_the_page_takes_the_same_queries_for_one_and_many_workshops(client):
    community = make_community(steward=make_person())
    make_policy(make_workshop(community))
    page = reverse("community_page", args=[community.slug])
    client.get(page)
    counts = []
    for _ in range(2):
        with CaptureQueriesContext(connection) as asked:
            client.get(page)
        counts.append(len(asked))
        for _n in range(15):
            make_policy(make_workshop(community))
    assert counts[0] == counts[1]
