"""Seats by draw in the demo community: one made with dice, one sealed that waits for them, one still open."""

from __future__ import annotations

import datetime as dt
from datetime import datetime

from convene.apps.seats import services as seats
from convene.apps.seats.rules import Kind
from convene.apps.seats.services import PolicyTerms
from convene.apps.seats.services.targets import TargetTerms
from convene.apps.workshops import services as workshops
from convene.apps.workshops.models import Workshop
from convene.web.commands.demo.coming import ask, give_terms, put_out
from convene.web.commands.demo.people import WORK, YEARS, ZONE, Cast
from convene.web.commands.demo.times import at

THROWN = "4 2 6 1 3 5 5 2 6 1"


def write(cast: Cast, now: datetime) -> None:
    _made(cast, now)
    _sealed(cast, now)
    _open(cast, now)


def _made(cast: Cast, now: datetime) -> None:
    """Entries closed three days ago; the dice were thrown at the stewards' table the day after."""
    then, closing = at(now, days=-17, hour=9), at(now, days=-3, hour=17)
    workshop = workshops.create_workshop(
        community=cast.community,
        template="skills",
        title="Reading a ward in ten minutes",
        actor=cast.steward,
        now=then,
        starts_at=at(now, days=12, hour=9),
        minutes=180,
        zone=ZONE,
        place="Ward 7, Northgate Infirmary",
        seats=8,
        minimum=6,
        summary="Walk in, look, listen, smell: what a ward tells you before anyone speaks.",
        outcomes="Name five things you look for first\nTell a colleague what you saw without blame",
        format=Workshop.Format.IN_PERSON,
    )
    auditor = cast.people["Grace Mensah"]
    terms = PolicyTerms(
        kind=Kind.DRAW, capacity=8, minimum=6, closes_at=closing, chance_source="dice", auditor_id=auditor.pk
    )
    give_terms(cast, workshop, terms, then)
    _targets(cast, workshop, then)
    put_out(cast, workshop, then, "Chiara Bellini")
    for person in cast.others(skip=4)[:20]:
        ask(workshop, person, then)
    draw = seats.freeze_entries(workshop=workshop, now=closing)
    if draw is None:
        raise RuntimeError("the demo's draw did not close")
    draw = seats.prepare_draw(draw=draw, now=closing + dt.timedelta(minutes=1))
    thrown = closing + dt.timedelta(hours=19)
    seats.throw_dice(draw=draw, actor=cast.steward, now=thrown, values=THROWN)
    seats.finish_draw(draw=draw, now=thrown + dt.timedelta(seconds=5))


def _open(cast: Cast, now: datetime) -> None:
    """Entries are open: more ask than there are seats, with places for each kind of work."""
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
    give_terms(cast, workshop, terms, now)
    _targets(cast, workshop, now)
    put_out(cast, workshop, now, "Aoife Brennan", "Samuel Okoro")
    for person in cast.others(skip=1)[:24]:
        ask(workshop, person, now)


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
        starts_at=at(now, days=13, hour=16, minute=30),
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
    give_terms(cast, workshop, terms, asked)
    put_out(cast, workshop, asked, "Grace Mensah")
    for person in cast.others(skip=2)[:16]:
        ask(workshop, person, asked)
    draw = seats.freeze_entries(workshop=workshop, now=closing)
    if draw is not None:
        seats.prepare_draw(draw=draw, now=closing)


def _targets(cast: Cast, workshop: Workshop, now: datetime) -> None:
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
