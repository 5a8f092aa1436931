"""Reads the files of `convene opinions`, and says where in a file something is wrong."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from convene.cli._draw_tables import BadTableError, read_table

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray

    from convene.engines.opinion import InputError, Votes

Name = str | int
LONG = ("voter-id", "comment-id", "vote")
_ABOUT = {"participant", "xid", "group-id", "n-comments", "n-votes", "n-agree", "n-disagree"}
_VOTES = {"1": 1, "-1": -1, "0": 0, "1.0": 1, "-1.0": -1, "0.0": 0}
_NAMED = 20


@dataclass(frozen=True)
class Ballots:
    """Votes with the names that files give voters and statements, in the order of the ids in ``votes``."""

    votes: Votes
    voters: list[Name]
    statements: list[Name]


@dataclass
class _Cells:
    """What a file says, one entry a vote; ``lines``: where it stands."""

    voters: list[str]
    statements: list[str]
    values: list[int]
    times: list[str]
    lines: list[int]


def ballots_of(path: Path, left_out: set[str]) -> Ballots:
    """Raises `BadTableError`."""
    import numpy as np

    from convene.engines.opinion import InputError, Votes

    cells = _cells(path)
    if not cells.values:
        raise BadTableError([f"{path}:1: holds no votes"])
    voters, voter = _numbered(cells.voters)
    statements, statement = _numbered(cells.statements)
    out = [number for number, name in enumerate(statements) if str(name) in left_out]
    times = _times(path, cells) if cells.times else None
    try:
        votes = Votes.of(voter, statement, np.array(cells.values), times, left_out=out)
    except InputError as error:
        raise BadTableError(_placed(path, error, cells)) from None
    return Ballots(votes, voters, statements)


def _placed(path: Path, error: InputError, cells: _Cells) -> Iterator[str]:
    for problem in error.problems:
        if problem.index is None:
            yield f"{path}: {problem.text}"
        else:
            at = problem.index
            yield (
                f"{path}:{cells.lines[at]}: voter {cells.voters[at]!r} votes on statement "
                f"{cells.statements[at]!r} again, differently; a column 'timestamp' would say which is later"
            )


def _cells(path: Path) -> _Cells:
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise BadTableError([f"{path}: cannot be read: {error.strerror}"]) from None
    except UnicodeDecodeError as error:
        line = path.read_bytes()[: error.start].count(b"\n") + 1
        raise BadTableError([f"{path}:{line}: is not UTF-8; save the file as CSV UTF-8"]) from None
    first = text.lstrip().partition("\n")[0]
    rows = _rows(path, text, ";" if ";" in first and "," not in first else ",")
    _, header = next(rows, (1, []))
    if not header:
        raise BadTableError([f"{path}:1: is empty; the first line must name the columns"])
    doubled = sorted({name for name in header if name and header.count(name) > 1})
    faults = [f"{path}:1: column {name!r} appears more than once" for name in doubled]
    wide = "participant" in header and "vote" not in header
    missing = [] if wide else [name for name in LONG if name not in header]
    faults += [f"{path}:1: there is no column {name!r}" for name in missing]
    if faults:
        raise BadTableError(faults)
    return _wide(path, header, rows) if wide else _long(path, header, rows)


def _rows(path: Path, text: str, separator: str) -> Iterator[tuple[int, list[str]]]:
    reader, line = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True), 1
    try:
        for row in reader:
            if any(row):
                yield line, [field.strip() for field in row]
            line = reader.line_num + 1
    except csv.Error as error:
        raise BadTableError([f"{path}:{line}: is not CSV: {error}"]) from None


def _refuse(faults: list[str]) -> None:
    if faults:
        raise BadTableError(faults[:_NAMED])


def _long(path: Path, header: list[str], rows: Iterable[tuple[int, list[str]]]) -> _Cells:
    """One line a vote: voter-id, comment-id, vote and, if there is one, timestamp."""
    voter, statement, vote = (header.index(name) for name in LONG)
    timed = header.index("timestamp") if "timestamp" in header else None
    found, faults = _Cells([], [], [], [], []), []
    for line, row in rows:
        if len(row) != len(header):
            faults.append(f"{path}:{line}: has {len(row)} fields, the header has {len(header)}")
        elif row[vote] not in _VOTES:
            faults.append(f"{path}:{line}: column 'vote': {row[vote]!r} is none of 1, -1 and 0")
        elif not row[voter] or not row[statement]:
            empty = LONG[0] if not row[voter] else LONG[1]
            faults.append(f"{path}:{line}: column {empty!r}: the id is empty")
        else:
            found.voters.append(row[voter])
            found.statements.append(row[statement])
            found.values.append(_VOTES[row[vote]])
            found.lines.append(line)
            if timed is not None:
                found.times.append(row[timed])
    _refuse(faults)
    return found


def _wide(path: Path, header: list[str], rows: Iterable[tuple[int, list[str]]]) -> _Cells:
    """One line a person, one column a statement, as `participants-votes.csv` of the open exports."""
    columns = [(at, name) for at, name in enumerate(header) if name and name not in _ABOUT]
    person, seen = header.index("participant"), dict[str, int]()
    found, faults = _Cells([], [], [], [], []), []
    for line, row in rows:
        if len(row) != len(header):
            faults.append(f"{path}:{line}: has {len(row)} fields, the header has {len(header)}")
            continue
        who = row[person]
        if not who or who in seen:
            wrong = f"participant {who!r} has line {seen[who]} already" if who else "the id is empty"
            faults.append(f"{path}:{line}: column 'participant': {wrong}")
            continue
        seen[who] = line
        for at, name in columns:
            if not row[at]:
                continue
            if row[at] not in _VOTES:
                faults.append(f"{path}:{line}: column {name!r}: {row[at]!r} is none of 1, -1 and 0")
                continue
            found.voters.append(who)
            found.statements.append(name)
            found.values.append(_VOTES[row[at]])
            found.lines.append(line)
    _refuse(faults)
    return found


def _numbered(texts: Sequence[str]) -> tuple[list[Name], NDArray[np.int64]]:
    """The distinct names in order, by number where all are whole numbers, and the place of each text."""
    import numpy as np

    distinct = set(texts)
    names: list[Name]
    if all(_is_whole(text) for text in distinct):
        names = sorted(int(text) for text in distinct)
    else:
        names = sorted(distinct)
    place = {str(name): number for number, name in enumerate(names)}
    return names, np.fromiter((place[text] for text in texts), dtype=np.int64, count=len(texts))


def _is_whole(text: str) -> bool:
    digits = text.removeprefix("-")
    return digits.isascii() and digits.isdecimal() and (digits == "0" or digits[0] != "0") and text != "-0"


def _times(path: Path, cells: _Cells) -> NDArray[np.int64]:
    """Numbers, or dates and times in ISO 8601; only their order counts."""
    import numpy as np

    try:
        return np.array([int(text) for text in cells.times], dtype=np.int64)
    except (ValueError, OverflowError):
        pass
    found, faults = [], []
    for line, text in zip(cells.lines, cells.times, strict=True):
        try:
            found.append(_instant(text))
        except ValueError:
            faults.append(
                f"{path}:{line}: column 'timestamp': {text!r} is neither a number nor a date and time"
            )
    _refuse(faults)
    return np.unique(np.array(found), return_inverse=True)[1].astype(np.int64)


def _instant(text: str) -> float:
    """A time that names no zone is taken as UTC."""
    try:
        return float(text)
    except ValueError:
        at = datetime.fromisoformat(text)
        return (at if at.tzinfo else at.replace(tzinfo=UTC)).timestamp()


def left_out_of(path: Path | None) -> set[str]:
    """Ids of statements whose column 'moderated' is -1."""
    if path is None:
        return set()
    file = read_table(path)
    if "comment-id" not in file.header:
        raise BadTableError([f"{path}:1: there is no column 'comment-id'"])
    wrong = [
        file.fault(index, f"column 'moderated': {row['moderated']!r} is none of -1, 0 and 1")
        for index, row in enumerate(file.rows)
        if row.get("moderated", "") not in {"", "-1", "0", "1"}
    ]
    _refuse(wrong)
    return {row["comment-id"] for row in file.rows if row.get("moderated") == "-1"}


def labels_of(path: Path, ballots: Ballots) -> tuple[NDArray[np.int64], list[Name]]:
    """A group for each voter of the votes, -1 for none, and the groups' names."""
    import numpy as np

    file = read_table(path)
    _refuse(
        [
            f"{path}:1: there is no column {name!r}"
            for name in ("voter-id", "group")
            if name not in file.header
        ]
    )
    known = {str(name): number for number, name in enumerate(ballots.voters)}
    seen, faults = dict[str, int](), []
    for index, row in enumerate(file.rows):
        who = row["voter-id"]
        if who not in known:
            faults.append(file.fault(index, f"column 'voter-id': {who!r} cast no vote"))
        elif who in seen:
            faults.append(file.fault(index, f"column 'voter-id': {who!r} appears more than once"))
        seen[who] = index
    _refuse(faults)
    grouped = [row for row in file.rows if row["group"]]
    if not grouped:
        raise BadTableError([f"{path}:1: puts nobody in a group"])
    names, group = _numbered([row["group"] for row in grouped])
    labels = np.full(len(ballots.voters), -1)
    labels[[known[row["voter-id"]] for row in grouped]] = group
    return labels, names
