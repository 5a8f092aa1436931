"""Attendance lists of video tools: read into rows, matched with registrations. Pure.

Zoom (participants report), Microsoft Teams (attendance report, UTF-16 and tab-separated, with sections)
and Google Meet (attendance CSV) name their columns differently and change them; columns are found by
their words, and what cannot be read is said row by row.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from convene.foundation import uploads
from convene.foundation.errors import RuleBroken

_NAME = ("name (original name)", "name (originalname)", "full name", "participant name", "name", "first name")
_MAIL = ("user email", "email", "e-mail", "participant id (upn)", "email address", "participant email")
_MINUTES = (
    "total duration (minutes)",
    "duration (minutes)",
    "duration",
    "in-meeting duration",
    "attendance duration",
    "duration in meeting",
    "time in call",
)
_MOST_DIGITS = 5
_CLOCK = re.compile(r"^(?:(\d+):)?(\d{1,2}):(\d{2})$")
_WORDS = re.compile(
    r"(?<!\d)(\d{1,5})\s*(h|hr|hrs|hour|hours|m|min|mins|minute|minutes|s|sec|secs|second|seconds)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class SeenRow:
    """Someone a video tool saw: name and mail as it wrote them, whole minutes, summed over re-joins."""

    name: str
    email: str
    minutes: int


@dataclass(frozen=True)
class Candidate:
    """Someone with a seat."""

    registration_id: str
    name: str
    email: str


def decode(data: bytes) -> str:
    """Text of an uploaded file: UTF-8 with or without BOM, UTF-16 (Teams), else Windows-1252."""
    return uploads.text_of(data)


def read(text: str) -> list[SeenRow]:
    """Rows of any of the three tools, one a person. Raises RuleBroken when no line holds their columns."""
    try:
        return _read(text)
    except csv.Error as error:
        raise uploads.not_text() from error


def _read(text: str) -> list[SeenRow]:
    lines = text.splitlines()
    for start, line in enumerate(lines):
        delimiter = max(",\t;", key=line.count)
        header = [cell.strip().lower() for cell in next(csv.reader([line], delimiter=delimiter), [])]
        columns = _columns(header)
        if columns is not None:
            body = csv.reader(io.StringIO("\n".join(lines[start + 1 :])), delimiter=delimiter)
            return _summed(_rows(body, columns, len(header)))
    raise RuleBroken(
        _("We find no line with a name and a duration. Export the attendance list again, as CSV."),
        code="no_columns",
        field="file",
    )


def _columns(header: Sequence[str]) -> tuple[int, int | None, int, int | None] | None:
    name, mail, minutes = _find(header, _NAME), _find(header, _MAIL), _find(header, _MINUTES)
    if name is None or minutes is None:
        return None
    last = header.index("last name") if "last name" in header else None
    return name, mail, minutes, last


def _find(header: Sequence[str], names: Iterable[str]) -> int | None:
    for name in names:
        if name in header:
            return header.index(name)
    return None


def _rows(
    body: Iterable[Sequence[str]], columns: tuple[int, int | None, int, int | None], width: int
) -> list[SeenRow]:
    name_at, mail_at, minutes_at, last_at = columns
    rows: list[SeenRow] = []
    for cells in body:
        if len(cells) < max(2, width // 2) or minutes_at >= len(cells):
            if rows:  # Teams: the next section begins after an empty line
                break
            continue
        minutes = _minutes(cells[minutes_at])
        name = cells[name_at].strip()
        if last_at is not None and last_at < len(cells):
            name = f"{name} {cells[last_at].strip()}".strip()
        mail = cells[mail_at].strip().lower() if mail_at is not None and mail_at < len(cells) else ""
        if minutes is not None and (name or mail):
            rows.append(SeenRow(name, mail if "@" in mail else "", minutes))
    return rows


def _minutes(cell: str) -> int | None:
    """“47”, “1:02:03”, “45:10”, “1h 2m 3s”, “47 min”."""
    cell = cell.strip()
    if cell.isdecimal() and len(cell) <= _MOST_DIGITS:
        return int(cell)
    clock = _CLOCK.match(cell)
    if clock:
        hours, minutes, _seconds = clock.groups()
        return int(hours or 0) * 60 + int(minutes)
    found = _WORDS.findall(cell)
    if not found:
        return None
    unit = {"h": 3600, "m": 60, "s": 1}
    return sum(int(number) * unit[word[0].lower()] for number, word in found) // 60


def _summed(rows: Iterable[SeenRow]) -> list[SeenRow]:
    """Who left and came back is one person."""
    total: dict[tuple[str, str], SeenRow] = {}
    for row in rows:
        key = (row.email, "") if row.email else ("", row.name.casefold())
        known = total.get(key)
        total[key] = SeenRow(row.name, row.email, row.minutes + (known.minutes if known else 0))
    return list(total.values())


def match(rows: Sequence[SeenRow], candidates: Sequence[Candidate]) -> list[str | None]:
    """For each row the registration it surely is: same mail, else the one with the same name; else None."""
    by_mail = {one.email.lower(): one.registration_id for one in candidates if one.email}
    by_name: dict[str, list[str]] = {}
    for one in candidates:
        by_name.setdefault(_folded(one.name), []).append(one.registration_id)
    taken: set[str] = set()
    found: list[str | None] = []
    for row in rows:
        same_name = by_name.get(_folded(row.name), [])
        guess = by_mail.get(row.email) or (same_name[0] if len(same_name) == 1 else None)
        if guess in taken:
            guess = None
        if guess is not None:
            taken.add(guess)
        found.append(guess)
    return found


def _folded(name: str) -> str:
    """Order and case of the words do not matter; what stands in brackets is a nickname or a pronoun."""
    bare = re.sub(r"\([^)]*\)", " ", name)
    return " ".join(sorted(re.findall(r"\w+", bare.casefold())))
