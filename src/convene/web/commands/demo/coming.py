"""What the demo community has ahead: open to all, full with a waiting list, drawn, drafted."""

from __future__ import annotations

import datetime as dt
from datetime import datetime

from convene.apps.people.models import Person
from convene.apps.people.services import find_or_make_person
from convene.apps.seats import services as seats
from convene.apps.seats.models import Registration
from convene.apps.seats.rules import Kind
from convene.apps.seats.services import PolicyTerms
from convene.apps.seats.services.targets import TargetTerms
from convene.apps.workshops import services as workshops
from convene.apps.workshops.models import Workshop
from convene.web.commands.demo.people import WORK, YEARS, ZONE, Cast
from convene.web.commands.demo.times import at


def write(cast: Cast, now: datetime) -> None:
    _taster(cast, now)
    _full(cast, now)
    _drawn(cast, now)
    _sealed(cast, now)
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
    _terms(cast, workshop, PolicyTerms(kind=Kind.OPEN), now)
    _publish(cast, workshop, now, "Grace Mensah", "Aoife Brennan")
    for email, name in (
        ("maria.silva@patients.demo.example", "Maria Silva"),
        ("j.whelan@county.demo.example", "Jim Whelan"),
        ("lucy.hart@school.demo.example", "Lucy Hart"),
    ):
        person = find_or_make_person(email=email, name=name, language="en", zone=ZONE, now=now)
        _ask(workshop, person, now)
    for person in cast.others()[:4]:
        _ask(workshop, person, now)


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
    _terms(cast, workshop, terms, now)
    _publish(cast, workshop, now, "Pieter de Wit", "Grace Mensah")
    asked = [_ask(workshop, person, now) for person in cast.others(skip=3)[:17]]
    seats.cancel(registration=asked[2], actor=asked[2].person, now=now)


def _drawn(cast: Cast, now: datetime) -> None:
    """More ask than there are seats: a draw, with places for each kind of work."""
    start = at(now, days=24, hour=9, minute=30)
    workshop = workshops.create_workshop(
        community=cast.community,
        template="skills",
        title="A day in the other job: cleaners, nurses and engineers swap rounds",
        actor=cast.steward,
        now=now,
        starts_at=start,
        minutes=360,
        zone=ZONE,
        place="Riverside General, meet at the main desk",
        seats=10,
        minimum=8,
        summary="Walk one round in somebody else's shoes, then say what you saw.",
        outcomes="Name two risks that only the other job sees\nAgree on one thing to change in your own round",
        format=Workshop.Format.IN_PERSON,
        recording=Workshop.Recording.CLOSED,
        counts_minutes=True,
    )
    terms = PolicyTerms(
        kind=Kind.DRAW, capacity=10, minimum=8, closes_at=at(now, days=6, hour=17), chance_source="dice"
    )
    _terms(cast, workshop, terms, now)
    work, years = cast.questions
    targets = [
        *((work, value, least, 4) for value, least in zip(WORK, (2, 1, 2, 1, 1), strict=True)),
        (years, YEARS[0], 2, 5),
    ]
    seats.set_targets(
        workshop=workshop,
        targets=[
            TargetTerms(question_id=question.pk, value=value, least=least, most=most)
            for question, value, least, most in targets
        ],
        actor=cast.steward,
        now=now,
    )
    _publish(cast, workshop, now, "Aoife Brennan", "Samuel Okoro")
    for person in cast.others(skip=1)[:24]:
        _ask(workshop, person, now)


def _sealed(cast: Cast, now: datetime) -> None:
    """Entries closed this morning: the draw is sealed, its fingerprint out, and the dice are still to be thrown."""
    asked = now - dt.timedelta(days=6)
    closing = now - dt.timedelta(hours=2)
    workshop = workshops.create_workshop(
        community=cast.community,
        template="skills",
        title="Fit testing masks, with everyone’s own face",
        actor=cast.steward,
        now=asked,
        starts_at=at(now, days=13, hour=13),
        minutes=90,
        zone=ZONE,
        place="Simulation room, Riverside General",
        seats=6,
        minimum=4,
        summary="Six seats, one testing kit, and the three mistakes that let air past.",
        outcomes="Fit and test your own mask\nTell a leak from a bad smell",
        format=Workshop.Format.IN_PERSON,
    )
    terms = PolicyTerms(
        kind=Kind.DRAW,
        capacity=6,
        minimum=4,
        closes_at=closing,
        chance_source="dice",
        auditor_id=cast.people["Noor Haddad"].pk,
    )
    _terms(cast, workshop, terms, asked)
    _publish(cast, workshop, asked, "Grace Mensah")
    for person in cast.others(skip=2)[:16]:
        _ask(workshop, person, asked)
    draw = seats.freeze_entries(workshop=workshop, now=closing)
    if draw is not None:
        seats.prepare_draw(draw=draw, now=closing)


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
    _publish(cast, workshop, now, "Noor Haddad")
    for person in cast.by_name(
        "Rashid Aziz", "Chiara Bellini", "Daniel Adeyemi", "Amina Yusuf", "Elif Demir"
    ):
        _ask(workshop, person, now)


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


def _terms(cast: Cast, workshop: Workshop, terms: PolicyTerms, now: datetime) -> None:
    seats.set_policy(workshop=workshop, terms=terms, pools=None, actor=cast.steward, now=now)


def _publish(cast: Cast, workshop: Workshop, now: datetime, *leaders: str) -> None:
    for person in cast.by_name(*leaders):
        invited = workshops.invite_facilitator(workshop=workshop, person=person, actor=cast.steward, now=now)
        workshops.answer_facilitation(facilitation=invited, answer="accepted", actor=person, now=now)
    workshops.publish_workshop(workshop=workshop, actor=cast.steward, now=now)
    workshop.refresh_from_db()


def _ask(workshop: Workshop, person: Person, now: datetime) -> Registration:
    return seats.request_seat(
        workshop=workshop, person=person, actor=person, now=now + dt.timedelta(seconds=1)
    )
