"""A steward sets targets by keyboard and is told, while typing, what they can come to; and without a script."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from convene.apps.communities.models import TraitQuestion
from convene.apps.communities.services import declare_trait
from convene.apps.people.models import Person
from convene.apps.seats import services as seats
from convene.apps.seats.models import Quota
from convene.apps.seats.rules import Kind
from convene.apps.seats.services import PolicyTerms
from convene.apps.workshops.models import Workshop
from tests.makers import make_account, make_community, make_member, make_question, make_workshop

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@dataclass
class World:
    workshop: Workshop
    steward: Person
    role: TraitQuestion


@pytest.fixture
def world() -> World:
    """Eight seats, twenty-four people in the draw."""
    steward = make_account("Ines Castro", zone="Europe/Lisbon")
    community = make_community(steward=steward, name="Infection Control", slug="infection-control")
    role = make_question(community, label="What is your role?", values=["nurse", "physician", "hygienist"])
    ward = make_question(community, label="Where do you work?", values=["hospital", "care at home"])
    workshop = make_workshop(community, title="Reading the outbreak curve", kind="skills")
    now = timezone.now()
    terms = PolicyTerms(
        kind=Kind.DRAW, capacity=8, closes_at=now + dt.timedelta(hours=24), chance_source="dice"
    )
    seats.set_policy(workshop=workshop, terms=terms, pools=None, actor=steward, now=now)
    for at in range(30):
        person = make_member(community)
        if at < 24:
            answer = role.values[0 if at < 6 else 1 if at < 16 else 2]
            declare_trait(question=role, value=answer, actor=person, now=now)
            place = ward.values[0 if at % 3 else 1]
            declare_trait(question=ward, value=place, actor=person, now=now)
            seats.request_seat(workshop=workshop, person=person, actor=person, now=now)
    return World(workshop, steward, role)


def test_targets_are_looked_at_while_they_are_typed(
    world: World,
    new_page: Callable[..., Page],
    sign_in: Any,
    keyboard: Any,
    axe: Any,
    fits: Any,
    screenshots: Any,
) -> None:
    page = new_page()
    sign_in(page, world.steward)
    page.goto(reverse("seat_targets", args=[world.workshop.pk]))
    axe(page)
    fits(page)
    keys = keyboard(page)
    status = page.locator("#targets-status")
    expect(status).to_contain_text("There are no targets")

    least, most = page.get_by_label("nurse: least"), page.get_by_label("nurse: most")
    keys.to("nurse: least")
    page.keyboard.type("7")
    page.keyboard.press("Tab")
    expect(most).to_be_focused()
    page.keyboard.type("8")
    expect(status).to_contain_text("The targets cannot be met by those who asked so far")
    expect(
        page.get_by_text("6 people who gave this answer have asked so far. It can with 6.")
    ).to_be_visible()
    expect(most).to_be_focused()
    expect(most).to_have_value("8")
    expect(least).to_have_attribute("aria-invalid", "true")
    axe(page)
    screenshots(page, "targets-clash")

    page.keyboard.press("Shift+Tab")
    page.keyboard.type("4")
    expect(status).to_contain_text("The targets can be met by those who asked so far.")
    expect(least).not_to_have_attribute("aria-invalid", "true")
    assert not Quota.objects.exists()

    keys.to("What do they cost?")
    keys.press()
    expect(page.get_by_text("With this target the least likely have")).to_be_visible()
    axe(page)
    screenshots(page, "targets-cost")

    keys.to("nurse: most")
    page.keyboard.type("5")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Saved.").first).to_be_visible()
    assert list(Quota.objects.values_list("value", "least", "most")) == [("nurse", 4, 5)]

    page.get_by_role("link", name="What to expect if entries closed now").click()
    expect(page.get_by_text("nothing is drawn here, and nothing is fixed")).to_be_visible()
    axe(page)
    fits(page)
    screenshots(page, "forecast")


def test_without_a_script_a_press_looks_fills_in_and_keeps_what_was_typed(
    world: World, new_page: Callable[..., Page], sign_in: Any, axe: Any, fits: Any
) -> None:
    signed_in = new_page()
    sign_in(signed_in, world.steward)
    page = new_page(script=False, width=360)
    page.context.add_cookies(signed_in.context.cookies())
    page.goto(reverse("seat_targets", args=[world.workshop.pk]))
    page.get_by_label("nurse: least").fill("7")
    page.get_by_label("nurse: most").fill("8")
    page.get_by_role("button", name="Check").click()
    expect(page.get_by_text("It can with 6.")).to_be_visible()
    expect(page.get_by_label("nurse: most")).to_have_value("8")
    fits(page)
    page.get_by_role("button", name="Fill in this change").click()
    expect(page.get_by_label("nurse: least")).to_have_value("6")
    expect(page.locator("#targets-status")).to_contain_text("Looked at, not saved.")
    page.get_by_role("button", name="Fill in a suggestion").click()
    expect(page.get_by_text("They are not saved yet.")).to_be_visible()
    expect(page.get_by_label("physician: least")).to_have_value("2")
    page.get_by_role("button", name="What do they cost?").click()
    expect(page.get_by_text("What each target costs stands beside it.")).to_be_visible()
    assert not Quota.objects.exists()
    page.get_by_role("button", name="Save targets").click()
    expect(page.get_by_text("Saved.").first).to_be_visible()
    assert Quota.objects.exists()
