"""The map as its readers may see it. A number of queries that does not grow with it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from django.db.models import QuerySet

from convene.apps.capabilities import ports
from convene.apps.capabilities.models import Depth, Outcome, Qualification
from convene.apps.capabilities.outcomes import rules
from convene.apps.capabilities.outcomes.rules import Item
from convene.apps.communities.models import Membership
from convene.apps.communities.permissions import is_steward
from convene.apps.communities.queries import members_visible_to

if TYPE_CHECKING:
    from convene.apps.communities.permissions import Actor


def on_the_map(community_id: UUID) -> QuerySet[Outcome]:
    return Outcome.objects.filter(community_id=community_id, taken_off_at=None).order_by("position", "code")


def taken_off(community_id: UUID) -> QuerySet[Outcome]:
    return Outcome.objects.filter(community_id=community_id, taken_off_at__isnull=False).order_by("code")


def item_of(outcome: Outcome) -> Item:
    return Item(outcome.identifier, outcome.code, outcome.title, outcome.part, dict(outcome.depths))


def known_items(community_id: UUID) -> dict[UUID, Item]:
    rows = Outcome.objects.filter(community_id=community_id).order_by("position", "code")
    return {outcome.identifier: item_of(outcome) for outcome in rows}


def parts(outcomes: Sequence[Outcome]) -> list[tuple[str, list[Outcome]]]:
    """Headings in the order in which they first come, each with its outcomes."""
    found: dict[str, list[Outcome]] = {}
    for outcome in outcomes:
        found.setdefault(outcome.part, []).append(outcome)
    return list(found.items())


def depth_words(outcome: Outcome) -> list[tuple[str, str]]:
    """Depth as it is called, and what it means here; depths without words are left out."""
    return [
        (str(Depth(depth).label), outcome.depths[depth])
        for depth in rules.DEPTHS
        if outcome.depths.get(depth)
    ]


@dataclass(frozen=True)
class Teacher:
    """Someone who can teach an outcome. `by`: who said so; empty when that is nobody known any more."""

    qualification: Qualification
    name: str
    by: str
    last_taught: dt.date | None
    in_force: bool
    ends_soon: bool


def teachers(reader: Actor, community_id: UUID, today: dt.date) -> dict[UUID, list[Teacher]]:
    """Outcome -> who can teach it. Members see those in force who agreed to be listed; stewards see all."""
    rows = (
        Qualification.objects.filter(outcome__community_id=community_id, ended_on=None)
        .select_related("person", "qualified_by")
        .order_by("person__name", "pk")
    )
    steward = is_steward(reader, community_id)
    if not steward:
        seen = members_visible_to(reader, community_id).order_by().values("person_id")
        rows = rows.filter(person_id__in=seen)
    taught = ports.last_taught(community_id)
    found: dict[UUID, list[Teacher]] = {}
    for row in rows:
        teacher = _teacher(row, taught, today)
        if steward or teacher.in_force:
            found.setdefault(row.outcome_id, []).append(teacher)
    return found


def _teacher(row: Qualification, taught: Mapping[tuple[UUID, UUID], dt.date], today: dt.date) -> Teacher:
    in_force = rules.is_in_force(expires_on=row.expires_on, ended_on=row.ended_on, today=today)
    return Teacher(
        qualification=row,
        name=row.person.name,
        by=row.qualified_by.name if row.qualified_by else "",
        last_taught=taught.get((row.person_id, row.outcome_id)),
        in_force=in_force,
        ends_soon=in_force and row.expires_on is not None and row.expires_on <= today + rules.SOON,
    )


def possible_teachers(community_id: UUID) -> QuerySet[Membership]:
    return (
        Membership.objects.filter(community_id=community_id, state=Membership.State.ACTIVE)
        .select_related("person")
        .order_by("person__name", "pk")
    )
