"""A live session in the browser: those who facilitate press once for each step, phones follow by link alone."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from convene.apps.rooms.models import Question, Room
from convene.apps.workshops.models import Session
from convene.foundation.access import links
from tests.makers import (
    make_account,
    make_community,
    make_facilitator,
    make_member,
    make_registration,
    make_workshop,
)

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PEOPLE = 8
IN_TIME = 15_000
"""A page asks every few seconds what is new."""


@pytest.fixture
def session() -> Session:
    community = make_community(steward=make_account("Ines Castro"))
    workshop = make_workshop(
        community, run_sheet="5 Welcome\n20 What we see\n10 What nobody knows", format="online"
    )
    session = workshop.sessions.get()
    session.starts_at = timezone.now().replace(microsecond=0) - dt.timedelta(minutes=2)
    session.ends_at = session.starts_at + dt.timedelta(minutes=35)
    session.save()
    make_facilitator(workshop, make_account("Grace Mensah"))
    for number in range(PEOPLE):
        person = make_member(community, make_account(f"Guest {number}"))
        make_registration(workshop, person, state="confirmed")
    return session


def phones(session: Session, new_page: Any) -> list[Page]:
    """One browser for each person, without an account, as from the link in their mail."""
    found = []
    for seat in session.workshop.registrations.order_by("person__name"):
        page = new_page(width=360)
        token = links.sign("join", f"{seat.pk}:{session.pk}", seat.link_version)
        page.goto(reverse("phone_link", args=[token]))
        found.append(page)
    return found


def test_a_session_from_start_to_end_by_single_presses(
    session: Session, new_page: Any, sign_in: Any, axe: Any, fits: Any
) -> None:
    grace = session.workshop.facilitations.get().person
    cockpit = new_page()
    sign_in(cockpit, grace)
    cockpit.goto(reverse("cockpit", args=[session.pk]))
    cockpit.get_by_role("button", name="Start now").click()
    expect(cockpit.get_by_role("heading", name="Welcome", level=2)).to_be_visible()
    hands = phones(session, new_page)
    for phone in hands:
        phone.get_by_role("button", name="I am here").click()
        expect(phone.get_by_label("Your question")).to_be_visible()
    expect(cockpit.get_by_text(f"{PEOPLE} of {PEOPLE} people are here")).to_be_visible(timeout=IN_TIME)

    cockpit.get_by_role("button", name="Next part").click()
    expect(hands[0].get_by_role("heading", name="What we see")).to_be_visible(timeout=IN_TIME)
    hands[0].get_by_label("Your question").fill("Who pays?")
    hands[0].get_by_role("button", name="Ask anonymously").click()
    expect(hands[0].get_by_text("Nobody can find out that it was you")).to_be_visible()
    hands[1].get_by_role("button", name="I ask this too").click(timeout=IN_TIME)
    expect(cockpit.get_by_text("1 vote")).to_be_visible(timeout=IN_TIME)
    assert Question.objects.get().author is None

    cockpit.get_by_role("button", name="Make groups").click()
    cockpit.get_by_role("button", name="Publish").click()
    expect(hands[2].get_by_role("heading", name="Table")).to_be_visible(timeout=IN_TIME)
    axe(cockpit)

    cockpit.goto(reverse("cockpit", args=[session.pk]))
    cockpit.get_by_role("button", name="Take turns").click()
    hands[3].get_by_role("button", name="Raise my hand").click(timeout=IN_TIME)
    cockpit.get_by_role("button", name="Next speaker: Guest 3").click(timeout=IN_TIME)
    expect(hands[3].get_by_text("It is your turn.")).to_be_visible(timeout=IN_TIME)
    for page in (cockpit, hands[3]):
        axe(page)
        fits(page)

    cockpit.get_by_role("button", name="Next part").click()
    cockpit.get_by_role("button", name="End the session").click()
    expect(hands[0].get_by_role("heading", name="Thank you for being here")).to_be_visible(timeout=IN_TIME)
    assert Room.objects.get().state == Room.State.OVER


def test_what_is_typed_on_a_phone_survives_the_page_bringing_itself_up_to_date(
    session: Session, new_page: Any, sign_in: Any
) -> None:
    cockpit = new_page()
    sign_in(cockpit, session.workshop.facilitations.get().person)
    cockpit.goto(reverse("cockpit", args=[session.pk]))
    cockpit.get_by_role("button", name="Start now").click()
    phone = phones(session, new_page)[0]
    phone.get_by_role("button", name="I am here").click()
    phone.get_by_label("Your question").fill("Half a quest")
    cockpit.get_by_role("button", name="Next part").click()
    expect(phone.get_by_role("heading", name="What we see")).to_be_visible(timeout=IN_TIME)
    assert phone.get_by_label("Your question").input_value() == "Half a quest"
