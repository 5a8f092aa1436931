"""Journey 1: a steward plans a workshop in one sitting, publishes it, and later moves it by an hour."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone

from convene.apps.workshops.invitations import facilitation_url, room_url
from convene.apps.workshops.models import Facilitation, Invitee, Workshop
from convene.foundation.mail.models import MailMessage
from tests.makers import (
    make_community,
    make_facilitator,
    make_invitee,
    make_member,
    make_person,
    make_slot,
    make_workshop,
)

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

DAY = (timezone.now() + dt.timedelta(days=30)).date()


def path_of(url: str) -> str:
    return "/" + url.split("/", 3)[3]


@pytest.fixture
def community():
    return make_community(
        steward=make_person("Ada Steward", zone="Europe/Berlin"),
        name="Infection control",
        slug="infection-control",
        zone="Europe/Berlin",
    )


@pytest.fixture
def steward(community):
    return community.role_terms.get().person


def test_from_a_template_to_a_published_workshop_by_keyboard_alone(
    page, sign_in, keyboard, axe, community, steward
):
    sign_in(page, steward)
    page.goto("/c/infection-control/workshops/")
    axe(page)
    hands = keyboard(page)
    hands.to("Plan a workshop")
    hands.press()
    page.wait_for_url("**/workshops/new/")
    axe(page)
    hands.to("Title")
    page.keyboard.type("Screening with two reviewers")
    hands.to("Hot topic")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    assert hands.focused().startswith("Skills workshop")
    hands.to("Day")
    page.keyboard.type(f"{DAY:%m%d%Y}")
    hands.to("Starts at")
    page.keyboard.type("0300PM")
    hands.to("Join link")
    page.keyboard.type("https://video.example.org/two")
    hands.to("How many seats")
    page.keyboard.type("12")
    hands.to("Make the draft")
    hands.press()
    page.wait_for_url("**/plan/")
    axe(page)
    hands.to("Check and publish")
    hands.press()
    page.wait_for_url("**/check/")
    axe(page)
    hands.to("Publish")
    hands.press()
    page.wait_for_url("**/plan/")
    workshop = Workshop.objects.get()
    session = workshop.sessions.get()
    assert (workshop.state, workshop.kind, session.zone) == ("published", "skills", "Europe/Berlin")
    assert session.starts_at.astimezone(dt.timezone(dt.timedelta(hours=1))).hour in {14, 15}


def test_a_published_workshop_moves_by_one_hour_after_saying_who_is_hit(
    page, sign_in, axe, community, steward
):
    start = dt.datetime.combine(DAY, dt.time(14), tzinfo=dt.UTC)
    workshop = make_workshop(community, title="Screening")
    workshop.sessions.update(starts_at=start, ends_at=start + dt.timedelta(hours=2), zone="UTC")
    for _n in range(2):
        make_facilitator(workshop, make_person(zone="Africa/Nairobi"))
    sign_in(page, steward)
    page.goto(f"/w/{workshop.pk}/plan/change/")
    axe(page)
    page.get_by_label("Starts at").fill("15:00")
    page.get_by_role("button", name="Go on").click()
    page.get_by_text("It becomes 18:00 for 2 people.").wait_for()
    axe(page)
    assert workshop.sessions.get().sequence == 0
    page.get_by_role("button", name="Save the change").click()
    page.get_by_text("Changed. Everyone concerned is told").wait_for()
    session = workshop.sessions.get()
    assert (session.sequence, session.starts_at) == (1, start + dt.timedelta(hours=1))


def test_an_hour_that_the_clock_skips_is_said_beside_it(page, sign_in, axe, community, steward):
    sign_in(page, steward)
    page.goto("/c/infection-control/workshops/new/")
    page.get_by_label("Title").fill("Early birds")
    page.get_by_label("Day").fill("2027-03-28")
    page.get_by_label("Starts at").fill("02:30")
    page.get_by_role("button", name="Make the draft").click()
    page.locator(".field--wrong").get_by_text("does not exist on 28 March 2027").wait_for()
    assert page.get_by_label("Title").input_value() == "Early birds"
    axe(page)


def test_a_facilitator_without_an_account_accepts_by_the_link_in_the_mail(
    page, new_page, sign_in, axe, community, steward
):
    workshop = make_workshop(community, state=Workshop.State.DRAFT, brief="Let the quiet ones speak first.")
    sign_in(page, steward)
    page.goto(f"/w/{workshop.pk}/plan/people/")
    page.get_by_label("Or their name").fill("Amina")
    page.get_by_label("and mail address").fill("amina@example.org")
    page.get_by_role("button", name="Send the invitation").click()
    page.get_by_text("The invitation is on its way.").wait_for()
    assert MailMessage.objects.get(kind="facilitator_invited").to_address == "amina@example.org"
    facilitation = Facilitation.objects.get()
    guest = new_page(zone="Africa/Nairobi")
    guest.goto(path_of(facilitation_url(facilitation)))
    axe(guest)
    guest.get_by_label("I will facilitate").check()
    guest.get_by_role("button", name="Send my answer").click()
    guest.get_by_text("You facilitate this").wait_for()
    assert guest.get_by_text("Let the quiet ones speak first.").is_visible()
    axe(guest)


PAGES = [
    "plan",
    "plan/details",
    "plan/sessions",
    "plan/sessions/add",
    "plan/time",
    "plan/people",
    "plan/room",
    "plan/run",
    "plan/run-sheet",
    "plan/checklist",
    "plan/check",
    "plan/cancel",
    "plan/postpone",
    "plan/minimum",
    "resources",
]


def test_every_planning_page_is_accessible_and_fits(
    page, new_page, sign_in, axe, fits, screenshots, community, steward
):
    workshop = full_workshop(community)
    dark = new_page(scheme="dark", width=360)
    for who in (page, dark):
        sign_in(who, steward)
    for path in PAGES:
        for who in (page, dark):
            who.goto(f"/w/{workshop.pk}/{path}/")
            axe(who)
        fits(page)
        screenshots(page, f"steward-{path.replace('/', '-')}")
    invitee = Invitee.objects.filter(state=Invitee.State.INVITED).first()
    page.goto(path_of(room_url(invitee)))
    axe(page)
    fits(page)
    screenshots(page, "steward-invitation")


def full_workshop(community):
    """A draft with something on each page."""
    workshop = make_workshop(
        community,
        title="Screening with two reviewers",
        state=Workshop.State.DRAFT,
        summary="Two people read the same abstract, and talk about where they differ.",
        description="We practise with real abstracts.\nBring one that was hard to decide.",
        brief="Let the quiet ones speak first.",
        run_sheet="10 Welcome\n30 Try it in pairs\nKeep the door open\n20 What was hard",
    )
    make_facilitator(workshop, make_person("Amina Otieno", zone="Africa/Nairobi"))
    make_facilitator(workshop, make_person("Luz Quispe"), state="suggested", suggestion="Jonas from ward 4")
    view = workshop.missing_views.create(text="someone from a night shift")
    workshop.missing_views.create(text="a patient's relative")
    make_invitee(workshop, make_person("Nia Ford", zone="America/Lima"), view=view, because="view")
    make_invitee(workshop, make_person("Kofi Mensah"), state="listed")
    make_member(community, make_person("Mei Tanaka", zone="Asia/Tokyo"))
    make_slot(workshop, days=30)
    make_slot(workshop, days=31)
    workshop.checklist.create(text="Order captions", lead_days=5, working_days=True, key="captions")
    workshop.checklist.create(text="Find a second person", lead_days=30)
    workshop.resources.create(
        title="How we screen", url="https://example.org/how", added_at=timezone.now(), kind="pre_reading"
    )
    return workshop
