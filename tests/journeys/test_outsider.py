"""Journey 3, first half: someone without an account finds an open session and looks at it."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from convene.apps.communities.models import RoleTerm
from convene.apps.workshops.models import Workshop
from convene.apps.workshops.series.rules import Every, Repeat
from convene.apps.workshops.series.services import repeat_workshop
from convene.foundation.jobs.worker import Worker
from convene.foundation.mail.models import MailMessage
from tests.makers import (
    make_community,
    make_facilitator,
    make_need,
    make_person,
    make_policy,
    make_role,
    make_session,
    make_workshop,
)

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def workshop() -> Workshop:
    """An open session of a believable community, with others around it."""
    steward = make_person("Ines Castro")
    community = make_community(
        steward=steward,
        name="Infection Control Across Six Hospitals",
        slug="infection-control",
        domain="Keeping patients and staff of six hospitals safe from infections caught in care.",
        conduct="We listen.",
    )
    make_role(community, make_person("Noor Haddad"), RoleTerm.Role.CONDUCT_CONTACT)
    open_session = make_workshop(
        community,
        title="Why hands stay unwashed, and what helped on ward 7",
        summary="An hour for everyone who wonders why hygiene rules do not hold at night.",
        description="Three wards tell what they tried.\n\nNo preparation needed.",
        outcomes="Name three reasons that are not laziness\nTry one change on your own ward",
        prerequisites="None",
        kind="informative",
        depth="aware",
        access_offered="Live captions in English",
        days=9,
    )
    make_session(open_session, days=16)
    make_policy(open_session, capacity=40, taken=12)
    make_facilitator(open_session, make_person("Grace Mensah"))
    draw = make_workshop(community, title="Reading the outbreak curve", kind="skills", days=20)
    make_policy(draw, kind="draw", capacity=12)
    full = make_workshop(
        make_community(name="Night Shift Pharmacists"),
        title="Masks that fit",
        kind="skills",
        format="in_person",
        language="de",
        days=4,
    )
    make_policy(full, capacity=6, taken=6)
    make_workshop(
        community, title="Cleaning audits", state="postponed", published_at=open_session.published_at
    )
    return open_session


def test_an_outsider_finds_an_open_session_by_keyboard_and_reads_all_about_it(
    workshop: Workshop,
    new_page: Callable[..., Page],
    keyboard: Any,
    axe: Any,
    fits: Any,
    screenshots: Any,
) -> None:
    page = new_page(zone="Africa/Nairobi", width=360)
    page.goto("/open/")
    page.goto("/open/")  # the browser's zone is known from the second page on
    axe(page)
    fits(page)
    screenshots(page, "open-list")
    keys = keyboard(page)
    keys.to("Search")
    page.keyboard.type("hands")
    keys.press("Enter")
    expect(page.get_by_role("link", name="Masks that fit")).to_have_count(0)
    keys.to(workshop.title)
    keys.press()
    expect(page.get_by_role("heading", level=1)).to_have_text(workshop.title)
    expect(page.get_by_text("Nairobi time").first).to_be_visible()
    expect(page.get_by_text("Seats are free.").first).to_be_visible()
    axe(page)
    fits(page)
    screenshots(page, "workshop-page")
    keys.to("Your name")
    page.keyboard.type("Jo Park")
    keys.to("Your e-mail address")
    page.keyboard.type("jo@example.org")
    keys.to("Ask for a seat")
    keys.press()
    expect(page.get_by_text("Seat confirmed").first).to_be_visible()
    axe(page)
    fits(page)

    Worker().run_once()
    mail = MailMessage.objects.get(to_address="jo@example.org", kind="seat_confirmed")
    link = re.search(r"https?://[^/\s]+(/r/\S+)", mail.text)
    assert link is not None, mail.text
    later = new_page(zone="Africa/Nairobi", width=360)
    later.goto(link[1])
    expect(later.get_by_role("heading", level=1)).to_have_text(workshop.title)
    axe(later)
    keys = keyboard(later)
    keys.to("Give my seat back")
    keys.press()
    expect(later.get_by_role("button", name="Give my seat back")).to_have_count(0)
    axe(later)


def test_someone_without_an_account_takes_several_dates_of_a_series(
    workshop: Workshop, new_page: Callable[..., Page], axe: Any, fits: Any, screenshots: Any
) -> None:
    repeated = make_workshop(workshop.community, title="Open hour on the ward", kind="informative", days=3)
    make_policy(repeated, capacity=20)
    steward = workshop.community.role_terms.get(role="steward").person
    series = repeat_workshop(
        workshop=repeated, repeat=Repeat(every=Every.WEEK, count=4), actor=steward, now=timezone.now()
    )
    Workshop.objects.filter(series=series).update(state="published", published_at=timezone.now())
    page = new_page(width=360, script=False)
    page.goto(reverse("series_page", args=[series.pk]))
    for number in (0, 2):
        page.get_by_role("checkbox").nth(number).check()
    page.get_by_label("Your name").fill("Jo Park")
    page.get_by_label("Your e-mail address").fill("jo@example.org")
    page.get_by_role("button", name="Ask for the ticked dates").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Your requests are in")
    seen = new_page()
    seen.goto(reverse("series_page", args=[series.pk]))
    axe(seen)
    fits(seen)
    screenshots(seen, "series-page")


def test_a_steward_sees_the_dates_before_making_a_series(
    workshop: Workshop, new_page: Callable[..., Page], sign_in: Any, axe: Any, fits: Any, screenshots: Any
) -> None:
    steward = workshop.community.role_terms.get(role="steward").person
    repeated = make_workshop(workshop.community, title="Open hour on the ward", days=3)
    make_policy(repeated, capacity=20)
    page = new_page()
    sign_in(page, steward)
    page.goto(reverse("series_repeat", args=[repeated.pk]))
    page.get_by_label("every two weeks").check()
    page.get_by_label("How many times, this one included?").fill("5")
    page.get_by_role("button", name="Show the dates").click()
    axe(page)
    fits(page)
    screenshots(page, "series-repeat")
    page.get_by_role("checkbox").nth(2).uncheck()
    page.get_by_role("button", name="Make these dates").click()
    expect(page.locator(".entries__item")).to_have_count(4)
    axe(page)
    fits(page)
    screenshots(page, "series-plan")
    page.get_by_role("link", name="Other time from here on").nth(1).click()
    axe(page)
    fits(page)
    screenshots(page, "series-move")


def test_search_engines_get_the_description_and_the_policy_does_not_block_it(
    workshop: Workshop, page: Page
) -> None:
    """`page` fails on anything the content security policy refuses; the data block must stand."""
    page.goto(reverse("workshop_page", args=[workshop.pk]))
    told = json.loads(page.locator('script[type="application/ld+json"]').inner_text())
    assert told["name"] == workshop.title
    assert len(told["subEvent"]) == 2


def test_the_list_works_without_a_script(workshop: Workshop, new_page: Callable[..., Page]) -> None:
    page = new_page(script=False)
    page.goto("/open/")
    page.get_by_label("Kind").select_option("skills")
    page.get_by_role("button", name="Show").click()
    expect(page.get_by_role("link", name="Masks that fit")).to_be_visible()
    expect(page.get_by_role("link", name=workshop.title)).to_have_count(0)


def test_an_outsider_asks_for_a_session_for_their_team(
    workshop: Workshop, new_page: Callable[..., Page], keyboard: Any, axe: Any, fits: Any, screenshots: Any
) -> None:
    page = new_page(width=360)
    page.goto(reverse("need_ask", args=[workshop.community.slug]))
    axe(page)
    fits(page)
    screenshots(page, "need-ask")
    keys = keyboard(page)
    for field, text in [
        ("What should it be about?", "Outbreaks on the night shift"),
        ("Who would take part?", "ward nurses"),
        ("About how many people?", "many"),
        ("Your name", "Jo Park"),
        ("Your e-mail address", "jo@example.org"),
    ]:
        keys.to(field)
        page.keyboard.type(text)
    page.get_by_label("About how many people?").fill("12")
    keys.to("Send")
    keys.press()
    expect(page.get_by_role("heading", level=1)).to_have_text("Look into your mail")
    axe(page)


def test_the_pages_of_needs_are_accessible_to_members_and_stewards(
    workshop: Workshop, new_page: Callable[..., Page], sign_in: Any, axe: Any, fits: Any, screenshots: Any
) -> None:
    community = workshop.community
    steward = community.role_terms.get(role="steward").person
    need = make_need(community, title="Isolation rooms on a full ward", askers=6)
    make_need(community, title="Talking with visitors about masks", askers=2)
    page = new_page()
    sign_in(page, steward)
    for name, address in {
        "needs": reverse("needs", args=[community.slug]),
        "needs-settle": reverse("needs_settle", args=[community.slug]),
        "need-detail": reverse("need_detail", args=[community.slug, need.pk]),
        "my-calendar": reverse("my_calendar"),
    }.items():
        page.goto(address)
        axe(page)
        fits(page)
        screenshots(page, name)
