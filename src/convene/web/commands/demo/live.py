"""A session of the demo that runs while one looks: half an hour in, tables published, hands up, questions asked."""

from __future__ import annotations

import datetime as dt
from datetime import datetime

from convene.apps.rooms.models import Participant, Question, Room
from convene.apps.rooms.services import agenda, groups, presence, turns
from convene.apps.seats.rules import Kind
from convene.apps.seats.services import PolicyTerms
from convene.apps.workshops import services as workshops
from convene.apps.workshops.models import Workshop
from convene.web.commands.demo.coming import ask, give_terms, put_out
from convene.web.commands.demo.people import ZONE, Cast

BEGAN = dt.timedelta(minutes=25)


def write(cast: Cast, now: datetime) -> None:
    start = (now - BEGAN).replace(second=0, microsecond=0)
    planned = start - dt.timedelta(days=9)
    workshop = workshops.create_workshop(
        community=cast.community,
        template="show_and_tell",
        title="What I changed on my ward this year",
        actor=cast.steward,
        now=planned,
        starts_at=start,
        minutes=120,
        zone=ZONE,
        place="Seminar room 2, Northgate Infirmary",
        seats=20,
        minimum=4,
        summary="Three short stories, then tables of four: what would it take on yours?",
        format=Workshop.Format.IN_PERSON,
        recording=Workshop.Recording.OPEN,
    )
    give_terms(cast, workshop, PolicyTerms(kind=Kind.FIRST_COME, capacity=20, minimum=4), planned)
    put_out(cast, workshop, planned, "Grace Mensah", "Pieter de Wit")
    for person in cast.others(skip=2)[:16]:
        ask(workshop, person, planned)
    _begin(cast, workshop, start)


def _begin(cast: Cast, workshop: Workshop, start: datetime) -> None:
    grace = cast.people["Grace Mensah"]
    session = workshop.sessions.get()
    room = agenda.start_session(session=session, actor=grace, now=start)
    seated = list(room.participants.filter(facilitates=False).select_related("registration", "person"))
    for place, participant in enumerate(seated[:14]):
        presence.arrive(
            participant=participant, session=session, now=start + dt.timedelta(seconds=20 * place)
        )
    first = room.blocks.first()
    agenda.next_block(
        room=room, after=first.pk if first else None, actor=grace, now=start + dt.timedelta(minutes=7)
    )
    _talk(room, cast, start + dt.timedelta(minutes=15))


def _talk(room: Room, cast: Cast, now: datetime) -> None:
    grace = cast.people["Grace Mensah"]
    made = groups.make_groups(
        room=room, wishes=groups.Wishes(groups=4, rounds=2, new_faces=75), actor=grace, now=now
    )
    groups.publish_groups(grouping=made, actor=grace, now=now)
    turns.switch_turns(room=room, on=True, turn_seconds=45, actor=grace, now=now)
    here = list(
        room.participants.filter(state=Participant.State.HERE, facilitates=False).select_related("room")
    )
    for place, participant in enumerate(here[:4]):
        turns.raise_hand(participant=participant, now=now + dt.timedelta(seconds=place))
    for participant in here[4:8]:
        turns.choose_openness(participant=participant, is_open=True)
    asked = [
        turns.ask(participant=here[5], text="Who paid for the new dispensers?", anonymous=True, now=now),
        turns.ask(participant=here[6], text="Did night shifts join in, and how?", anonymous=False, now=now),
    ]
    _vote(asked[0], here[7:12])
    _vote(asked[1], here[7:9])


def _vote(question: Question, voters: list[Participant]) -> None:
    for participant in voters:
        turns.vote(question=question, participant=participant, up=True)
