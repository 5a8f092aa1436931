"""Notes in the browser: written on two devices with the pen handed over, tagged, and put right afterwards."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from convene.apps.rooms.models import NoteLine, NoteSet
from convene.apps.rooms.services import agenda, ending, notes, presence
from convene.foundation.access import links
from tests.makers import make_account, make_community, make_facilitator, make_registration, make_workshop

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
IN_TIME = 30_000


def test_notes_are_written_by_two_tagged_and_put_right_after_the_session(
    new_page: Any, sign_in: Any, axe: Any, fits: Any
) -> None:
    now = timezone.now().replace(microsecond=0)
    workshop = make_workshop(
        make_community(steward=make_account("Ines Castro")), run_sheet="30 What we see", recording="open"
    )
    session = workshop.sessions.get()
    session.starts_at, session.ends_at = now - dt.timedelta(minutes=5), now + dt.timedelta(minutes=55)
    session.save()
    grace = make_facilitator(workshop, make_account("Grace Mensah"))
    seat = make_registration(workshop, make_account("Tomasz Lis"), state="confirmed")
    room = agenda.start_session(session=session, actor=grace, now=now)
    presence.arrive(participant=room.participants.get(person=seat.person), session=session, now=now)
    cockpit = new_page()
    sign_in(cockpit, grace)
    cockpit.goto(reverse("cockpit", args=[session.pk]))
    cockpit.get_by_role("button", name="Take the pen").click(timeout=IN_TIME)
    cockpit.get_by_label("What is worth keeping").fill("? Who pays for the second year")
    expect(cockpit.get_by_text("Saved")).to_be_visible(timeout=IN_TIME)

    phone = new_page(width=360)
    token = links.sign("join", f"{seat.pk}:{session.pk}", seat.link_version)
    phone.goto(reverse("phone_link_notes", args=[token]))
    expect(phone.get_by_text("Grace Mensah is writing.")).to_be_visible(timeout=IN_TIME)
    expect(phone.get_by_text("Who pays for the second year").first).to_be_visible(timeout=IN_TIME)
    phone.get_by_role("button", name="Ask for the pen").click()
    cockpit.get_by_role("button", name="Hand over the pen").click(timeout=IN_TIME)
    phone.get_by_label("What is worth keeping").fill("Bring the red cards")
    expect(phone.get_by_text("Saved")).to_be_visible(timeout=IN_TIME)
    axe(phone)
    fits(phone)
    phone.get_by_role("button", name="Put the pen down").click()
    expect(phone.get_by_text("Nobody is writing just now.")).to_be_visible(timeout=IN_TIME)
    found = {line.text: line.tag for line in NoteLine.objects.exclude(text="")}
    assert found == {"Who pays for the second year": "open_question", "Bring the red cards": ""}

    ending.end_session(room=room, actor=grace, now=timezone.now())
    phone.reload()
    phone.get_by_role("link", name="Put right or take back").first.click()
    phone.get_by_label("Your words").fill("Bring the green cards")
    phone.get_by_role("button", name="Save").click()
    expect(phone.get_by_text("Your words are put right.")).to_be_visible()
    note_set = NoteSet.objects.get(room=room)
    notes.make_final(room=room, now=note_set.review_until)
    phone.goto(reverse("phone_link_notes", args=[token]))
    expect(phone.get_by_text("These notes are final since")).to_be_visible()
    expect(phone.get_by_text("Bring the green cards")).to_be_visible()
    axe(phone)
