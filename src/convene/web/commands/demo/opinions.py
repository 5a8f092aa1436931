"""What the demo community thinks: an open inquiry with two camps and much in common, and one on what to learn."""

from __future__ import annotations

import datetime as dt
import random
from datetime import datetime

from convene.apps.people.models import Person
from convene.apps.voices import keys, services
from convene.apps.voices.models import Inquiry
from convene.web.commands.demo.people import Cast

# Text; how likely those who look from the ward agree, and those who look from the laboratory.
VIEWS = (
    ("Visitors should be asked to wash their hands, every time.", 0.95, 0.92),
    ("We talk too little with cleaning staff.", 0.88, 0.9),
    ("A short checklist on the door changes what people do.", 0.85, 0.35),
    ("Numbers from the laboratory should be on the ward's wall every week.", 0.3, 0.9),
    ("Gloves are worn far too often.", 0.8, 0.75),
    ("Nobody should be named when something goes wrong.", 0.93, 0.85),
    ("Swabbing everyone on arrival is worth what it costs.", 0.2, 0.85),
    ("What we lack is time, not knowledge.", 0.9, 0.3),
    ("New guidance should be tried on two wards before all of them.", 0.75, 0.88),
    ("Posters do nothing after the first week.", 0.7, 0.6),
    ("Patients should be told our infection rates.", 0.5, 0.55),
    ("Doctors are harder to convince than nurses.", 0.85, 0.25),
    ("Each ward needs one person with an hour a week for this.", 0.95, 0.9),
    ("Our meetings should include someone who was a patient.", 0.8, 0.7),
)
TOPICS = (
    ("Reading a laboratory report without a laboratory", 0.75, 0.2),
    ("Telling a consultant to wash their hands", 0.7, 0.35),
    ("Cleaning equipment that has a power cable", 0.5, 0.2),
    ("Sequencing: what a cluster tells and what not", 0.1, 0.8),
    ("Screening costs and what they save", 0.15, 0.75),
    ("What to do in the first hour of a flood", 0.3, 0.25),
    ("Why do outbreaks end by themselves?", 0.4, 0.65),
    ("Writing a letter to relatives", 0.35, 0.1),
)


ANSWERED, PASSED = 0.9, 0.06


def write(cast: Cast, now: datetime) -> None:
    then = now - dt.timedelta(days=5)
    views = _ask(
        cast,
        then,
        services.Terms(
            question="What keeps infections down where you work?",
            intro="Before we plan the winter: what each of us sees from where we stand.",
            seeds=[text for text, *_rest in VIEWS],
            closes_at=now + dt.timedelta(days=9),
        ),
    )
    _answer(cast, views, VIEWS, then)
    topics = _ask(
        cast,
        then,
        services.Terms(
            question="What shall we learn next?",
            kind=Inquiry.Kind.TOPICS,
            places=4,
            seeds=[text for text, *_rest in TOPICS],
            closes_at=now + dt.timedelta(days=9),
        ),
    )
    _answer(cast, topics, TOPICS, then)


def _ask(cast: Cast, then: datetime, terms: services.Terms) -> Inquiry:
    inquiry = services.make_inquiry(community=cast.community, terms=terms, actor=cast.steward, now=then)
    services.ask_everyone(inquiry=inquiry, actor=cast.steward, now=then)
    return inquiry


def _answer(
    cast: Cast, inquiry: Inquiry, views: tuple[tuple[str, float, float], ...], then: datetime
) -> None:
    """Most members vote on most statements; a third look from the laboratory. Tomasz has yet to."""
    chance = random.Random(11)  # noqa: S311  # the same demo each time
    statements = list(inquiry.statements.order_by("number"))
    for place, person in enumerate(cast.others()):
        voter = keys.of_person(person.pk, inquiry.salt)
        for statement, (_text, ward, laboratory) in zip(statements, views, strict=True):
            if chance.random() < ANSWERED:
                agrees = chance.random() < (laboratory if place % 3 == 0 else ward)
                value = 0 if chance.random() < PASSED else 1 if agrees else -1
                services.cast(statement=statement, voter=voter, value=value, now=then)
    _say(cast.people["Grace Mensah"], inquiry, then)
    services.release(inquiry_id=inquiry.pk, now=then)


def _say(person: Person, inquiry: Inquiry, then: datetime) -> None:
    if inquiry.kind == Inquiry.Kind.VIEWS:
        voter = keys.of_person(person.pk, inquiry.salt)
        text = "The night shift is never asked."
        services.say(inquiry=inquiry, voter=voter, text=text, now=then)
