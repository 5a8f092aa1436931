"""Uploaded tables read into rows of text: CSV (any usual separator and encoding) and XLSX. Pure."""

from __future__ import annotations

import csv
import datetime as dt
import io
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from xml.etree.ElementTree import ParseError

from django.utils.translation import gettext as _
from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from convene.foundation import uploads
from convene.foundation.errors import RuleBroken

MOST_ROWS = 10_000
MOST_COLUMNS = 60
LARGEST_FILE = 5 * 1024 * 1024
MOST_UNPACKED = 20 * LARGEST_FILE
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True)
class Table:
    """Column names and rows of equal width; every cell is trimmed text. Row n of the file is `numbers[n]`."""

    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numbers: tuple[int, ...]


def read(data: bytes, filename: str) -> Table:
    """The table in an uploaded file. Raises RuleBroken naming what is wrong with it."""
    if len(data) > LARGEST_FILE:
        raise RuleBroken(_("This file is larger than 5 MB."), code="file_too_large", field="file")
    if filename.lower().endswith(".xlsx") or data.startswith(b"PK"):
        return _xlsx_table(data)
    if filename.lower().endswith(".xls"):
        raise RuleBroken(_("Save the old Excel file as .xlsx or CSV first."), code="old_excel", field="file")
    try:
        return _table(_csv_rows(uploads.text_of(data)))
    except csv.Error as error:
        raise uploads.not_text() from error


def _csv_rows(text: str) -> Iterator[Sequence[str]]:
    first = text.partition("\n")[0]
    delimiter = max(",;\t", key=first.count)
    yield from csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)


def _xlsx_table(data: bytes) -> Table:
    """The archive is looked at before it is opened: some bytes can unpack to more than the machine has."""
    try:
        unpacked = sum(part.file_size for part in zipfile.ZipFile(io.BytesIO(data)).infolist())
        if unpacked > MOST_UNPACKED:
            raise RuleBroken(_("This file is larger than 5 MB."), code="file_too_large", field="file")
        return _table(_xlsx_rows(data))
    except (
        InvalidFileException, zipfile.BadZipFile, zlib.error, ParseError, NotImplementedError,
        EOFError, LookupError, TypeError, ValueError, OSError,
    ) as error:  # fmt: skip  # what openpyxl raises of damaged files
        raise RuleBroken(_("This Excel file cannot be opened."), code="broken_excel", field="file") from error


def _xlsx_rows(data: bytes) -> Iterator[Sequence[str]]:
    book = load_workbook(io.BytesIO(data), read_only=True, data_only=True)
    for row in book.worksheets[0].iter_rows(values_only=True, max_row=MOST_ROWS + 50, max_col=MOST_COLUMNS):
        yield [_cell(value) for value in row]


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, dt.datetime):
        return value.date().isoformat() if value.time() == dt.time() else value.isoformat(sep=" ")
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def _table(lines: Iterable[Sequence[str]]) -> Table:
    header: tuple[str, ...] = ()
    rows: list[tuple[str, ...]] = []
    numbers: list[int] = []
    for number, line in enumerate(lines, start=1):
        cells = tuple(cell.replace("\x00", "").strip() for cell in line)
        if not any(cells):
            continue
        if not header:
            header = _named(cells)
            continue
        rows.append((cells + ("",) * len(header))[: len(header)])
        numbers.append(number)
        if len(rows) > MOST_ROWS:
            raise RuleBroken(
                _("More than %(n)d rows; split the file.") % {"n": MOST_ROWS},
                code="too_many_rows",
                field="file",
            )
    if not header or not rows:
        raise RuleBroken(
            _("There are no rows in this file: the first line names the columns, people follow below."),
            code="no_rows",
            field="file",
        )
    return Table(header, tuple(rows), tuple(numbers))


def _named(cells: Sequence[str]) -> tuple[str, ...]:
    """Column names; an empty one is called by its letter's place, a repeated one is refused."""
    while cells and not cells[-1]:
        cells = cells[:-1]
    names = tuple(cell or _("column %(n)d") % {"n": place} for place, cell in enumerate(cells, start=1))
    lowered = [name.casefold() for name in names]
    twice = sorted({name for name in names if lowered.count(name.casefold()) > 1})
    if twice:
        raise RuleBroken(
            _("Two columns have the same name: %(names)s.") % {"names": ", ".join(twice)},
            code="column_twice",
            field="file",
        )
    return names


def safe_cell(value: object) -> str:
    """For CSV out: a text that a spreadsheet would run as a formula gets a leading apostrophe."""
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text


def write_csv(header: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """UTF-8 text with a byte-order mark, so that spreadsheets read names right."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(header)
    for row in rows:
        writer.writerow([safe_cell(cell) for cell in row])
    return "\ufeff" + out.getvalue()
