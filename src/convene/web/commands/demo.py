"""The demo community: infection control across six hospitals. Written once, into an empty database."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from convene.apps.communities.models import Community, Membership, Organisation, RoleTerm
from convene.apps.people.models import Person
from convene.apps.seats.models import SeatPolicy
from convene.apps.workshops.models import Facilitation, Session, Workshop


@dataclass(frozen=True)
class Entry:
    """One way into the demo. `email` empty: as someone the site does not know."""

    label: str
    says: str
    email: str


ENTRIES = {
    "steward": Entry("steward", "Ines Castro, who plans and decides", "ines.castro@demo.example"),
    "member": Entry("member", "Tomasz Lis, who looks for a seat", "tomasz.lis@demo.example"),
    "outsider": Entry("outsider", "someone from outside, without an account", ""),
    "facilitator": Entry("facilitator", "Grace Mensah, who holds the room", "grace.mensah@demo.example"),
}

_HOSPITALS = (
    "St Anne's Hospital",
    "Northgate Infirmary",
    "Riverside General",
    "Hill Street Children's Hospital",
    "Eastfield Hospital",
    "Old Harbour Clinic",
)
_PEOPLE = (
    ("Ines Castro", 0, "core"),
    ("Grace Mensah", 1, "core"),
    ("Tomasz Lis", 2, "active"),
    ("Noor Haddad", 3, "active"),
    ("Pieter de Wit", 4, "active"),
    ("Aoife Brennan", 5, "active"),
    ("Samuel Okoro", 1, "peripheral"),
    ("Lena Fischer", 2, "peripheral"),
)


def is_demo_database() -> bool:
    """Whether this database was begun as a demo."""
    return Community.objects.filter(is_demo=True).exists()


@transaction.atomic
def seed(*, now: datetime) -> None:
    """Write the demo; refuses a database that anyone is in."""
    if Person.objects.exists() or Community.objects.exists():
        raise RuntimeError("The demo is written into an empty database only.")
    community = _community()
    people = _people(community, now)
    _roles(community, people, now)
    _workshops(community, people, now)


def _community() -> Community:
    return Community.objects.create(
        name="Infection Control Across Six Hospitals",
        slug="infection-control",
        domain="Keeping patients and staff of six hospitals safe from infections caught in care.",
        practice="Ward rounds, outbreak debriefs, hand-hygiene audits, and the stories behind the figures.",
        who_for="Nurses, doctors, cleaners, laboratory and building staff who prevent infections at work.",
        not_for="Suppliers, and anyone looking for a general hygiene course: those are at the training unit.",
        stop_when="When each hospital learns from the others without us.",
        zone="Europe/Dublin",
        contact="infection-control@demo.example",
        stage=Community.Stage.ACTIVE,
        is_demo=True,
    )


def _people(community: Community, now: datetime) -> dict[str, Person]:
    hospitals = [Organisation.objects.create(community=community, name=name) for name in _HOSPITALS]
    people = {}
    for name, hospital, tier in _PEOPLE:
        email = f"{name.lower().replace(' ', '.')}@demo.example"
        person = Person.objects.create_user(email=email, name=name, zone="Europe/Dublin", is_demo=True)
        Membership.objects.create(
            community=community,
            person=person,
            organisation=hospitals[hospital],
            tier=tier,
            since=now.date() - dt.timedelta(days=200),
        )
        people[name] = person
    return people


def _roles(community: Community, people: dict[str, Person], now: datetime) -> None:
    for name, role in (
        ("Ines Castro", RoleTerm.Role.STEWARD),
        ("Grace Mensah", RoleTerm.Role.STEWARD),
        ("Noor Haddad", RoleTerm.Role.CONDUCT_CONTACT),
    ):
        RoleTerm.objects.create(
            community=community,
            person=people[name],
            role=role,
            starts_on=now.date() - dt.timedelta(days=200),
        )


def _workshops(community: Community, people: dict[str, Person], now: datetime) -> None:
    taster = Workshop.objects.create(
        community=community,
        title="What an outbreak looks like on day one",
        summary="An hour with three wards that saw one begin, open to everyone.",
        kind=Workshop.Kind.INFORMATIVE,
        audience=Workshop.Audience.EVERYONE,
        depth=Workshop.Depth.AWARE,
        state=Workshop.State.PUBLISHED,
        published_at=now,
        created_by=people["Ines Castro"],
    )
    skills = Workshop.objects.create(
        community=community,
        title="Hand hygiene audits people do not dread",
        summary="Practise auditing a colleague and saying what you saw.",
        kind=Workshop.Kind.SKILLS,
        audience=Workshop.Audience.MEMBERS,
        state=Workshop.State.PUBLISHED,
        published_at=now,
        created_by=people["Ines Castro"],
    )
    for workshop, days, kind, seats in (
        (taster, 9, SeatPolicy.Kind.OPEN, None),
        (skills, 16, SeatPolicy.Kind.FIRST_COME, 12),
    ):
        starts = (now + dt.timedelta(days=days)).replace(hour=13, minute=0, second=0, microsecond=0)
        Session.objects.create(
            workshop=workshop,
            starts_at=starts,
            ends_at=starts + dt.timedelta(minutes=90),
            zone="Europe/Dublin",
            join_url="https://video.demo.example/infection-control",
            uid=f"{workshop.pk}@demo.example",
        )
        SeatPolicy.objects.create(workshop=workshop, kind=kind, capacity=seats)
        Facilitation.objects.create(
            workshop=workshop,
            person=people["Grace Mensah"],
            state=Facilitation.State.ACCEPTED,
            invited_at=now,
        )
