"""Groups as they are printed and handed to other programs."""

from __future__ import annotations

from dataclasses import dataclass

from convene.apps.rooms.models import Grouping, Participant
from convene.apps.rooms.queries.groups import ids_by_round, seated_in
from convene.apps.rooms.queries.mixing import places_of
from convene.apps.rooms.rules.groups import table_name
from convene.engines import grouping as engine


@dataclass(frozen=True)
class Papers:
    """Made of names and tables; four queries."""

    grouping: Grouping
    people: list[Participant]
    tables: list[engine.Table]
    ids: list[list[list[str]]]

    @property
    def names(self) -> dict[str, str]:
        return {str(one.pk): one.person.name for one in self.people}

    @property
    def cards(self) -> tuple[engine.Card, ...]:
        return engine.table_cards(self.ids, self.names, self.tables)

    @property
    def sheets(self) -> tuple[engine.Sheet, ...]:
        return engine.personal_sheets(self.ids, self.names, self.tables)

    @property
    def door(self) -> tuple[tuple[str, tuple[str, ...]], ...]:
        return engine.door_sheet(self.ids, self.names, self.tables)

    @property
    def rounds(self) -> range:
        return range(1, self.grouping.rounds_count + 1)

    def as_json(self) -> str:
        kept = self.grouping
        return engine.plan_json(
            self.ids,
            self.names,
            self.tables,
            repeats=kept.repeats,
            repeats_bound=kept.repeats_bound,
            mixing=kept.mixing,
            mixing_bound=kept.mixing_bound,
        )


def papers_of(grouping: Grouping) -> Papers:
    places = places_of(grouping.groups.filter(round=1), grouping.groups_count)
    tables = [engine.Table(table_name(number, one.label)) for number, one in enumerate(places, start=1)]
    return Papers(grouping, seated_in(grouping), tables, ids_by_round(grouping))
