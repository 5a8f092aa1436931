"""Today: everything that needs a steward, from every part of the site, in a fixed number of queries."""

from __future__ import annotations

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from convene.apps.attendance.models import Contest
from convene.apps.seats.models import Draw, Offer
from convene.foundation.mail.models import MailMessage
from tests.makers import make_community, make_person, make_policy, make_registration, make_workshop

pytestmark = pytest.mark.django_db


@pytest.fixture
def steward():
    return make_person("Ines")


@pytest.fixture
def community(steward):
    return make_community(steward=steward)


def look(client, community):
    return client.get(reverse("today", args=[community.slug]))


def fill(community):
    """One of each thing a steward must see; returns the words that must stand on the page."""
    now = timezone.now()
    workshop = make_workshop(community, days=20)
    policy = make_policy(workshop, minimum=0)
    make_registration(workshop, make_person("Ana Approval"), state="needs_approval")
    Draw.objects.create(policy=policy, seats=3, frozen_at=now)
    seat = make_registration(workshop, make_person("Cora Contest"), state="confirmed")
    Contest.objects.create(registration=seat, session=workshop.sessions.get(), claim="attended")
    offered = make_registration(workshop, make_person("Otto Offer"), state="offered")
    Offer.objects.create(registration=offered, made_at=now, expires_at=now + dt.timedelta(hours=3))
    key = f"failed-{workshop.pk}"
    MailMessage.objects.create(
        key=key,
        kind="letter",
        to_address="x@example.org",
        subject="Lost letter",
        text="",
        send_at=now,
        message_id=key,
        state="failed",
        community_id=community.pk,
        about_id=workshop.pk,
    )
    return ["Ana Approval", "the draw could not begin", "Cora Contest", "Otto Offer", "Lost letter"]


def test_everything_that_needs_a_steward_is_there(client, community, steward):
    words = fill(community)
    client.force_login(steward)
    page = look(client, community).content.decode()
    assert [word for word in words if word not in page] == []


def test_an_empty_day_says_so(client, community, steward):
    client.force_login(steward)
    page = look(client, community).content.decode()
    assert "Nothing waits for you." in page


def test_only_this_communitys_stewards_see_it(client, community):
    other = make_person()
    make_community(steward=other)
    client.force_login(other)
    assert look(client, community).status_code == 403
    client.logout()
    assert look(client, community).status_code == 302


def test_more_work_takes_no_more_queries(client, community, steward, django_assert_max_num_queries):
    client.force_login(steward)
    fill(community)
    look(client, community)
    with django_assert_max_num_queries(40) as one:
        look(client, community)
    for _n in range(4):
        fill(community)
    with django_assert_max_num_queries(len(one)):
        look(client, community)


def test_what_changed_is_counted_since_the_last_visit(client, community, steward):
    from convene.apps.seats.services import request_seat

    workshop = make_workshop(community)
    make_policy(workshop)
    for _n in range(2):
        person = make_person()
        request_seat(workshop=workshop, person=person, actor=person, now=timezone.now())
    client.force_login(steward)
    assert "2 seats were confirmed." in look(client, community).content.decode()
