"""Journey 8, its first minutes: somebody starts a community with the keyboard alone, and a colleague says yes."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from convene.apps.communities.models import Community, Membership
from convene.apps.communities.queries import stewards_of
from convene.foundation.mail.models import MailMessage
from tests.journeys.conftest import Keyboard
from tests.makers import make_community, make_member, make_person, make_question, make_role

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_from_nothing_to_a_community_and_its_first_session_in_one_page(
    page: Page,
    sign_in: Callable[..., None],
    axe: Callable[[Page], None],
    fits: Callable[[Page], None],
    screenshots: Callable[[Page, str], None],
    keyboard: Callable[[Page], Keyboard],
    new_page: Callable[..., Page],
) -> None:
    person = make_person("Amina Wanjiru", zone="Africa/Nairobi")
    sign_in(page, person)
    page.goto("/")
    axe(page)
    keys = keyboard(page)
    keys.to("Start a community")
    keys.press()
    expect(page.get_by_role("heading", level=1)).to_have_text("Start a community")
    axe(page)
    fits(page)
    screenshots(page, "start")
    keys.to("What is your community called?")
    page.keyboard.type("Evidence synthesis")
    keys.to("What is it about, in one sentence?")
    page.keyboard.type("Reading many studies as one, so that decisions rest on all of them.")
    keys.to("A colleague")
    page.keyboard.type("jonas@example.org")
    keys.to("Hot topic")
    keys.press("ArrowDown")
    keys.to("Start, and plan the first session")
    keys.press()
    page.wait_for_url(re.compile(r"template=peer_assist"))
    axe(page)

    community = Community.objects.get()
    assert list(stewards_of(community)) == [person]
    page.goto(reverse("community_page", args=[community.slug]))
    expect(page.get_by_role("heading", level=1)).to_have_text("Evidence synthesis")
    axe(page)
    fits(page)
    screenshots(page, "community")

    colleague = new_page(width=360)
    link = re.search(r"/membership/invited/\S+", MailMessage.objects.get().text)
    assert link is not None
    colleague.goto(link.group())
    axe(colleague)
    screenshots(colleague, "invited")
    colleague.get_by_label("What do you want to be called?").fill("Jonas Okafor")
    colleague.get_by_role("button", name="Join").click()
    expect(colleague.get_by_role("heading", level=1)).to_have_text("Evidence synthesis")
    assert Membership.objects.filter(state="active").count() == 2


def test_every_page_of_a_community_is_accessible_and_fits_a_small_screen(
    page: Page,
    sign_in: Callable[..., None],
    axe: Callable[[Page], None],
    fits: Callable[[Page], None],
    screenshots: Callable[[Page], None],
) -> None:
    steward = make_person("Amina Wanjiru")
    community = make_community(
        steward=steward,
        name="Infection Control Across Six Hospitals",
        practice="Ward rounds, debriefs after outbreaks, audits.",
        who_for="Nurses, doctors, cleaners, building staff.",
        not_for="Suppliers.",
        criteria="Preventing infections is part of your work.",
        conduct="We treat each other as colleagues.",
        contact="us@example.org",
    )
    make_role(community, steward, "conduct_contact")
    for name in ("applications", "traits", "stakeholders", "open_door"):
        community.features.create(name=name, changed_at=community.created_at)
    for name in ("Noor Haddad", "Pieter de Wit", "Lena Fischer"):
        make_role(community, make_member(community, make_person(name)), "facilitator")
    make_question(
        community, label="What kind of work do you do?", values=["Nursing", "Cleaning", "Laboratory"]
    )
    membership = Membership.objects.exclude(person=steward).first()
    assert membership is not None
    sign_in(page, steward)
    names = [
        "community_page", "charter", "charter_edit", "apply", "conduct_report", "conduct_inbox", "my_membership",
        "community_people", "member_invite", "composition", "applications", "stakeholders", "stakeholder_new",
        "community_settings", "community_features", "trait_questions",
    ]  # fmt: skip
    addresses = [reverse(name, args=[community.slug]) for name in names]
    addresses += [
        "/",
        reverse("my_traits"),
        reverse("conduct_answers"),
        reverse("member_edit", args=[community.slug, membership.pk]),
        reverse("member_end", args=[community.slug, membership.pk]),
    ]
    for address in addresses:
        page.goto(address)
        axe(page)
        fits(page)
        screenshots(page, address.strip("/").replace("/", "_") or "home")


def test_somebody_reports_without_a_name_and_reads_the_answer_with_the_code(
    page: Page, new_page: Callable[..., Page], sign_in: Callable[..., None], axe: Callable[[Page], None]
) -> None:
    contact = make_person("Noor Haddad")
    community = make_community(steward=make_person())
    make_role(community, contact, "conduct_contact")
    page.goto(reverse("conduct_report", args=[community.slug]))
    page.get_by_label("What happened?").fill("Something was said that should not have been.")
    page.get_by_role("group", name="Who shall read it?").get_by_label("Noor Haddad").check()
    page.get_by_role("button", name="Send it").click()
    code = re.search(r"[2-9A-Z]{5}(-[2-9A-Z]{5}){3}", page.inner_text("main"))
    assert code is not None
    axe(page)

    reader = new_page()
    sign_in(reader, contact)
    reader.goto("/")
    reader.get_by_role("link", name="Read it").click()
    reader.get_by_role("link", name=re.compile("Report of")).click()
    axe(reader)
    reader.get_by_role("button", name="Open it").click()
    expect(reader.get_by_text("Something was said")).to_be_visible()
    axe(reader)
    reader.get_by_label("Your message").fill("Thank you. Are you safe?")
    reader.get_by_role("button", name="Send to the reporter").click()

    page.get_by_role("link", name="Where to use it").click()
    page.get_by_label("Your code").fill(code.group())
    page.get_by_role("button", name="Show me").click()
    expect(page.get_by_text("Are you safe?")).to_be_visible()
    assert code.group() not in page.url
    axe(page)
