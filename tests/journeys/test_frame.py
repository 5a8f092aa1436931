"""The frame that every page shares: readable, reachable, in both schemes and directions, and small."""

from __future__ import annotations

from typing import Any

import pytest

PAGES = ["/", "/patterns/", "/account/login/", "/about/", "/privacy/", "/nothing-here/"]
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def _demo(settings: Any) -> None:
    settings.DEMO = True


@pytest.mark.parametrize("locale", ["en", "ar"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_pages_are_accessible_in_both_schemes_and_directions(
    new_page, axe, fits, screenshots, scheme, locale
):
    page = new_page(scheme=scheme, locale=locale)
    for path in PAGES:
        page.goto(path)
        assert page.get_attribute("html", "dir") == ("rtl" if locale == "ar" else "ltr")
        axe(page)
        fits(page)
    if scheme == "light":
        for path in PAGES:
            page.goto(path)
            screenshots(page, f"frame-{path.strip('/').replace('/', '-') or 'home'}-{locale}")


def test_the_keyboard_reaches_the_content_the_menu_and_every_field(page, keyboard):
    page.goto("/patterns/")
    hands = keyboard(page)
    hands.to("Skip to the content")
    hands.press()
    assert page.evaluate("document.activeElement.id") == "content"
    hands.to("More")
    hands.press()
    hands.to("Archive")
    hands.press("Escape")
    assert hands.focused().startswith("More")
    hands.to("Repeat the draw yourself")
    hands.to("People with a seat")
    for label in [
        "Title",
        "What would make it worth your time?",
        "Seats",
        "Language",
        "First come",
        "Captions",
    ]:
        hands.to(label)


def test_the_first_page_of_a_visit_is_shown_again_in_the_reader_s_zone(new_page):
    page = new_page(zone="Africa/Nairobi")
    page.goto("/patterns/")
    page.get_by_text("Times are shown in Nairobi time.").wait_for()
    assert [cookie["value"] for cookie in page.context.cookies() if cookie["name"] == "zone"] == [
        "Africa/Nairobi"
    ]


def test_errors_take_the_focus_and_lead_to_their_fields(page):
    page.goto("/patterns/")
    assert page.evaluate("document.activeElement.innerText").startswith("4 things need another look")
    page.get_by_role("link", name="Seats", exact=True).click()
    assert page.evaluate("document.activeElement.name") == "wrong-seats"


def test_the_language_can_be_changed_without_a_script(new_page):
    page = new_page(script=False)
    page.goto("/")
    page.get_by_role("button", name="العربيّة").click()
    assert page.get_attribute("html", "lang") == "ar"
    assert page.get_attribute("html", "dir") == "rtl"
