"""The home of who is signed in."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.makers import (
    make_community,
    make_facilitator,
    make_member,
    make_person,
    make_registration,
    make_workshop,
)

pytestmark = pytest.mark.django_db


def test_who_is_not_signed_in_reads_what_this_is(client):
    assert "My communities" not in client.get("/").content.decode()


def test_my_communities_and_next_sessions_are_there_and_nobody_elses(client):
    me = make_person("Amina")
    mine = make_community(name="Evidence synthesis")
    make_member(mine, me)
    make_community(name="Elsewhere")
    make_registration(make_workshop(mine, title="Reading together"), me, state="confirmed")
    make_registration(make_workshop(mine, title="Given back"), me, state="cancelled_early")
    make_registration(make_workshop(mine, title="Long past", days=-3), me, state="confirmed")
    make_facilitator(make_workshop(mine, title="Led by me"), me)
    make_workshop(mine, title="Of others")
    client.force_login(me)
    page = client.get("/").content.decode()
    assert [title for title in ("Evidence synthesis", "Reading together", "Led by me") if title in page] == [
        "Evidence synthesis",
        "Reading together",
        "Led by me",
    ]
    assert [t for t in ("Elsewhere", "Given back", "Long past", "Of others") if t in page] == []


def test_an_invitation_waits_on_the_home_page(client):
    me = make_person()
    make_member(make_community(name="Evidence synthesis"), me, state="invited")
    client.force_login(me)
    assert "You are invited to “Evidence synthesis”" in client.get("/").content.decode()


def test_more_communities_ask_no_more_questions_of_the_database(client, django_assert_max_num_queries):
    me = make_person()
    client.force_login(me)

    def belong() -> None:
        community = make_community()
        make_member(community, me)
        make_registration(make_workshop(community), me, state="confirmed")

    belong()
    client.get("/")
    with CaptureQueriesContext(connection) as few:
        client.get("/")
    for _ in range(4):
        belong()
    with django_assert_max_num_queries(len(few)):
        client.get("/")
