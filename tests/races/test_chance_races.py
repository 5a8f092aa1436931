"""Chance in the same instant: one seal, one value, one result, on a SQLite file and (--postgres) on PostgreSQL."""

from __future__ import annotations

import datetime as dt
from collections import Counter

import pytest
from django.utils import timezone

from convene.apps.people.models import Person
from convene.apps.seats import services
from convene.apps.seats.models import Draw, Registration, SealedDraw, SeatPolicy, Witness
from convene.apps.seats.rules import State
from convene.apps.seats.rules.chance import sealed
from convene.apps.seats.services import PolicyTerms, gate
from convene.apps.seats.services.draws import recording
from convene.apps.workshops.models import Workshop
from convene.engines.allotment.verifier import check
from convene.foundation.audit.models import AuditEntry
from tests.makers import make_community, make_person, make_workshop
from tests.races.together import local, together
from tests.races.truth import assert_true

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]
HOUR = dt.timedelta(hours=1)
THROWS = [f"{number} 2 6 1 3 3 5 2 6 1" for number in range(1, 7)]


@pytest.fixture
def steward() -> Person:
    return make_person("Ada")


@pytest.fixture
def workshop(steward: Person) -> Workshop:
    return make_workshop(make_community(steward=steward))


def preparing(workshop: Workshop, steward: Person, source: str, witnesses: list[Person]) -> Draw:
    """Eight entries for three seats, closed; witnesses have sealed the value "my own" and their number."""
    now = timezone.now()
    terms = PolicyTerms(kind="draw", capacity=3, closes_at=now + HOUR, chance_source=source)
    people = [person.pk for person in witnesses]
    services.set_policy(workshop=workshop, terms=terms, actor=steward, now=now, witnesses=people or None)
    for row in Witness.objects.select_related("person", "policy"):
        services.seal_value(
            witness=row, sealed_hash=sealed(f"my own {row.number}"), actor=row.person, now=now
        )
    for _ in range(8):
        person = make_person()
        services.request_seat(workshop=workshop, person=person, actor=person, now=now)
    draw = services.freeze_entries(workshop=workshop, now=now + 2 * HOUR)
    assert draw is not None
    return draw


@pytest.fixture
def diced(workshop: Workshop, steward: Person) -> Draw:
    draw = preparing(workshop, steward, "dice", [])
    return services.prepare_draw(draw=draw, now=timezone.now())


def throw(draw: Draw, steward: Person, values: str) -> str:
    return services.throw_dice(draw=draw, actor=steward, now=timezone.now(), values=values).seed


def test_of_two_seals_at_once_only_one_counts_and_is_published(workshop, steward) -> None:
    draw = preparing(workshop, steward, "dice", [])
    results = together([lambda: services.prepare_draw(draw=draw, now=timezone.now()).commitment] * 4)
    assert len(set(results)) == 1
    draw.refresh_from_db()
    assert (draw.state, draw.commitment) == (Draw.State.COMMITTED, results[0])
    assert SealedDraw.objects.count() == 1
    assert AuditEntry.objects.filter(name="draw_committed").count() == 1


def test_of_two_values_at_once_only_one_is_recorded_and_stays(workshop, steward, diced) -> None:
    results = together([lambda values=values: throw(diced, steward, values) for values in THROWS])
    assert Counter(results)["already_drawn"] == len(THROWS) - 1
    diced.refresh_from_db()
    assert diced.seed in results
    finished = together([lambda: services.finish_draw(draw=diced, now=timezone.now()).state] * 4)
    assert set(finished) == {Draw.State.DRAWN}
    assert Registration.objects.filter(workshop=workshop, state=State.OFFERED).count() == 3
    assert AuditEntry.objects.filter(name="seats_drawn").count() == 1
    assert_true(workshop)


def test_twin_without_the_claim_two_values_go_on(workshop, steward, diced, monkeypatch) -> None:
    """Both are told that theirs decides."""

    def glance(workshop_id, *, now):
        policy = SeatPolicy.objects.select_related("workshop__community").get(workshop_id=workshop_id)
        return gate.Gate(policy, now)

    def careless(row, *, value, **_more):
        if not local.waiting:
            return False
        Draw.objects.filter(pk=row.pk).update(state=Draw.State.DRAWING, seed=value)
        return True

    def look() -> None:
        local.waiting = Draw.objects.get(pk=diced.pk).state == Draw.State.COMMITTED

    monkeypatch.setattr(recording, "lock", glance)
    monkeypatch.setattr(recording, "claim", careless)
    monkeypatch.setattr(recording.rules, "check_waits_for_chance", lambda **_facts: None)
    calls = [lambda values=values: throw(diced, steward, values) for values in THROWS[:2]]
    results = together(calls, before=look)
    assert "already_drawn" not in results
    assert AuditEntry.objects.filter(name="draw_started").count() == 2


def test_a_reveal_at_the_deadline_counts_wholly_or_not_at_all(workshop, steward) -> None:
    people = [make_person("Eva"), make_person("Finn")]
    frozen = preparing(workshop, steward, "witnesses", people)
    draw = services.prepare_draw(draw=frozen, now=timezone.now())
    first, last = Witness.objects.select_related("person", "policy")
    services.reveal_value(witness=first, value="my own 1", actor=first.person, now=timezone.now())
    until = draw.chance_due_at
    assert until is not None

    def reveal() -> str:
        moment = until - dt.timedelta(seconds=1)
        return services.reveal_value(witness=last, value="my own 2", actor=last.person, now=moment).value

    results = together([reveal, *[lambda: services.end_reveals(draw=draw, now=until).state] * 3])
    draw.refresh_from_db()
    counted = results[0] == "my own 2"
    assert Counter(results)["already_drawn"] == 3
    assert draw.seed.split("\n")[:2] == ["my own 1", "my own 2" if counted else "-"]
    assert (Witness.objects.get(pk=last.pk).revealed_at is not None) == counted
    done = services.finish_draw(draw=draw, now=until)
    assert done.state == Draw.State.DRAWN
    if counted:
        assert check(done.record, None) == []
    assert_true(workshop)
