from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from convene.apps.people.models import Person
from convene.apps.workshops import ports, privacy
from convene.apps.workshops.models import Invitee, OddHour, SlotAnswer, Workshop
from convene.apps.workshops.queries import planning_risks
from convene.apps.workshops.queries.slots import slot_table
from convene.apps.workshops.rules.workshop import SeatFigures
from convene.apps.workshops.starters import STARTERS
from convene.foundation.privacy import erase_person, export_person
from tests.makers import (
    make_community,
    make_facilitator,
    make_invitee,
    make_person,
    make_session,
    make_slot,
    make_workshop,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _no_ports(monkeypatch):
    monkeypatch.setattr(ports, "_ports", ports._Ports())


def codes(workshop: Workshop) -> list[str]:
    return [risk.code for risk in planning_risks(workshop.community, timezone.now())]


def ready(**fields) -> Workshop:
    """A workshop with two facilitators and nothing open."""
    workshop = make_workshop(**fields)
    make_facilitator(workshop)
    make_facilitator(workshop)
    return workshop


def test_a_workshop_with_two_facilitators_and_a_link_runs_no_risk():
    assert codes(ready(days=1)) == []


def test_a_second_facilitator_is_missed_from_nine_days_before():
    near, far = make_workshop(days=8.9), make_workshop(days=9.1)
    make_facilitator(near)
    assert (codes(near), codes(far)) == (["facilitator_missing"], [])


def test_a_suggestion_waits_for_a_decision():
    workshop = ready()
    make_facilitator(workshop, state="suggested", suggestion="Jonas")
    (risk,) = planning_risks(workshop.community, timezone.now())
    assert (risk.code, risk.is_decision, risk.url_name) == ("facilitator_suggests", True, "workshop_people")


def test_a_join_link_is_missed_two_days_before():
    workshop = ready(days=1.5)
    workshop.sessions.update(join_url="")
    assert codes(workshop) == ["join_link_missing"]


def test_captions_not_ordered_are_said_by_name():
    workshop = ready(days=7)
    workshop.checklist.create(text="Order captions", lead_days=5, working_days=True, key="captions")
    assert codes(workshop) == ["captions_not_ordered"]
    workshop.checklist.update(done_at=timezone.now())
    assert codes(workshop) == []


def test_a_late_item_a_close_draft_and_too_few_people_are_said():
    workshop = ready(days=6, state=Workshop.State.DRAFT)
    workshop.checklist.create(text="Find a room", lead_days=10)
    assert codes(workshop) == ["draft_close", "checklist_late"]
    month_ago = timezone.now() - dt.timedelta(days=30)
    Workshop.objects.update(state=Workshop.State.PUBLISHED, published_at=month_ago)
    ports.plug(seat_figures=lambda ids: dict.fromkeys(ids, SeatFigures(10, 5, 2, 2)))
    assert codes(workshop) == ["below_minimum", "checklist_late"]


def test_past_and_cancelled_workshops_run_no_risk():
    assert codes(make_workshop(days=-2)) == []
    assert codes(make_workshop(days=2, state=Workshop.State.CANCELLED)) == []


def test_risks_ask_as_often_for_one_as_for_ten(django_assert_num_queries):
    community = make_community(steward=make_person())
    make_workshop(community, days=3).checklist.create(text="x", lead_days=9)
    now = timezone.now()
    with CaptureQueriesContext(connection) as one:
        planning_risks(community, now)
    for _n in range(9):
        workshop = make_workshop(community, days=3)
        make_session(workshop)
        make_facilitator(workshop)
        workshop.checklist.create(text="x", lead_days=9)
    with django_assert_num_queries(len(one)):
        assert len(planning_risks(community, now)) == 20
    assert len(one) <= 5


def test_who_bore_odd_hours_last_time_sees_the_kinder_slot_first():
    workshop = make_workshop(state=Workshop.State.DRAFT)
    nairobi, lima = make_person(zone="Africa/Nairobi"), make_person(zone="America/Lima")
    for person in (nairobi, lima):
        make_invitee(workshop, person)
    day = (timezone.now() + dt.timedelta(days=20)).replace(minute=0, second=0, microsecond=0)
    evening = make_slot(workshop, starts_at=day.replace(hour=17))
    morning = make_slot(workshop, starts_at=day.replace(hour=8))
    past = make_workshop(workshop.community, days=-30).sessions.get()
    OddHour.objects.create(session=past, community=workshop.community, person=nairobi, borne_at=past.ends_at)
    table = slot_table(workshop, timezone.now())
    assert [row.slot for row in table.rows] == [morning, evening]
    assert dict(table.people) == {nairobi: 1, lima: 0}
    evening_hours = {hour.person: (hour.local.hour, hour.is_odd) for hour in table.rows[1].hours}
    assert evening_hours == {nairobi: (20, True), lima: (12, False)}


def test_a_person_is_exported_and_forgotten_in_every_table_of_planning():
    person = make_person("Amina Otieno", email="amina@example.org")
    workshop = make_workshop(
        description="With Amina Otieno.", created_by=person, brief="Ask amina@example.org."
    )
    make_facilitator(workshop, person)
    invitee = make_invitee(workshop, person)
    SlotAnswer.objects.create(
        slot=make_slot(workshop), person=person, answer="yes", answered_at=timezone.now()
    )
    workshop.checklist.create(text="Ring Amina Otieno", lead_days=1, owner=person)
    workshop.missing_views.create(text="someone like Amina Otieno")
    exported = export_person(person.pk)
    held = {name for name, rows in exported.items() if name.startswith("workshops.") and rows}
    assert held == {
        "workshops.Workshop",
        "workshops.Facilitation",
        "workshops.Invitee",
        "workshops.SlotAnswer",
        "workshops.ChecklistItem",
    }
    erase_person(person.pk)
    workshop.refresh_from_db()
    assert (workshop.description, workshop.brief) == ("With —.", "Ask —.")
    assert workshop.checklist.get().text == "Ring —"
    assert workshop.missing_views.get().text == "someone like —"
    assert (Invitee.objects.filter(pk=invitee.pk).exists(), SlotAnswer.objects.count()) == (False, 0)
    assert Person.objects.get(pk=person.pk).name == ""
    assert set(privacy.FREE_TEXT) >= {"Workshop", "ChecklistItem", "MissingView"}


@pytest.mark.parametrize("starter", STARTERS.values(), ids=lambda starter: starter.key)
def test_each_template_is_complete_and_its_blocks_fill_its_minutes(starter):
    from convene.apps.workshops.rules.blocks import parse_blocks, total_minutes

    assert total_minutes(parse_blocks(str(starter.run_sheet))) == starter.minutes
    assert 0 < starter.minimum <= starter.seats
    assert str(starter.description)
    captions = [item for item in starter.checklist if item.key == "captions"]
    assert [(item.lead_days, item.working_days) for item in captions] == [(5, True)]
