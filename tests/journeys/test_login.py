"""The way in, in a real browser: code, passkey, keyboard alone, and the pages about oneself."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.core.cache import cache
from playwright.sync_api import Page, expect

from convene.apps.people.models import Person
from convene.foundation.mail.models import MailMessage
from tests.makers import make_account

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def _no_rate_counted() -> None:
    cache.clear()


def code_mailed_to(address: str) -> str:
    mail = MailMessage.objects.filter(to_address=address).latest("created_at")
    found = re.search(r"^    (\S+)$", mail.text, re.MULTILINE)
    assert found
    return found[1]


def virtual_authenticator(page: Page) -> Any:
    """A device that holds passkeys and always says yes."""
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    devtools.send(
        "WebAuthn.addVirtualAuthenticator",
        {
            "options": {
                "protocol": "ctap2",
                "transport": "internal",
                "hasResidentKey": True,
                "hasUserVerification": True,
                "isUserVerified": True,
                "automaticPresenceSimulation": True,
            }
        },
    )
    return devtools


def test_someone_new_makes_an_account_by_keyboard_alone(page, keyboard, axe):
    page.goto("/account/signup/")
    axe(page)
    hands = keyboard(page)
    page.keyboard.type("Noor Haddad")
    hands.to("Mail address")
    page.keyboard.type("noor@example.org")
    hands.press()
    page.wait_for_url("**/login/code/confirm/**")
    axe(page)
    expect(page.get_by_label("Code")).to_be_focused()
    page.keyboard.type(code_mailed_to("noor@example.org"))
    hands.press()
    page.wait_for_url(re.compile(r"/$"))
    expect(page.get_by_text("Noor Haddad", exact=True)).to_be_visible()
    assert Person.objects.get().name == "Noor Haddad"


def test_signing_in_works_without_javascript(new_page):
    person = make_account("Ada")
    page = new_page(script=False)
    page.goto("/account/login/?next=/me/")
    page.get_by_label("Mail address").fill(person.email)
    page.get_by_role("button", name="Mail me a code").click()
    page.get_by_label("Code").fill("wrong")
    page.get_by_role("button", name="Go on").click()
    expect(page.get_by_role("alert")).to_contain_text("This is not the code we sent")
    page.get_by_label("Code").fill(code_mailed_to(person.email))
    page.get_by_role("button", name="Go on").click()
    expect(page).to_have_url(re.compile(r"/me/$"))


def test_a_passkey_is_added_lets_its_owner_in_and_is_removed(page, sign_in, axe):
    person = make_account("Ada")
    sign_in(page, person)
    virtual_authenticator(page)
    page.goto("/me/sign-in/")
    page.get_by_role("link", name="Add a passkey").click()
    axe(page)
    page.get_by_label("What you call this passkey").fill("Laptop")
    page.get_by_role("button", name="Make the passkey").click()
    page.wait_for_url("**/me/sign-in/")
    expect(page.get_by_role("heading", name="Laptop")).to_be_visible()
    axe(page)

    page.context.clear_cookies()
    page.goto("/account/login/?next=/me/data/")
    page.get_by_role("button", name="Use a passkey").click()
    page.wait_for_url("**/me/data/")
    expect(page.get_by_role("heading", name="My data", level=1)).to_be_visible()

    page.goto("/me/sign-in/")
    page.get_by_role("link", name=re.compile("Remove.*Laptop")).click()
    page.get_by_role("button", name="Remove it").click()
    page.wait_for_url("**/me/sign-in/")
    expect(page.get_by_role("heading", name="Laptop")).to_have_count(0)


def test_a_passkey_of_a_closed_account_opens_nothing(page, sign_in):
    person = make_account("Ada")
    sign_in(page, person)
    virtual_authenticator(page)
    page.goto("/account/passkeys/add/")
    page.get_by_role("button", name="Make the passkey").click()
    page.wait_for_url("**/me/sign-in/")
    Person.objects.filter(pk=person.pk).update(is_active=False)
    page.context.clear_cookies()
    page.goto("/account/login/")
    page.get_by_role("button", name="Use a passkey").click()
    page.wait_for_url("**/account/inactive/")
    page.goto("/me/")
    expect(page).to_have_url(re.compile("/account/login/"))


def test_who_has_a_passkey_still_gets_in_by_a_code(page, new_page, sign_in):
    person = make_account("Ada")
    sign_in(page, person)
    virtual_authenticator(page)
    page.goto("/account/passkeys/add/")
    page.get_by_role("button", name="Make the passkey").click()
    page.wait_for_url("**/me/sign-in/")
    elsewhere = new_page()
    elsewhere.goto("/account/login/")
    elsewhere.get_by_label("Mail address").fill(person.email)
    elsewhere.get_by_role("button", name="Mail me a code").click()
    elsewhere.get_by_label("Code").fill(code_mailed_to(person.email))
    elsewhere.get_by_role("button", name="Go on").click()
    elsewhere.goto("/me/")
    expect(elsewhere).to_have_url(re.compile(r"/me/$"))


@pytest.mark.parametrize("locale", ["en", "ar"])
def test_the_pages_about_oneself_are_accessible_and_fit(new_page, sign_in, axe, fits, screenshots, locale):
    from django.utils import timezone

    from convene.apps.people import services
    from convene.apps.people.rules import Purpose

    person = make_account("Ada", zone="Africa/Nairobi", offers="Statistics for small wards")
    services.give_consent(person=person, purpose=Purpose.DIRECTORY, now=timezone.now())
    services.record_access_need(person=person, kind="captions", detail="In German", now=timezone.now())
    page = new_page(locale=locale)
    sign_in(page, person)
    for path in ("/me/", "/me/needs/", "/me/sign-in/", "/me/data/", "/me/data/erase/", "/account/address/"):
        page.goto(path)
        page.evaluate("document.querySelectorAll('main details').forEach((each) => { each.open = true; })")
        axe(page)
        fits(page)
        screenshots(page, f"me{path.replace('/', '-')}{locale}")
