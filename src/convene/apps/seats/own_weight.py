"""What is remembered of one person, as they read it: what counts, when it fades, what it means next time."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from convene.apps.communities.models import Community
from convene.apps.people.models import Person
from convene.apps.seats.explaining import weight_in_words
from convene.apps.seats.models import Correction, Entry, Registration, SeatPolicy
from convene.apps.seats.remembering import facts_of, remembered
from convene.apps.seats.rules import MOST_WEIGHT, Kind, State
from convene.apps.seats.rules.text import memory_text
from convene.apps.workshops.models import Workshop

_PARTS = {
    4: gettext_lazy("fully"),
    3: gettext_lazy("three quarters"),
    2: gettext_lazy("half"),
    1: gettext_lazy("a quarter"),
}


@dataclass(frozen=True)
class Line:
    """One time passed over, as it counts today."""

    title: str
    at: dt.datetime
    counts: str
    until: dt.date
    corrected: bool


@dataclass(frozen=True)
class Ahead:
    """A draw they stand in: the weight it was frozen with, or would be frozen with today."""

    title: str
    words: str


@dataclass(frozen=True)
class Own:
    community: Community
    weight: str
    lines: list[Line]
    seat: str
    seat_at: dt.datetime | None
    ahead: list[Ahead]
    corrections: list[Correction]
    rule: list[str]


def own_weight(person: Person, community: Community, *, now: dt.datetime) -> Own:
    facts = facts_of([person.pk], community.pk, now=now)[person.pk]
    known = facts.weighed(now=now, most_weight=MOST_WEIGHT)
    corrections = list(
        Correction.objects.filter(person=person, workshop__community=community).select_related("workshop")
    )
    agreed = {row.workshop_id for row in corrections if row.state == Correction.State.AGREED}
    named = [each.missed.workshop_id for each in known.counted]
    titles = _titles([*named, *([facts.seat_workshop] if facts.seat_workshop else [])])
    return Own(
        community=community,
        weight=weight_in_words(float(known.weight)),
        lines=[
            Line(
                title=titles[each.missed.workshop_id],
                at=each.missed.at,
                counts=str(_PARTS[int(each.part * 4)]),
                until=each.until,
                corrected=each.missed.workshop_id in agreed,
            )
            for each in known.counted
        ],
        seat=titles.get(facts.seat_workshop, "") if facts.seat_workshop else "",
        seat_at=facts.seat_at,
        ahead=_ahead(person, community, now),
        corrections=corrections,
        rule=memory_text(SeatPolicy(kind=Kind.DRAW)),
    )


def _titles(ids: Collection[UUID]) -> dict[UUID, str]:
    return dict(Workshop.objects.filter(pk__in=ids).values_list("pk", "title"))


def _ahead(person: Person, community: Community, now: dt.datetime) -> list[Ahead]:
    rows = Registration.objects.filter(
        person=person, workshop__community=community, state=State.POOLED
    ).select_related("workshop")
    frozen = dict(Entry.objects.filter(registration__in=rows).values_list("registration_id", "weight"))
    policies = {
        policy.workshop_id: policy
        for policy in SeatPolicy.objects.filter(workshop__in=rows.values("workshop")).select_related(
            "workshop"
        )
    }
    return [
        Ahead(row.workshop.title, _in_draw(row, policies[row.workshop_id], frozen.get(row.pk), now))
        for row in rows.order_by("entered_at")
    ]


def _in_draw(row: Registration, policy: SeatPolicy, frozen: float | None, now: dt.datetime) -> str:
    if not policy.remembers:
        return _("In this draw everyone weighs the same.")
    if frozen is not None:
        return _("Entries are closed; you stand in it with the weight %(weight)s.") % {
            "weight": weight_in_words(frozen)
        }
    found = remembered(policy, [row], now=now)[row.pk]
    words = _("If entries closed now, you would have the weight %(weight)s.") % {
        "weight": weight_in_words(found.weight)
    }
    return f"{words} {_('You would be among those for whom places are held.')}" if found.long else words


def own_weights(person: Person, *, now: dt.datetime) -> list[Own]:
    """Of each community in which they asked for a seat."""
    asked = Registration.objects.filter(person=person).values("workshop__community")
    return [
        own_weight(person, community, now=now)
        for community in Community.objects.filter(pk__in=asked).order_by("name")
    ]
