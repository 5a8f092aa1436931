"""People are moved between tables by pointer and by keys, a broken rule is asked about, and it is taken back."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from convene.apps.people.models import Person
from convene.apps.rooms.models import Grouping, Participant, Placement, Room
from convene.apps.rooms.rules.groups import Wishes
from convene.apps.rooms.services import groups, seating
from tests.makers import make_account, make_community, make_facilitator, make_member, make_workshop

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def leader() -> Person:
    return make_account("Grace Mensah")


@pytest.fixture
def grouping(leader: Person) -> Grouping:
    workshop = make_workshop(make_community(steward=make_account("Ines Castro")))
    make_facilitator(workshop, leader)
    now = timezone.now()
    room = Room.objects.create(session=workshop.sessions.get(), state=Room.State.RUNNING, started_at=now)
    for number in range(6):
        person = make_member(workshop.community, make_account(f"Guest {number}"))
        Participant.objects.create(room=room, person=person, state=Participant.State.HERE, arrived_at=now)
    return groups.make_groups(room=room, wishes=Wishes(groups=2), actor=leader, now=now)


def table_of(name: str) -> int:
    return Placement.objects.get(participant__person__name=name).group.number


def other(number: int) -> int:
    return 3 - number


def drag(page: Page, name: str, table: int) -> None:
    grip = page.get_by_role("button", name=f"Pick up {name}")
    grip.scroll_into_view_if_needed()
    start, end = grip.bounding_box(), page.locator("[data-table]").nth(table - 1).bounding_box()
    assert start is not None
    assert end is not None
    page.mouse.move(start["x"] + 10, start["y"] + 10)
    page.mouse.down()
    page.mouse.move(end["x"] + end["width"] / 2, end["y"] + 20, steps=5)
    with page.expect_navigation():
        page.mouse.up()


def test_a_drag_and_keys_move_people_and_the_last_change_is_taken_back(
    page: Page, sign_in: Any, axe: Any, fits: Any, grouping: Grouping, leader: Person
) -> None:
    sign_in(page, leader)
    page.goto(reverse("room_groups", args=[grouping.room.session_id]))
    axe(page)
    first = table_of("Guest 1")
    drag(page, "Guest 1", other(first))
    assert table_of("Guest 1") == other(first)
    grip = page.get_by_role("button", name="Pick up Guest 1")
    expect(grip).to_be_focused()

    page.keyboard.press("Enter")
    expect(page.locator("[data-seating-said]")).to_contain_text("You hold Guest 1")
    page.keyboard.press("Escape")
    assert table_of("Guest 1") == other(first)
    page.keyboard.press("Enter")
    page.keyboard.press("ArrowDown")
    expect(page.locator("[data-seating-said]")).to_contain_text(f"Guest 1: over Table {first}")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert table_of("Guest 1") == first

    page.get_by_role("button", name="Take the last change back").click()
    expect(page.get_by_text("Taken back.")).to_be_visible()
    assert table_of("Guest 1") == other(first)
    page.set_viewport_size({"width": 360, "height": 800})
    fits(page)


def test_a_move_that_breaks_a_rule_is_asked_about_first(
    page: Page, sign_in: Any, axe: Any, grouping: Grouping, leader: Person
) -> None:
    at_table = Placement.objects.filter(group__number=1).select_related("participant__person")
    two = [one.participant for one in at_table[:2]]
    seating.add_table_rule(
        room=grouping.room,
        kind="together",
        named=[one.pk for one in two],
        actor=leader,
        now=timezone.now(),
    )
    sign_in(page, leader)
    page.goto(reverse("room_groups", args=[grouping.room.session_id]))
    name = two[0].person.name
    drag(page, name, 2)
    expect(page.get_by_text("This would no longer hold")).to_be_visible()
    assert table_of(name) == 1
    axe(page)
    page.get_by_role("button", name=f"Move {name} to table 2 anyway").click()
    expect(page.get_by_text("Does not hold")).to_be_visible()
    assert table_of(name) == 2
