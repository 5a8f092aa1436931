"""What the demo community has held: two sessions with their attendance, feedback, and one contested record."""

from __future__ import annotations

import datetime as dt
from datetime import datetime

from convene.apps.attendance import services as attendance
from convene.apps.attendance.models import Attendance
from convene.apps.people.models import Person
from convene.apps.seats import services as seats
from convene.apps.seats.models import Registration
from convene.apps.workshops import services as workshops
from convene.apps.workshops.models import Session, Workshop
from convene.web.commands.demo.people import ZONE, Cast
from convene.web.commands.demo.times import at

FEEDBACK = (
    (5, 4, "More time for the third case."),
    (4, 5, ""),
    (5, 5, "Send the fluorescent powder recipe round."),
    (3, 4, "The room was hard to find from the car park."),
    (4, 3, ""),
    (5, 5, "Let the cleaners speak first, as this time."),
    (4, 4, ""),
)


def write(cast: Cast, now: datetime) -> None:
    _outbreak_debrief(cast, now)
    _gloves(cast, now)


def _outbreak_debrief(cast: Cast, now: datetime) -> None:
    start = at(now, days=-34, hour=14)
    then = start - dt.timedelta(days=18)
    debrief = workshops.create_workshop(
        community=cast.community,
        template="debrief",
        title="The norovirus week on ward 4",
        actor=cast.steward,
        now=then,
        starts_at=start,
        minutes=90,
        zone=ZONE,
        place="Seminar room 2, Northgate Infirmary",
        seats=16,
        minimum=4,
        summary="What we saw on day one, what we did on day two, and what we would do now.",
        format=Workshop.Format.IN_PERSON,
        recording=Workshop.Recording.CHATHAM,
    )
    seated = _held(cast, debrief, cast.others()[:13], then, start)
    presence(cast, debrief, seated, came=11)
    for seat, (useful, said, change) in zip(seated, FEEDBACK, strict=False):
        attendance.give_feedback(
            registration=seat, useful=useful, said=said, change=change, now=start + dt.timedelta(hours=3)
        )
    _contest(debrief, seated[-1], start + dt.timedelta(days=1))


def _gloves(cast: Cast, now: datetime) -> None:
    start = at(now, days=-13, hour=10)
    then = start - dt.timedelta(days=15)
    workshop = workshops.create_workshop(
        community=cast.community,
        template="skills",
        title="Gloves: when not to",
        actor=cast.steward,
        now=then,
        starts_at=start,
        minutes=120,
        zone=ZONE,
        join_url="https://video.demo.example/gloves",
        seats=12,
        minimum=4,
        summary="Seven situations from real wards: gloves, or clean hands?",
        outcomes="Say for a task whether gloves protect or spread\nTake gloves off without touching their outside",
        counts_minutes=True,
    )
    names = ("Tomasz Lis", "Lena Fischer", "Maeve Dunne", "Owen Price", "Zofia Nowak", "Hanna Virtanen")
    people = [*cast.by_name(*names), *cast.others(skip=12)[:4]]
    seated = _held(cast, workshop, people, then, start)
    presence(cast, workshop, seated, came=9)


def _held(
    cast: Cast, workshop: Workshop, people: list[Person], then: datetime, start: datetime
) -> list[Registration]:
    """Led by Grace, published, asked for, confirmed, held."""
    lead(cast, workshop, then)
    workshops.publish_workshop(workshop=workshop, actor=cast.steward, now=then)
    seated = []
    for hours, person in enumerate(people, start=1):
        asked = then + dt.timedelta(hours=7 * hours)
        seated.append(seats.request_seat(workshop=workshop, person=person, actor=person, now=asked))
    workshop.refresh_from_db()
    workshops.mark_held(workshop=workshop, actor=cast.steward, now=start + dt.timedelta(hours=4))
    return seated


def lead(cast: Cast, workshop: Workshop, then: datetime) -> None:
    for name in ("Grace Mensah", "Pieter de Wit"):
        person = cast.people[name]
        invited = workshops.invite_facilitator(workshop=workshop, person=person, actor=cast.steward, now=then)
        workshops.answer_facilitation(facilitation=invited, answer="accepted", actor=person, now=then)


def presence(cast: Cast, workshop: Workshop, seated: list[Registration], *, came: int) -> None:
    session = Session.objects.select_related("workshop").get(workshop=workshop)
    online = workshop.format != Workshop.Format.IN_PERSON
    for minutes, registration in enumerate(seated[:came]):
        arrived = session.starts_at + dt.timedelta(minutes=2 * minutes - 6)
        if online:
            source = Attendance.Source.JOIN_LINK
            attendance.arrive(registration=registration, session=session, source=source, now=arrived)
        else:
            attendance.mark_at_door(
                registration=registration,
                session=session,
                state="attended",
                actor=cast.people["Samuel Okoro"],
                now=arrived,
            )
    attendance.close_session(session=session, actor=cast.steward, now=session.ends_at)


def _contest(workshop: Workshop, registration: Registration, now: datetime) -> None:
    session = Session.objects.select_related("workshop").get(workshop=workshop)
    attendance.contest(
        registration=registration,
        session=session,
        claim="attended",
        text="I came in late by the side door and sat at the back; Aoife saw me.",
        actor=registration.person,
        now=now,
    )
