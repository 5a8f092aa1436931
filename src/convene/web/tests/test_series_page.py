from __future__ import annotations

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from convene.apps.people.models import Person
from convene.apps.seats.models import Registration
from convene.apps.workshops.models import Workshop
from convene.apps.workshops.series import services
from convene.apps.workshops.series.rules import Every, Repeat
from tests.makers import make_community, make_member, make_person, make_policy, make_workshop

pytestmark = pytest.mark.django_db


def make_series(count=4, **fields):
    steward = make_person()
    workshop = make_workshop(make_community(steward=steward), **fields)
    make_policy(workshop, capacity=5)
    series = services.repeat_workshop(
        workshop=workshop, repeat=Repeat(every=Every.WEEK, count=count), actor=steward, now=timezone.now()
    )
    Workshop.objects.filter(series=series).update(state="published", published_at=timezone.now())
    return series, list(Workshop.objects.filter(series=series).order_by("sessions__starts_at")), steward


def test_an_outsider_asks_for_some_dates_by_name_and_mail(client):
    series, dates, _steward = make_series()
    page = reverse("series_page", args=[series.pk])
    assert client.get(page).status_code == 200
    answer = client.post(page, {"dates": [dates[0].pk, dates[2].pk], "name": "Jo", "email": "jo@example.org"})
    assert answer.url == reverse("series_asked", args=[series.pk])
    person = Person.objects.get(email="jo@example.org")
    held = Registration.objects.filter(person=person).values_list("workshop_id", "state")
    assert set(held) == {(dates[0].pk, "confirmed"), (dates[2].pk, "confirmed")}


def test_a_member_asks_for_all_with_one_press_and_twice_changes_nothing(client):
    series, dates, _steward = make_series(audience="members")
    member = make_member(series.community)
    client.force_login(member)
    page = reverse("series_page", args=[series.pk])
    for _ in range(2):
        client.post(page, {"dates": [row.pk for row in dates]})
    assert Registration.objects.filter(person=member).count() == 4
    assert "you asked: seat confirmed" in " ".join(client.get(page).content.decode().split())


def test_nothing_ticked_or_bad_input_is_said_and_kept(client):
    series, dates, _steward = make_series()
    page = reverse("series_page", args=[series.pk])
    answer = client.post(page, {"name": "Jo", "email": "jo@example.org"})
    assert (answer.status_code, "Tick at least one date." in answer.content.decode()) == (422, True)
    answer = client.post(page, {"dates": [dates[1].pk], "name": "Jo", "email": "nonsense"})
    assert answer.status_code == 422
    assert f'value="{dates[1].pk}" checked' in answer.content.decode()


def test_a_refused_date_keeps_none_of_the_others_and_is_named(client):
    series, dates, _steward = make_series()
    member = make_member(series.community)
    other = make_workshop()
    other.sessions.update(
        starts_at=dates[1].sessions.get().starts_at, ends_at=dates[1].sessions.get().ends_at
    )
    Registration.objects.create(workshop=other, person=member, state="confirmed", entered_at=timezone.now())
    client.force_login(member)
    page = reverse("series_page", args=[series.pk])
    answer = client.post(page, {"dates": [dates[0].pk, dates[1].pk]})
    day = timezone.localtime(dates[1].sessions.get().starts_at)
    assert answer.status_code == 422
    assert f"{day.day} {day:%B %Y}:" in answer.content.decode()
    assert Registration.objects.filter(person=member, workshop__series=series).count() == 0


def test_a_series_shows_to_its_audience_and_drafts_to_nobody(client):
    series, _dates, steward = make_series(audience="members")
    page = reverse("series_page", args=[series.pk])
    assert client.get(page).status_code == 404
    client.force_login(make_person())
    assert client.get(page).status_code == 404
    client.force_login(make_member(series.community))
    assert client.get(page).status_code == 200
    Workshop.objects.filter(series=series).update(state="draft", published_at=None)
    assert client.get(page).status_code == 404
    client.force_login(steward)
    assert "Nothing is published yet" in client.get(page).content.decode()


def test_dates_that_are_over_cannot_be_ticked(client):
    series, dates, _steward = make_series()
    dates[0].sessions.update(
        starts_at=timezone.now() - dt.timedelta(days=2), ends_at=timezone.now() - dt.timedelta(days=1)
    )
    page = reverse("series_page", args=[series.pk])
    client.post(page, {"dates": [dates[0].pk, dates[1].pk], "name": "Jo", "email": "jo@example.org"})
    assert Registration.objects.get().workshop_id == dates[1].pk


def test_the_page_takes_the_same_queries_for_few_and_many_dates(client, django_assert_num_queries):
    for count in (2, 30):
        series, _dates, _steward = make_series(count)
        page = reverse("series_page", args=[series.pk])
        client.get(page)
        with django_assert_num_queries(4):
            client.get(page)
