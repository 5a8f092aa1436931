"""Journey 9, a person leaves: sees all, takes all along, erases all; counts stay true without the name."""

from __future__ import annotations

import datetime as dt
import json
import re
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.utils import timezone
from icalendar import Calendar
from playwright.sync_api import Page, expect

from convene.apps.attendance.models import Attendance
from convene.apps.attendance.services import set_attendance
from convene.apps.communities.models import Membership, RoleTerm, Trait, TraitQuestion
from convene.apps.people import services as people
from convene.apps.people.links import my_data_url
from convene.apps.people.models import Person
from convene.apps.people.rules import Purpose
from convene.apps.seats import services as seats
from convene.apps.seats.models import Registration, SeatPolicy
from convene.apps.workshops.models import Workshop
from convene.foundation.jobs.worker import Worker
from convene.foundation.mail.models import MailMessage
from convene.foundation.mail.sending import send_due
from tests.makers import (
    make_account,
    make_community,
    make_facilitator,
    make_member,
    make_person,
    make_policy,
    make_role,
    make_session,
    make_workshop,
)
from tests.traces import tables_holding

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
NAME, ADDRESS = "Adaeze Okonkwo", "adaeze.okonkwo@example.org"


@pytest.fixture(autouse=True)
def _mails_go_nowhere(settings: Any, tmp_path: Path) -> None:
    settings.EMAIL_FILE_PATH = tmp_path
    cache.clear()


def a_full_life(person: Person, *, member: bool) -> tuple[Workshop, Workshop, Person]:
    """One workshop held and attended, one to come with its last seat theirs and someone waiting."""
    now = timezone.now()
    steward = make_account("Sten Steward")
    community = make_community(steward=steward)
    past, coming = make_workshop(community, title="Hand hygiene"), make_workshop(community, title="Masks")
    make_policy(past, capacity=10)
    make_policy(coming, capacity=1)
    registration = seats.request_seat(
        workshop=past,
        person=person,
        actor=person,
        now=now,
        hope=f"{NAME} hopes for calm wards",
        overlap_ok=True,
    )
    sitting = make_session(past, days=-1)
    set_attendance(
        registration=registration,
        session=sitting,
        state=Attendance.State.ATTENDED,
        minutes=90,
        reason=f"{NAME} was there",
        actor=steward,
        now=now,
    )
    seats.request_seat(workshop=coming, person=person, actor=person, now=now, overlap_ok=True)
    waiting = make_person("Wanda Waiting")
    seats.request_seat(workshop=coming, person=waiting, actor=waiting, now=now, overlap_ok=True)
    people.record_access_need(person=person, kind="other", detail=f"{NAME} sits in front", now=now)
    people.show_access_needs(viewer=steward, person_ids=[person.pk], workshop_id=past.pk, now=now)
    if member:
        make_member(community, person)
        make_role(community, person, RoleTerm.Role.HOST)
        make_facilitator(make_workshop(community), person, suggestion=f"Ask {NAME}")
        question = TraitQuestion.objects.create(community=community, key="unit", label="Unit", purpose="Mix")
        Trait.objects.create(question=question, person=person, value="Ward 3", declared_at=now)
        people.give_consent(person=person, purpose=Purpose.TRAITS, scope_id=question.pk, now=now)
    work()
    return past, coming, waiting


def work() -> None:
    """What the worker does within a second: tasks, mails, sweeps."""
    Worker().run_once()
    send_due(timezone.now())
    people.forget_spent_mail(now=timezone.now())


def attended(workshop: Workshop) -> int:
    return Attendance.objects.filter(
        registration__workshop=workshop, holds=True, state=Attendance.State.ATTENDED
    ).count()


def test_a_member_sees_all_takes_all_along_and_is_forgotten(page, sign_in, axe):
    me = make_account(NAME, email=ADDRESS, offers=f"{NAME} knows masks")
    past, coming, waiting = a_full_life(me, member=True)
    registrations, requested = Registration.objects.count(), attended(past)
    sign_in(page, me)
    page.goto("/me/data/")
    for kind in ("Your profile", "Access needs", "Mails to you"):
        expect(page.locator("summary", has_text=kind).first).to_be_visible()
    axe(page)
    assert NAME in json.dumps(downloaded(page, "Download everything (JSON)"), ensure_ascii=False)
    calendar = Calendar.from_ical(file_of(page, "Download my sessions (ICS)").read_bytes())
    assert {str(event["SUMMARY"]) for event in calendar.walk("VEVENT")} == {"Hand hygiene", "Masks"}

    page.get_by_role("link", name="Erase me").click()
    expect(page.get_by_role("table")).to_contain_text("Your profile")
    axe(page)
    page.get_by_label("Type your mail address").fill("somebody@example.org")
    page.get_by_role("button", name="Erase me for good").click()
    expect(page.get_by_role("alert")).to_contain_text("Nothing was erased")
    page.get_by_label("Type your mail address").fill(ADDRESS)
    page.get_by_role("button", name="Erase me for good").click()
    page.wait_for_url("**/me/erased/")
    expect(page.get_by_role("heading", name="You are forgotten here")).to_be_visible()
    axe(page)
    page.goto("/me/data/")
    expect(page).to_have_url(re.compile("/account/login/"))

    work()
    assert tables_holding(NAME, ADDRESS) == {}
    assert MailMessage.objects.get(kind="farewell").state == "sent"
    assert (Registration.objects.count(), attended(past)) == (registrations, requested)
    assert Registration.objects.get(workshop=coming, person=waiting).state in {"offered", "confirmed"}
    policy = SeatPolicy.objects.get(workshop=coming)
    assert policy.taken == 1
    assert not Membership.objects.filter(person=me).exclude(state="left").exists()
    assert not RoleTerm.objects.filter(person=me, ends_on=None).exists()


def test_someone_without_an_account_does_the_same_by_the_link_in_their_mail(page, axe):
    me = make_person(NAME, email=ADDRESS)
    past, coming, waiting = a_full_life(me, member=False)
    count = attended(past)
    page.goto(my_data_url(me).partition("8000")[2])
    axe(page)
    expect(page.get_by_text(ADDRESS)).to_have_count(0)
    page.get_by_role("button", name="Open my data").click()
    expect(page.get_by_role("heading", name="My data", level=1)).to_be_visible()
    axe(page)
    assert ADDRESS in json.dumps(downloaded(page, "Download everything (JSON)"))
    page.get_by_role("link", name="Erase me").click()
    page.get_by_label("Type your mail address").fill(ADDRESS)
    page.get_by_role("button", name="Erase me for good").click()
    page.wait_for_url("**/me/erased/")
    work()
    assert tables_holding(NAME, ADDRESS) == {}
    assert attended(past) == count
    assert Registration.objects.get(workshop=coming, person=waiting).state in {"offered", "confirmed"}
    page.go_back()
    page.goto("/me/data/")
    expect(page).to_have_url(re.compile("/account/login/"))


def file_of(page: Page, label: str) -> Path:
    with page.expect_download() as waiting:
        page.get_by_role("link", name=label).click()
    return Path(waiting.value.path())


def downloaded(page: Page, label: str) -> Any:
    return json.loads(file_of(page, label).read_text(encoding="utf-8"))


def test_an_access_need_that_was_seen_is_on_its_owner_s_list(page, sign_in):
    me, fay = make_account(NAME, email=ADDRESS), make_person("Fay Fable")
    workshop = make_workshop(title="Hand hygiene")
    now = timezone.now() - dt.timedelta(minutes=5)
    people.record_access_need(person=me, kind="captions", now=now)
    people.show_access_needs(viewer=fay, person_ids=[me.pk], workshop_id=workshop.pk, now=now)
    sign_in(page, me)
    page.goto("/me/needs/")
    row = page.get_by_role("row", name="Fay Fable")
    expect(row).to_contain_text("Hand hygiene")
    page.get_by_role("button", name="Remove").click()
    expect(page.get_by_text("You told us of none")).to_be_visible()
