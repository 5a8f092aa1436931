"""What the demo community has ahead: open to all, full with a waiting list, drafted."""

from __future__ import annotations

import datetime as dt
from datetime import datetime

from convene.apps.people.models import Person
from convene.apps.people.services import find_or_make_person
from convene.apps.seats import services as seats
from convene.apps.seats.models import Registration
from convene.apps.seats.rules import Kind
from convene.apps.seats.services import PolicyTerms
from convene.apps.workshops import services as workshops
from convene.apps.workshops.models import Workshop
from convene.web.commands.demo.people import ZONE, Cast
from convene.web.commands.demo.times import at


def write(cast: Cast, now: datetime) -> None:
    _taster(cast, now)
    _full(cast, now)
    _peer_assist(cast, now)
    _draft(cast, now)


def _taster(cast: Cast, now: datetime) -> None:
    """Open to everyone, online, no limit."""
    workshop = workshops.create_workshop(
        community=cast.community,
        template="open_taster",
        title="What an outbreak looks like on day one",
        actor=cast.steward,
        now=now,
        starts_at=at(now, days=9, hour=13),
        minutes=60,
        zone=ZONE,
        join_url="https://video.demo.example/day-one",
        summary="An hour with three wards that saw one begin. No experience needed; bring a question.",
        audience=Workshop.Audience.EVERYONE,
        outcomes="Name the three signs that made somebody pick up the phone\nKnow whom to call in your own building",
        access_offered="Live captions in English. Slides a day before. Questions also in writing.",
    )
    give_terms(cast, workshop, PolicyTerms(kind=Kind.OPEN), now)
    put_out(cast, workshop, now, "Grace Mensah", "Aoife Brennan")
    for email, name in (
        ("maria.silva@patients.demo.example", "Maria Silva"),
        ("j.whelan@county.demo.example", "Jim Whelan"),
        ("lucy.hart@school.demo.example", "Lucy Hart"),
    ):
        person = find_or_make_person(email=email, name=name, language="en", zone=ZONE, now=now)
        ask(workshop, person, now)
    for person in cast.others()[:4]:
        ask(workshop, person, now)


def _full(cast: Cast, now: datetime) -> None:
    """First come, full, five waiting, one offer open: somebody gave a seat back this morning."""
    workshop = workshops.create_workshop(
        community=cast.community,
        template="skills",
        title="Hand hygiene audits people do not dread",
        actor=cast.steward,
        now=now,
        starts_at=at(now, days=16, hour=14),
        minutes=120,
        zone=ZONE,
        place="Education centre, St Anne's Hospital",
        seats=12,
        minimum=6,
        summary="Practise auditing a colleague, and saying what you saw so that it helps.",
        outcomes="Watch five moments without hovering\nSay what you saw in one sentence that helps",
        prerequisites="You have done or been part of an audit once.",
        access_offered="Step-free, hearing loop, a quiet room next door.",
        format=Workshop.Format.IN_PERSON,
    )
    terms = PolicyTerms(
        kind=Kind.FIRST_COME,
        capacity=12,
        minimum=6,
        offer_hours=20,
        warm_up="Which audit do you remember, and why?",
    )
    give_terms(cast, workshop, terms, now)
    put_out(cast, workshop, now, "Pieter de Wit", "Grace Mensah")
    asked = [ask(workshop, person, now) for person in cast.others(skip=3)[:17]]
    seats.cancel(registration=asked[2], actor=asked[2].person, now=now)


def _peer_assist(cast: Cast, now: datetime) -> None:
    """A small gathering that needs nothing but a time."""
    workshop = workshops.create_workshop(
        community=cast.community,
        template="peer_assist",
        title="Peer assist: the sink nobody uses",
        actor=cast.steward,
        now=now,
        starts_at=at(now, days=5, hour=16),
        minutes=75,
        zone=ZONE,
        join_url="https://video.demo.example/sink",
        seats=8,
        summary="Rashid has moved it twice. Six of us listen, ask, and tell him what we would try.",
    )
    put_out(cast, workshop, now, "Noor Haddad")
    for person in cast.by_name(
        "Rashid Aziz", "Chiara Bellini", "Daniel Adeyemi", "Amina Yusuf", "Elif Demir"
    ):
        ask(workshop, person, now)


def _draft(cast: Cast, now: datetime) -> None:
    """Being planned: facilitators asked, not yet published."""
    workshop = workshops.create_workshop(
        community=cast.community,
        template="show_and_tell",
        title="Show-and-tell: posters that worked",
        actor=cast.steward,
        now=now,
        starts_at=at(now, days=31, hour=12),
        minutes=60,
        zone=ZONE,
        join_url="https://video.demo.example/posters",
        seats=20,
    )
    workshops.invite_facilitator(
        workshop=workshop, person=cast.people["Aoife Brennan"], actor=cast.steward, now=now
    )


def give_terms(cast: Cast, workshop: Workshop, terms: PolicyTerms, now: datetime) -> None:
    seats.set_policy(workshop=workshop, terms=terms, pools=None, actor=cast.steward, now=now)


def put_out(cast: Cast, workshop: Workshop, now: datetime, *leaders: str) -> None:
    for person in cast.by_name(*leaders):
        invited = workshops.invite_facilitator(workshop=workshop, person=person, actor=cast.steward, now=now)
        workshops.answer_facilitation(facilitation=invited, answer="accepted", actor=person, now=now)
    workshops.publish_workshop(workshop=workshop, actor=cast.steward, now=now)
    workshop.refresh_from_db()


def ask(workshop: Workshop, person: Person, now: datetime) -> Registration:
    return seats.request_seat(
        workshop=workshop, person=person, actor=person, now=now + dt.timedelta(seconds=1)
    )
