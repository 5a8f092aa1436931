"""A two-hour session of thirty people at speed, each with their own browser, from arrivals to the end.

Three do not come, two walk in; two rounds of groups with a repair between; questions, turns, notes.
"""

from __future__ import annotations

import datetime as dt
import itertools
import re
from collections import Counter
from dataclasses import dataclass
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from convene.apps.rooms.models import (
    Debrief,
    Grouping,
    NoteLine,
    Participant,
    Placement,
    Question,
    Room,
    Turn,
)
from convene.apps.seats.models import Registration
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
from tests.tasks import run_tasks

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SEATS, AWAY = 30, 3
IN_TIME = 30_000
RUN_SHEET = (
    "10 Welcome\n25 In groups: what we see\n25 In groups: what we tried\n"
    "30 Together: where we differ\n20 What nobody knows yet\n10 What we take with us"
)


@dataclass
class Guest:
    """Someone with a phone."""

    seat: Registration
    phone: Page

    @property
    def name(self) -> str:
        return self.seat.person.name


@pytest.fixture
def session() -> Session:
    community = make_community(steward=make_account("Ines Castro"))
    workshop = make_workshop(community, run_sheet=RUN_SHEET)
    session = workshop.sessions.get()
    session.starts_at = timezone.now().replace(microsecond=0) - dt.timedelta(minutes=2)
    session.ends_at = session.starts_at + dt.timedelta(hours=2)
    session.save()
    make_facilitator(workshop, make_account("Grace Mensah"))
    for number in range(SEATS):
        person = make_member(community, make_account(f"Guest {number:02}"))
        make_registration(workshop, person, state="confirmed")
    return session


def open_phone(seat: Registration, session: Session, new_page: Any) -> Guest:
    page = new_page(width=360)
    token = links.sign("join", f"{seat.pk}:{session.pk}", seat.link_version)
    page.goto(reverse("phone_link", args=[token]))
    return Guest(seat, page)


def seats_by_name(session: Session) -> list[Registration]:
    return list(session.workshop.registrations.select_related("person").order_by("person__name"))


def tables(round_: int) -> dict[str, int]:
    """Name -> number of the table, as published."""
    rows = Placement.objects.filter(grouping__state=Grouping.State.PUBLISHED, round=round_)
    return dict(rows.values_list("participant__person__name", "group__number"))


def pairs(placed: dict[str, int]) -> Counter[tuple[str, str]]:
    return Counter(
        pair for pair in itertools.combinations(sorted(placed), 2) if placed[pair[0]] == placed[pair[1]]
    )


def test_thirty_people_meet_in_two_hours(
    session: Session, new_page: Any, sign_in: Any, axe: Any, fits: Any
) -> None:
    cockpit = new_page()
    sign_in(cockpit, session.workshop.facilitations.get().person)
    cockpit.goto(reverse("cockpit", args=[session.pk]))
    cockpit.get_by_role("button", name="Start now").click()
    guests = arrive(session, cockpit, new_page)
    form_groups(session, cockpit, guests)
    guests += walk_in(session, cockpit, new_page)
    second_round(cockpit, guests)
    ask_and_vote(cockpit, guests)
    take_turns(cockpit, guests)
    write_notes(cockpit, guests)
    for page in (cockpit, guests[0].phone):
        axe(page)
        fits(page)
    end(session, cockpit, guests)
    debrief(session, cockpit)
    axe(cockpit)


def arrive(session: Session, cockpit: Page, new_page: Any) -> list[Guest]:
    """All but three say that they are here, each on their own phone."""
    guests = [open_phone(seat, session, new_page) for seat in seats_by_name(session)[:-AWAY]]
    for guest in guests:
        guest.phone.get_by_role("button", name="I am here").click()
        expect(guest.phone.get_by_label("Your question")).to_be_visible()
    expect(cockpit.get_by_text(f"{SEATS - AWAY} of {SEATS} people are here")).to_be_visible(timeout=IN_TIME)
    return guests


def form_groups(session: Session, cockpit: Page, guests: list[Guest]) -> None:
    """Two rounds for those who are here; each phone says where to go, and with whom."""
    cockpit.get_by_role("button", name="Next part").click()
    cockpit.get_by_role("link", name="With other wishes").click()
    cockpit.get_by_label("How many groups").fill("6")
    cockpit.get_by_label("How many rounds").fill("2")
    cockpit.get_by_role("button", name="Make groups").click()
    expect(cockpit.get_by_text("Nobody meets anybody twice")).to_be_visible()
    cockpit.get_by_role("button", name="Publish").click()
    expect(cockpit.get_by_role("heading", name="Published")).to_be_visible()
    placed = tables(1)
    assert {guest.name for guest in guests} == set(placed) - {"Grace Mensah"}
    see_tables(guests, placed)
    with_whom = guests[0].phone.get_by_text("With Guest", exact=False)
    expect(with_whom).to_be_visible()
    beside = {name for name, table in placed.items() if table == placed[guests[0].name]} - {guests[0].name}
    assert set(re.findall(r"Guest \d\d|Grace Mensah", with_whom.inner_text())) == beside
    cockpit.goto(reverse("cockpit", args=[session.pk]))


def see_tables(guests: list[Guest], placed: dict[str, int]) -> None:
    for guest in guests:
        heading = guest.phone.get_by_role("heading", name=f"Table {placed[guest.name]}", exact=True)
        expect(heading).to_be_visible(timeout=IN_TIME)


def walk_in(session: Session, cockpit: Page, new_page: Any) -> list[Guest]:
    """Two come without a seat: seated at the door, then at a table, and nobody else moves."""
    before = tables(1)
    for number in (1, 2):
        cockpit.goto(reverse("door", args=[session.pk]))
        cockpit.get_by_label(re.compile("^Name")).fill(f"Walker {number}")
        cockpit.get_by_role("button", name="Give a seat and tick off").click()
        expect(cockpit.get_by_text(f"Walker {number} has a seat.")).to_be_visible()
    run_tasks()
    cockpit.goto(reverse("cockpit", args=[session.pk]))
    cockpit.get_by_role("button", name="Someone came or left: repair").click()
    expect(cockpit.get_by_text(f"{SEATS - AWAY + 2} of {SEATS + 2} people are here")).to_be_visible(
        timeout=IN_TIME
    )
    after = tables(1)
    assert set(after) - set(before) == {"Walker 1", "Walker 2"}
    assert {name: after[name] for name in before} == before
    seats = session.workshop.registrations.filter(person__name__startswith="Walker")
    found = [open_phone(seat, session, new_page) for seat in seats.select_related("person")]
    see_tables(found, after)
    return found


def second_round(cockpit: Page, guests: list[Guest]) -> None:
    """New tables by one press, and nobody meets again whom the first round had beside them."""
    cockpit.get_by_role("button", name="Next part").click()
    cockpit.get_by_role("button", name="Next round").click()
    placed = tables(2)
    see_tables(guests, placed)
    again = pairs(tables(1)) & pairs(placed)
    assert sum(again.values()) == 0
    cockpit.get_by_role("button", name="Back together").click()
    expect(guests[3].phone.get_by_role("heading", name="Table")).to_have_count(0, timeout=IN_TIME)


def ask_and_vote(cockpit: Page, guests: list[Guest]) -> None:
    cockpit.get_by_role("button", name="Next part").click()
    phone = guests[0].phone
    phone.get_by_label("Your question").fill("Who pays for the second year?")
    phone.get_by_role("button", name="Ask anonymously").click()
    for guest in guests[1:13]:
        guest.phone.get_by_role("button", name="I ask this too").click(timeout=IN_TIME)
    expect(cockpit.get_by_text("12 votes")).to_be_visible(timeout=IN_TIME)
    assert Question.objects.get().author is None


def take_turns(cockpit: Page, guests: list[Guest]) -> None:
    """Three hands; one press calls each, and nobody is called before all have been."""
    cockpit.get_by_role("button", name="Take turns").click()
    for guest in guests[4:7]:
        guest.phone.get_by_role("button", name="Raise my hand").click(timeout=IN_TIME)
        expect(guest.phone.get_by_text("Your hand is up.", exact=False)).to_be_visible(timeout=IN_TIME)
    for guest in guests[4:7]:
        cockpit.get_by_role("button", name=f"Next speaker: {guest.name}").click(timeout=IN_TIME)
        expect(guest.phone.get_by_text("It is your turn.")).to_be_visible(timeout=IN_TIME)
    names = Turn.objects.order_by("started_at").values_list("participant__person__name", flat=True)
    assert list(names) == [guest.name for guest in guests[4:7]]


def write_notes(cockpit: Page, guests: list[Guest]) -> None:
    """The pen at the cockpit; everyone in the room reads along."""
    cockpit.get_by_role("button", name="Take the pen").click(timeout=IN_TIME)
    cockpit.get_by_label("What is worth keeping").fill("? Who pays for the second year")
    expect(cockpit.get_by_text("Saved")).to_be_visible(timeout=IN_TIME)
    phone = guests[8].phone
    phone.locator("summary", has_text="Notes").click()
    expect(phone.get_by_text("Who pays for the second year", exact=True)).to_be_visible(timeout=IN_TIME)
    assert NoteLine.objects.get().tag == NoteLine.Tag.OPEN_QUESTION


def end(session: Session, cockpit: Page, guests: list[Guest]) -> None:
    for name in ("Next part", "Next part", "End the session"):
        cockpit.get_by_role("button", name=name, exact=True).click()
    for guest in guests:
        expect(guest.phone.get_by_role("heading", name="Thank you for being here")).to_be_visible(
            timeout=IN_TIME
        )
    room = Room.objects.get(session=session)
    expected = room.participants.filter(state=Participant.State.EXPECTED, facilitates=False)
    assert (room.state, expected.count()) == (Room.State.OVER, AWAY)


def debrief(session: Session, cockpit: Page) -> None:
    """Four fields from one press in the cockpit; a bad number loses nothing."""
    cockpit.get_by_role("link", name="Write the debrief").click()
    cockpit.get_by_label("What worked").fill("Two rounds; everyone spoke.")
    minutes = cockpit.get_by_label("Minutes spent preparing")
    minutes.fill("9000")
    cockpit.get_by_role("button", name="Save").click()
    expect(cockpit.get_by_label("What worked")).to_have_value("Two rounds; everyone spoke.")
    minutes.fill("90")
    cockpit.get_by_role("button", name="Save").click()
    expect(cockpit.get_by_text("The debrief is saved")).to_be_visible()
    assert Debrief.objects.get(room__session=session).preparation_minutes == 90
