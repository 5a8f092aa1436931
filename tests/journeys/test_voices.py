"""What people think, in the browser: forty live in a session, four topics out of twenty-five needs, two pulses."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from convene.apps.attendance.models import Attendance
from convene.apps.people.models import Person
from convene.apps.voices import keys, services
from convene.apps.voices.models import Inquiry, Pulse, Statement, Vote
from convene.apps.voices.services import pulse as pulses
from convene.apps.workshops.models import Session, Workshop
from convene.foundation.access import links
from convene.foundation.mail.models import MailMessage
from tests.makers import (
    make_account,
    make_community,
    make_facilitator,
    make_need,
    make_registration,
    make_workshop,
)
from tests.tasks import run_tasks

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
IN_TIME = 30_000
ROOM, WITH_PHONES = 40, 6
VIEWS = (
    "Evenings suit me best",
    "We should meet in person twice a year",
    "Cases first, theory later",
    "Notes should be open to everyone",
    "We need more people from outside",
    "An hour is enough",
    "The same faces speak each time",
    "I would host a session myself",
)


def release() -> None:
    """As the worker's sweep does every few seconds."""
    services.release_what_is_full(now=timezone.now())


@pytest.fixture
def steward() -> Person:
    return make_account("Ines Castro")


@pytest.fixture
def session(steward: Person) -> Session:
    workshop = make_workshop(make_community(steward=steward), run_sheet="30 What we think")
    session = workshop.sessions.get()
    session.starts_at = timezone.now().replace(microsecond=0) - dt.timedelta(minutes=2)
    session.ends_at = session.starts_at + dt.timedelta(hours=1)
    session.save()
    make_facilitator(workshop, make_account("Grace Mensah"))
    for number in range(ROOM):
        make_registration(workshop, make_account(f"Guest {number:02}"), state="confirmed")
    return session


def test_forty_people_answer_live_in_a_session(
    session: Session, new_page: Any, sign_in: Any, axe: Any, fits: Any
) -> None:
    cockpit = new_page()
    sign_in(cockpit, Person.objects.get(name="Grace Mensah"))
    inquiry = put_question(cockpit, session)
    wall = new_page(width=1280)
    sign_in(wall, Person.objects.get(name="Grace Mensah"))
    wall.goto(reverse("inquiry_screen", args=[inquiry.pk]))
    expect(wall.get_by_text("Results appear when five people have voted")).to_be_visible()
    seats = list(session.workshop.registrations.select_related("person").order_by("person__name"))
    phones = [open_phone(seat, session, new_page) for seat in seats[:WITH_PHONES]]
    for number, phone in enumerate(phones):
        vote_on_all(phone, agrees=number < WITH_PHONES - 1)
    for number, seat in enumerate(seats[WITH_PHONES:]):
        answer(inquiry, seat.person, camp=number % 2)
    release()
    expect(wall.get_by_text("40 people have voted.")).to_be_visible(timeout=IN_TIME)
    expect(wall.get_by_role("heading", name="Common ground")).to_be_visible(timeout=IN_TIME)
    phone = phones[0]
    phone.get_by_label("Your statement").fill("Bring something to eat")
    phone.get_by_role("button", name="Add it").click()
    expect(phone.get_by_text("Others can vote on it now.")).to_be_visible()
    phone.get_by_role("link", name="What people think so far").click()
    expect(phone.get_by_role("heading", name="Where we differ")).to_be_visible()
    expect(phone.get_by_role("heading", name="Rarely heard so far")).to_be_visible()
    for page in (wall, phone, phones[1]):
        axe(page)
        fits(page)
    assert Statement.objects.get(text="Bring something to eat").author_key is not None


def put_question(cockpit: Page, session: Session) -> Inquiry:
    cockpit.goto(reverse("room_voices", args=[session.pk]))
    cockpit.get_by_role("link", name="New inquiry").click()
    cockpit.get_by_label("Your question").fill("How do we meet next year?")
    cockpit.get_by_label("First statements").fill("\n".join(VIEWS))
    cockpit.get_by_role("button", name="Write it down").click()
    cockpit.get_by_role("button", name="Ask now").click()
    expect(cockpit.get_by_role("link", name="What people think")).to_be_visible()
    return Inquiry.objects.get()


def open_phone(seat: Any, session: Session, new_page: Any) -> Page:
    page: Page = new_page(width=360)
    token = links.sign("join", f"{seat.pk}:{session.pk}", seat.link_version)
    page.goto(reverse("phone_link_voices", args=[token]))
    page.get_by_role("link", name="How do we meet next year?").click()
    return page


def vote_on_all(phone: Page, *, agrees: bool) -> None:
    """By keys, on the card that has the focus; the last with thumbs."""
    for number in range(len(VIEWS)):
        expect(phone.get_by_text(f"{number} of {len(VIEWS)} answered")).to_be_visible()
        if agrees:
            phone.locator("[data-voting]").focus()
            phone.keyboard.press("a")
        else:
            phone.get_by_role("button", name="Disagree", exact=True).click()
    expect(phone.get_by_text("You have answered everything there is")).to_be_visible()


def answer(inquiry: Inquiry, person: Person, *, camp: int) -> None:
    """Half agree with the first four, half with the last four; all want the third and the fourth."""
    voter = keys.of_person(person.pk, inquiry.salt)
    for statement in inquiry.statements.all():
        mine = statement.number in {3, 4} or (statement.number <= 4) == (camp == 0)
        services.cast(statement=statement, voter=voter, value=1 if mine else -1, now=timezone.now())


def test_four_topics_are_chosen_from_twenty_five_needs(
    new_page: Any, sign_in: Any, axe: Any, steward: Person
) -> None:
    community = make_community(steward=steward)
    for number in range(25):
        make_need(community, title=f"Topic {number:02}")
    page = new_page()
    sign_in(page, steward)
    page.goto(reverse("inquiry_new", args=[community.slug]))
    page.get_by_label("Your question").fill("What shall we learn next?")
    page.get_by_label("what we learn next").check()
    page.get_by_label("How many workshops can you hold").fill("4")
    page.get_by_label("Add the open needs of the community as statements").check()
    page.get_by_role("button", name="Write it down").click()
    page.get_by_role("button", name="Ask now").click()
    inquiry = Inquiry.objects.get()
    assert inquiry.statements.count() == 25
    wish(inquiry)
    release()
    page.reload()
    section = page.locator("section", has_text="Shared out by equal shares").first
    expect(section).to_contain_text("EJR+")
    for name in ("Topic 00", "Topic 01", "Topic 02", "Topic 10"):
        expect(section).to_contain_text(name)
    axe(page)
    page.get_by_role("button", name=re.compile("Plan a workshop.*Topic 10")).first.click()
    expect(page.get_by_text("A draft workshop was made of it.")).to_be_visible()
    assert Workshop.objects.get().title == "Topic 10"


def wish(inquiry: Inquiry) -> None:
    """Thirty of forty wish for topics 0 to 3, ten for topic 10 alone: they have a quarter of the places."""
    for number in range(40):
        voter = keys.of_person(make_account().pk, inquiry.salt)
        wanted = {1, 2, 3, 4} if number < 30 else {11}
        for statement in inquiry.statements.filter(number__in=wanted):
            services.cast(statement=statement, voter=voter, value=1, now=timezone.now())
    assert Vote.objects.count() == 130


def test_a_pulse_of_four_says_nothing_and_one_of_six_speaks(
    new_page: Any, sign_in: Any, axe: Any, steward: Person
) -> None:
    page = new_page()
    sign_in(page, steward)
    community = make_community(steward=steward)
    for answers in (4, 6):
        pulse = ask_how_it_was(page, held(community, answers + 2))
        asks = list(pulse.asks.all())[:answers]
        for number, ask in enumerate(asks):
            phone = new_page(width=360) if number == 0 else phone  # noqa: F821  # made in the first turn
            phone.goto(reverse("pulse_answer", args=[links.sign("pulse", ask.pk)]))
            for group in phone.get_by_role("group").all():
                group.get_by_label("mostly").check()
            if number == 0:
                axe(phone)
            phone.get_by_role("button", name="Send").click()
            expect(phone.get_by_text("Your answers are kept without any link to you.")).to_be_visible()
        pulses.close_pulse(pulse_id=pulse.pk, now=pulse.closes_at)
        page.goto(reverse("pulse", args=[pulse.pk]))
        if answers == 4:
            expect(page.get_by_text("Fewer than five people answered")).to_be_visible()
            expect(page.get_by_text("largely agreed")).to_have_count(0)
        else:
            expect(page.get_by_text("largely agreed").first).to_be_visible()
    page.get_by_label("You said, we did").fill("We keep the cases and drop the lecture.")
    page.get_by_role("button", name="Send it to everyone who was asked").click()
    expect(page.get_by_text("Your reply goes to everyone who was asked.")).to_be_visible()
    run_tasks()
    assert MailMessage.objects.filter(kind="pulse_reply").count() == 8


def held(community: Any, people: int) -> Session:
    workshop = make_workshop(community)
    session = workshop.sessions.get()
    session.starts_at = timezone.now() - dt.timedelta(hours=3)
    session.ends_at = timezone.now() - dt.timedelta(hours=1)
    session.save()
    for _ in range(people):
        seat = make_registration(workshop, make_account(), state="confirmed")
        Attendance.objects.create(
            registration=seat, session=session, state="attended", source="door", at=timezone.now()
        )
    return session


def ask_how_it_was(page: Page, session: Session) -> Pulse:
    page.goto(reverse("workshop_pulse", args=[session.workshop_id]))
    page.get_by_role("button", name="Write it down").click()
    page.get_by_role("button", name="Ask now").click()
    expect(page.get_by_text("It is being answered")).to_be_visible()
    return Pulse.objects.get(session=session)
