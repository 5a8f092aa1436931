from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone

from convene.apps.people.models import Person
from convene.apps.seats import services as seats
from convene.apps.seats.models import Registration
from convene.apps.seats.rules import Kind
from convene.apps.seats.services import PolicyTerms
from convene.apps.workshops.models import Workshop
from tests.makers import make_community, make_person, make_workshop

NOW = timezone.now().replace(microsecond=0)


@pytest.fixture
def steward() -> Person:
    return make_person("Ines", zone="Europe/Dublin")


@pytest.fixture
def workshop(steward: Person) -> Workshop:
    """First come, one seat."""
    workshop = make_workshop(
        make_community(steward=steward, contact="stewards@example.org"), title="Case clinic"
    )
    seats.set_policy(
        workshop=workshop,
        terms=PolicyTerms(kind=Kind.FIRST_COME, capacity=1),
        pools=None,
        actor=steward,
        now=NOW - dt.timedelta(days=1),
    )
    return workshop


def ask(workshop: Workshop, person: Person) -> Registration:
    return seats.request_seat(workshop=workshop, person=person, actor=person, now=timezone.now())
