"""Drawn seats that became free: at once or by a task, once, and with the choice explained."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from convene.apps.seats import explaining, services
from convene.apps.seats.models import Draw, Quota, Registration, Replacement
from convene.apps.seats.rules import HOLDING, State
from convene.apps.seats.services import replacing
from convene.apps.seats.tests.test_draw import (
    CLOSING,
    HOUR,
    ask,
    ask_as,
    close,
    finish,
    question,
    set_draw,
    set_targets,
    target,
)
from convene.apps.workshops.models import Workshop
from convene.foundation.audit.models import AuditEntry
from convene.foundation.errors import NotAllowed
from convene.foundation.privacy import export_person
from tests.makers import make_community, make_person, make_workshop
from tests.races.truth import assert_true
from tests.tasks import run_tasks

pytestmark = pytest.mark.django_db
LATER = CLOSING + 2 * HOUR


@pytest.fixture
def steward():
    return make_person("Ada")


@pytest.fixture
def workshop(steward) -> Workshop:
    return make_workshop(make_community(steward=steward))


@pytest.fixture
def drawn(workshop, steward) -> Draw:
    set_draw(workshop, steward, 3)
    for _ in range(9):
        ask(workshop)
    return finish(close(workshop))


def decline_one(workshop: Workshop) -> Registration:
    row = Registration.objects.filter(workshop=workshop, state=State.OFFERED).order_by("pk").first()
    services.decline_offer(registration=row, actor=row.person, now=LATER)
    return row


def test_the_lottery_is_written_down_and_each_reads_their_chance(workshop, drawn) -> None:
    decline_one(workshop)
    (found,) = Replacement.objects.all()
    assert (found.number, found.seats, found.waiting) == (1, 1, 6)
    assert found.record["seed"] == f"{drawn.commitment}\n{drawn.seed}\nreplacement 1"
    (chosen,) = found.chosen
    row = Registration.objects.get(pk=chosen)
    sentences = explaining.why(row).sentences
    assert "Your chance then was 16.7 %, with all targets still holding." in sentences
    assert "A seat was drawn for you." in sentences
    other = Registration.objects.filter(state=State.RESERVE).first()
    assert "It went to others." in explaining.why(other).sentences
    assert export_person(row.person_id)["seats.Replacement"][0]["seat_offered"] is True
    assert AuditEntry.objects.filter(name="seats_replaced", subject_id=drawn.pk).count() == 1


def test_with_many_it_is_worked_out_by_a_task_and_given_once(workshop, drawn, monkeypatch) -> None:
    monkeypatch.setattr(replacing, "AT_ONCE", 0)
    decline_one(workshop)
    assert Registration.objects.filter(state__in=HOLDING).count() == 2
    run_tasks()
    assert Registration.objects.filter(state__in=HOLDING).count() == 3
    assert services.replace_seats(draw=drawn, now=LATER) == []
    assert Replacement.objects.count() == 1
    assert_true(workshop)


def test_when_someone_leaves_while_it_is_worked_out_it_begins_again(workshop, drawn, monkeypatch) -> None:
    monkeypatch.setattr(replacing, "AT_ONCE", 0)
    decline_one(workshop)
    decide, left = replacing.decide, []

    def slowly(situation):
        decision = decide(situation)
        if not left:
            row = Registration.objects.get(pk=decision.chosen[0][0])
            left.append(services.cancel(registration=row, actor=row.person, now=LATER))
        return decision

    monkeypatch.setattr(replacing, "decide", slowly)
    services.replace_seats(draw=drawn, now=LATER)
    assert left[0].state == State.WITHDRAWN
    assert Registration.objects.filter(state__in=HOLDING).count() == 3
    assert Replacement.objects.get().waiting == 5
    assert_true(workshop)


class TestThePage:
    @pytest.fixture
    def stuck(self, workshop, steward) -> None:
        asked = question(workshop.community, "Role", "nurse", "doctor")
        set_draw(workshop, steward, 4)
        set_targets(workshop, steward, target(asked, "nurse", 2, 2), target(asked, "doctor", 2, 2))
        for role in ["nurse"] * 2 + ["doctor"] * 8:
            ask_as(workshop, asked, role)
        finish(close(workshop))
        nurse = next(
            row
            for row in Registration.objects.filter(state=State.OFFERED)
            if "nurse" in row.entries.get().traits.values()
        )
        services.decline_offer(registration=nurse, actor=nurse.person, now=LATER)

    def test_it_explains_the_choice_and_one_press_makes_it(self, workshop, steward, stuck) -> None:
        client = Client()
        client.force_login(steward)
        address = reverse("seat_replace", args=[workshop.pk])
        seen = client.get(address).content.decode()
        assert "at least 1 instead of 2 seats" in seen
        assert "Or keep the seats free" in seen
        assert client.post(address, {"act": "relax"}).status_code == 302
        assert Registration.objects.filter(state__in=HOLDING).count() == 4
        assert sorted(Quota.objects.values_list("least", "most")) == [(1, 2), (2, 3)]
        assert "No drawn seat waits" in client.get(address).content.decode()

    def test_a_newcomer_gets_the_seat_only_if_the_targets_hold(self, workshop, stuck) -> None:
        asked = workshop.community.trait_questions.get()
        for row in Registration.objects.filter(state=State.RESERVE):
            services.cancel(registration=row, actor=row.person, now=LATER)
        workshop.seat_policy.closes_at = None
        workshop.seat_policy.save(update_fields=["closes_at"])
        assert ask_as(workshop, asked, "doctor").state == State.WAITLISTED
        assert ask_as(workshop, asked, "nurse").state == State.OFFERED
        assert_true(workshop)

    def test_only_stewards_press(self, workshop, drawn) -> None:
        client = Client()
        client.force_login(make_person())
        assert client.get(reverse("seat_replace", args=[workshop.pk])).status_code in {403, 404}
        with pytest.raises(NotAllowed):
            services.draw_anew(workshop=workshop, actor=make_person(), now=LATER)
