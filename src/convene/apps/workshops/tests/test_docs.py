"""The reference page says of each template what its data says."""

from __future__ import annotations

from pathlib import Path

from convene.apps.workshops.models import Workshop
from convene.apps.workshops.starters import STARTERS

PAGE = Path(__file__).resolve().parents[5] / "docs/reference/workshop-templates.md"
AUDIENCES = {"members": "members", "everyone": "everyone", "core": "core members"}


def test_the_table_of_templates_is_true():
    rows = [line for line in PAGE.read_text(encoding="utf-8").splitlines() if "| `" in line and " | " in line]
    table = [[cell.strip() for cell in row.strip("|").split("|")] for row in rows if row.count("|") == 10]
    assert table == [
        [
            str(starter.name),
            f"`{starter.key}`",
            str(Workshop.Kind(starter.kind).label),
            str(starter.minutes),
            str(starter.seats),
            str(starter.minimum),
            str(Workshop.Recording(starter.recording).label).partition(":")[0],
            AUDIENCES[starter.audience],
            str(Workshop.Depth(starter.depth).label),
        ]
        for starter in STARTERS.values()
    ]
