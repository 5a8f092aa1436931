from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from convene.apps.workshops.models import Series, Session, Workshop
from convene.apps.workshops.series import queries, rules, services, tasks
from convene.apps.workshops.series.rules import Every, Repeat
from convene.foundation.audit.models import AuditEntry
from convene.foundation.errors import NotAllowed, RuleBroken
from tests.makers import make_community, make_member, make_person, make_policy, make_session, make_workshop

NOW = dt.datetime(2026, 9, 1, 8, 0, tzinfo=dt.UTC)
BERLIN = ZoneInfo("Europe/Berlin")


def days(every, first, **fields):
    return [f"{day:%m-%d}" for day in rules.days(Repeat(every=every, **fields), dt.date.fromisoformat(first))]


def test_dates_follow_the_rule():
    assert days(Every.WEEK, "2026-10-15", count=3) == ["10-15", "10-22", "10-29"]
    assert days(Every.FORTNIGHT, "2026-10-15", count=3) == ["10-15", "10-29", "11-12"]
    assert days(Every.MONTH_NTH, "2026-10-15", count=3) == ["10-15", "11-19", "12-17"], "third Thursdays"
    assert days(Every.MONTH_LAST, "2026-10-29", count=3) == ["10-29", "11-26", "12-31"], "last Thursdays"
    assert days(Every.WEEK, "2026-10-15", until=dt.date(2026, 11, 5)) == ["10-15", "10-22", "10-29", "11-05"]


def test_a_fifth_weekday_is_left_out_of_months_without_one():
    assert days(Every.MONTH_NTH, "2026-10-29", count=3) == ["10-29", "12-31", "04-29"]
    assert rules.has_gaps(Repeat(every=Every.MONTH_NTH, count=3), dt.date(2026, 10, 29))


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({}, "series_end"),
        ({"count": 3, "until": dt.date(2027, 1, 1)}, "series_end"),
        ({"count": 1}, "series_count"),
        ({"count": 61}, "series_count"),
        ({"until": dt.date(2026, 10, 15)}, "series_until"),
        ({"until": dt.date(2030, 1, 1)}, "series_until"),
        ({"until": dt.date(2028, 10, 1)}, "series_count"),
        ({"count": 2, "skipped": frozenset({dt.date(2026, 10, 22)})}, "series_empty"),
    ],
)
def test_a_rule_without_a_sensible_end_is_refused(fields, code):
    with pytest.raises(RuleBroken) as refused:
        rules.days(Repeat(every=Every.WEEK, **fields), dt.date(2026, 10, 15))
    assert refused.value.code == code


def test_the_last_weekday_must_be_one():
    with pytest.raises(RuleBroken) as refused:
        days(Every.MONTH_LAST, "2026-10-15", count=3)
    assert refused.value.code == "series_last"


def test_the_rule_is_kept_as_rfc_5545_has_it():
    first = dt.datetime(2026, 10, 15, 15, tzinfo=BERLIN)
    assert rules.rule_text(Repeat(every=Every.FORTNIGHT, count=4), first, "Europe/Berlin") == (
        "DTSTART;TZID=Europe/Berlin:20261015T150000\nRRULE:FREQ=WEEKLY;INTERVAL=2;COUNT=4"
    )
    text = rules.rule_text(Repeat(every=Every.MONTH_NTH, until=dt.date(2027, 3, 1)), first, "Europe/Berlin")
    assert text.endswith("RRULE:FREQ=MONTHLY;BYDAY=3TH;UNTIL=20270301T225959Z")


pytestmark = pytest.mark.django_db


def plan(start="2026-10-15T15:00", zone="Europe/Berlin", **fields):
    steward = make_person()
    workshop = make_workshop(make_community(steward=steward), title="Clean hands", **fields)
    workshop.sessions.all().delete()
    starts_at = dt.datetime.fromisoformat(start).replace(tzinfo=ZoneInfo(zone))
    make_session(workshop, starts_at=starts_at, zone=zone, place="Room 4")
    return workshop, steward


def repeat(workshop, steward, every=Every.WEEK, **fields):
    fields.setdefault("count", 4)
    return services.repeat_workshop(
        workshop=workshop, repeat=Repeat(every=every, **fields), actor=steward, now=NOW
    )


def local_starts(series):
    return [
        f"{session.starts_at.astimezone(ZoneInfo(session.zone)):%m-%d %H:%M}"
        for row in queries.workshops_of(series)
        for session in row.sessions.all()
    ]


def test_the_hour_stays_when_the_clocks_change():
    workshop, steward = plan()
    series = repeat(workshop, steward)
    assert local_starts(series) == ["10-15 15:00", "10-22 15:00", "10-29 15:00", "11-05 15:00"]
    hours = {s.starts_at.astimezone(dt.UTC).hour for s in Session.objects.filter(workshop__series=series)}
    assert hours == {13, 14}


@pytest.mark.parametrize("zone", ["America/New_York", "Africa/Nairobi", "Asia/Kathmandu", "Europe/Berlin"])
def test_the_hour_stays_in_every_zone_over_a_year(zone):
    workshop, steward = plan("2026-10-07T18:30", zone)
    series = repeat(workshop, steward, Every.WEEK, count=52)
    assert {start[-5:] for start in local_starts(series)} == {"18:30"}


def test_each_date_is_a_draft_of_its_own_with_seats_checklist_and_a_new_uid():
    workshop, steward = plan(state="published", outcomes="Wash", recording="closed")
    workshop.checklist.create(text="Order captions", lead_days=5)
    closes = dt.datetime(2026, 10, 14, 12, tzinfo=BERLIN)
    policy = make_policy(workshop, kind="draw", capacity=20, closes_at=closes, minimum=4)
    policy.pools.create(name="Core", capacity=5, who="core", merges_at=closes)
    policy.pools.create(name="All", capacity=15, who="everyone")
    question = workshop.community.trait_questions.create(
        key="ward", label="Ward", purpose="Mix", values=["a"]
    )
    policy.quotas.create(question=question, value="a", least=1, most=3)

    series = repeat(workshop, steward, count=3)

    copies = list(queries.workshops_of(series))[1:]
    assert [copy.state for copy in copies] == ["draft", "draft"]
    assert {(copy.outcomes, copy.recording) for copy in copies} == {("Wash", "closed")}
    assert [copy.checklist.get().text for copy in copies] == ["Order captions"] * 2
    assert len({s.uid for s in Session.objects.filter(workshop__series=series)}) == 3
    last = Workshop.objects.get(pk=copies[1].pk).seat_policy
    assert (last.kind, last.capacity, last.minimum, last.taken) == ("draw", 20, 4, 0)
    assert last.closes_at == dt.datetime(2026, 10, 28, 12, tzinfo=BERLIN), "noon, though the clocks went back"
    assert [(pool.name, pool.capacity) for pool in last.pools.all()] == [("Core", 5), ("All", 15)]
    assert last.quotas.get().most == 3
    assert AuditEntry.objects.get(name="series_made").payload == {"workshop_ids": [str(c.pk) for c in copies]}


def test_dates_that_are_skipped_are_not_made():
    workshop, steward = plan()
    series = repeat(workshop, steward, skipped=frozenset({dt.date(2026, 10, 29)}))
    assert local_starts(series) == ["10-15 15:00", "10-22 15:00", "11-05 15:00"]


def test_a_workshop_with_several_sessions_keeps_their_distance():
    workshop, steward = plan()
    make_session(workshop, starts_at=dt.datetime(2026, 10, 16, 9, tzinfo=BERLIN))
    series = repeat(workshop, steward, count=3)
    assert local_starts(series) == [
        "10-15 15:00", "10-16 09:00", "10-22 15:00", "10-23 09:00", "10-29 15:00", "10-30 09:00",
    ]  # fmt: skip


def test_only_stewards_repeat_and_only_once():
    workshop, steward = plan()
    with pytest.raises(NotAllowed):
        repeat(workshop, make_member(workshop.community))
    repeat(workshop, steward)
    with pytest.raises(RuleBroken) as refused:
        repeat(Workshop.objects.get(pk=workshop.pk), steward)
    assert refused.value.code == "series_already"
    assert Series.objects.count() == 1


def test_from_one_date_on_another_time_holds_and_people_are_told():
    workshop, steward = plan(state="published")
    series = repeat(workshop, steward)
    third = list(queries.workshops_of(series))[2]
    to = services.NewTime(at=dt.time(17, 30), minutes=60, days_on=1, place="Room 9")
    services.move_from_here(workshop=third, to=to, actor=steward, now=NOW)
    assert local_starts(series) == ["10-15 15:00", "10-22 15:00", "10-30 17:30", "11-06 17:30"]
    assert AuditEntry.objects.filter(name="series_changed").count() == 1


def test_published_dates_that_move_rise_in_sequence():
    workshop, steward = plan(state="published")
    series = repeat(workshop, steward)
    Workshop.objects.filter(series=series).update(state="published", published_at=NOW)
    workshop.refresh_from_db()
    to = services.NewTime(at=dt.time(16), minutes=60)
    services.move_from_here(workshop=workshop, to=to, actor=steward, now=NOW)
    assert set(Session.objects.filter(workshop__series=series).values_list("sequence", flat=True)) == {1}
    assert AuditEntry.objects.filter(name="workshop_times_changed").count() == 4


def test_what_a_date_says_of_itself_can_hold_from_there_on():
    workshop, steward = plan()
    series = repeat(workshop, steward)
    second = list(queries.workshops_of(series))[1]
    Workshop.objects.filter(pk=second.pk).update(summary="New words", title="Clean hands, again")
    second.refresh_from_db()
    services.details_from_here(workshop=second, actor=steward, now=NOW)
    assert [row.summary for row in queries.workshops_of(series)] == [
        "",
        "New words",
        "New words",
        "New words",
    ]


def test_a_cancelled_date_stays_cancelled_when_the_others_move():
    workshop, steward = plan()
    series = repeat(workshop, steward)
    second = list(queries.workshops_of(series))[1]
    Workshop.objects.filter(pk=second.pk).update(state="cancelled")
    services.move_from_here(
        workshop=workshop, to=services.NewTime(at=dt.time(9), minutes=60), actor=steward, now=NOW
    )
    assert local_starts(series) == ["10-15 09:00", "10-22 15:00", "10-29 09:00", "11-05 09:00"]


def test_a_workshop_held_again_offers_series():
    community = make_community()
    first = make_workshop(community, title="Clean hands", state="held")
    tasks.offer_series.call(workshop_id=str(first.pk))
    assert not community.features.exists()
    again = make_workshop(community, title="Clean Hands", state="held")
    tasks.offer_series.call(workshop_id=str(again.pk))
    assert list(community.features.values_list("name", "on")) == [("series", False)]


def test_publishing_a_series_says_which_dates_were_not(client):
    workshop, steward = plan("2030-01-10T15:00", description="Good", outcomes="Wash")
    series = repeat(workshop, steward)
    second = list(queries.workshops_of(series))[1]
    second.sessions.all().delete()
    result = services.publish_series(series=series, actor=steward, now=NOW)
    assert (result.count, [row.pk for row, _why in result.refused]) == (2, [second.pk])


def test_the_dates_are_shown_before_any_is_made(client):
    workshop, steward = plan("2030-01-10T15:00")
    page = reverse("series_repeat", args=[workshop.pk])
    client.force_login(steward)
    rule = {"every": "week", "count": "4"}
    assert client.get(page).status_code == 200
    assert client.post(page, {"every": "week"}).status_code == 422
    html = client.post(page, {**rule, "act": "preview"}).content.decode()
    assert "Thursday 31 January 2030" in html
    assert not Series.objects.exists()
    client.post(page, {**rule, "act": "make", "shown": "week|4|None", "keep": ["2030-01-17", "2030-01-31"]})
    series = Series.objects.get()
    assert local_starts(series) == ["01-10 15:00", "01-17 15:00", "01-31 15:00"]
    assert client.get(page).url == reverse("series_plan", args=[series.pk])


def test_a_date_whose_hour_the_clocks_skip_is_named_and_left_out(client):
    workshop, steward = plan("2030-03-17T02:30")
    client.force_login(steward)
    page = reverse("series_repeat", args=[workshop.pk])
    html = client.post(page, {"every": "week", "count": "4", "act": "preview"}).content.decode()
    assert "does not exist" in html
    client.post(page, {"every": "week", "count": "4", "act": "make"})
    assert local_starts(Series.objects.get()) == ["03-17 02:30", "03-24 02:30", "04-07 02:30"]


def test_the_pages_of_a_series_are_the_stewards_alone(client):
    workshop, steward = plan("2030-01-10T15:00")
    series = repeat(workshop, steward)
    elsewhere = make_person()
    make_community(steward=elsewhere)
    pages = [
        reverse("series_plan", args=[series.pk]),
        reverse("series_move", args=[workshop.pk]),
    ]
    for person, status in [
        (None, 302),
        (elsewhere, 404),
        (make_member(workshop.community), 404),
        (steward, 200),
    ]:
        client.logout()
        if person:
            client.force_login(person)
        assert [client.get(page).status_code for page in pages] == [status] * 2
    client.force_login(elsewhere)
    assert client.post(reverse("series_details", args=[workshop.pk])).status_code == 404
    client.force_login(steward)
    assert client.post(pages[1], {"at": "16:00", "minutes": "90", "days_on": "0"}).status_code == 302
    assert {start[-5:] for start in local_starts(series)} == {"16:00"}


def test_the_page_of_a_series_takes_the_same_queries_for_few_and_many(client):
    counts = []
    for count in (2, 40):
        workshop, steward = plan("2030-01-10T15:00")
        series = repeat(workshop, steward, count=count)
        client.force_login(steward)
        page = reverse("series_plan", args=[series.pk])
        client.get(page)
        with CaptureQueriesContext(connection) as asked:
            client.get(page)
        counts.append(len(asked))
    assert counts[0] == counts[1]
