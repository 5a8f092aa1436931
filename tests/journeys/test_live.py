"""A page that stays up to date in a real browser: nothing typed is touched, nothing typed is lost."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from convene.foundation.live import registry, services
from tests import live_site as site

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.urls("tests.live_site"),
]


@pytest.fixture(autouse=True)
def _board(settings, monkeypatch):
    settings.LIVE_POLL_SECONDS = 0.3
    monkeypatch.setattr(registry, "_kinds", dict(registry._kinds))
    registry.register("test-board", site.render)
    site.posted.clear()
    site.said["line"] = "first"


def say(line: str) -> None:
    site.said["line"] = line
    services.touch(site.BOARD)


def test_a_change_arrives_and_leaves_details_and_typed_text_as_they_were(page):
    page.goto("/board/")
    page.get_by_text("More").click()
    page.get_by_label("Name").fill("Ada")
    page.get_by_label("Note").fill("half a thou")
    say("second")
    expect(page.locator("#line")).to_have_text("second")
    expect(page.locator("#more")).to_have_attribute("open", "")
    expect(page.get_by_label("Name")).to_have_value("Ada")
    expect(page.get_by_label("Note")).to_be_focused()


def test_a_fragment_waits_until_the_field_in_it_is_left(page):
    page.goto("/board/")
    page.get_by_label("Name").focus()
    with page.expect_response(lambda answer: "/live/" in answer.url and answer.status == 200):
        say("second")
    expect(page.locator("#line")).to_have_text("first")
    page.get_by_label("Note").focus()
    expect(page.locator("#line")).to_have_text("second")


def test_what_is_sent_without_a_network_is_sent_once_when_it_is_back(page):
    page.goto("/board/")
    page.context.set_offline(True)
    page.get_by_label("Note").fill("What I saw")
    page.get_by_role("button", name="Send").click()
    expect(page.locator("[data-live-says=waiting]")).to_be_visible()
    assert site.posted == []
    page.context.set_offline(False)
    expect(page.locator("[data-live-says=waiting]")).to_be_hidden()
    assert [row["note"] for row in site.posted] == ["What I saw"]
    assert len(site.posted[0]["live_key"]) == 36


def test_a_draft_survives_a_page_that_was_closed(page):
    page.goto("/board/")
    page.get_by_label("Note").fill("half a thought")
    page.goto("/about/")
    page.goto("/board/")
    expect(page.get_by_label("Note")).to_have_value("half a thought")
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_label("Note")).to_have_value("")
    assert [row["note"] for row in site.posted] == ["half a thought"]
