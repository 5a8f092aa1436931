"""A plan on paper and for other programs: table cards, a door sheet, one sheet a person, Zoom's file, JSON.

Everything here is made of ids, given names and nothing else that is known of people.
"""

from __future__ import annotations

import csv
import io
import json
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from convene.engines.grouping.people import Table

ZOOM_HEADER = ("Pre-assign Room Name", "Email Address")
ZOOM_ROOMS, ZOOM_PEOPLE, ZOOM_NAME = 100, 1000, 32
"""What Zoom takes at most: rooms, people, and letters of a room's name."""
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
Rounds = Sequence[Sequence[Sequence[str]]]


@dataclass(frozen=True, slots=True)
class Card:
    """What stands on a table in one round (both from 0): its name, and who sits there by name."""

    round: int
    table: int
    name: str
    people: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Stop:
    """Where one person sits in one round: the table (from 0), its name, and the names of those beside."""

    round: int
    table: int
    name: str
    beside: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """One person's way through the rounds; a round in which they have no seat is left out."""

    person: str
    name: str
    stops: tuple[Stop, ...]


@dataclass(frozen=True, slots=True)
class ZoomFile:
    """The text of the file, and the ids of those it cannot hold: without a mail address, or with one that
    a spreadsheet would run.
    """

    text: str
    without: tuple[str, ...]
    fits: bool
    """Whether Zoom takes so many rooms and people."""


def table_cards(
    rounds: Rounds, names: Mapping[str, str], tables: Sequence[Table] | None = None
) -> tuple[Card, ...]:
    """One for each table of each round; people in the order of their names. Empty tables have none."""
    return tuple(
        Card(round_, table, _name(tables, table), tuple(sorted((names[each] for each in group), key=_key)))
        for round_, groups in enumerate(rounds)
        for table, group in enumerate(groups)
        if group
    )


def personal_sheets(
    rounds: Rounds, names: Mapping[str, str], tables: Sequence[Table] | None = None
) -> tuple[Sheet, ...]:
    """One for each person, in the order of their names; also the lines of a door sheet."""
    stops: dict[str, list[Stop]] = {}
    for round_, groups in enumerate(rounds):
        for table, group in enumerate(groups):
            for person in group:
                beside = sorted((names[each] for each in group if each != person), key=_key)
                stop = Stop(round_, table, _name(tables, table), tuple(beside))
                stops.setdefault(person, []).append(stop)
    ordered = sorted(stops, key=lambda each: (_key(names[each]), each))
    return tuple(Sheet(each, names[each], tuple(stops[each])) for each in ordered)


def door_sheet(
    rounds: Rounds, names: Mapping[str, str], tables: Sequence[Table] | None = None
) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """By name: where they sit in each round, an empty text where they have no seat."""
    return tuple(
        (
            sheet.name,
            tuple({stop.round: stop.name for stop in sheet.stops}.get(at, "") for at in range(len(rounds))),
        )
        for sheet in personal_sheets(rounds, names, tables)
    )


def zoom_csv(
    groups: Sequence[Sequence[str]], emails: Mapping[str, str], tables: Sequence[Table] | None = None
) -> ZoomFile:
    """One round as Zoom imports it before a meeting; Zoom keeps one pre-assignment for a meeting, not one a
    round. Names of rooms are cut to what Zoom allows, and differ even then.
    """
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(ZOOM_HEADER)
    rooms = _rooms(groups, tables)
    without, written = list[str](), 0
    for room, group in zip(rooms, groups, strict=True):
        for person in group:
            address = emails.get(person, "").strip()
            if not address or address.startswith(FORMULA_STARTS):
                without.append(person)
                continue
            writer.writerow([room, address])
            written += 1
    fits = sum(bool(group) for group in groups) <= ZOOM_ROOMS and written <= ZOOM_PEOPLE
    return ZoomFile(out.getvalue(), tuple(without), fits)


def plan_json(
    rounds: Rounds, names: Mapping[str, str], tables: Sequence[Table] | None = None, **more: Any
) -> str:
    """The plan for other programs, as `convene groups` writes it, with names beside the ids."""
    count = max((len(groups) for groups in rounds), default=0)
    content = {
        "format": "convene-groups/1",
        "rounds": [[list(group) for group in groups] for groups in rounds],
        "tables": [_name(tables, at) for at in range(count)],
        "names": {person: names[person] for groups in rounds for group in groups for person in group},
        **more,
    }
    return json.dumps(content, ensure_ascii=False, indent=1) + "\n"


def safe_cell(text: str) -> str:
    """A text that a spreadsheet would run as a formula gets an apostrophe before it."""
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text


def _rooms(groups: Sequence[Sequence[str]], tables: Sequence[Table] | None) -> list[str]:
    rooms: list[str] = []
    for at in range(len(groups)):
        wanted = safe_cell(" ".join(_name(tables, at).split()))[:ZOOM_NAME]
        number = 1
        room = wanted
        while room.casefold() in {each.casefold() for each in rooms}:
            number += 1
            end = f" ({number})"
            room = wanted[: ZOOM_NAME - len(end)] + end
        rooms.append(room)
    return rooms


def _name(tables: Sequence[Table] | None, at: int) -> str:
    return tables[at].name if tables is not None and at < len(tables) and tables[at].name else str(at + 1)


def _key(name: str) -> tuple[str, str]:
    """As a reader looks for it: without accents and case first."""
    plain = "".join(each for each in unicodedata.normalize("NFKD", name) if not unicodedata.combining(each))
    return plain.casefold(), name
