"""Who met whom: read from the tables at which people truly sat. The one source; nothing else keeps it.

Whoever is erased loses their places, and with them everyone's memory of having met them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import combinations
from uuid import UUID

from django.db.models import Count, F, Q, QuerySet

from convene.apps.rooms.models import Participant, Placement, Room

SMALL_SESSION = 8
"""In a session of so few all have met, though less than at one table."""
_CAME = ~Q(state=Participant.State.EXPECTED)


@dataclass(frozen=True, slots=True)
class Meeting:
    """Two people at one table, or in one small session. `one` comes before `other` by id."""

    one: UUID
    other: UUID
    at: datetime
    session_id: UUID
    at_table: bool

    @property
    def pair(self) -> tuple[UUID, UUID]:
        return self.one, self.other


@dataclass(frozen=True)
class Scope:
    """Which meetings are wanted. `people`: both of them. `of`: one of them is this person.

    `over`: only of sessions that have ended. `other_than`: a grouping that is left out.
    """

    until: datetime
    since: datetime | None = None
    community_id: UUID | None = None
    people: Collection[UUID] | None = None
    of: UUID | None = None
    over: bool = False
    other_than: UUID | None = None


def meetings(scope: Scope) -> list[Meeting]:
    """Once for each table two people shared; once for a small session if they shared none. Two queries."""
    at_tables = list(_at_tables(scope))
    known = {(*one.pair, one.session_id) for one in at_tables}
    found = [
        *at_tables,
        *(one for one in _in_small_sessions(scope) if (*one.pair, one.session_id) not in known),
    ]
    return [one for one in found if scope.of is None or scope.of in one.pair]


def _seated(until: datetime) -> QuerySet[Placement]:
    """Rounds that were reached, of those who came and had not gone before the tables were shown."""
    stayed = Q(participant__left_at=None) | Q(participant__left_at__gt=F("grouping__published_at"))
    return Placement.objects.filter(
        stayed, grouping__published_at__lte=until, round__lte=F("grouping__current_round")
    ).exclude(participant__state=Participant.State.EXPECTED)


def _at_tables(scope: Scope) -> Iterator[Meeting]:
    rows = _seated(scope.until)
    if scope.since is not None:
        rows = rows.filter(grouping__published_at__gte=scope.since)
    if scope.community_id is not None:
        rows = rows.filter(grouping__room__session__workshop__community_id=scope.community_id)
    if scope.people is not None:
        rows = rows.filter(participant__person_id__in=scope.people)
    if scope.of is not None:
        mine = _seated(scope.until).filter(participant__person_id=scope.of)
        rows = rows.filter(group_id__in=mine.values("group_id"))
    if scope.other_than is not None:
        rows = rows.exclude(grouping_id=scope.other_than)
    if scope.over:
        rows = rows.filter(grouping__room__state=Room.State.OVER)
    found = rows.values_list(
        "group_id", "participant__person_id", "grouping__published_at", "grouping__room__session_id"
    )
    yield from _pairs(found, at_table=True)


def _in_small_sessions(scope: Scope) -> Iterator[Meeting]:
    rooms = Room.objects.filter(state=Room.State.OVER, ended_at__lte=scope.until)
    if scope.since is not None:
        rooms = rooms.filter(ended_at__gte=scope.since)
    if scope.community_id is not None:
        rooms = rooms.filter(session__workshop__community_id=scope.community_id)
    if scope.of is not None:
        mine = Participant.objects.filter(_CAME, person_id=scope.of)
        rooms = rooms.filter(pk__in=mine.values("room_id"))
    came = Count("participants", filter=~Q(participants__state=Participant.State.EXPECTED))
    small = rooms.annotate(came=came).filter(came__gte=2, came__lte=SMALL_SESSION)
    rows = Participant.objects.filter(_CAME, room__in=small.values("pk"), person__erased_at=None)
    if scope.people is not None:
        rows = rows.filter(person_id__in=scope.people)
    found = rows.values_list("room_id", "person_id", "room__ended_at", "room__session_id")
    yield from _pairs(found, at_table=False)


def _pairs(
    rows: QuerySet[Placement, tuple[UUID, UUID, datetime | None, UUID]]
    | QuerySet[Participant, tuple[UUID, UUID, datetime | None, UUID]],
    *,
    at_table: bool,
) -> Iterator[Meeting]:
    """Everyone of one table or room with everyone else there."""
    sat: dict[UUID, list[UUID]] = defaultdict(list)
    facts: dict[UUID, tuple[datetime, UUID]] = {}
    for place, person_id, at, session_id in rows:
        assert at is not None  # filtered by it
        sat[place].append(person_id)
        facts[place] = (at, session_id)
    for place, people in sat.items():
        for one, other in combinations(sorted(people), 2):
            yield Meeting(one, other, *facts[place], at_table=at_table)
