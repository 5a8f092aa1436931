"""Journey 3, second half: an outsider comes, says how it was, applies, and is welcomed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from convene.apps.attendance.models import Attendance
from convene.apps.attendance.services import make_room_code
from convene.apps.communities.models import Application, Community, Membership, RoleTerm
from convene.apps.people.models import Person
from convene.apps.people.services import find_or_make_person
from convene.apps.seats import services as seats
from convene.apps.workshops.models import Session, Workshop
from convene.foundation.mail.models import MailMessage
from tests.makers import (
    make_account,
    make_community,
    make_feature,
    make_member,
    make_policy,
    make_role,
    make_workshop,
)
from tests.tasks import run_tasks

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def stewards() -> list[Person]:
    """Four: then two of them read."""
    return [make_account(name) for name in ("Ines Castro", "Grace Mensah", "Noor Haddad", "Kofi Asante")]


@pytest.fixture
def community(stewards: list[Person]) -> Community:
    community = make_community(
        steward=stewards[0],
        name="Infection Control",
        slug="infection-control",
        criteria="Infections in care touch your own work.",
        elsewhere="The library's course on hygiene.",
    )
    for person in stewards[1:]:
        make_member(community, person)
        make_role(community, person, RoleTerm.Role.STEWARD)
    make_feature(community, "applications")
    return community


@pytest.fixture
def workshop(community: Community) -> Workshop:
    """An informative session in a room, that begins now."""
    workshop = make_workshop(
        community, title="Why hands stay unwashed", kind="informative", format="in_person", days=1
    )
    make_policy(workshop, capacity=40)
    workshop.sessions.update(place="Room 4", join_url="")
    return workshop


@pytest.fixture
def outsider(workshop: Workshop) -> Person:
    """Registered with name and address, as the first half of the journey shows."""
    jo = find_or_make_person(
        email="jo@example.org", name="Jo Park", language="en", zone="Europe/Berlin", now=timezone.now()
    )
    seats.request_seat(workshop=workshop, person=jo, actor=jo, now=timezone.now())
    return jo


def test_an_outsider_comes_and_says_how_it_was(
    workshop: Workshop,
    outsider: Person,
    stewards: list[Person],
    new_page: Callable[..., Page],
    mailed: Any,
    axe: Any,
    fits: Any,
    keyboard: Any,
    screenshots: Any,
) -> None:
    session = begin(workshop, before=dt.timedelta(minutes=5))
    code = make_room_code(session=session, actor=stewards[0])
    page = new_page(width=360)
    own = mailed("seat_confirmed", outsider)
    page.goto(own)
    page.get_by_role("link", name="check yourself in").click()
    axe(page)
    fits(page)
    keys = keyboard(page)
    keys.to("Room code")
    page.keyboard.type(code)
    keys.press()
    expect(page.get_by_role("heading", level=1)).to_have_text(workshop.title)
    axe(page)
    fits(page)
    screenshots(page, "here")
    keys.to("The e-mail address you registered with")
    page.keyboard.type("jo@example.org")
    keys.to("I am here")
    keys.press()
    expect(page.get_by_text("You are checked in. Welcome!")).to_be_visible()
    found = Attendance.objects.get()
    assert (found.state, found.source) == ("attended", "room_code")

    begin(workshop, before=dt.timedelta(hours=3))
    page = new_page(script=False)
    page.goto(own)
    page.get_by_role("link", name="Three questions").click()
    page.get_by_role("group", name="Could you say what you wanted to say?").get_by_label("rather").check()
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Thank you")


def test_an_outsider_applies_and_is_welcomed_after_two_stewards_have_read(
    community: Community,
    outsider: Person,
    stewards: list[Person],
    new_page: Callable[..., Page],
    sign_in: Any,
    mailed: Any,
    axe: Any,
    fits: Any,
    keyboard: Any,
    screenshots: Any,
) -> None:
    page = new_page(width=360)
    page.goto(reverse("community_page", args=[community.slug]))
    axe(page)
    fits(page)
    page.get_by_role("link", name="Apply").first.click()
    expect(page.get_by_text("Infections in care touch your own work.")).to_be_visible()
    axe(page)
    fits(page)
    screenshots(page, "apply")
    apply_by_keyboard(page, keyboard(page))
    expect(page.get_by_role("heading", level=1)).to_have_text("Please look at your mail")
    axe(page)

    confirming = new_page(script=False)
    confirming.goto(mailed("application_confirm", outsider))
    assert Application.objects.get().state == "unconfirmed"
    confirming.get_by_role("button", name="Send it to the stewards").click()
    expect(confirming.get_by_role("heading", level=1)).to_have_text("Your application")

    for reader in stewards[:2]:
        seen = new_page()
        sign_in(seen, reader)
        seen.goto(mailed("application_waiting", reader))
        axe(seen)
        read(seen)
        axe(seen)
    screenshots(seen, "application-read")
    seen.get_by_label("Accept", exact=True).check()
    seen.get_by_label("Reason").fill("Your night shifts are what we lack.")
    seen.get_by_role("button", name="Decide and tell them").click()
    expect(seen.get_by_role("heading", name="Decision")).to_be_visible()
    axe(seen)
    run_tasks()
    mail = MailMessage.objects.get(kind="application_decided")
    assert mail.to_address == "jo@example.org"
    assert "Your night shifts are what we lack." in mail.text
    membership = Membership.objects.get(person=outsider)
    assert (membership.state, membership.tier) == ("active", "active")


def begin(workshop: Workshop, *, before: dt.timedelta) -> Session:
    """The session began that long ago, and takes an hour."""
    starts_at = timezone.now() - before
    workshop.sessions.update(starts_at=starts_at, ends_at=starts_at + dt.timedelta(hours=1))
    return workshop.sessions.get()


def apply_by_keyboard(page: Page, keys: Any) -> None:
    for field, text in [
        ("Your name", "Jo Park"),
        ("Your mail address", "jo@example.org"),
        ("What is your practice?", "I nurse at night."),
        ("What would you bring?", "Cases from the night shift."),
        ("How much time can you give?", "two hours a month"),
    ]:
        keys.to(field)
        page.keyboard.type(text)
    keys.to("Apply")
    keys.press()


def read(page: Page) -> None:
    page.get_by_role("group", name="My view").get_by_label("accept", exact=True).check()
    page.get_by_label("Why").fill("It touches the work.")
    page.get_by_role("button", name="Keep my reading").click()
    expect(page.get_by_role("heading", name="Readings")).to_be_visible()
