"""The pages about oneself, with what other apps bring to them."""

from __future__ import annotations

import pytest
from django.utils import timezone
from icalendar import Calendar

from convene.apps.people import services
from tests.makers import (
    make_account,
    make_person,
    make_policy,
    make_registration,
    make_session,
    make_workshop,
)

pytestmark = pytest.mark.django_db


def test_the_file_of_my_sessions_holds_each_sitting_of_confirmed_seats_and_no_join_link(client):
    me = make_account()
    mine, waiting = make_workshop(title="Hand hygiene"), make_workshop(title="Masks")
    make_session(mine, days=-400)
    make_policy(mine)
    make_registration(mine, me, state="confirmed")
    make_registration(waiting, me, state="waitlisted")
    make_registration(waiting, make_person(), state="confirmed")
    client.force_login(me)
    answer = client.get("/me/data/my-sessions.ics")
    assert answer.headers["Content-Type"] == "text/calendar; charset=utf-8"
    events = Calendar.from_ical(answer.content).walk("VEVENT")
    assert [str(event["SUMMARY"]) for event in events] == ["Hand hygiene", "Hand hygiene"]
    assert b"video.example.org" not in answer.content


def test_the_file_costs_the_same_with_many(client, django_assert_max_num_queries):
    me = make_account()
    client.force_login(me)
    for _each in range(4):
        make_registration(make_workshop(), me, state="confirmed")
    with django_assert_max_num_queries(3):
        client.get("/me/data/my-sessions.ics")


def test_my_data_offers_the_file(client):
    client.force_login(make_account())
    assert "/me/data/my-sessions.ics" in client.get("/me/data/").content.decode()


def test_a_need_for_one_workshop_names_it(client):
    me, workshop = make_account(), make_workshop(title="Hand hygiene")
    services.record_access_need(person=me, kind="food", workshop_id=workshop.pk, now=timezone.now())
    services.show_access_needs(
        viewer=make_person("Fay"), person_ids=[me.pk], workshop_id=workshop.pk, now=timezone.now()
    )
    client.force_login(me)
    page = client.get("/me/needs/").content.decode()
    assert page.count("Hand hygiene") == 2


def test_someone_unknown_gets_no_file(client):
    assert client.get("/me/data/my-sessions.ics").status_code == 302
