"""The page's figures as a table: exactly what is shown, no more."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence

from django.utils.translation import gettext as _

from convene.apps.equity.models import Publication
from convene.apps.equity.page import Line, Shown

HEADER = ("period", "kind", "by", "answer", "step", "people", "share")


def as_csv(publication: Publication, tables: Sequence[Shown], guests: Line | None) -> str:
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(HEADER)
    start = (publication.period, publication.kind)
    for table in tables:
        if table.empty:
            continue
        for line in (*table.lines, table.total):
            writer.writerows((*start, _safe(table.title), *cells) for cells in _cells(line))
    if guests is not None:
        writer.writerows((*start, "", *cells) for cells in _cells(guests))
    return out.getvalue()


def _cells(line: Line) -> Iterator[tuple[str, str, object, str]]:
    for cell in line.cells:
        yield _safe(line.label), cell.step, _("hidden") if cell.count is None else cell.count, cell.share


def _safe(text: str) -> str:
    """No spreadsheet takes an answer for a formula."""
    return "'" + text if text[:1] in {"=", "+", "-", "@", "\t", "\r"} else text
