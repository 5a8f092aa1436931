"""People someone met, by the session in which they last did; and what the two share."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q

from convene.apps.connections.models import ContactCard, Exchange
from convene.apps.people.models import Person
from convene.apps.people.queries import people_consenting
from convene.apps.people.rules import Purpose
from convene.apps.rooms.queries.meetings import Meeting, Scope, meetings
from convene.apps.workshops.models import Session


@dataclass(frozen=True)
class Met:
    """`asked`: I said yes, and nobody knows. `contact`: what they share with me; both said yes."""

    person: Person
    times: int
    at_table: bool
    asked: bool
    contact: str


@dataclass(frozen=True)
class Gathering:
    """A session, and everyone whom one met there last."""

    session: Session
    people: list[Met]


def meetings_of(person_id: UUID, now: datetime) -> list[Meeting]:
    """In sessions that are over."""
    return meetings(Scope(of=person_id, until=now, over=True))


def met_ids(person_id: UUID, now: datetime) -> set[UUID]:
    return {other_of(one, person_id) for one in meetings_of(person_id, now)}


def other_of(meeting: Meeting, person_id: UUID) -> UUID:
    return meeting.other if meeting.one == person_id else meeting.one


def people_met(person: Person, now: datetime) -> list[Gathering]:
    """The latest session first; a fixed number of queries."""
    times: dict[UUID, set[UUID]] = defaultdict(set)
    last: dict[UUID, Meeting] = {}
    for meeting in sorted(meetings_of(person.pk, now), key=lambda one: (one.at, one.at_table)):
        other = other_of(meeting, person.pk)
        times[other].add(meeting.session_id)
        last[other] = meeting
    people = Person.objects.filter(pk__in=last, erased_at=None).order_by("name", "pk")
    shared, asked = contacts_shown_to(person.pk), asked_by(person.pk)
    by_session: dict[UUID, list[Met]] = defaultdict(list)
    for other_person in people:
        met = last[other_person.pk]
        by_session[met.session_id].append(
            Met(
                person=other_person,
                times=len(times[other_person.pk]),
                at_table=met.at_table,
                asked=other_person.pk in asked,
                contact=shared.get(other_person.pk, ""),
            )
        )
    sessions = Session.objects.filter(pk__in=by_session).select_related("workshop__community")
    return [Gathering(one, by_session[one.pk]) for one in sessions.order_by("-starts_at", "pk")]


def contact_of(person_id: UUID) -> str:
    """The contact someone shares; empty without a standing consent."""
    return contacts_of({person_id}).get(person_id, "")


def contacts_of(person_ids: set[UUID]) -> dict[UUID, str]:
    agreed = people_consenting(Purpose.CONTACT, person_ids=person_ids)
    return dict(ContactCard.objects.filter(person_id__in=agreed).values_list("person_id", "text"))


def contacts_shown_to(person_id: UUID) -> dict[UUID, str]:
    """Of everyone who said yes as this person did; both consents must stand at this moment."""
    mine = Exchange.objects.filter(Q(one=person_id) | Q(other=person_id), shared_at__isnull=False)
    others = {other if one == person_id else one for one, other in mine.values_list("one_id", "other_id")}
    found = contacts_of({*others, person_id})
    return {other: text for other, text in found.items() if other != person_id and person_id in found}


def asked_by(person_id: UUID) -> set[UUID]:
    """To whom this person said yes; of the others' answers nothing."""
    as_one = Exchange.objects.filter(one=person_id, one_yes_at__isnull=False)
    as_other = Exchange.objects.filter(other=person_id, other_yes_at__isnull=False)
    return {*as_one.values_list("other_id", flat=True), *as_other.values_list("one_id", flat=True)}
