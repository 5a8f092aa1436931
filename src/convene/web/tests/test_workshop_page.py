from __future__ import annotations

import datetime as dt
import json
import re

import pytest
from django.urls import reverse
from django.utils import timezone

from convene.apps.communities.models import RoleTerm
from convene.apps.seats.models import Pool, Quota
from tests.makers import (
    make_community,
    make_facilitator,
    make_member,
    make_person,
    make_policy,
    make_registration,
    make_role,
    make_session,
    make_workshop,
)

pytestmark = pytest.mark.django_db


def page(client, workshop):
    return client.get(reverse("workshop_page", args=[workshop.pk]))


def text(client, workshop):
    return re.sub(r"\s+", " ", page(client, workshop).content.decode())


def structured(client, workshop):
    found = re.search(
        r'<script type="application/ld\+json">(.*?)</script>', page(client, workshop).content.decode()
    )
    return json.loads(found.group(1))


def test_everyone_reads_what_it_is_when_for_whom_and_how_seats_are_given(client):
    community = make_community(steward=make_person())
    make_role(community, make_person("Conny Duct"), RoleTerm.Role.CONDUCT_CONTACT)
    workshop = make_workshop(
        community,
        title="Clean hands",
        summary="Why nobody does it, and what helps.",
        kind="informative",
        depth="aware",
        outcomes="Say why it matters",
        prerequisites="None at all",
        recording="chatham",
        access_offered="Live captions",
        language="de",
    )
    make_policy(workshop)
    make_facilitator(workshop, make_person("Fay Silly"))
    make_facilitator(workshop, make_person("Not Asked Yet"), state="invited")
    html = text(client, workshop)
    for words in (
        "Clean hands",
        "Informative session",
        "Why nobody does it",
        "Everyone",
        "Aware: you know what it is",
        "Say why it matters",
        "None at all",
        "Deutsch",
        "Online",
        "Chatham House",
        "Live captions",
        "Fay Silly",
        "Conny Duct",
        "Seats are free.",
        "Times are yours (UTC)",
        'property="og:title"',
    ):
        assert words in html, words
    assert "Not Asked Yet" not in html
    assert "video.example.org" not in html, "the join link is for those with a seat"


def test_times_are_in_the_readers_zone_and_the_zone_is_named(client):
    workshop = make_workshop()
    session = workshop.sessions.get()
    session.starts_at = dt.datetime(2027, 1, 15, 14, 0, tzinfo=dt.UTC)
    session.ends_at = dt.datetime(2027, 1, 15, 16, 0, tzinfo=dt.UTC)
    session.save()
    client.force_login(make_person(zone="Africa/Nairobi"))
    html = text(client, workshop)
    assert "17:00" in html
    assert "Nairobi time" in html


def test_drafts_and_other_audiences_are_not_found_unless_allowed(client):
    steward, facilitator = make_person(), make_person()
    community = make_community(steward=steward)
    member, core = make_member(community), make_member(community, tier="core")
    elsewhere = make_member(make_community())
    draft = make_workshop(community, state="draft")
    make_facilitator(draft, facilitator)
    members, cores = make_workshop(community, audience="members"), make_workshop(community, audience="core")
    expected = {
        None: (404, 404, 404),
        elsewhere: (404, 404, 404),
        member: (404, 200, 404),
        core: (404, 200, 200),
        steward: (200, 200, 200),
    }
    for person, statuses in expected.items():
        client.logout()
        if person:
            client.force_login(person)
        assert tuple(page(client, workshop).status_code for workshop in (draft, members, cores)) == statuses
    client.force_login(facilitator)
    assert page(client, draft).status_code == 200


def test_a_draft_without_a_time_shows_to_its_stewards(client):
    steward = make_person()
    workshop = make_workshop(make_community(steward=steward), state="draft")
    workshop.sessions.all().delete()
    client.force_login(steward)
    assert "The time is not set yet." in text(client, workshop)


def test_what_was_cancelled_postponed_or_moved_says_so(client):
    cancelled = make_workshop(
        state="cancelled", published_at=timezone.now(), state_reason="The room burnt down"
    )
    assert "The room burnt down" in text(client, cancelled)
    postponed = make_workshop(
        state="postponed", published_at=timezone.now(), state_reason="Our speaker is ill"
    )
    assert "Our speaker is ill" in text(client, postponed)
    moved = make_workshop()
    moved.sessions.update(previous_starts_at=dt.datetime(2027, 2, 1, 9, 30, tzinfo=dt.UTC))
    assert "it was to start on" in text(client, moved)
    assert "1 February 2027, 09:30" in text(client, moved)


@pytest.mark.parametrize(
    ("policy", "days", "words"),
    [
        ({"capacity": 10, "taken": 3}, 7, "Seats are free."),
        ({"capacity": 10, "taken": 8}, 7, "A few seats are left."),
        ({"capacity": 10, "taken": 10}, 7, "All seats are taken; you can join the waiting list."),
        ({"capacity": None}, 7, "Everyone who asks gets a seat."),
        ({"kind": "draw", "taken": 10}, 7, "Everyone who asks in time is in the draw."),
        ({"kind": "invitation"}, 7, "Seats are for those who were invited."),
        ({"closes_at": timezone.now() - dt.timedelta(hours=1)}, 7, "The time for asking is over."),
        ({}, -0.01, "It has begun; no more seats are given here."),
    ],
)
def test_how_it_stands_with_seats_is_said_in_words(client, policy, days, words):
    workshop = make_workshop(days=days)
    make_policy(workshop, **policy)
    assert words in text(client, workshop)


def test_the_reader_is_told_where_their_own_request_stands(client):
    workshop, person = make_workshop(), make_person()
    make_policy(workshop)
    make_registration(workshop, person, state="confirmed")
    make_registration(workshop, state="waitlisted")
    client.force_login(person)
    assert "You have a seat." in text(client, workshop)


def fill(workshop, rows):
    for _ in range(rows):
        make_registration(workshop, state="confirmed")
        make_facilitator(workshop)
    for n in range(min(rows, 40)):
        make_session(workshop, days=20 + n)


@pytest.mark.parametrize("signed_in", [False, True])
def test_the_page_takes_at_most_six_queries_with_one_row_or_many(
    client, django_assert_max_num_queries, signed_in, pytestconfig
):
    community = make_community(steward=make_person())
    workshop = make_workshop(community)
    policy = make_policy(workshop, kind="draw", capacity=2000)
    question = community.trait_questions.create(key="ward", label="Ward", purpose="Mix", values=["a", "b"])
    Quota.objects.create(policy=policy, question=question, value="a", least=0, most=5)
    Pool.objects.create(policy=policy, name="Core", capacity=5, who="core")
    if signed_in:
        client.force_login(make_person())
    page(client, workshop)
    with django_assert_max_num_queries(6):
        page(client, workshop)
    fill(workshop, 1_000)
    for n in range(30):
        Pool.objects.create(policy=policy, name=f"Pool {n}", capacity=5, who="core")
        Quota.objects.create(policy=policy, question=question, value=f"v{n}", least=0, most=5)
    with django_assert_max_num_queries(6):
        assert page(client, workshop).status_code == 200


def test_search_engines_read_a_course_with_its_instances(client):
    workshop = make_workshop(kind="skills", title="</script><b>Hands & masks", outcomes="Wash\nDry")
    session = workshop.sessions.get()
    session.previous_starts_at = session.starts_at - dt.timedelta(hours=1)
    session.save()
    make_policy(workshop, capacity=24)
    make_facilitator(workshop, make_person("Fay Silly"))
    thing = structured(client, workshop)
    assert (thing["@type"], thing["name"]) == ("Course", "</script><b>Hands & masks")
    assert thing["teaches"] == ["Wash", "Dry"]
    instance = thing["hasCourseInstance"][0]
    assert instance["@type"] == "CourseInstance"
    assert instance["eventStatus"] == "https://schema.org/EventRescheduled"
    assert instance["eventAttendanceMode"] == "https://schema.org/OnlineEventAttendanceMode"
    assert instance["maximumAttendeeCapacity"] == 24
    assert instance["instructor"] == [{"@type": "Person", "name": "Fay Silly"}]
    assert dt.datetime.fromisoformat(instance["previousStartDate"]) == session.previous_starts_at
    assert "video.example.org" not in json.dumps(thing)


@pytest.mark.parametrize(
    ("state", "status"), [("cancelled", "EventCancelled"), ("postponed", "EventPostponed")]
)
def test_search_engines_read_what_was_called_off(client, state, status):
    workshop = make_workshop(kind="conversation", state=state, published_at=timezone.now())
    thing = structured(client, workshop)
    assert (thing["@type"], thing["eventStatus"]) == ("Event", f"https://schema.org/{status}")


def test_only_what_is_open_to_everyone_is_told_to_search_engines(client):
    steward = make_person()
    workshop = make_workshop(make_community(steward=steward), audience="members")
    client.force_login(steward)
    assert "ld+json" not in text(client, workshop)
