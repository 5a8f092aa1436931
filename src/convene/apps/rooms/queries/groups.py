"""Groups as they are, who met before, and why a table is as it is. Of people nothing but tables is shown."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Prefetch
from django.utils.translation import gettext as _

from convene.apps.rooms.models import Group, Grouping, Participant, Placement, Room
from convene.apps.rooms.queries.meetings import Scope, meetings
from convene.apps.rooms.queries.mixing import Fixed, Setting, places_of, setting_of, without_pins
from convene.apps.rooms.rules import groups as rules
from convene.apps.rooms.rules.groups import Wishes
from convene.engines import grouping as engine

LOOKS_BACK = timedelta(days=730)
"""Meetings older than two years no longer count; the younger fade by half each half-year."""
HALF_LIFE_DAYS = 180


@dataclass(frozen=True)
class Table:
    """One table of one round, with who sits there by name."""

    group: Group
    placements: list[Placement]

    @property
    def name(self) -> str:
        return rules.table_name(self.group.number, self.group.label)


@dataclass(frozen=True)
class Seating:
    """A grouping with its rounds of tables, and its two bars in percent of the best possible."""

    grouping: Grouping
    rounds: list[list[Table]]

    @property
    def now(self) -> list[Table]:
        return self.rounds[self.grouping.current_round - 1] if self.rounds else []

    @property
    def mixing_share(self) -> float:
        """Percent of the best mixing possible, for these sizes."""
        return rules.share(self.grouping.mixing, self.grouping.mixing_bound)

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


def seated_in(grouping: Grouping) -> list[Participant]:
    """Everyone with a seat in any of its rounds."""
    found = Participant.objects.filter(placements__grouping=grouping).distinct()
    return list(found.select_related("person").order_by("pk"))


def fixed_in(grouping: Grouping) -> list[Fixed]:
    """Who was fixed by hand, where, with rounds and tables from 0."""
    rows = grouping.placements.filter(pinned=True).order_by("round", "participant_id")
    return [
        (str(person), round_ - 1, number - 1)
        for person, round_, number in rows.values_list("participant_id", "round", "group__number")
    ]


def setting_for(grouping: Grouping, participants: Sequence[Participant] | None = None) -> Setting:
    """What the engine is told of groups that stand, of those seated or of the people given."""
    people = seated_in(grouping) if participants is None else participants
    known = {str(one.pk) for one in people}
    return setting_of(
        grouping.room,
        people,
        Wishes.kept(grouping.rules, grouping.groups_count),
        places=places_of(grouping.groups.filter(round=1), grouping.groups_count),
        fixed=[one for one in fixed_in(grouping) if one[0] in known],
    )


Broken = tuple[int, int, int]
"""The rule's place in a setting, the round and the table, all from 0."""


def broken_in(setting: Setting, rounds: Sequence[Sequence[Sequence[str]]]) -> dict[Broken, tuple[str, ...]]:
    """What does not hold, where, and whom it is about."""
    found = engine.broken_rules(setting.people, rounds, tables=setting.tables, rules=setting.rules)
    return {(one.rule, one.round, one.table): one.people for one in found}


def broken_words(setting: Setting, broken: Iterable[Broken]) -> list[str]:
    words = []
    for rule, round_, table in sorted(broken):
        where = {"round": round_ + 1, "table": setting.tables[table].name}
        words.append(setting.said[rule].text + " " + _("(round %(round)s, %(table)s)") % where)
    return list(dict.fromkeys(words))


def what_is_broken(grouping: Grouping) -> list[str]:
    """Each rule that does not hold at a table, in words; nothing where all hold."""
    setting = without_pins(setting_for(grouping))
    return broken_words(setting, broken_in(setting, ids_by_round(grouping)))


def why_person(participant: Participant, group: Group, now: datetime) -> tuple[engine.PersonReasons, Setting]:
    """For the person alone."""
    setting = setting_for(group.grouping)
    reasons = engine.explain_person(
        setting.people,
        ids_by_round(group.grouping),
        str(participant.pk),
        round=group.round - 1,
        mix=setting.mix,
        rules=setting.rules,
        met=met_before(group.grouping.room, seated_in(group.grouping), now, other_than=group.grouping),
    )
    return reasons, setting


def why_table(group: Group, now: datetime) -> tuple[engine.TableReasons, Setting]:
    """For those who facilitate."""
    setting = setting_for(group.grouping)
    reasons = engine.explain_table(
        setting.people,
        ids_by_round(group.grouping),
        round=group.round - 1,
        table=group.number - 1,
        tables=setting.tables,
        mix=setting.mix,
        rules=setting.rules,
        met=met_before(group.grouping.room, seated_in(group.grouping), now, other_than=group.grouping),
        meet=group.grouping.new_faces / 100,
    )
    return reasons, setting


def met_before(
    room: Room, participants: Sequence[Participant], now: datetime, *, other_than: Grouping | None = None
) -> list[engine.Met]:
    """Pairs of these who met in this community before, fading with time. Two queries.

    To have been in one small session weighs half of having shared a table: as if it were so much older.
    """
    by_person = {one.person_id: str(one.pk) for one in participants}
    scope = Scope(
        community_id=room.session.workshop.community_id,
        since=now - LOOKS_BACK,
        until=now,
        people=list(by_person),
        other_than=other_than.pk if other_than else None,
    )
    met = [
        (
            by_person[one.one],
            by_person[one.other],
            (now - one.at).total_seconds() / 86400 + (0 if one.at_table else HALF_LIFE_DAYS),
        )
        for one in meetings(scope)
    ]
    return engine.decayed(met, half_life_days=HALF_LIFE_DAYS)
