"""Who is counted where, published once, and what the page makes of it."""

from __future__ import annotations

import datetime as dt
from collections import Counter

import pytest
from django.utils import timezone

from convene.apps.attendance.models import Attendance
from convene.apps.communities.models import Membership, Trait
from convene.apps.equity import queries, services
from convene.apps.equity.models import Counted, EquityTable, Publication
from convene.apps.equity.periods import Period, Step, closed, parse, quarter_of
from convene.apps.people.models import Consent
from convene.apps.people.rules import Purpose
from convene.apps.seats.models import Movement
from convene.foundation.audit.models import AuditEntry
from convene.foundation.privacy import erase_person, export_person
from tests.makers import (
    make_community,
    make_member,
    make_person,
    make_question,
    make_registration,
    make_workshop,
)

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2026, 11, 1, 12, tzinfo=dt.UTC)
SUMMER = Period(2026, 3)


def held(community, month=8, **fields):
    start = dt.datetime(2026, month, 10, 14, tzinfo=dt.UTC)
    return make_workshop(
        community, days=(start - timezone.now()).total_seconds() / 86400, state="held", **fields
    )


def came_to(workshop, person, step):
    """A registration that came so far, with its movements."""
    if step == Step.MEMBER:
        return
    states = {Step.ASKED: "waitlisted", Step.OFFERED: "expired"}
    row = make_registration(workshop, person, state=states.get(step, "confirmed"))
    steps = {Step.OFFERED: ["offered"], Step.CONFIRMED: ["confirmed"], Step.CAME: ["offered", "confirmed"]}
    for after in steps.get(step, []):
        Movement.objects.create(registration=row, after=after, at=NOW, reason="asked")
    if step == Step.CAME:
        Attendance.objects.create(
            registration=row, session=workshop.sessions.get(), state="attended", source="door", at=NOW
        )


def declare(question, person, value, *, at=None, agreed=True):
    Trait.objects.create(
        question=question, person=person, value=value, declared_at=at or NOW - dt.timedelta(days=90)
    )
    if agreed:
        Consent.objects.create(
            person=person, purpose=Purpose.TRAITS, scope_id=question.pk, given_at=NOW - dt.timedelta(days=90)
        )


def people(community, count, **fields):
    return [make_member(community, since=dt.date(2026, 1, 1), **fields) for _ in range(count)]


@pytest.fixture
def community():
    return make_community(zone="Europe/Dublin")


@pytest.fixture
def unequal(community):
    """Forty from the north, most of whom got a seat; thirty from the south, who asked as often and did not."""
    question = make_question(community, label="Where from?", values=["north", "south"])
    workshop = held(community)
    plan = {"north": (10, 10, 0, 0, 20), "south": (8, 15, 0, 0, 7)}
    for value, counts in plan.items():
        for step, count in zip(Step, counts, strict=True):
            for person in people(community, count):
                declare(question, person, value)
                came_to(workshop, person, step)
    return question


def table(key="tier", **found):
    return EquityTable.objects.get(key=key, publication__in=Publication.objects.filter(**found))


def test_periods_know_their_days():
    assert [SUMMER.first_day, SUMMER.after] == [dt.date(2026, 7, 1), dt.date(2026, 10, 1)]
    assert [Period(2026).first_day, Period(2026).after] == [dt.date(2026, 1, 1), dt.date(2027, 1, 1)]
    assert [Period(2026, 1).before, Period(2026).before] == [Period(2025, 4), Period(2025)]
    assert quarter_of(dt.date(2026, 12, 31)) == Period(2026, 4)
    assert [parse(one.key) for one in (SUMMER, Period(2026))] == [SUMMER, Period(2026)]
    assert [parse(text) for text in ("", "26", "2026-Q5", "2026-Q", "2026-07", "20²6")] == [None] * 6


def test_a_quarter_closes_two_weeks_after_its_end_and_a_year_after_its_last_quarter():
    first = dt.date(2025, 8, 1)
    assert [one.key for one in closed(first, dt.date(2026, 1, 14))] == ["2025-Q3"]
    assert [one.key for one in closed(first, dt.date(2026, 1, 15))] == ["2025-Q3", "2025-Q4", "2025"]


def test_each_person_counts_once_as_far_as_they_came(community):
    steps = dict(zip(people(community, 5), Step, strict=True))
    first, second = held(community), held(community, month=9)
    for person, step in steps.items():
        came_to(first, person, step)
        came_to(second, person, Step.ASKED if step != Step.MEMBER else Step.MEMBER)
    guest = make_person()
    came_to(first, guest, Step.CAME)
    found = queries.reached(community, SUMMER)
    assert found.members == {person.pk: str(step) for person, step in steps.items()}
    assert found.guests == {guest.pk: "came"}


def test_what_was_called_off_or_began_in_another_quarter_is_not_counted(community):
    (person,) = people(community, 1)
    for workshop in (held(community, month=5), held(community, kind="training")):
        came_to(workshop, person, Step.ASKED)
    cancelled = held(community)
    cancelled.state = "cancelled"
    cancelled.save()
    came_to(cancelled, person, Step.CAME)
    assert queries.reached(community, SUMMER).members == {person.pk: "asked"}
    assert queries.reached(community, SUMMER, "skills").members == {person.pk: "member"}


def test_those_who_belonged_on_some_day_are_the_members(community):
    dates = [
        ("2026-01-01", None),
        ("2026-01-01", "2026-06-30"),
        ("2026-01-01", "2026-07-01"),
        ("2026-10-01", None),
    ]
    found = [make_member(community, since=since, ended_on=ended) for since, ended in dates]
    make_member(community, since="2026-01-01", state=Membership.State.INVITED)
    assert set(queries.reached(community, SUMMER).members) == {found[0].pk, found[2].pk}


def test_a_closed_quarter_is_published_once_for_good(community, unequal):
    assert services.publish_due(community=community, now=NOW) == 1
    before = table("tier").totals
    came_to(held(community, month=9), make_member(community, since=dt.date(2026, 1, 1)), Step.ASKED)
    assert services.publish_due(community=community, now=NOW + dt.timedelta(days=30)) == 0
    assert (
        table("tier").totals
        == before
        == {"member": 70, "asked": 52, "offered": 27, "confirmed": 27, "came": 27}
    )
    assert AuditEntry.objects.filter(name="equity_published").count() == 1


def test_a_year_is_published_by_kind_too_where_five_asked(community, unequal):
    services.publish_due(community=community, now=NOW + dt.timedelta(days=120))
    found = set(Publication.objects.values_list("period", "kind"))
    assert found == {("2026-Q3", ""), ("2026-Q4", ""), ("2026", ""), ("2026", "skills")}


def test_only_answers_still_agreed_to_are_counted(community):
    question = make_question(community, values=["north", "south"])
    workshop = held(community)
    for value, agreed in (("north", True), ("south", True), ("north", False), ("", False)):
        for person in people(community, 10):
            declare(question, person, value, agreed=agreed)
            came_to(workshop, person, Step.CAME)
    services.publish_due(community=community, now=NOW)
    shown = table(question.key)
    assert {tuple(row["answers"]): row["counts"]["member"] for row in shown.rows} == {
        ("north",): 10, ("south",): 10, ("",): 20,
    }  # fmt: skip


def test_an_answer_taken_back_no_longer_counts_but_the_published_past_stays(community, unequal):
    services.publish_due(community=community, now=NOW)
    before = table(unequal.key).rows
    gone = list(Trait.objects.filter(question=unequal, value="north").values_list("person_id", flat=True))[
        :20
    ]
    later = NOW + dt.timedelta(days=10)
    Consent.objects.filter(person_id__in=gone).update(withdrawn_at=later)
    Trait.objects.filter(person_id__in=gone).delete()
    autumn = held(community, month=10)
    for membership in Membership.objects.filter(community=community):
        came_to(autumn, membership.person, Step.ASKED)
    services.publish_due(community=community, now=NOW + dt.timedelta(days=80))
    rows = {
        tuple(row["answers"]): row["counts"]["member"] for row in table(unequal.key, period="2026-Q4").rows
    }
    assert rows.get(("north",)) in {None, 20}
    people = list(Membership.objects.filter(community=community).values_list("person_id", flat=True))
    assert Counter(queries.answers_to(unequal, people).values()) == {"north": 20, "south": 30, "": 20}
    assert table(unequal.key, period="2026-Q3").rows == before


def test_one_more_member_from_the_south_is_not_told_by_the_next_quarter(community, unequal):
    """Nobody else has come or gone: the difference of two quarters would be their answer."""
    services.publish_due(community=community, now=NOW)
    newcomer = make_member(community, since=dt.date(2026, 10, 5))
    declare(unequal, newcomer, "south")
    services.publish_due(community=community, now=NOW + dt.timedelta(days=80))
    rows = table(unequal.key, period="2026-Q4").rows
    assert {count for row in rows for count in row["counts"].values()} == {None}


def test_an_erased_person_is_forgotten_and_the_figures_stay(community, unequal):
    services.publish_due(community=community, now=NOW)
    person = Counted.objects.filter(step="came").first().person
    assert export_person(person.pk)["equity.Counted"] == [
        {"community": community.name, "period": "2026-Q3", "kind": "", "step": "came"}
    ]
    before = table(unequal.key).rows
    erase_person(person.pk)
    assert Counted.objects.filter(person=None, step="came").count() == 1
    assert table(unequal.key).rows == before
    services.publish_due(community=community, now=NOW + dt.timedelta(days=80))
    assert Publication.objects.filter(period="2026-Q4").exists()


def test_guests_are_one_group_of_five_or_more(community):
    workshop = held(community)
    for step, count in ((Step.ASKED, 6), (Step.OFFERED, 3), (Step.CAME, 5)):
        for _ in range(count):
            came_to(workshop, make_person(), step)
    services.publish_due(community=community, now=NOW)
    assert Publication.objects.get().guests == {
        "member": None, "asked": 14, "offered": 8, "confirmed": None, "came": None,
    }  # fmt: skip


def test_only_communities_with_something_to_publish_are_due(community, unequal):
    make_community()
    held(make_community(), month=10)
    assert queries.communities_due(NOW) == [community]
    services.publish_due(community=community, now=NOW)
    assert queries.communities_due(NOW) == []
