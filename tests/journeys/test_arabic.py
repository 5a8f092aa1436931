"""The public journey in Arabic, right to left: found, asked, told by mail, given back; nothing of it in English."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from convene.apps.communities.models import RoleTerm
from convene.apps.workshops.models import Workshop
from convene.foundation.mail.models import MailMessage
from tests.makers import (
    make_community,
    make_facilitator,
    make_person,
    make_policy,
    make_role,
    make_workshop,
)
from tests.tasks import run_tasks

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

LATIN = {"Convene", "English", "ICS", "Berlin", "example", "org", "layla", "stewards"}
"""What may stand in Latin letters on an Arabic page: names, addresses, a city, the other language."""


@pytest.fixture
def workshop() -> Workshop:
    community = make_community(
        steward=make_person("إيناس"),
        name="مكافحة العدوى في ستة مستشفيات",
        slug="adwa",
        domain="حماية المرضى والعاملين من العدوى.",
        contact="stewards@example.org",
        language="ar",
    )
    make_role(community, make_person("نور حداد"), RoleTerm.Role.CONDUCT_CONTACT)
    workshop = make_workshop(
        community,
        title="لماذا تبقى الأيدي بلا غسل",
        summary="ساعة لكل من يتساءل لماذا لا تُتّبع القواعد ليلًا.",
        outcomes="أن تذكر ثلاثة أسباب ليست كسلًا",
        kind="informative",
        depth="aware",
        language="ar",
    )
    make_policy(workshop, capacity=40)
    make_facilitator(workshop, make_person("غريس منساه"))
    return workshop


def latin_words(text: str) -> set[str]:
    return set(re.findall(r"[A-Za-z]{3,}", re.sub(r"https?://\S+", "", text))) - LATIN


def test_a_visitor_finds_a_session_asks_for_a_seat_and_gives_it_back(
    workshop: Workshop, new_page: Callable[..., Page], axe: Any, fits: Any, screenshots: Any
) -> None:
    page = new_page(locale="ar", width=360)

    def look(name: str) -> None:
        assert page.get_attribute("html", "dir") == "rtl"
        assert latin_words(page.locator("body").inner_text()) == set()
        axe(page)
        fits(page)
        screenshots(page, f"arabic-{name}")

    page.goto("/open/")
    look("open-list")
    page.get_by_role("link", name=workshop.title).click()
    look("workshop")
    page.get_by_label("اسمك").fill("ليلى")
    page.get_by_label("عنوان بريدك الإلكتروني").fill("layla@example.org")
    page.get_by_role("button", name="طلب مقعد").click()
    expect(page.get_by_text("مقعد مؤكَّد").or_(page.get_by_text("وصل طلبك")).first).to_be_visible()
    look("asked")
    run_tasks()
    mail = MailMessage.objects.get(to_address="layla@example.org")
    assert latin_words(mail.subject + mail.text) == set()
    link = re.search(r"https?://[^/]+(/r/\S+)", mail.text)
    assert link is not None
    page.goto(link[1])
    look("registration")
    page.get_by_role("button", name="إعادة مقعدي").click()
    expect(page.get_by_text("أعدت مقعدك").first).to_be_visible()
    look("given-back")


def test_refusals_errors_and_the_way_in_are_in_arabic_too(
    workshop: Workshop, new_page: Callable[..., Page], axe: Any
) -> None:
    page = new_page(locale="ar")
    for path in (
        "/",
        "/account/login/",
        "/account/signup/",
        "/about/",
        f"/c/{workshop.community.slug}/",
        "/r/no/",
        "/no/",
    ):
        page.goto(path)
        assert (path, latin_words(page.locator("body").inner_text())) == (path, set())
        axe(page)
    page.goto(f"/w/{workshop.pk}/seat/")
    page.get_by_label("اسمك").fill("ليلى")
    page.locator("form[novalidate], form").last.evaluate("form => form.noValidate = true")
    page.locator("main form").last.evaluate("form => { form.noValidate = true; form.requestSubmit(); }")
    expect(page.locator(".error-summary")).to_be_visible()
    assert latin_words(page.locator("main").inner_text()) == set()
