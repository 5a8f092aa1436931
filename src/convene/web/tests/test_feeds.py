from __future__ import annotations

import datetime as dt
import re

import pytest
import vobject
from django.urls import reverse
from django.utils import timezone

from convene.foundation import privacy
from convene.foundation.calendars.models import CalendarFeed
from convene.foundation.calendars.services import make_feed, revoke_feed
from tests.makers import (
    make_community,
    make_facilitator,
    make_person,
    make_registration,
    make_session,
    make_workshop,
)

pytestmark = pytest.mark.django_db
NOW = timezone.now()


def read(client, url):
    answer = client.get(url)
    assert answer.status_code == 200, url
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    return vobject.readOne(answer.content.decode())


def summaries(calendar):
    return [event.summary.value for event in calendar.contents.get("vevent", [])]


def own(person):
    return reverse("own_calendar", args=[make_feed(person_id=person.pk, now=NOW)])


def test_the_sites_calendar_holds_what_is_open_to_everyone_and_no_join_link(client):
    make_workshop(title="Open", days=3)
    make_workshop(title="Members", audience="members")
    make_workshop(title="Draft", state="draft")
    make_workshop(title="Postponed", state="postponed", published_at=NOW)
    make_workshop(title="Long ago", days=-60)
    make_workshop(title="Off", days=5, state="cancelled", published_at=NOW)
    calendar = read(client, reverse("open_calendar"))
    assert summaries(calendar) == ["Open", "Off"]
    assert [event.status.value for event in calendar.vevent_list] == ["CONFIRMED", "CANCELLED"]
    assert "video.example.org" not in client.get(reverse("open_calendar")).content.decode()


def test_a_community_and_a_workshop_have_calendars_of_their_own(client):
    community = make_community(slug="hospital", contact="stewards@example.org")
    workshop = make_workshop(community, title="Ours")
    make_session(workshop, days=20)
    make_workshop(title="Theirs")
    calendar = read(client, reverse("community_calendar", args=["hospital"]))
    assert summaries(calendar) == ["Ours", "Ours"]
    assert calendar.vevent.organizer.value == "mailto:stewards@example.org"
    assert summaries(read(client, reverse("workshop_calendar", args=[workshop.pk]))) == ["Ours", "Ours"]
    for hidden in (make_workshop(audience="members"), make_workshop(state="draft")):
        assert client.get(reverse("workshop_calendar", args=[hidden.pk])).status_code == 404


def test_an_unchanged_calendar_is_not_sent_again_and_a_moved_one_is(client):
    workshop = make_workshop()
    first = client.get(reverse("open_calendar"))
    again = client.get(reverse("open_calendar"), headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    workshop.sessions.update(sequence=1)
    assert client.get(reverse("open_calendar"), headers={"If-None-Match": first["ETag"]}).status_code == 200


def test_ones_own_calendar_holds_seats_offers_and_what_one_facilitates(client):
    person = make_person()
    for title, state in [
        ("Seat", "confirmed"),
        ("Offer", "offered"),
        ("Waiting", "waitlisted"),
        ("Gone", "cancelled_early"),
    ]:
        make_registration(make_workshop(title=title, audience="members", days=4), person, state=state)
    make_facilitator(make_workshop(title="Led", days=6), person)
    calendar = read(client, own(person))
    assert {event.summary.value: event.status.value for event in calendar.vevent_list} == {
        "Seat": "CONFIRMED",
        "Offer": "TENTATIVE",
        "Led": "CONFIRMED",
    }
    text = client.get(own(person)).content.decode().replace("\r\n ", "")
    assert "video.example.org" not in text
    ways_in = re.findall(r"http://localhost:8000(/join/[^\\\s]+)", text)
    assert len(ways_in) == 1, "for the seat alone"
    assert client.get(ways_in[0]).status_code == 200


def test_a_revoked_replaced_or_wrong_address_finds_nothing(client):
    person = make_person()
    first = own(person)
    second = own(person)
    assert [client.get(url).status_code for url in (first, second)] == [404, 200]
    revoke_feed(person_id=person.pk, now=NOW)
    assert client.get(second).status_code == 404
    assert client.get(reverse("own_calendar", args=["x" * 32])).status_code == 404


def test_the_address_is_shown_once_and_only_its_digest_is_kept(client):
    person = make_person()
    page = reverse("my_calendar")
    assert client.get(page).status_code == 302
    client.force_login(person)
    assert "You have none yet." in client.get(page).content.decode()
    client.post(page, {"act": "make"})
    html = client.get(page).content.decode()
    path = html.split('class="address">http://localhost:8000')[1].split("<")[0]
    assert client.get(path).status_code == 200
    assert CalendarFeed.objects.get().token_digest not in path
    assert "Your address is ready" not in client.get(page).content.decode()
    client.post(page, {"act": "revoke"})
    assert client.get(path).status_code == 404


def test_erasing_a_person_ends_their_address(client):
    person = make_person()
    address = own(person)
    assert "calendars.CalendarFeed" in privacy.export_person(person.pk)
    privacy.erase_person(person.pk)
    assert client.get(address).status_code == 404
    assert not CalendarFeed.objects.exists()


def test_calendars_take_the_same_queries_for_one_and_many(client, django_assert_num_queries):
    person = make_person()
    address = own(person)
    make_registration(make_workshop(), person, state="confirmed")
    for url, queries in [(reverse("open_calendar"), 1), (address, 5)]:
        with django_assert_num_queries(queries):
            client.get(url)
    for n in range(30):
        make_registration(make_workshop(days=n + 1), person, state="confirmed")
    for url, queries in [(reverse("open_calendar"), 1), (address, 5)]:
        with django_assert_num_queries(queries):
            client.get(url)


def test_wall_time_stays_over_the_change_of_clocks(client):
    workshop = make_workshop()
    workshop.sessions.all().delete()
    for day in (dt.date(2027, 3, 26), dt.date(2027, 3, 29)):
        from zoneinfo import ZoneInfo

        start = dt.datetime.combine(day, dt.time(15), tzinfo=ZoneInfo("Europe/Berlin"))
        make_session(workshop, starts_at=start)
    calendar = read(client, reverse("workshop_calendar", args=[workshop.pk]))
    assert [event.dtstart.value.hour for event in calendar.vevent_list] == [15, 15]
