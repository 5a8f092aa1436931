"""Reads the files of `convene groups`, and says where in a file something is wrong."""

from __future__ import annotations

import json
import math
import re
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from convene.cli._draw_tables import BadTableError, read_table

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from convene.cli._draw_tables import Table as File
    from convene.engines.grouping import Met, Person, Rule, Table

HALF_LIFE_DAYS = 180
_FIELDS = {"kind", "people", "flag", "column", "value", "number", "table", "tables", "rounds"}
_TOP = {"rules", "tables", "flags", "languages"}
_KINDS = {"apart", "together", "at_least", "at_most", "not_alone", "language", "needs", "pinned"}
_YES = {"yes", "y", "true", "1", "x"}


@dataclass(frozen=True)
class Room:
    people: list[Person]
    tables: list[Table]
    rules: list[Rule]


def room_of(
    people: Path, rules: Path | None, mix: Sequence[str], ordinal: Sequence[str], groups: int
) -> Room:
    """Raises `BadTableError`."""
    from convene.engines.grouping import Person, Table

    file = read_table(people)
    ids = _ids(file, mix, ordinal)
    said = _read(rules)
    faults = [f"{rules}: {fault}" for fault in _faults(said, set(ids), file.header, groups)]
    if faults:
        raise BadTableError(faults)
    places = {str(each["name"]): at for at, each in enumerate(said["tables"]) if each.get("name")}
    offers = _offers(said, places, groups)
    names = [each.get("name") for each in said["tables"]] + [None] * groups
    return Room(
        [
            Person(
                id_,
                row,
                languages=frozenset(_languages(said, id_, row)),
                flags=frozenset(_flags(said, id_, row)),
            )
            for id_, row in zip(ids, file.rows, strict=True)
        ],
        [Table(str(names[at] or at + 1), frozenset(offers[at])) for at in range(groups)],
        [_rule(each, places) for each in said["rules"]],
    )


def _rule(said: dict[str, Any], places: dict[str, int]) -> Rule:
    from convene.engines.grouping import Rule

    of_column = said["kind"] == "not_alone"
    return Rule(
        said["kind"],
        people=tuple(said.get("people", ())),
        flag=_flag(said),
        trait=said.get("column", "") if of_column else "",
        value=str(said.get("value", "")) if of_column else "",
        number=said.get("number", 1),
        table=_place(said["table"], places) if "table" in said else None,
        rounds=tuple(at - 1 for at in said["rounds"]) if "rounds" in said else None,
    )


def _ids(file: File, mix: Sequence[str], ordinal: Sequence[str]) -> list[str]:
    column = "id" if "id" in file.header else file.header[0]
    ids = [row[column] for row in file.rows]
    seen = Counter(ids)
    faults = [f"{file.path}:1: there is no column {name!r}" for name in mix if name not in file.header]
    if not ids:
        faults.append(f"{file.path}:1: names nobody")
    for index, id_ in enumerate(ids):
        if not id_:
            faults.append(file.fault(index, f"column {column!r}: the id is empty"))
        elif seen[id_] > 1:
            faults.append(file.fault(index, f"column {column!r}: id {id_!r} appears more than once"))
    for name in ordinal:
        faults += [
            file.fault(index, f"column {name!r}: {row[name]!r} is not a number")
            for index, row in enumerate(file.rows)
            if row.get(name) and not _is_number(row[name])
        ]
    if faults:
        raise BadTableError(faults)
    return ids


def _is_number(text: object) -> bool:
    try:
        return math.isfinite(float(str(text)))
    except ValueError:
        return False


def _read(path: Path | None) -> dict[str, Any]:
    empty: dict[str, Any] = {"rules": [], "tables": [], "flags": {}, "languages": {}}
    if path is None:
        return empty
    try:
        said = json.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise BadTableError([f"{path}: cannot be read: {error.strerror}"]) from None
    except json.JSONDecodeError as error:
        raise BadTableError([f"{path}:{error.lineno}:{error.colno}: is not JSON: {error.msg}"]) from None
    except UnicodeDecodeError:
        raise BadTableError([f"{path}: is not UTF-8"]) from None
    said = {"rules": said} if isinstance(said, list) else said
    if not isinstance(said, dict):
        raise BadTableError([f"{path}: must be a list of rules, or an object with 'rules'"])
    faults = [f"{path}: there is no field {name!r}" for name in said if name not in _TOP]
    for name, default in empty.items():
        if not isinstance(said.get(name, default), type(default)):
            faults.append(f"{path}: {name!r} must be {'a list' if default == [] else 'an object'}")
    if faults:
        raise BadTableError(faults)
    return {**empty, **said}


def _faults(said: dict[str, Any], ids: set[str], header: Sequence[str], groups: int) -> Iterator[str]:
    for field in ("flags", "languages"):
        for name, listed in said[field].items():
            if not _is_texts(listed):
                yield f"{field}: {name!r} must have a list of texts"
            yield from _unknown(field, listed if field == "flags" else [name], ids)
    for at, table in enumerate(said["tables"]):
        if not isinstance(table, dict) or not _is_texts(table.get("offers", [])):
            yield f"table {at + 1} must be an object with 'name' and a list 'offers'"
            return
    if len(said["tables"]) > groups:
        yield f"names {len(said['tables'])} tables for {groups} groups"
    names = {str(each["name"]) for each in said["tables"] if each.get("name")}
    for number, rule in enumerate(said["rules"]):
        for fault in _faulty(rule, ids, header, names, groups):
            yield f"rule {number + 1}: {fault}"


def _faulty(
    rule: object, ids: set[str], header: Sequence[str], names: set[str], groups: int
) -> Iterator[str]:
    if not isinstance(rule, dict) or rule.get("kind") not in _KINDS:
        yield f"must be an object whose 'kind' is one of {', '.join(sorted(_KINDS))}"
        return
    yield from (f"there is no field {name!r}" for name in rule if name not in _FIELDS)
    if not all(isinstance(rule.get(name, []), list) for name in ("tables", "rounds", "people")):
        yield "'people', 'tables' and 'rounds' must be lists"
        return
    yield from _unknown("people", rule.get("people", []), ids)
    if not _is_texts(rule.get("people", [])):
        yield "'people' must be a list of ids"
    column = rule.get("column")
    if column is not None and column not in header:
        yield f"there is no column {column!r} among the people"
    if rule["kind"] in {"at_least", "at_most", "needs"} and not rule.get("flag"):
        yield f"{rule['kind']} needs 'flag'"
    if rule["kind"] == "not_alone" and not column:
        yield "not_alone needs 'column'"
    if not _is_whole(rule.get("number", 1)) or rule.get("number", 1) < 0:
        yield "'number' must be a whole number from 0 on"
    yield from _misplaced(rule, names, groups)


def _misplaced(rule: dict[str, Any], names: set[str], groups: int) -> Iterator[str]:
    places = [*rule.get("tables", []), *([rule["table"]] if "table" in rule else [])]
    for place in places:
        if not (place in names if isinstance(place, str) else _is_whole(place) and 1 <= place <= groups):
            yield f"there is no table {place!r}; they count from 1 to {groups}, or have names"
    if not all(_is_whole(each) for each in rule.get("rounds", [])):
        yield "'rounds' must be a list of whole numbers from 1 on"


def _unknown(field: str, listed: object, ids: set[str]) -> Iterator[str]:
    if isinstance(listed, list):
        yield from (
            f"{field}: {each!r} is not among the people"
            for each in listed
            if not isinstance(each, str) or each not in ids
        )


def _is_texts(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(each, str) for each in value)


def _is_whole(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _place(table: str | int, places: dict[str, int]) -> int:
    return places[table] if isinstance(table, str) else table - 1


def _flag(rule: dict[str, Any]) -> str:
    return str(rule.get("flag", "")) if rule["kind"] in {"at_least", "at_most", "needs"} else ""


def _offers(said: dict[str, Any], places: dict[str, int], groups: int) -> list[set[str]]:
    offers: list[set[str]] = [set() for _ in range(groups)]
    for at, table in enumerate(said["tables"]):
        offers[at] |= set(table.get("offers", []))
    for rule in said["rules"]:
        for table in rule.get("tables", []):
            offers[_place(table, places)].add(rule.get("flag", ""))
    return offers


def _flags(said: dict[str, Any], id_: str, row: dict[str, str]) -> Iterator[str]:
    yield from _split(row.get("flags", ""))
    yield from (flag for flag, listed in said["flags"].items() if id_ in listed)
    for flag in {_flag(rule) for rule in said["rules"]}:
        if row.get(flag, "").casefold() in _YES:
            yield flag
    for rule in said["rules"]:
        if _flag(rule) and rule.get("column") and row[rule["column"]] == str(rule.get("value", "")):
            yield _flag(rule)


def _languages(said: dict[str, Any], id_: str, row: dict[str, str]) -> list[str]:
    column = next(
        (rule["column"] for rule in said["rules"] if rule["kind"] == "language" and "column" in rule),
        "languages",
    )
    return list(said["languages"].get(id_, _split(row.get(column, ""))))


def _split(text: str) -> list[str]:
    return [each for each in re.split(r"[\s;|,/]+", text) if each]


def met_of(path: Path | None, people: Sequence[Person]) -> list[Met]:
    """Meetings ``days`` ago count half as much every 180 days."""
    from convene.engines.grouping import Met

    if path is None:
        return []
    file, known = read_table(path), {person.id for person in people}
    faults = [
        f"{path}:1: there is no column {name!r}" for name in ("one", "other") if name not in file.header
    ]
    if faults:
        raise BadTableError(faults)
    found = []
    for index, row in enumerate(file.rows):
        wrong = [name for name in ("weight", "days") if row.get(name) and not _is_amount(row[name])]
        faults += [
            file.fault(index, f"column {name!r}: {row[name]!r} is not a number from 0 on") for name in wrong
        ]
        absent = [name for name in ("one", "other") if row[name] not in known]
        faults += [
            file.fault(index, f"column {name!r}: {row[name]!r} is not among the people") for name in absent
        ]
        if not wrong and not absent:
            faded = 0.5 ** (float(row.get("days") or 0) / HALF_LIFE_DAYS)
            found.append(Met(row["one"], row["other"], float(row.get("weight") or 1) * faded))
    if faults:
        raise BadTableError(faults)
    return found


def _is_amount(text: str) -> bool:
    return _is_number(text) and float(text) >= 0
