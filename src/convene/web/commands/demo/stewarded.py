"""What the community looks after, how deep one can know it, and who can teach it."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from convene.apps.capabilities.outcomes import services as outcomes
from convene.apps.stewardship import services as stewardship
from convene.apps.stewardship.board import services as board
from convene.apps.stewardship.hours import services as hours
from convene.apps.stewardship.practice import services as practice
from convene.apps.stewardship.rules import Line
from convene.web.commands.demo.people import Cast

MAP: tuple[tuple[str, str, str, dict[str, str]], ...] = (
    (
        "H1",
        "Clean hands at the five moments",
        "Every day",
        {
            "aware": "Knows that hands carry it",
            "converse": "Names the five moments and says why",
            "do": "Does it on a busy ward, and is seen doing it",
            "steward": "Teaches it, watches it, and changes what stands in the way",
        },
    ),
    (
        "H2",
        "Choose and wear what protects",
        "Every day",
        {
            "with_help": "Puts it on and takes it off with a card beside",
            "do": "Chooses by the route of infection",
        },
    ),
    (
        "H3",
        "Clean what goes from bed to bed",
        "Every day",
        {"do": "Says of each device who cleans it, and with what"},
    ),
    (
        "O1",
        "See an outbreak in the figures",
        "Outbreaks",
        {
            "aware": "Knows whom to call",
            "with_help": "Reads the chart with someone from the team",
            "do": "Draws the chart and says when it is more than chance",
        },
    ),
    (
        "O2",
        "Speak with a ward in the middle of an outbreak",
        "Outbreaks",
        {"converse": "Says what is known and what is not"},
    ),
    ("O3", "Close and open a ward", "Outbreaks", {}),
    (
        "L1",
        "Read a laboratory report",
        "Knowing why",
        {
            "converse": "Tells carriage from infection",
            "do": "Asks for the test that would change what is done",
        },
    ),
    ("L2", "Trace an instrument that came back wrong", "Knowing why", {}),
    (
        "T1",
        "Hold a session that others ask to have again",
        "Passing it on",
        {"steward": "Helps others to hold theirs"},
    ),
)
"""Code, what people can do, heading, what depths mean."""


AUDIENCES = (
    (
        "Infection control staff",
        "They look after it for everyone.",
        "key",
        60,
        "steward workshop|steward workshop|do workshop|steward conversation|steward conversation|do conversation|do workshop|do practice|steward practice",
    ),
    (
        "Ward nurses",
        "They touch patients all day.",
        "use",
        1400,
        "do workshop|do workshop|do material|aware workshop|converse practice||converse material|none|none",
    ),
    (
        "Cleaning staff",
        "They clean what goes from bed to bed.",
        "use",
        320,
        "do workshop|with_help workshop|do practice|none|none|none|none|none|none",
    ),
    (
        "Doctors in training",
        "They change wards every few months.",
        "use",
        210,
        "do course|do course|aware material|with_help workshop|converse workshop||do course|none|none",
    ),
    (
        "Heads of department",
        "They give people the time for it.",
        "informed",
        45,
        "aware workshop|aware workshop|none|converse workshop|aware workshop|converse conversation|none|none|none",
    ),
)
"""Name, what for, standing, about how many, and depth and route by outcome."""
OFFERS = (
    (
        "H3",
        "shadowing",
        "My round with the cleaning team of Eastfield, Thursdays at 6 in the morning",
        "Grace Mensah",
    ),
    (
        "O1",
        "coaching",
        "You draw the chart of your ward, I sit beside you; one hour, by video",
        "Pieter de Wit",
    ),
)
"""Outcome, how, what, and who offers."""
QUESTIONS = (
    ("Why do the figures fall in every hospital after a visit, and rise again six weeks later?", 8),
    ("What would a ward look like in which nobody needs to be reminded?", 3),
)
"""What nobody knows yet, and how many want to think about it."""
WHY = "They meet it every week; agreed with those who lead them."


def write(cast: Cast, now: datetime) -> None:
    made = [
        outcomes.add_outcome(
            community=cast.community,
            code=code,
            title=title,
            part=part,
            depths=depths,
            actor=cast.steward,
            now=now,
        )
        for code, title, part, depths in MAP
    ]
    members = cast.others()
    for place, outcome in enumerate(made[:7]):
        for offset in range(1 + place % 2):
            outcomes.qualify(
                outcome=outcome,
                person=members[2 * place + offset],
                expires_on=(now + timedelta(days=40 + 150 * offset)).date(),
                actor=cast.steward,
                now=now,
            )
    for name, about, standing, size, decided in AUDIENCES:
        audience = stewardship.add_audience(
            community=cast.community,
            name=name,
            about=about,
            standing=standing,
            size=size,
            actor=cast.steward,
            now=now,
        )
        stewardship.decide(
            audience=audience,
            lines=[
                _line(outcome.pk, said)
                for outcome, said in zip(made, decided.split("|"), strict=True)
                if said
            ],
            owner=cast.steward,
            review_on=(now + timedelta(days=365)).date(),
            actor=cast.steward,
            now=now,
        )

    for code, kind, what, host in OFFERS:
        outcome = next(one for one in made if one.code == code)
        practice.offer(outcome=outcome, kind=kind, what=what, actor=cast.people[host], now=now)
    hours.set_target(community=cast.community, most_training=50, actor=cast.steward, now=now)
    for text, wanted in QUESTIONS:
        asker, *others = members[-wanted:]
        question = board.ask(community=cast.community, text=text, actor=asker, now=now)
        for place, person in enumerate(others):
            board.think(question=question, may_name=place % 2 == 0, actor=person, now=now)


def _line(outcome_id: UUID, said: str) -> Line:
    *depth, route = said.split()
    return Line(outcome_id, "".join(depth), route, WHY, 0)
