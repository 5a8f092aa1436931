"""A draw that anyone can check, from its targets to an outsider's check: by drand, by dice, by witnesses."""

from __future__ import annotations

import datetime as dt
import json
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from convene.apps.communities.services import declare_trait
from convene.apps.people.models import Person
from convene.apps.seats import links
from convene.apps.seats import services as seats
from convene.apps.seats.models import Draw, Registration, SeatPolicy
from convene.apps.seats.rules import Kind, State
from convene.apps.seats.rules.chance import QUICKNET
from convene.apps.seats.services import PolicyTerms
from convene.apps.seats.tasks import sweep_due
from convene.apps.workshops.models import Workshop
from tests.makers import (
    make_account,
    make_community,
    make_facilitator,
    make_member,
    make_person,
    make_question,
    make_workshop,
)
from tests.tasks import run_tasks

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

HOUR = dt.timedelta(hours=1)
DICE = "4 2 6 1 3 3 5 2 6 1"
BEACON = {
    "round": 1000,
    "signature": "b44679b9a59af2ec876b1a6b1ad52ea9b1615fc3982b19576350f93447cb1125"
    "e342b73a8dd2bacbe47e4b6b63ed5e39",
}
"""A real round of quicknet."""


@dataclass
class World:
    workshop: Workshop
    steward: Person
    people: list[Person]

    @property
    def draw(self) -> Draw:
        return Draw.objects.get(policy__workshop=self.workshop)

    @property
    def page(self) -> str:
        return reverse("seat_draw", args=[self.workshop.pk])

    def registrations(self, state: State) -> list[Registration]:
        rows = Registration.objects.filter(workshop=self.workshop, state=state)
        return list(rows.select_related("person"))


@pytest.fixture
def world() -> World:
    """Four seats, nine people; three of them work at night. Targets and source are still to be set."""
    steward = make_account("Ines Castro")
    community = make_community(steward=steward, name="Infection Control", slug="infection-control")
    shift = make_question(community, label="When do you work?", values=["days", "nights"])
    workshop = make_workshop(community, title="Reading the outbreak curve", kind="skills")
    people = [make_account(f"Member {place}") for place in range(9)]
    for place, person in enumerate(people):
        make_member(community, person)
        answer = "nights" if place < 3 else "days"
        declare_trait(question=shift, value=answer, actor=person, now=timezone.now())
    return World(workshop, steward, people)


def announce(world: World, *, witnesses: list[Person] | None = None, **terms: Any) -> None:
    now = timezone.now()
    seats.set_policy(
        workshop=world.workshop,
        terms=PolicyTerms(kind=Kind.DRAW, capacity=4, closes_at=now + 24 * HOUR, **terms),
        witnesses=[person.pk for person in witnesses] if witnesses else None,
        actor=world.steward,
        now=now,
    )
    for person in world.people:
        seats.request_seat(workshop=world.workshop, person=person, actor=person, now=now)


def close_entries(world: World) -> None:
    """The hour of closing has come, and the worker passes by."""
    SeatPolicy.objects.filter(workshop=world.workshop).update(closes_at=timezone.now() - HOUR / 60)
    sweep_due(timezone.now())


def set_targets(page: Page, world: World) -> None:
    """Of four seats two are for the night."""
    page.goto(reverse("seat_targets", args=[world.workshop.pk]))
    page.get_by_label("nights: least").fill("2")
    page.get_by_label("nights: most").fill("2")
    page.get_by_role("button", name="Save targets").click()
    expect(page.get_by_text("Saved.").first).to_be_visible()


def failed_steps(page: Page) -> list[str]:
    return [str(step.get_attribute("data-check")) for step in page.locator(".checks__step--bad").all()]


def shown_commitment(page: Page) -> str:
    return page.locator("#sealed .fingerprint__value").inner_text().replace("\n", "").replace(" ", "")


def check_in_browser(page: Page, button: str = "Repeat the draw yourself") -> None:
    page.get_by_role("button", name=button).click()
    expect(page.get_by_role("status").filter(has_text="checks hold")).to_be_visible()
    assert failed_steps(page) == []


def downloaded(page: Page, name: str, folder: Path) -> Path:
    """What a link gives, saved."""
    with page.expect_download() as waiting:
        page.get_by_role("link", name=name).click()
    path = folder / waiting.value.suggested_filename
    waiting.value.save_as(path)
    return path


def verified(*arguments: Path) -> str:
    """What the downloaded program says, without anything of Convene on its path."""
    done = subprocess.run(
        [sys.executable, "-I", *map(str, arguments)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_by_a_round_of_drand(
    world: World,
    new_page: Callable[..., Page],
    sign_in: Any,
    keyboard: Any,
    axe: Any,
    fits: Any,
    screenshots: Any,
    tmp_path: Path,
) -> None:
    announce(world, chance_source="drand")
    steward = new_page()
    sign_in(steward, world.steward)
    set_targets(steward, world)

    outsider = new_page(width=360)
    outsider.goto(world.page)
    expect(outsider.get_by_role("heading", name="People can still ask for a seat")).to_be_visible()
    axe(outsider)
    fits(outsider)
    close_entries(world)
    # As if it were that hour: the real round 1000 is the first one ten minutes later.
    seats.prepare_draw(draw=world.draw, now=QUICKNET.time_of(BEACON["round"]) - HOUR / 6)
    run_tasks()
    outsider.goto(world.page)
    expect(outsider.get_by_text("Announced is round 1000 of the network quicknet")).to_be_visible()
    noted = shown_commitment(outsider)
    assert noted == world.draw.commitment
    keys = keyboard(outsider)
    keys.to("Check what is sealed")
    keys.press()
    expect(outsider.get_by_role("status").filter(has_text="All 3 checks hold.")).to_be_visible()
    axe(outsider)
    fits(outsider)
    screenshots(outsider, "draw-sealed")

    brings_the_round(steward, world, axe, fits)
    run_tasks()

    outsider.goto(world.page)
    expect(outsider.get_by_role("heading", name="The draw is made")).to_be_visible()
    outsider.get_by_text("I have noted the commitment").click()
    outsider.get_by_label("The commitment as you noted it before").fill(noted)
    check_in_browser(outsider)
    expect(outsider.get_by_text("It is the commitment you noted").first).to_be_visible()
    axe(outsider)
    fits(outsider)
    screenshots(outsider, "draw-repeated")
    record = downloaded(outsider, "Download the record", tmp_path)
    verifier = downloaded(outsider, "Download the verifier", tmp_path)
    assert noted in verified(verifier, record)
    finds_what_was_changed(outsider, record)
    reads_their_receipt(world, new_page, axe, fits, screenshots)


def brings_the_round(steward: Page, world: World, axe: Any, fits: Any) -> None:
    """By hand, as on a machine without internet; another round is refused, and what was typed stays."""
    steward.goto(reverse("seat_draw_make", args=[world.workshop.pk]))
    steward.get_by_text("Bring the round by hand").click()
    steward.get_by_label("The beacon").fill(json.dumps({**BEACON, "round": 1001}))
    steward.get_by_role("button", name="Draw by this round").click()
    expect(steward.get_by_text("This is round 1001; round 1000 was announced.").first).to_be_visible()
    assert "1001" in steward.get_by_label("The beacon").input_value()
    axe(steward)
    fits(steward)
    steward.get_by_label("The beacon").fill(json.dumps(BEACON))
    steward.get_by_role("button", name="Draw by this round").click()
    expect(steward.get_by_text("Chance has spoken.").first).to_be_visible()


def finds_what_was_changed(outsider: Page, record: Path) -> None:
    """A record in which one target was changed after the seal, and another ticket was declared drawn."""
    changed = json.loads(record.read_text(encoding="utf-8"))
    changed["committed"]["quotas"][0]["min"] += 1
    changed["ticket"] = (changed["ticket"] + 1) % changed["committed"]["tickets"]
    bad = record.with_name("changed.json")
    bad.write_text(json.dumps(changed), encoding="utf-8")
    outsider.get_by_label("A record you kept").set_input_files(bad)
    outsider.get_by_role("button", name="Repeat the draw yourself").click()
    expect(outsider.get_by_role("status").filter(has_text="do not hold")).to_be_visible()
    assert failed_steps(outsider) == ["commitment", "ticket"]
    expect(outsider.get_by_text("Something that was sealed was changed.").first).to_be_visible()


def reads_their_receipt(
    world: World, new_page: Callable[..., Page], axe: Any, fits: Any, screenshots: Any
) -> None:
    for state, words in ((State.OFFERED, "it is one of yours"), (State.RESERVE, "it is none of yours")):
        person = new_page(width=360, scheme="dark")
        person.goto(links.registration_path(world.registrations(state)[0]))
        expect(person.get_by_text(words)).to_be_visible()
        check_in_browser(person, "Check it in this browser")
        person.get_by_text("The steps of the check").click()
        expect(person.get_by_text("Your entry is among those sealed").first).to_be_visible()
        expect(person.locator("[data-check=mine]:visible, [data-check=not_mine]:visible")).to_have_count(1)
        axe(person)
        fits(person)
    screenshots(person, "draw-receipt")


def test_by_dice_in_the_room_at_360_pixels_and_by_keyboard(
    world: World,
    new_page: Callable[..., Page],
    sign_in: Any,
    keyboard: Any,
    axe: Any,
    fits: Any,
    screenshots: Any,
    tmp_path: Path,
) -> None:
    auditor, facilitator = make_account("Olga Auditor"), make_account("Grace Mensah")
    make_facilitator(world.workshop, facilitator)
    announce(world, chance_source="dice", auditor_id=auditor.pk)
    steward = new_page(width=360)
    sign_in(steward, world.steward)
    set_targets(steward, world)
    close_entries(world)
    run_tasks()
    steward.goto(reverse("seat_draw_make", args=[world.workshop.pk]))
    axe(steward)
    fits(steward)
    screenshots(steward, "draw-dice")
    keys = keyboard(steward)
    keys.to("What the dice showed")
    steward.keyboard.type("4 2 7")
    keys.to("Draw by these dice")
    keys.press()
    expect(steward.get_by_text("its sides are 1 to 6").first).to_be_visible()
    assert steward.get_by_label("What the dice showed").input_value() == "4 2 7"
    axe(steward)
    steward.get_by_label("What the dice showed").fill(DICE)
    steward.get_by_role("button", name="Draw by these dice").press("Enter")
    expect(steward.get_by_text("Chance has spoken.").first).to_be_visible()
    run_tasks()

    second = new_page()
    sign_in(second, facilitator)
    second.goto(world.page)
    second.get_by_role("button", name="I saw these throws").click()
    expect(second.get_by_text("a second person saw the throws")).to_be_visible()

    outsider = new_page(width=360)
    outsider.goto(world.page)
    expect(outsider.get_by_text(DICE).first).to_be_visible()
    keys = keyboard(outsider)
    keys.to("Repeat the draw yourself")
    keys.press()
    expect(outsider.get_by_role("status").filter(has_text="All 6 checks hold.")).to_be_visible()
    axe(outsider)

    audits(new_page(), auditor, world, sign_in, axe, fits, tmp_path)


def audits(
    page: Page, auditor: Person, world: World, sign_in: Any, axe: Any, fits: Any, folder: Path
) -> None:
    """The named auditor takes the files and checks every entry, target and chance."""
    sign_in(page, auditor)
    page.goto(world.page)
    page.get_by_role("link", name="The files, as the auditor").click()
    axe(page)
    fits(page)
    paths = []
    for name in ("Full record", "People file"):
        with page.expect_download() as waiting:
            page.get_by_role("button", name=name).click()
        paths.append(folder / waiting.value.suggested_filename)
        waiting.value.save_as(paths[-1])
    verifier = downloaded(page, "Verifier", folder)
    assert "All of this holds." in verified(verifier, *paths)


def test_by_witnesses_one_of_them_and_the_outsider_without_javascript(
    world: World,
    new_page: Callable[..., Page],
    sign_in: Any,
    mailed: Any,
    axe: Any,
    fits: Any,
    screenshots: Any,
    tmp_path: Path,
) -> None:
    noor, luz = make_person("Noor Haddad"), make_person("Luz Romero")
    announce(world, chance_source="witnesses", witnesses=[noor, luz])
    steward = new_page()
    sign_in(steward, world.steward)
    set_targets(steward, world)

    with_script, without = new_page(width=360), new_page(script=False)
    value = seals_in_the_browser(with_script, mailed("witness_named", noor), axe, fits, screenshots)
    without.goto(mailed("witness_named", luz))
    without.get_by_label("Your value").fill("paper, ink and thirty letters")
    without.get_by_role("button", name="Seal a value").click()
    expect(without.get_by_text("Your value is sealed.")).to_be_visible()
    close_entries(world)
    run_tasks()
    assert world.draw.state == Draw.State.COMMITTED

    outsider = new_page(script=False, width=360)
    outsider.goto(world.page)
    expect(outsider.get_by_text("to be revealed")).to_have_count(2)
    noted = shown_commitment(outsider)
    reveals(with_script, mailed("witness_called", noor), value)
    reveals(without, mailed("witness_called", luz), "paper, ink and thirty letters")
    run_tasks()

    outsider.goto(world.page)
    expect(outsider.get_by_role("heading", name="The draw is made")).to_be_visible()
    expect(outsider.get_by_text("Without JavaScript your browser cannot work it out.")).to_be_visible()
    outsider.get_by_text("I have noted the commitment").click()
    outsider.get_by_label("The commitment as you noted it before").fill(noted)
    outsider.get_by_role("button", name="Let this site check itself").click()
    expect(outsider.get_by_text("This site checked itself")).to_be_visible()
    expect(outsider.locator(".checks__step--good")).to_have_count(7)
    assert failed_steps(outsider) == []
    record = downloaded(outsider, "Download the record", tmp_path)
    verifier = downloaded(outsider, "Download the verifier", tmp_path)
    assert noted in verified(verifier, record)


def seals_in_the_browser(page: Page, path: str, axe: Any, fits: Any, screenshots: Any) -> str:
    """The browser makes a value; only its fingerprint is sent. Gives the value the witness wrote down."""
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.post_data or ""))
    page.goto(path)
    axe(page)
    fits(page)
    screenshots(page, "draw-witness")
    page.get_by_role("button", name="Make one for me").click()
    field = page.get_by_label("Your value")
    expect(field).not_to_have_value("")
    expect(page.get_by_label("Its fingerprint")).not_to_have_value("")
    value = field.input_value()
    page.get_by_role("button", name="Seal a value").click()
    expect(page.get_by_text("Your value is sealed.")).to_be_visible()
    assert [body for body in sent if value in body] == []
    axe(page)
    return value


def reveals(page: Page, path: str, value: str) -> None:
    page.goto(path)
    page.get_by_label("The value you sealed").fill(value.upper() + "?")
    page.get_by_role("button", name="Reveal it").click()
    expect(page.get_by_text("This is not the value you sealed.").first).to_be_visible()
    page.get_by_label("The value you sealed").fill(value)
    page.get_by_role("button", name="Reveal it").click()
    expect(page.get_by_text("You have revealed your value. Thank you.")).to_be_visible()
