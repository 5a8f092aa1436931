"""What a request must know about the person, read behind the lock in one statement."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Exists, Min, Subquery
from django.utils.translation import gettext as _

from convene.apps.communities.models import Membership
from convene.apps.people.models import Person
from convene.apps.seats import rules
from convene.apps.seats.models import Pool, Registration
from convene.apps.seats.queries import overlapping_sessions
from convene.apps.seats.rules import State
from convene.apps.seats.services.gate import Gate
from convene.apps.workshops.models import Invitee, Session, Workshop
from convene.foundation.errors import RuleBroken
from convene.foundation.times import moment


@dataclass(frozen=True)
class Known:
    person: Person
    existing: Registration | None
    overlapping: Workshop | None
    overlaps_at: dt.datetime | None
    refused: bool
    invited: bool
    someone_waits: bool
    starts_at: dt.datetime | None
    tier: str
    organisation_id: UUID | None


def hold_still(person: Person) -> None:
    """Two requests of one person in the same instant go one after the other, in different workshops too.

    SQLite lets one writer in at a time anyway. Order is always policy, then person, so no two wait for
    each other.
    """
    if connection.features.has_select_for_update:
        Person.objects.select_for_update(no_key=True).values_list("pk").get(pk=person.pk)


def what_is_known(gate: Gate, person: Person) -> Known:
    workshop = gate.workshop
    own = Registration.objects.filter(workshop_id=workshop.pk, person_id=person.pk)
    member = Membership.objects.filter(
        community_id=workshop.community_id, person_id=person.pk, state=Membership.State.ACTIVE
    )
    others = overlapping_sessions(workshop.pk, person.pk)
    first = (
        Session.objects.filter(workshop_id=workshop.pk)
        .order_by()
        .values("workshop_id")
        .annotate(first=Min("starts_at"))
    )
    waits = Registration.objects.filter(workshop_id=workshop.pk, state__in=rules.WAITING)
    row: Mapping[str, Any] = (
        Person.objects.filter(pk=person.pk)
        .values("pk")
        .annotate(
            existing=Subquery(own.filter(state__in=rules.LIVE).values("pk")[:1]),
            refused=Exists(own.filter(state=State.DECLINED_BY_APPROVER)),
            overlapping=Subquery(others.values("workshop_id")[:1]),
            overlaps_at=Subquery(others.values("starts_at")[:1]),
            invited=Exists(
                Invitee.objects.filter(workshop_id=workshop.pk, person_id=person.pk)
                .exclude(state=Invitee.State.LISTED)
                .exclude(answer=Invitee.Answer.NOT_COMING)
            ),
            someone_waits=Exists(waits),
            first_start=Subquery(first.values("first")[:1]),
            tier=Subquery(member.values("tier")[:1]),
            organisation=Subquery(member.values("organisation_id")[:1]),
        )
        .get()
    )
    gate.starts_at = row["first_start"]
    existing = row["existing"] and Registration.objects.select_related("pool").get(pk=row["existing"])
    overlapping = row["overlapping"] and Workshop.objects.get(pk=row["overlapping"])
    return Known(
        person=person,
        existing=existing,
        overlapping=overlapping,
        overlaps_at=row["overlaps_at"],
        refused=row["refused"],
        invited=row["invited"],
        someone_waits=row["someone_waits"],
        starts_at=row["first_start"],
        tier=row["tier"] or "",
        organisation_id=row["organisation"],
    )


def check_overlap(known: Known) -> None:
    if known.overlapping is None or known.overlaps_at is None:
        return
    raise RuleBroken(
        _("You have a seat in “%(title)s” then (%(when)s). Ask anyway?")
        % {
            "title": known.overlapping.title,
            "when": moment(known.overlaps_at),
        },
        code="overlap",
        field="overlap_ok",
        params={"workshop_id": known.overlapping.pk},
    )


def pool_to_ask(gate: Gate, known: Known, *, wanted: Pool | None) -> Pool | None:
    """The pool asked for, if it is for this person and open; else the best one. None without pools."""
    pools = gate.pools()
    if not pools:
        return None
    mine = rules.pools_for(pools, tier=known.tier, organisation_id=known.organisation_id, now=gate.now)
    if wanted is None:
        return mine[0]
    for pool in mine:
        if pool.pk == wanted.pk:
            return pool
    raise RuleBroken(_("These seats are kept for others, or not open yet."), code="no_pool", field="pool")


def any_pool(gate: Gate, known: Known) -> Pool | None:
    """For a steward's hand and for the door: a free seat that is meant for the person, else any free seat."""
    pools = gate.pools()
    if not pools:
        return None
    return min(
        pools,
        key=lambda pool: (
            pool.taken >= pool.capacity,
            not rules.is_for(pool, tier=known.tier, organisation_id=known.organisation_id),
            pool.position,
        ),
    )
