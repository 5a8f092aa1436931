"""Groups as they are, and what a new one is made from. Of a person nothing but the table is shown."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import combinations
from uuid import UUID

from django.db.models import Prefetch

from convene.apps.communities.models import Membership
from convene.apps.rooms.models import Group, Grouping, Participant, Placement, Room
from convene.apps.rooms.rules import groups as rules
from convene.engines import grouping as engine

LOOKS_BACK = timedelta(days=730)
"""Meetings older than two years no longer count; the younger fade by half each half-year."""
FACILITATOR = "facilitator"
TIER = "tier"


@dataclass(frozen=True)
class Table:
    """One table of one round, with who sits there by name."""

    group: Group
    placements: list[Placement]


@dataclass(frozen=True)
class Seating:
    """A grouping with its rounds of tables, and its two bars in percent of the best possible."""

    grouping: Grouping
    rounds: list[list[Table]]

    @property
    def now(self) -> list[Table]:
        return self.rounds[self.grouping.current_round - 1] if self.rounds else []

    @property
    def mixing_percent(self) -> int:
        return rules.percent(self.grouping.mixing, self.grouping.mixing_bound)

    @property
    def fewest_repeats(self) -> bool:
        """Nobody meets again who could be spared it."""
        return self.grouping.repeats <= self.grouping.repeats_bound

    @property
    def last_round(self) -> bool:
        return self.grouping.current_round >= self.grouping.rounds_count


def seating_of(room: Room, *, state: str) -> Seating | None:
    """Three queries, however many tables."""
    seated = Placement.objects.select_related("participant__person").order_by("participant__person__name")
    tables = Group.objects.prefetch_related(Prefetch("placements", queryset=seated, to_attr="seated"))
    found = (
        Grouping.objects.filter(room=room, state=state)
        .prefetch_related(Prefetch("groups", queryset=tables, to_attr="tables"))
        .order_by("-made_at")
        .first()
    )
    if found is None:
        return None
    rounds: list[list[Table]] = [[] for _ in range(found.rounds_count)]
    for group in found.tables:
        rounds[group.round - 1].append(Table(group, group.seated))
    return Seating(found, rounds)


def here(room: Room) -> list[Participant]:
    present = room.participants.filter(state=Participant.State.HERE).select_related("person")
    return list(present.order_by("person__name", "pk"))


def table_of(participant: Participant) -> Table | None:
    """Where the participant sits in the round that is on, and with whom; two queries."""
    mine = (
        Placement.objects.filter(participant=participant, grouping__state=Grouping.State.PUBLISHED)
        .select_related("group", "grouping")
        .order_by("round")
    )
    place = next((one for one in mine if one.round == one.grouping.current_round), None)
    if place is None:
        return None
    others = (
        Placement.objects.filter(group=place.group)
        .select_related("participant__person")
        .order_by("participant__person__name")
    )
    return Table(place.group, list(others))


def ids_by_round(grouping: Grouping) -> list[list[list[str]]]:
    """As the engine reads them, in the order of the tables."""
    rounds: list[list[list[str]]] = [
        [[] for _ in range(grouping.groups_count)] for _ in range(grouping.rounds_count)
    ]
    rows = grouping.placements.order_by("participant_id").values_list(
        "round", "group__number", "participant_id"
    )
    for round_, number, participant_id in rows:
        rounds[round_ - 1][number - 1].append(str(participant_id))
    return rounds


def engine_people(participants: Sequence[Participant]) -> list[engine.Person]:
    """What the engine may know: the membership's tier, and who facilitates. One query.

    Answers to a community's questions stay out: people gave them for draws, not for tables.
    """
    if not participants:
        return []
    community_id = participants[0].room.session.workshop.community_id
    tiers = dict(
        Membership.objects.filter(
            community_id=community_id,
            person_id__in=[one.person_id for one in participants],
            state=Membership.State.ACTIVE,
        ).values_list("person_id", "tier")
    )
    return [
        engine.Person(
            str(one.pk),
            traits={TIER: tiers.get(one.person_id, "guest")},
            flags=frozenset({FACILITATOR}) if one.facilitates else frozenset(),
        )
        for one in participants
    ]


def met_before(room: Room, participants: Sequence[Participant], now: datetime) -> list[engine.Met]:
    """Pairs of these who shared a published table in this community before, fading with time. One query."""
    by_person = {one.person_id: str(one.pk) for one in participants}
    rows = (
        Placement.objects.filter(
            grouping__room__session__workshop__community_id=room.session.workshop.community_id,
            grouping__published_at__gte=now - LOOKS_BACK,
            grouping__published_at__lte=now,
            participant__person_id__in=list(by_person),
        )
        .exclude(participant__state=Participant.State.EXPECTED)
        .values_list("group_id", "participant__person_id", "grouping__published_at")
    )
    tables: dict[UUID, list[str]] = {}
    when: dict[UUID, float] = {}
    for group_id, person_id, published_at in rows:
        tables.setdefault(group_id, []).append(by_person[person_id])
        assert published_at is not None  # filtered above
        when[group_id] = (now - published_at).total_seconds() / 86400
    pairs = [(a, b, when[table]) for table, sat in tables.items() for a, b in combinations(sorted(sat), 2)]
    return engine.decayed(pairs)
