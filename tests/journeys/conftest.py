"""A real browser for the journeys: the system's Chromium against a live server.

Mark such tests with `@pytest.mark.browser`. Without a Chromium they are skipped with one plain reason;
CONVENE_REQUIRE_BROWSER=1 makes its absence an error. CONVENE_SCREENSHOTS=1 fills screenshots/.
"""

from __future__ import annotations

import os
import re
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from playwright.sync_api import Browser, Page, Response, sync_playwright

from convene.apps.people.models import Person
from convene.foundation.mail.models import MailMessage
from tests import chromium
from tests.tasks import run_tasks

ROOT = Path(__file__).resolve().parents[2]
WIDTHS = (360, 768, 1280)
SCHEMES = ("light", "dark")
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
NewPage = Callable[..., Page]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    path = chromium.find()
    if path is None:
        reason = "no Chromium on this machine (install chromium, or name one in CONVENE_CHROMIUM)"
        if os.environ.get("CONVENE_REQUIRE_BROWSER") == "1":
            pytest.fail(reason)
        pytest.skip(reason)
    # Playwright's loop lives in this thread; the tests' own queries are not asynchronous for it.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(
            executable_path=path, args=["--no-sandbox", "--disable-dev-shm-usage"]
        )
        yield started
        started.close()


@pytest.fixture
def new_page(browser: Browser, live_server: Any) -> Iterator[NewPage]:
    """Open another person's browser: `new_page(scheme="dark", width=360, locale="ar", zone="Africa/Nairobi")`.

    The test fails if any of its pages had a script error, broke the content security policy, asked for
    something that is not there, or was answered with 5xx.
    """
    problems: list[str] = []
    contexts = []

    def open_page(
        *,
        scheme: str = "light",
        width: int = 1280,
        locale: str = "en",
        zone: str = "Europe/Berlin",
        script: bool = True,
    ) -> Page:
        context = browser.new_context(
            base_url=live_server.url,
            color_scheme=scheme,  # type: ignore[arg-type]
            viewport={"width": width, "height": 800},
            locale=locale,
            timezone_id=zone,
            java_script_enabled=script,
            reduced_motion="reduce",
        )
        contexts.append(context)
        context.set_default_timeout(20_000)
        page = context.new_page()
        _watch(page, problems)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert not problems, "The pages had problems:\n" + "\n".join(problems)


def _watch(page: Page, problems: list[str]) -> None:
    def said(message: Any) -> None:
        # A refused form (422) is logged as a failed resource too; `answered` judges those.
        if message.type == "error" and not message.text.startswith("Failed to load resource"):
            problems.append(f"{page.url}: console: {message.text}")

    def answered(response: Response) -> None:
        asked = response.request.resource_type
        if response.status >= 500 or (response.status >= 400 and asked not in {"document", "xhr", "fetch"}):
            problems.append(f"{page.url}: {response.status} for {asked} {response.url}")

    page.on("console", said)
    page.on("pageerror", lambda error: problems.append(f"{page.url}: script: {error}"))
    page.on("response", answered)


@pytest.fixture
def page(new_page: NewPage) -> Page:
    """One browser page, wide and light; `page.goto("/")` is the live server's."""
    return new_page()


@pytest.fixture
def sign_in(live_server: Any) -> Callable[[Page, Person], None]:
    """`sign_in(page, person)`: as if the person had just typed the mailed code."""

    def sign_in_as(page: Page, person: Person) -> None:
        session = SessionStore()
        session[SESSION_KEY] = str(person.pk)
        session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
        session[HASH_SESSION_KEY] = person.get_session_auth_hash()
        session["account_authentication_methods"] = [
            {"method": "code", "at": time.time(), "email": person.email}
        ]
        session["account_authentication_methods_user"] = str(person.pk)
        session.create()
        cookie = {
            "name": settings.SESSION_COOKIE_NAME,
            "value": str(session.session_key),
            "url": live_server.url,
        }
        page.context.add_cookies([cookie])  # type: ignore[list-item]

    return sign_in_as


@pytest.fixture
def axe() -> Callable[[Page], None]:
    """`axe(page)`: no violation of WCAG 2.2 AA that a machine can find."""
    rules = Axe()

    def check(page: Page) -> None:
        # Its preloading asks for our sheets at wrong addresses, and serves no rule of these tags.
        options = {"runOnly": {"type": "tag", "values": WCAG}, "preload": False}
        found = rules.run(page, options=options)
        assert found.response["passes"], "axe looked at nothing"
        lines = [
            f"- {violation['id']} ({violation['impact']}): {violation['help']}\n"
            + "\n".join(
                f"    {node['html'][:200]}\n      {node['failureSummary']}" for node in violation["nodes"][:4]
            )
            for violation in found.response["violations"]
        ]
        assert not lines, f"{page.url} is not accessible:\n" + "\n".join(lines)

    return check


@pytest.fixture
def screenshots() -> Callable[[Page, str], None]:
    """`screenshots(page, "open-list")`: three widths, light and dark, when CONVENE_SCREENSHOTS=1."""

    def take(page: Page, name: str) -> None:
        if os.environ.get("CONVENE_SCREENSHOTS") != "1":
            return
        before = page.viewport_size
        for scheme in SCHEMES:
            page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
            for width in WIDTHS:
                page.set_viewport_size({"width": width, "height": 800})
                path = ROOT / "screenshots" / f"{name}-{width}-{scheme}.png"
                page.screenshot(path=path, full_page=True)
        page.emulate_media(color_scheme="light")
        if before:
            page.set_viewport_size(before)

    return take


@pytest.fixture
def fits() -> Callable[[Page], None]:
    """`fits(page)`: at 320 px nothing sticks out sideways."""

    def check(page: Page) -> None:
        before = page.viewport_size
        page.set_viewport_size({"width": 320, "height": 700})
        wide = page.evaluate(
            """() => {
                const root = document.documentElement;
                if (root.scrollWidth <= root.clientWidth) return [];
                return [...document.querySelectorAll("body *")]
                    .filter((e) => { const b = e.getBoundingClientRect(); return b.right > 321 || b.left < -1; })
                    .map((e) => e.outerHTML.slice(0, 120)).slice(0, 6);
            }"""
        )
        if before:
            page.set_viewport_size(before)
        assert wide == [], f"{page.url} scrolls sideways at 320 px: {wide}"

    return check


class Keyboard:
    """Moves as someone without a mouse does."""

    FOCUSED = """() => {
        const e = document.activeElement;
        if (!e || e === document.body) return "";
        const labels = e.labels ? [...e.labels].map((l) => l.innerText).join(" ") : "";
        return (e.ariaLabel || labels || e.innerText || e.value || e.title || "").replace(/\\s+/g, " ").trim();
    }"""

    def __init__(self, page: Page) -> None:
        self.page = page

    def focused(self) -> str:
        """The accessible name, nearly, of what has the focus."""
        return str(self.page.evaluate(self.FOCUSED))

    def to(self, name: str, *, at_most: int = 150) -> None:
        """Press Tab until something whose name begins with `name` has the focus, visibly."""
        met = []
        for _ in range(at_most):
            self.page.keyboard.press("Tab")
            met.append(self.focused())
            if met[-1].startswith(name):
                self._check_visible(name)
                return
        pytest.fail(
            f"The keyboard does not reach “{name}” on {self.page.url}; it met {list(dict.fromkeys(met))}"
        )

    def _check_visible(self, name: str) -> None:
        shown = self.page.evaluate(
            """() => {
                const style = getComputedStyle(document.activeElement);
                return style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
            }"""
        )
        assert shown, f"“{name}” has the focus but does not show it"

    def press(self, key: str = "Enter") -> None:
        self.page.keyboard.press(key)


@pytest.fixture
def keyboard() -> Callable[[Page], Keyboard]:
    """`keyboard(page).to("Ask for a seat")`, then `.press()`."""
    return Keyboard


@pytest.fixture
def mailed(live_server: Any) -> Callable[[str, Person], str]:
    """`mailed("seat_offered", person)`: does what a worker would, then the path of the mail's first own link."""

    def path_in_mail(kind: str, person: Person) -> str:
        run_tasks()
        mail = MailMessage.objects.filter(kind=kind, to_address=person.email).latest("created_at")
        found = re.search(r"https?://[^/\s]+(/\S+)", mail.text)
        assert found, f"no link in “{mail.subject}”"
        return found.group(1)

    return path_in_mail
