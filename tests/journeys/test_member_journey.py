"""Journey 2: a member asks, is drawn, takes part, gets credit, and puts the record right."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, Route, expect

from convene.apps.attendance.models import Attendance
from convene.apps.communities.models import Community
from convene.apps.communities.services import declare_trait
from convene.apps.people.models import Person
from convene.apps.seats import services as seats
from convene.apps.seats.models import Draw, Registration, SeatPolicy
from convene.apps.seats.rules import Kind, State
from convene.apps.seats.services import PolicyTerms
from convene.apps.seats.tasks import sweep_due
from convene.apps.workshops.models import Session, Workshop
from convene.foundation.mail.models import MailMessage
from tests.makers import make_account, make_community, make_member, make_question, make_workshop
from tests.tasks import run_tasks

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

DICE = "4 2 6 1 3 3 5 2 6 1"
HOUR = dt.timedelta(hours=1)
ROOM = "https://video.example.org/room"
QUESTION = "What would make it worth your time?"


@dataclass
class World:
    community: Community
    workshop: Workshop
    steward: Person
    night: Person
    """The only one who answered “nights”."""
    others: list[Person]


@pytest.fixture
def world() -> World:
    """Three seats, seven members; one seat is meant for someone from the night shift."""
    steward = make_account("Ines Castro", zone="Europe/Lisbon")
    community = make_community(steward=steward, name="Infection Control", slug="infection-control")
    shift = make_question(community, label="When do you work?", values=["days", "nights"])
    workshop = make_workshop(
        community,
        title="Reading the outbreak curve",
        kind="skills",
        outcomes="Tell a real outbreak from chance",
    )
    terms = PolicyTerms(
        kind=Kind.DRAW,
        capacity=3,
        closes_at=timezone.now() + 24 * HOUR,
        chance_source="dice",
        warm_up=QUESTION,
    )
    now = timezone.now()
    seats.set_policy(workshop=workshop, terms=terms, pools=None, actor=steward, now=now)
    night = make_account("Tomasz Lis", zone="Europe/Warsaw")
    others = [make_account(name) for name in ("Mei", "Kofi", "Luz", "Ana", "Jonas", "Nia")]
    for person in (night, *others):
        make_member(community, person)
        answer = "nights" if person is night else "days"
        declare_trait(question=shift, value=answer, actor=person, now=now)
    for person in others:
        seats.request_seat(workshop=workshop, person=person, actor=person, now=now)
    return World(community, workshop, steward, night, others)


def close_entries(workshop: Workshop) -> None:
    """The hour of closing has come, and the worker passes by."""
    SeatPolicy.objects.filter(workshop=workshop).update(closes_at=timezone.now() - HOUR / 60)
    sweep_due(timezone.now())
    run_tasks()


def shift_session(workshop: Workshop, *, begins: dt.timedelta) -> Session:
    session = workshop.sessions.get()
    starts_at = timezone.now() + begins
    Session.objects.filter(pk=session.pk).update(starts_at=starts_at, ends_at=starts_at + HOUR)
    return workshop.sessions.get()


def drawn(world: World) -> tuple[list[Registration], list[Registration]]:
    """Made as the worker makes it, for tests that begin after the draw: who has an offer, who waits."""
    night = world.night
    seats.request_seat(workshop=world.workshop, person=night, actor=night, now=timezone.now())
    close_entries(world.workshop)
    seats.throw_dice(draw=Draw.objects.get(), actor=world.steward, now=timezone.now(), values=DICE)
    run_tasks()
    rows = Registration.objects.select_related("person").order_by("person__name")
    return list(rows.filter(state=State.OFFERED)), list(rows.filter(state=State.RESERVE))


def test_a_member_asks_by_keyboard_is_drawn_and_says_yes(
    world: World,
    new_page: Callable[..., Page],
    sign_in: Any,
    mailed: Any,
    keyboard: Any,
    axe: Any,
    fits: Any,
    screenshots: Any,
) -> None:
    member = new_page(zone="Europe/Warsaw")
    sign_in(member, world.night)
    member.goto(reverse("workshop_page", args=[world.workshop.pk]))
    axe(member)
    keys = keyboard(member)
    keys.to("Ask to be in the draw")
    keys.press()  # down to how seats are given
    keys.to("Ask to be in the draw")
    keys.press()
    expect(member.get_by_text("You are in the draw").first).to_be_visible()
    axe(member)

    steward = new_page()
    sign_in(steward, world.steward)
    steward_draws(steward, world, keyboard, axe, fits, screenshots)

    winner = new_page(zone="Europe/Warsaw", width=360)
    winner.goto(mailed("seat_offered", world.night))
    says_yes(winner, keyboard, axe, fits, screenshots)
    run_tasks()
    mail = MailMessage.objects.get(kind="seat_confirmed", person=world.night)
    assert mail.calendar_method == "REQUEST"
    assert world.workshop.sessions.get().uid in mail.calendar
    steward.goto(
        reverse(
            "registration_settle", args=[world.workshop.pk, Registration.objects.get(person=world.night).pk]
        )
    )
    expect(steward.get_by_text("To see a curve of my own ward.")).to_be_visible()


def steward_draws(steward: Page, world: World, keyboard: Any, axe: Any, fits: Any, screenshots: Any) -> None:
    """Targets, closing, dice, result."""
    targets = reverse("seat_targets", args=[world.workshop.pk])
    steward.goto(targets)
    axe(steward)
    fits(steward)
    steward.get_by_label("nights: least").fill("1")
    steward.get_by_label("nights: most").fill("2")
    steward.get_by_role("button", name="Save").click()
    expect(steward.get_by_text("Saved.").first).to_be_visible()
    close_entries(world.workshop)
    steward.goto(targets)
    axe(steward)
    keys = keyboard(steward)
    keys.to("What the dice showed")
    steward.keyboard.type(DICE)
    keys.to("Draw by these dice")
    keys.press()
    expect(steward.get_by_text("Chance has spoken.").first).to_be_visible()
    run_tasks()
    steward.goto(targets)
    expect(steward.get_by_role("heading", name="The draw was made")).to_be_visible()
    axe(steward)
    screenshots(steward, "draw-made")
    steward.get_by_role("link", name="What everyone reads").click()
    expect(steward.get_by_text(DICE).first).to_be_visible()
    axe(steward)


def says_yes(winner: Page, keyboard: Any, axe: Any, fits: Any, screenshots: Any) -> None:
    expect(winner.get_by_role("heading", name="Will you be there?")).to_be_visible()
    expect(winner.get_by_text("Your chance of a seat was 100.0 %.")).to_be_visible()
    expect(winner.get_by_text("Your number was drawn.")).to_be_visible()
    axe(winner)
    fits(winner)
    screenshots(winner, "offer")
    keys = keyboard(winner)
    keys.to(QUESTION)
    winner.keyboard.type("To see a curve of my own ward.")
    keys.to("I’ll be there")
    keys.press()
    expect(winner.get_by_text("Seat confirmed").first).to_be_visible()
    axe(winner)


def test_whoever_was_not_drawn_reads_why_and_can_leave_the_list_without_a_script(
    world: World, new_page: Callable[..., Page], mailed: Any, axe: Any, screenshots: Any
) -> None:
    _offered, waiting = drawn(world)
    path = mailed("seat_not_drawn", waiting[0].person)
    seen = new_page(width=360)
    seen.goto(path)
    axe(seen)
    screenshots(seen, "not-drawn")
    page = new_page(script=False)
    page.goto(path)
    expect(page.get_by_role("heading", name="Why this result")).to_be_visible()
    expect(page.get_by_text("Your number was not drawn")).to_be_visible()
    expect(page.get_by_text("on the reserve list").first).to_be_visible()
    page.get_by_role("button", name="Leave the list").click()
    waiting[0].refresh_from_db()
    assert waiting[0].state == State.WITHDRAWN


def test_on_the_day_they_join_the_door_is_closed_and_the_record_says_how_we_know(
    world: World,
    new_page: Callable[..., Page],
    sign_in: Any,
    mailed: Any,
    axe: Any,
    fits: Any,
    screenshots: Any,
) -> None:
    offered, _waiting = drawn(world)
    joins, ticked, missed = offered
    for row in (ticked, missed):
        seats.confirm_offer(registration=row, actor=row.person, now=timezone.now())

    without_script = new_page(script=False)
    without_script.route(f"{ROOM}*", room)
    own = mailed("seat_offered", joins.person)
    without_script.goto(own)
    without_script.get_by_label(QUESTION).fill("Company.")
    without_script.get_by_role("button", name="I’ll be there").click()
    session = shift_session(world.workshop, begins=-HOUR / 12)
    without_script.goto(own)
    without_script.get_by_role("link", name="your own way in").click()
    without_script.get_by_role("button", name="Join now").click()
    without_script.wait_for_url(f"{ROOM}*")
    found = Attendance.objects.get(registration=joins)
    assert (found.state, found.source) == ("attended", "join_link")

    steward = new_page(width=360)
    sign_in(steward, world.steward)
    steward.goto(reverse("door", args=[session.pk]))
    axe(steward)
    fits(steward)
    screenshots(steward, "door-list")
    steward.locator(f"#seat-{ticked.pk}").get_by_role("button", name="Here").click()
    expect(steward.get_by_text("2 of 3 are here.")).to_be_visible()
    shift_session(world.workshop, begins=-2 * HOUR)
    steward.goto(reverse("door", args=[session.pk]))
    steward.get_by_role("button", name="Close: the rest were absent").click()
    expect(steward.get_by_text("Closed. One person was absent.")).to_be_visible()
    axe(steward)

    record = new_page()
    sign_in(record, joins.person)
    reads_and_answers(record, own, axe, fits, screenshots)


def reads_and_answers(record: Page, own: str, axe: Any, fits: Any, screenshots: Any) -> None:
    """The record, the certificate, the three questions."""
    record.goto(reverse("my_record"))
    expect(record.get_by_text("personal join link")).to_be_visible()
    axe(record)
    fits(record)
    screenshots(record, "my-record")
    record.get_by_role("link", name="Certificate of attendance").click()
    expect(record.get_by_role("heading", level=1, name="Certificate of attendance")).to_be_visible()
    expect(record.get_by_text("Tell a real outbreak from chance")).to_be_visible()
    axe(record)
    fits(record)
    screenshots(record, "certificate")

    record.goto(own)
    record.get_by_role("link", name="Three questions, without your name").click()
    axe(record)
    fits(record)
    record.get_by_role("group", name="Was it useful for your work?").get_by_label("very").check()
    record.get_by_role("button", name="Send").click()
    expect(record.get_by_role("heading", level=1)).to_have_text("Thank you")
    axe(record)


def room(route: Route) -> None:
    route.fulfill(status=200, content_type="text/html", body="<!doctype html><title>Room</title>")


def test_an_absence_that_is_wrong_is_contested_and_corrected(
    world: World,
    new_page: Callable[..., Page],
    sign_in: Any,
    keyboard: Any,
    axe: Any,
    fits: Any,
    screenshots: Any,
) -> None:
    offered, _waiting = drawn(world)
    row = offered[0]
    seats.confirm_offer(registration=row, actor=row.person, now=timezone.now())
    session = shift_session(world.workshop, begins=-2 * HOUR)
    steward = new_page()
    sign_in(steward, world.steward)
    steward.goto(reverse("door", args=[session.pk]))
    steward.get_by_role("button", name="Close: the rest were absent").click()
    expect(steward.get_by_text("Closed. One person was absent.")).to_be_visible()

    member = new_page(width=360)
    sign_in(member, row.person)
    member.goto(reverse("my_record"))
    expect(member.get_by_text("absent", exact=True)).to_be_visible()
    expect(member.get_by_role("link", name="Certificate of attendance")).to_have_count(0)
    keys = keyboard(member)
    keys.to("This is wrong")
    keys.press()
    expect(member.get_by_role("heading", level=1)).to_have_text("This is wrong")
    axe(member)
    fits(member)
    screenshots(member, "contest")
    member.get_by_label("attended", exact=True).check()
    keys = keyboard(member)
    keys.to("Anything a steward should know")
    member.keyboard.type("My link failed, I dialled in.")
    keys.to("Tell the stewards")
    keys.press()
    expect(member.get_by_text("a steward is looking into it")).to_be_visible()
    axe(member)

    steward.goto(reverse("today", args=[world.community.slug]))
    axe(steward)
    steward.get_by_role("link", name=f"{row.person.name} says the record is wrong").click()
    expect(steward.get_by_text("My link failed, I dialled in.")).to_be_visible()
    axe(steward)
    screenshots(steward, "contest-decide")
    steward.get_by_label("Reason").fill("Seen in the call.")
    steward.get_by_role("button", name="Correct the record").click()
    expect(steward.get_by_text("Decided.").first).to_be_visible()

    member.goto(reverse("my_record"))
    expect(member.get_by_text("correction you asked for: Seen in the call.")).to_be_visible()
    expect(member.get_by_role("link", name="Certificate of attendance")).to_be_visible()
    axe(member)
    assert Attendance.objects.filter(registration=row).count() == 2
