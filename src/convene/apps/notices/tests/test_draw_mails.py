"""The seal of a draw reaches everyone in it and its auditor before chance speaks; witnesses are called twice."""

from __future__ import annotations

import datetime as dt

import pytest
from django.urls import reverse

from convene.apps.notices.draw_tasks import call_witnesses, tell_draw_sealed
from convene.apps.notices.tests.conftest import NOW
from convene.apps.people.models import Person
from convene.apps.seats import services as seats
from convene.apps.seats.models import Draw, Witness
from convene.apps.seats.rules import Kind
from convene.apps.seats.rules.chance import sealed
from convene.apps.seats.services import PolicyTerms
from convene.apps.workshops.models import Workshop
from convene.foundation.mail.models import MailMessage
from tests.makers import make_community, make_person, make_workshop
from tests.tasks import run_tasks

pytestmark = pytest.mark.django_db
CLOSING = NOW + dt.timedelta(days=1)


@pytest.fixture
def drawing(steward: Person) -> Workshop:
    return make_workshop(make_community(steward=steward), title="Case clinic")


def close(workshop: Workshop, steward: Person, people: int = 6, *, witnesses=None, **more) -> Draw:
    terms = PolicyTerms(kind=Kind.DRAW, capacity=2, closes_at=CLOSING, **more)
    seats.set_policy(workshop=workshop, terms=terms, actor=steward, now=NOW, witnesses=witnesses)
    for row in Witness.objects.select_related("person", "policy"):
        seats.seal_value(witness=row, sealed_hash=sealed(f"my {row.number}"), actor=row.person, now=NOW)
    for _ in range(people):
        person = make_person()
        seats.request_seat(workshop=workshop, person=person, actor=person, now=NOW)
    seats.freeze_due_draws(now=CLOSING)
    run_tasks()
    return Draw.objects.get()


def mails(kind: str) -> list[MailMessage]:
    return list(MailMessage.objects.filter(kind=kind).order_by("created_at"))


def test_the_fingerprint_reaches_everyone_in_the_draw_and_the_auditor_once(drawing, steward) -> None:
    auditor = make_person("Olga")
    draw = close(drawing, steward, chance_source="dice", auditor_id=auditor.pk)
    tell_draw_sealed.func(str(draw.pk))
    found = mails("draw_sealed")
    assert len(found) == 7
    assert all(draw.commitment in mail.text for mail in found)
    assert all("10 throws of a die with 6 sides" in mail.text for mail in found)
    page = reverse("seat_draw", args=[drawing.pk])
    assert all(page in mail.text for mail in found)
    [own] = [mail for mail in found if mail.to_address == auditor.email]
    assert "because you audit the draw" in own.text


def test_a_draw_with_a_seat_for_everyone_mails_no_seal(drawing, steward) -> None:
    close(drawing, steward, people=2, chance_source="dice")
    assert mails("draw_sealed") == []
    assert len(mails("seat_offered")) == 2


def test_a_witness_is_asked_to_seal_and_then_to_reveal(drawing, steward) -> None:
    people = [make_person("Eva"), make_person("Finn")]
    terms = PolicyTerms(kind=Kind.DRAW, capacity=2, closes_at=CLOSING, chance_source="witnesses")
    ids = [person.pk for person in people]
    seats.set_policy(workshop=drawing, terms=terms, actor=steward, now=NOW, witnesses=ids)
    run_tasks()
    assert [mail.to_address for mail in mails("witness_named")] == [person.email for person in people]
    assert mails("witness_called") == []
    draw = close(drawing, steward, chance_source="witnesses")
    call_witnesses.func(str(draw.pk))
    called = mails("witness_called")
    assert {mail.to_address for mail in called} == {person.email for person in people}
    assert all(draw.commitment in mail.text for mail in called)
    assert all("because you were named a witness" in mail.text for mail in called)
    assert all("/r/witness/" in mail.text for mail in called)


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("site", "a value that this site sealed with the draw and opens"),
        ("drand", "of the public beacon drand (network quicknet)"),
    ],
)
def test_the_mail_names_the_source_as_closely_as_it_was_announced(drawing, steward, source, words) -> None:
    close(drawing, steward, chance_source=source)
    assert words in mails("draw_sealed")[0].text
