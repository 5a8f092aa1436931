"""A steward asks whether access is equal, sees that it is not, and goes to where it can be mended."""

from __future__ import annotations

import csv
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from convene.apps.communities.rules import FeatureName
from convene.apps.equity.models import EquityTable, Publication
from convene.apps.equity.periods import SETTLES, quarter_of
from tests.makers import (
    make_account,
    make_community,
    make_feature,
    make_policy,
    make_question,
    make_workshop,
)

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
TOTALS = {"member": 70, "asked": 52, "offered": 27, "confirmed": None, "came": 27}
NORTH = {"member": 40, "asked": 30, "offered": 22, "confirmed": None, "came": 22}
SOUTH = {"member": 30, "asked": 22, "offered": 5, "confirmed": None, "came": 5}


def publish_two_quarters() -> Any:
    steward = make_account("Ines Castro")
    community = make_community(steward=steward, slug="ours", name="Infection control")
    make_feature(community, FeatureName.TRAITS)
    question = make_question(community, label="Where do you work?", values=["north", "south"])
    make_policy(make_workshop(community, title="Gloves"), kind="draw")
    last = quarter_of((timezone.now() - SETTLES).date()).before
    for period in (last.before, last):
        one = Publication.objects.create(
            community=community, period=period.key, guests={}, published_at=timezone.now()
        )
        EquityTable.objects.create(
            publication=one,
            question=question,
            key=question.key,
            rows=[{"answers": ["north"], "counts": NORTH}, {"answers": ["south", ""], "counts": SOUTH}],
            totals=TOTALS,
        )
    return steward


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_steward_reads_it_and_goes_on_to_the_targets(
    new_page: Any, sign_in: Any, axe: Any, fits: Any, screenshots: Any, keyboard: Any, scheme: str
) -> None:
    steward = publish_two_quarters()
    page: Page = new_page(scheme=scheme)
    sign_in(page, steward)
    page.goto("/c/ours/today/")
    page.get_by_role("link", name="Fair access").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Fair access")
    expect(page.get_by_text("73 % (22 of 30) against 23 % of the others who asked (5 of 22)")).to_be_visible()
    axe(page)
    fits(page)
    screenshots(page, "fair-access")

    page.get_by_label("Over time", exact=True).select_option(label="asked for a seat")
    page.get_by_role("button", name="Show").click()
    expect(page.get_by_role("img", name="A line for each group")).to_be_visible()
    expect(page.get_by_role("table", name="Where do you work?, over time")).to_contain_text("75 %")

    with page.expect_download() as download:
        page.get_by_role("link", name="These figures as a table").click()
    rows = list(csv.DictReader(download.value.path().read_text(encoding="utf-8").splitlines()))
    assert [row["people"] for row in rows if row["answer"] == "north"] == ["40", "30", "22", "hidden", "22"]

    hands = keyboard(page)
    hands.to("Raise the targets of “Gloves”")
    hands.press()
    page.wait_for_url("**/plan/targets/")


def test_on_paper_the_figures_stay_and_the_form_goes(new_page: Any, sign_in: Any) -> None:
    steward = publish_two_quarters()
    page: Page = new_page()
    sign_in(page, steward)
    page.goto("/c/ours/equity/")
    page.emulate_media(media="print")
    expect(page.get_by_role("table", name="Where do you work?", exact=True)).to_be_visible()
    expect(page.get_by_label("Over time", exact=True)).to_be_hidden()
