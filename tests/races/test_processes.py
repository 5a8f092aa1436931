"""Four processes at once on one database: no seat sold twice, and never "database is locked"."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest
from django.utils import timezone

from convene.apps.seats import services
from convene.apps.seats.models import Movement
from convene.apps.seats.services import PolicyTerms
from tests.makers import make_community, make_person, make_workshop
from tests.processes import environment
from tests.races.truth import assert_true

PROCESSES, ROUNDS = 4, 80


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_four_processes_move_seats_without_an_error_or_a_double_seat() -> None:
    steward = make_person("Ada")
    workshop = make_workshop(make_community(steward=steward))
    terms = PolicyTerms(kind="first_come", capacity=5)
    services.set_policy(workshop=workshop, terms=terms, actor=steward, now=timezone.now())
    for _ in range(16):
        make_person()
    running = [
        subprocess.Popen(
            [sys.executable, "-m", "tests.races.hammer", str(workshop.pk), str(seed), str(ROUNDS)],
            env=environment(),
            stdout=subprocess.PIPE,
            text=True,
        )
        for seed in range(PROCESSES)
    ]
    said = [json.loads(process.communicate(timeout=300)[0]) for process in running]
    assert [each["errors"] for each in said] == [[]] * PROCESSES
    assert sum(sum(each["met"].values()) for each in said) == PROCESSES * ROUNDS
    assert Movement.objects.count() > PROCESSES * ROUNDS / 4
    assert_true(workshop)
