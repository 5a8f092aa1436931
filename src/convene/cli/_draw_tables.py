"""Reads the people and the targets of `convene draw`, and says where in a file something is wrong."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from convene.engines.allotment import Applicant, Problem, Quota

TARGET_COLUMNS = ("feature", "value", "min", "max")


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


def applicants_of(table: Table, targets: Table, features: list[str]) -> list[Applicant]:
    from convene.engines.allotment import Applicant

    faults = [] if "id" in table.header else [f"{table.path}:1: there is no column 'id'"]
    for feature in features:
        if feature and feature not in table.header:
            line = next(index for index, row in enumerate(targets.rows) if row["feature"] == feature)
            faults.append(
                f"{table.path}:1: there is no column {feature!r}, which {targets.fault(line, 'names')}"
            )
    if faults:
        raise BadTableError(faults)
    if not table.rows:
        raise BadTableError([f"{table.path}:1: names no people"])
    return [Applicant(row["id"], {name: row[name] for name in features if name}) for row in table.rows]


def placed(problems: Iterable[Problem], people: Table, targets: Table) -> list[str]:
    """Each problem with the file and line where it stands; those of the draw as a whole name none."""
    tables = {"applicant": people, "quota": targets}
    return [
        problem.text if problem.index is None else tables[problem.place].fault(problem.index, problem.text)
        for problem in problems
    ]
