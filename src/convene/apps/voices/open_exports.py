"""Reads the open exports of opinion tools: `comments.csv` with `votes.csv` or `participants-votes.csv`.

What a column means is known by its name. Who wrote, who is in which group and any outside id are never read
on: of a voter only a name of the file's own is kept, to tell one ballot from another.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from django.utils.translation import gettext as _

from convene.apps.voices.rules.inquiry import LONGEST, SHORTEST, tidy
from convene.foundation import uploads
from convene.foundation.errors import RuleBroken

COMMENTS, VOTES = "comments", "votes"
LARGEST = 8 * 1024 * 1024
MOST_STATEMENTS, MOST_VOTES, MOST_VOTERS = 2_000, 100_000, 20_000
_LONGEST_ID = 40
_ABOUT = {"participant", "xid", "group-id", "n-comments", "n-votes", "n-agree", "n-disagree"}
_VALUES = {"1": 1, "-1": -1, "0": 0, "1.0": 1, "-1.0": -1, "0.0": 0}


@dataclass(frozen=True)
class Problem:
    """A row that is left out, where it stands and why."""

    file: str
    line: int
    text: str


@dataclass(frozen=True)
class Comment:
    """`out`: taken out by those who moderated it. `told`: agrees and disagrees as the file counts them."""

    source: str
    text: str
    out: bool
    told: tuple[int, int] | None = None


@dataclass
class Found:
    """What the two files say. `cast`: (voter, statement) -> vote; `beside`: votes on what was taken out."""

    comments: list[Comment] = field(default_factory=list)
    cast: dict[tuple[str, str], int] = field(default_factory=dict)
    beside: int = 0
    problems: list[Problem] = field(default_factory=list)
    used: list[str] = field(default_factory=list)
    unused: list[str] = field(default_factory=list)

    @property
    def voters(self) -> list[str]:
        return sorted({voter for voter, _statement in self.cast})

    def looks_turned(self) -> bool:
        """Whether the file's own counts are nearer when agreeing and disagreeing change places."""
        counts: dict[str, list[int]] = {}
        for (_voter, statement), value in self.cast.items():
            if value:
                counts.setdefault(statement, [0, 0])[value < 0] += 1
        as_is = turned = 0
        for one in self.comments:
            if one.told is not None and not one.out:
                agreed, disagreed = counts.get(one.source, (0, 0))
                as_is += abs(agreed - one.told[0]) + abs(disagreed - one.told[1])
                turned += abs(agreed - one.told[1]) + abs(disagreed - one.told[0])
        return turned < as_is


def read(comments: bytes, votes: bytes) -> Found:
    """Raises RuleBroken beside `comments` or `votes` where a file cannot be read at all."""
    found = Found()
    _read_comments(found, _Table.of(comments, COMMENTS))
    table = _Table.of(votes, VOTES)
    if "participant" in table.header and "vote" not in table.header:
        _read_wide(found, table)
    else:
        _read_long(found, table)
    if not found.cast:
        raise RuleBroken(_("No vote in this file is on a statement of the other."), code="none", field=VOTES)
    if len(found.voters) > MOST_VOTERS:
        raise _too_many(VOTES, _("%(n)d voters at most can be brought in.") % {"n": MOST_VOTERS})
    found.problems.sort(key=lambda one: (one.file, one.line))
    return found


def _too_many(file: str, text: str) -> RuleBroken:
    return RuleBroken(text, code="too_many", field=file)


@dataclass(frozen=True)
class _Table:
    file: str
    header: list[str]
    rows: list[tuple[int, list[str]]]

    @classmethod
    def of(cls, data: bytes, file: str) -> _Table:
        if len(data) > LARGEST:
            raise _too_many(file, _("This file is larger than %(n)d MB.") % {"n": LARGEST // 1024**2})
        try:
            text = uploads.text_of(data)
        except RuleBroken as error:
            raise RuleBroken(str(error.public_message), code=error.code, field=file) from error
        rows = list(_rows(text, file))
        if not rows:
            raise RuleBroken(
                _("This file is empty; its first line must name the columns."), code="empty", field=file
            )
        header = [name.strip().lower().replace("_", "-") for name in rows[0][1]]
        doubled = sorted({name for name in header if name and header.count(name) > 1})
        if doubled:
            raise RuleBroken(
                _("Line 1: the column “%(name)s” stands there twice.") % {"name": doubled[0]},
                code="columns",
                field=file,
            )
        return cls(file, header, rows[1:])

    def need(self, *names: str) -> list[int]:
        missing = [name for name in names if name not in self.header]
        if missing:
            words = {"names": ", ".join(missing), "has": ", ".join(self.header[:12])}
            raise RuleBroken(
                _("Line 1: there is no column %(names)s. The file has: %(has)s.") % words,
                code="columns",
                field=self.file,
            )
        return [self.header.index(name) for name in names]

    def at(self, name: str) -> int | None:
        return self.header.index(name) if name in self.header else None

    def whole_rows(self, found: Found) -> Iterator[tuple[int, list[str]]]:
        """Rows with as many cells as the first line; the others are named."""
        for line, row in self.rows:
            if len(row) == len(self.header):
                yield line, row
            else:
                words = {"has": len(row), "needs": len(self.header)}
                _leave(found, self, line, _("%(has)d cells; the first line has %(needs)d.") % words)


def _rows(text: str, file: str) -> Iterator[tuple[int, list[str]]]:
    first = text.lstrip().partition("\n")[0]
    separator = ";" if ";" in first and "," not in first else ","
    reader, line = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True), 1
    try:
        for row in reader:
            if any(row):
                yield line, [cell.strip() for cell in row]
            line = reader.line_num + 1
    except csv.Error as error:
        words = {"line": line, "why": error}
        raise RuleBroken(
            _("Line %(line)d: this is not CSV (%(why)s).") % words, code="not_csv", field=file
        ) from error


def _leave(found: Found, table: _Table, line: int, text: str) -> None:
    found.problems.append(Problem(table.file, line, text))


def _columns(found: Found, table: _Table, used: Sequence[str]) -> None:
    here = [name for name in table.header if name in used]
    found.used += here
    found.unused += [name for name in table.header if name and name not in used]


def _read_comments(found: Found, table: _Table) -> None:
    source, text = table.need("comment-id", "comment-body")
    moderated, agrees, disagrees = table.at("moderated"), table.at("agrees"), table.at("disagrees")
    _columns(found, table, ("comment-id", "comment-body", "moderated", "agrees", "disagrees"))
    seen: dict[str, int] = {}
    for line, row in table.whole_rows(found):
        why = _wrong_comment(row[source], tidy(row[text]), seen)
        state = row[moderated] if moderated is not None else ""
        if not why and state not in {"", "-1", "0", "1"}:
            why = _("“moderated” is “%(value)s”, none of -1, 0 and 1.") % {"value": state[:20]}
        if why:
            _leave(found, table, line, why)
            continue
        seen[row[source]] = line
        told = None
        if agrees is not None and disagrees is not None:
            told = _told(row[agrees], row[disagrees])
        found.comments.append(Comment(row[source], tidy(row[text]), state == "-1", told))
    if not found.comments:
        raise RuleBroken(_("There is no statement in this file."), code="none", field=table.file)
    if len(found.comments) > MOST_STATEMENTS:
        raise _too_many(table.file, _("%(n)d statements at most can be brought in.") % {"n": MOST_STATEMENTS})


def _wrong_comment(source: str, text: str, seen: dict[str, int]) -> str:
    if not source or len(source) > _LONGEST_ID:
        return _("“comment-id” is empty or too long.")
    if source in seen:
        return _("The statement %(id)s stands on line %(line)d already.") % {
            "id": source,
            "line": seen[source],
        }
    if len(text) < SHORTEST:
        return _("The statement is empty.")
    if len(text) > LONGEST:
        return _("The statement has %(has)d characters; %(n)d are the most.") % {
            "has": len(text),
            "n": LONGEST,
        }
    return ""


def _told(agrees: str, disagrees: str) -> tuple[int, int] | None:
    if agrees.isdecimal() and disagrees.isdecimal():
        return int(agrees), int(disagrees)
    return None


@dataclass
class _Cast:
    """The latest vote of each voter on each statement, and where it stands."""

    found: Found
    table: _Table
    known: dict[str, bool]
    when: dict[tuple[str, str], tuple[float | None, int]] = field(default_factory=dict)

    def add(self, line: int, voter: str, statement: str, value: str, at: float | None = None) -> None:
        why = self._wrong(voter, statement, value)
        if why:
            _leave(self.found, self.table, line, why)
            return
        if self.known[statement]:
            self.found.beside += 1
            return
        key, vote = (voter, statement), _VALUES[value]
        before = self.when.get(key)
        if before is not None and at is None and self.found.cast[key] != vote:
            text = _(
                "The same voter votes on statement %(id)s otherwise on line %(line)d; nothing says later."
            )
            _leave(self.found, self.table, line, text % {"id": statement, "line": before[1]})
            return
        if before is None or at is None or before[0] is None or at >= before[0]:
            self.found.cast[key], self.when[key] = vote, (at, line)
        if len(self.found.cast) > MOST_VOTES:
            raise _too_many(VOTES, _("%(n)d votes at most can be brought in.") % {"n": MOST_VOTES})

    def _wrong(self, voter: str, statement: str, value: str) -> str:
        if not voter:
            return _("The voter has no id.")
        if value not in _VALUES:
            return _("“%(value)s” is none of 1 (agree), -1 (disagree) and 0 (pass).") % {"value": value[:20]}
        if statement not in self.known:
            return _("There is no statement %(id)s in the file of statements.") % {
                "id": statement[:_LONGEST_ID]
            }
        return ""


def _casting(found: Found, table: _Table) -> _Cast:
    return _Cast(found, table, {one.source: one.out for one in found.comments})


def _read_long(found: Found, table: _Table) -> None:
    """One line a vote; with `timestamp` the latest counts."""
    voter, statement, vote = table.need("voter-id", "comment-id", "vote")
    timed = table.at("timestamp")
    _columns(found, table, ("voter-id", "comment-id", "vote", "timestamp"))
    casting = _casting(found, table)
    for line, row in table.whole_rows(found):
        at = None
        if timed is not None:
            at = _instant(row[timed])
            if at is None:
                text = _("“timestamp” is “%(value)s”, neither a number nor a date and time.")
                _leave(found, table, line, text % {"value": row[timed][:30]})
                continue
        casting.add(line, row[voter], row[statement], row[vote], at)


def _read_wide(found: Found, table: _Table) -> None:
    """One line a person, one column a statement; an empty cell is no vote."""
    person = table.header.index("participant")
    columns = [(at, name) for at, name in enumerate(table.header) if name and name not in _ABOUT]
    found.used += ["participant", _("one column a statement")]
    found.unused += [name for name in table.header if name in _ABOUT - {"participant"}]
    casting, seen = _casting(found, table), dict[str, int]()
    for line, row in table.whole_rows(found):
        if row[person] in seen:
            words = {"id": row[person][:_LONGEST_ID], "line": seen[row[person]]}
            _leave(found, table, line, _("Voter %(id)s stands on line %(line)d already.") % words)
            continue
        seen[row[person]] = line
        for at, name in columns:
            if row[at]:
                casting.add(line, row[person], name, row[at])


def _instant(text: str) -> float | None:
    """A number, or a date and time in ISO 8601; without a zone it is taken as UTC."""
    try:
        return float(text)
    except ValueError:
        pass
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        return None
    return (at if at.tzinfo else at.replace(tzinfo=UTC)).timestamp()
