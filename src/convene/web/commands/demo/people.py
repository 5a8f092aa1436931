"""Who is in the demo: 36 members of six hospitals, their roles, traits and stakeholders."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from datetime import datetime

from convene.apps.communities.models import Community, Membership, RoleTerm, TraitQuestion
from convene.apps.communities.rules import FeatureName
from convene.apps.communities.services import (
    add_member,
    add_stakeholder,
    ask_trait_question,
    change_charter,
    change_settings,
    declare_trait,
    give_role,
    organisation_named,
    set_organisation,
    start_community,
    switch_feature,
)
from convene.apps.people.models import Person
from convene.apps.people.services import update_profile

ZONE = "Europe/Dublin"
HOSPITALS = (
    "St Anne's Hospital",
    "Northgate Infirmary",
    "Riverside General",
    "Hill Street Children's Hospital",
    "Eastfield Hospital",
    "Old Harbour Clinic",
)
WORK = ("nursing", "medicine", "cleaning", "laboratory", "building services")
YEARS = ("under two", "two to ten", "over ten")

# name, hospital, tier, work (None: prefers not to say), years in infection control
MEMBERS: tuple[tuple[str, int, str, int | None, int | None], ...] = (
    ("Ines Castro", 0, "core", 0, 2),
    ("Grace Mensah", 1, "core", 0, 2),
    ("Tomasz Lis", 2, "active", 2, 0),
    ("Noor Haddad", 3, "core", 1, 2),
    ("Pieter de Wit", 4, "core", 3, 2),
    ("Aoife Brennan", 5, "core", 0, 1),
    ("Samuel Okoro", 1, "active", 4, 1),
    ("Lena Fischer", 2, "active", 1, 0),
    ("Maeve Dunne", 0, "active", 0, 1),
    ("Farid Karimi", 0, "active", 2, 1),
    ("Chiara Bellini", 1, "active", 3, 1),
    ("Owen Price", 1, "active", 0, 0),
    ("Zofia Nowak", 2, "active", 0, 2),
    ("Daniel Adeyemi", 2, "active", 4, 2),
    ("Hanna Virtanen", 3, "active", 0, 1),
    ("Rashid Aziz", 3, "active", 3, 0),
    ("Siobhan Kelly", 3, "active", 2, 2),
    ("Marek Dvorak", 4, "active", 0, 0),
    ("Priya Nair", 4, "active", 1, 1),
    ("Thea Lindqvist", 4, "active", 0, 2),
    ("Colm Fahey", 5, "active", 4, 1),
    ("Amina Yusuf", 5, "active", 0, 1),
    ("Joao Ferreira", 5, "active", 2, 0),
    ("Ruth Goldberg", 0, "active", 1, 2),
    ("Kwame Boateng", 0, "active", 3, None),
    ("Elif Demir", 1, "active", 0, 1),
    ("Patrick Nolan", 1, "peripheral", 4, 2),
    ("Sara Lindholm", 2, "peripheral", 0, 0),
    ("Viktor Ivanov", 2, "peripheral", 3, 1),
    ("Beatriz Lopes", 3, "peripheral", 0, 0),
    ("Niamh Casey", 3, "peripheral", None, None),
    ("George Papas", 4, "peripheral", 2, 1),
    ("Ingrid Moen", 4, "peripheral", 0, 1),
    ("Ali Rahimi", 5, "peripheral", 1, 0),
    ("Claire Dupont", 5, "peripheral", 0, 2),
    ("Stefan Weber", 0, "peripheral", 4, 0),
)


@dataclass(frozen=True)
class Cast:
    """The community and its people by name."""

    community: Community
    people: dict[str, Person]
    questions: tuple[TraitQuestion, TraitQuestion]

    @property
    def steward(self) -> Person:
        return self.people["Ines Castro"]

    def by_name(self, *names: str) -> list[Person]:
        return [self.people[name] for name in names]

    def others(self, *, skip: int = 0) -> list[Person]:
        """Members who hold no role, in the order of the list."""
        return [self.people[name] for name, *_rest in MEMBERS[6 + skip :]]


def address(name: str) -> str:
    return f"{name.lower().replace(' ', '.')}@demo.example"


def found_community(now: datetime) -> Cast:
    """The community as it grew: begun 300 days ago by one person, joined by the others since."""
    then = now - dt.timedelta(days=300)
    ines = Person.objects.create_user(email=address("Ines Castro"), name="Ines Castro", zone=ZONE)
    community = start_community(
        name="Infection Control Across Six Hospitals",
        domain="Keeping patients and staff of six hospitals safe from infections caught in care.",
        actor=ines,
        now=then,
        is_demo=True,
    )
    change_settings(
        community=community,
        name=community.name,
        contact="infection-control@demo.example",
        zone=ZONE,
        language="en",
        stage=Community.Stage.ACTIVE,
        outside_reader="",
        actor=ines,
        now=then,
    )
    community.refresh_from_db()
    _charter(community, ines, then)
    people = _members(community, ines, then)
    for feature in (
        FeatureName.WAITING_LIST,
        FeatureName.DRAW,
        FeatureName.OPEN_DOOR,
        FeatureName.NEEDS,
        FeatureName.STAKEHOLDERS,
        FeatureName.APPLICATIONS,
        FeatureName.TRAITS,
        FeatureName.CONNECTIONS,
        FeatureName.CAPABILITY,
    ):
        switch_feature(community=community, name=feature, on=True, actor=ines, now=then)
    questions = _questions(community, people, ines, then)
    _stakeholders(community, people, now)
    community.refresh_from_db()
    return Cast(community, people, questions)


def _charter(community: Community, ines: Person, then: datetime) -> None:
    change_charter(
        community=community,
        content={
            "domain": community.domain,
            "practice": "Ward rounds, outbreak debriefs, hand-hygiene audits, and the stories behind the figures.",
            "who_for": "Nurses, doctors, cleaners, laboratory and building staff who prevent infections at work.",
            "not_for": "Suppliers, and anyone looking for a general hygiene course: the training unit has one.",
            "stop_when": "When each hospital learns from the others without us, or when three sessions in a row "
            "have fewer than four people.",
            "criteria": "You prevent infections as part of your work in one of the six hospitals, and can give "
            "two hours a month. Your profession does not matter.",
            "elsewhere": "For a first overview, come to an informative session; they are open to everyone. "
            "For a certificate course, ask the training unit at Riverside General.",
            "conduct": "We talk about what went wrong without talking about who was to blame. What is said in a "
            "debrief stays in the room. Nobody is photographed.",
        },
        based_on=community.charter_number,
        note="What we agreed in the first three sessions.",
        actor=ines,
        now=then,
    )


def _members(community: Community, ines: Person, then: datetime) -> dict[str, Person]:
    people = {ines.name: ines}
    for place, (name, hospital, tier, _work, _years) in enumerate(MEMBERS):
        person = ines if name == ines.name else Person.objects.create_user(email=address(name), name=name)
        update_profile(person=person, now=then, zone=ZONE)
        people[name] = person
        if person == ines:
            own = Membership.objects.get(community=community, person=ines)
            set_organisation(membership=own, name=HOSPITALS[hospital], actor=ines, now=then)
        else:
            joined = then + dt.timedelta(days=2 * place)
            add_member(
                community=community,
                person=person,
                actor=ines,
                now=joined,
                tier=tier,
                organisation=organisation_named(community, HOSPITALS[hospital]),
                since=joined.date(),
            )
    for name, role in (
        ("Grace Mensah", RoleTerm.Role.STEWARD),
        ("Noor Haddad", RoleTerm.Role.CONDUCT_CONTACT),
        ("Pieter de Wit", RoleTerm.Role.FACILITATOR),
        ("Aoife Brennan", RoleTerm.Role.HOST),
        ("Samuel Okoro", RoleTerm.Role.DOOR_HELPER),
    ):
        give_role(community=community, person=people[name], role=role, actor=ines, now=then)
    return people


def _questions(
    community: Community, people: dict[str, Person], ines: Person, then: datetime
) -> tuple[TraitQuestion, TraitQuestion]:
    work = ask_trait_question(
        community=community,
        label="Your work",
        purpose="So that those who clean, nurse, test and build are in the room together when seats are drawn.",
        values=WORK,
        actor=ines,
        now=then,
    )
    years = ask_trait_question(
        community=community,
        label="Years in infection control",
        purpose="So that newcomers and old hands meet when seats are drawn.",
        values=YEARS,
        actor=ines,
        now=then,
    )
    for name, _hospital, _tier, work_place, years_place in MEMBERS:
        person = people[name]
        declare_trait(
            question=work, value="" if work_place is None else WORK[work_place], actor=person, now=then
        )
        if years_place is not None:
            declare_trait(question=years, value=YEARS[years_place], actor=person, now=then)
    return work, years


def _stakeholders(community: Community, people: dict[str, Person], now: datetime) -> None:
    today = now.date()
    for name, stake, wants, keeper, next_in in (
        (
            "Patients' council of Riverside General",
            "They live with what we get wrong.",
            "Plain words, and to be asked before a change rather than told after it.",
            "Ines Castro",
            -2,
        ),
        (
            "Directors of nursing, all six hospitals",
            "They give our members the time.",
            "What the hours made possible, twice a year, on one page.",
            "Grace Mensah",
            30,
        ),
        (
            "Training unit at Riverside General",
            "They teach what we find out.",
            "Material that can be taught without us in the room.",
            "Pieter de Wit",
            12,
        ),
    ):
        add_stakeholder(
            community=community,
            actor=people["Ines Castro"],
            now=now - dt.timedelta(days=60),
            name=name,
            stake=stake,
            wants=wants,
            contact_name="",
            contact_email="",
            keeper=people[keeper],
            last_on=today - dt.timedelta(days=60),
            next_on=today + dt.timedelta(days=next_in),
        )
