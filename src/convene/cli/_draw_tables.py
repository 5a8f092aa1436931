"""Reads the people and the targets of `convene draw`, and says where in a file something is wrong."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from convene.engines.allotment import Applicant, Problem, Quota

TARGET_COLUMNS = ("feature", "value", "min", "max")
_LONG = 40


class BadTableError(Exception):
    """What is wrong in the files; each line names file, line number and fault."""

    def __init__(self, faults: Iterable[str]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(self.faults))


@dataclass(frozen=True)
class Table:
    """A file's rows by column name, spaces trimmed; ``lines[i]`` is the line on which ``rows[i]`` begins."""

    path: Path
    header: tuple[str, ...]
    rows: tuple[dict[str, str], ...]
    lines: tuple[int, ...]

    def fault(self, index: int, text: str) -> str:
        return f"{self.path}:{self.lines[index]}: {text}"


def read_table(path: Path) -> Table:
    """Comma- or semicolon-separated UTF-8, with or without a byte order mark, any line ends."""
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise BadTableError([f"{path}: cannot be read: {error.strerror}"]) from None
    except UnicodeDecodeError as error:
        line = path.read_bytes()[: error.start].count(b"\n") + 1
        raise BadTableError([f"{path}:{line}: is not UTF-8; save the file as CSV UTF-8"]) from None
    first = text.lstrip().partition("\n")[0]
    separator = ";" if ";" in first and "," not in first else ","
    numbered = _rows(path, text, separator)
    if not numbered:
        raise BadTableError([f"{path}:1: is empty; the first line must name the columns"])
    (line, header), *body = numbered
    doubled = sorted({name for name in header if name and header.count(name) > 1})
    faults = [f"{path}:{line}: column {name!r} appears more than once" for name in doubled]
    faults += [
        f"{path}:{at}: has {len(row)} fields, the header has {len(header)}"
        for at, row in body
        if len(row) != len(header)
    ]
    if faults:
        raise BadTableError(faults)
    rows = tuple(dict(zip(header, row, strict=True)) for _, row in body)
    return Table(path, tuple(header), rows, tuple(at for at, _ in body))


def _rows(path: Path, text: str, separator: str) -> list[tuple[int, list[str]]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    numbered, line = [], 1
    try:
        for row in reader:
            if any(field.strip() for field in row):
                numbered.append((line, [field.strip() for field in row]))
            line = reader.line_num + 1
    except csv.Error as error:
        raise BadTableError([f"{path}:{line}: is not CSV: {error}"]) from None
    return numbered


def quotas_of(table: Table) -> list[Quota]:
    from convene.engines.allotment import Quota

    missing = [name for name in TARGET_COLUMNS if name not in table.header]
    if missing:
        raise BadTableError([f"{table.path}:1: there is no column {name!r}" for name in missing])
    if not table.rows:
        raise BadTableError([f"{table.path}:1: names no target"])
    faults = [
        table.fault(index, f"{side} {row[side]!r} is not a whole number")
        for index, row in enumerate(table.rows)
        for side in ("min", "max")
        if not _is_whole(row[side])
    ]
    if faults:
        raise BadTableError(faults)
    return [Quota(row["feature"], row["value"], int(row["min"]), int(row["max"])) for row in table.rows]


def _is_whole(text: str) -> bool:
    return text.removeprefix("-").isdecimal() and text.isascii()


@dataclass(frozen=True)
class Columns:
    """The columns of people that are not features, by name; None: there is none."""

    household: str | None = None
    team: str | None = None
    weight: str | None = None

    @property
    def named(self) -> dict[str, str]:
        every = {"household": self.household, "team": self.team, "weight": self.weight}
        return {what: name for what, name in every.items() if name is not None}


def applicants_of(table: Table, targets: Table, features: list[str], columns: Columns) -> list[Applicant]:
    faults = [] if "id" in table.header else [f"{table.path}:1: there is no column 'id'"]
    for feature in features:
        if feature and feature not in table.header:
            line = next(index for index, row in enumerate(targets.rows) if row["feature"] == feature)
            faults.append(
                f"{table.path}:1: there is no column {feature!r}, which {targets.fault(line, 'names')}"
            )
    faults += [
        f"{table.path}:1: there is no column {name!r} for the {what}"
        for what, name in columns.named.items()
        if name not in table.header
    ]
    if not faults and columns.weight is not None:
        faults = [
            table.fault(index, f"weight {row[columns.weight]!r} is not a number")
            for index, row in enumerate(table.rows)
            if _number(row[columns.weight]) is None
        ]
    if faults:
        raise BadTableError(faults)
    if not table.rows:
        raise BadTableError([f"{table.path}:1: names no people"])
    return [_applicant(row, features, columns) for row in table.rows]


def _applicant(row: dict[str, str], features: list[str], columns: Columns) -> Applicant:
    from convene.engines.allotment import Applicant

    return Applicant(
        row["id"],
        {name: row[name] for name in features if name},
        weight=Fraction(1) if columns.weight is None else _number(row[columns.weight]) or Fraction(0),
        household="" if columns.household is None else row[columns.household],
        team="" if columns.team is None else row[columns.team],
    )


def _number(text: str) -> Fraction | None:
    """2, 1.5 or 3/2."""
    try:
        return Fraction(text) if len(text) < _LONG else None
    except (ValueError, ZeroDivisionError):
        return None


def ids_of(path: Path) -> list[str]:
    """Ids from a file: the column 'id' of a table, or, where there is none, each line."""
    table = read_table(path)
    if "id" in table.header:
        return [row["id"] for row in table.rows]
    if len(table.header) > 1:
        raise BadTableError([f"{path}:1: there is no column 'id'"])
    return [table.header[0], *(row[table.header[0]] for row in table.rows)]


def placed(problem: Problem, people: Table, targets: Table) -> str:
    """A problem with the file and line where it stands; one of the draw as a whole names none."""
    table = {"applicant": people, "quota": targets}.get(problem.place)
    return (
        problem.text if problem.index is None or table is None else table.fault(problem.index, problem.text)
    )
