"""A time together: each slot in each person's own hour, in the order that spreads odd hours fairly."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, QuerySet
from django.utils.formats import date_format

from convene.apps.people.models import Person
from convene.apps.workshops.models import Facilitation, Invitee, OddHour, Slot, SlotAnswer, Workshop
from convene.apps.workshops.rules import times

REMEMBERED = dt.timedelta(days=365)


def asked_invitees(workshop: Workshop) -> QuerySet[Invitee]:
    """Invited, and not known to stay away."""
    return (
        workshop.invitees.exclude(state=Invitee.State.LISTED)
        .exclude(answer=Invitee.Answer.NOT_COMING)
        .select_related("person")
        .order_by("person__name")
    )


def asked_facilitators(workshop: Workshop) -> QuerySet[Facilitation]:
    return (
        workshop.facilitations.exclude(state=Facilitation.State.DECLINED)
        .select_related("person")
        .order_by("person__name")
    )


def is_asked(workshop: Workshop, person_id: UUID) -> bool:
    return (
        asked_invitees(workshop).filter(person_id=person_id).exists()
        or asked_facilitators(workshop).filter(person_id=person_id).exists()
    )


def odd_hours_borne(workshop: Workshop, now: dt.datetime) -> Mapping[UUID, int]:
    """Odd hours of the last year in this community, by person; one query."""
    rows = (
        OddHour.objects.filter(community_id=workshop.community_id, borne_at__gt=now - REMEMBERED)
        .values_list("person_id")
        .annotate(count=Count("id"))
    )
    return dict(rows)


@dataclass(frozen=True)
class Hour:
    """One slot for one person."""

    person: Person
    local: dt.datetime
    is_odd: bool
    answer: str
    answer_label: str
    zone_known: bool

    @property
    def local_text(self) -> str:
        """Their day and hour; the template would turn it into the reader's own zone."""
        return date_format(self.local, "D j M, H:i")


@dataclass(frozen=True)
class SlotRow:
    slot: Slot
    hours: tuple[Hour, ...]
    yes: int
    if_need_be: int
    no: int
    odd: int


@dataclass(frozen=True)
class SlotTable:
    people: tuple[tuple[Person, int], ...]
    """Each with the odd hours borne so far."""
    rows: tuple[SlotRow, ...]
    """Best first."""


def clock_of(person: Person, fallback: str) -> times.Clock:
    return times.Clock(person.zone or fallback, person.decent_from, person.decent_until)


def slot_table(workshop: Workshop, now: dt.datetime) -> SlotTable:
    """Five queries, whatever the number of slots and people."""
    people = {f.person_id: f.person for f in asked_facilitators(workshop)}
    people |= {i.person_id: i.person for i in asked_invitees(workshop)}
    borne = odd_hours_borne(workshop, now)
    slots = list(workshop.slots.all())
    answers = {
        (answer.slot_id, answer.person_id): answer
        for answer in SlotAnswer.objects.filter(slot__workshop=workshop)
    }
    everyone = sorted(people.values(), key=lambda person: person.name.casefold())
    rows = {slot.pk: _row(slot, everyone, answers, workshop.community.zone) for slot in slots}
    facts = [
        times.SlotFacts(
            key=row.slot.pk,
            starts_at=row.slot.starts_at,
            cannot=row.no,
            rather_not=row.if_need_be,
            odd_for=frozenset(hour.person.pk for hour in row.hours if hour.is_odd),
        )
        for row in rows.values()
    ]
    memory: dict[object, int] = {person_id: count for person_id, count in borne.items()}  # noqa: C416  # widens the key type
    ordered = times.order_slots(facts, list(people), memory)
    return SlotTable(
        people=tuple((person, borne.get(person.pk, 0)) for person in everyone),
        rows=tuple(row for fact in ordered for row in rows.values() if row.slot.pk == fact.key),
    )


def _row(
    slot: Slot, people: list[Person], answers: Mapping[tuple[UUID, UUID], SlotAnswer], fallback: str
) -> SlotRow:
    hours = tuple(_hour(slot, person, answers.get((slot.pk, person.pk)), fallback) for person in people)
    count = {value: sum(hour.answer == value for hour in hours) for value in SlotAnswer.Answer.values}
    return SlotRow(
        slot=slot,
        hours=hours,
        yes=count[SlotAnswer.Answer.YES],
        if_need_be=count[SlotAnswer.Answer.IF_NEED_BE],
        no=count[SlotAnswer.Answer.NO],
        odd=sum(hour.is_odd for hour in hours),
    )


def _hour(slot: Slot, person: Person, answer: SlotAnswer | None, fallback: str) -> Hour:
    clock = clock_of(person, fallback)
    return Hour(
        person=person,
        local=times.local_time(slot.starts_at, clock.zone),
        is_odd=not times.is_decent(slot.starts_at, slot.ends_at, clock),
        answer=answer.answer if answer else "",
        answer_label=answer.get_answer_display() if answer else "",
        zone_known=bool(person.zone),
    )


def own_hours(workshop: Workshop, person: Person, zone: str, now: dt.datetime) -> list[tuple[Slot, Hour]]:
    """Slots still to come, each in this person's own hour with their answer; two queries."""
    answers = {
        (answer.slot_id, answer.person_id): answer
        for answer in SlotAnswer.objects.filter(slot__workshop=workshop, person=person)
    }
    coming = workshop.slots.filter(starts_at__gt=now)
    return [(slot, _hour(slot, person, answers.get((slot.pk, person.pk)), zone)) for slot in coming]
