"""Open conversations, when they lie beside the repository; they are not part of it."""

import csv
import json
from pathlib import Path
from typing import Any

import pytest

from convene.engines.opinion import Votes

_ROOT = Path(__file__).resolve().parents[5]
FOLDER = next(
    (found for up in _ROOT.parents if (found := up / "shared/data/opinion").is_dir()),
    _ROOT.parent / "shared/data/opinion",
)
NAMES = (
    "london.youth.policing",
    "brexit-consensus",
    "vtaiwan.uberx",
    "austria-climate.5twd2jsnkf.2022-08-08",
)


def conversation(name: str) -> Votes:
    """The votes of `participants-votes.csv`, moderated statements left out, or a skipped test."""
    folder = FOLDER / name
    if not folder.is_dir():
        pytest.skip("../shared/data/opinion is not beside this repository")
    with (folder / "comments.csv").open(encoding="utf-8-sig", newline="") as file:
        out = [int(row["comment-id"]) for row in csv.DictReader(file) if row["moderated"] == "-1"]
    with (folder / "participants-votes.csv").open(encoding="utf-8-sig", newline="") as file:
        header, *rows = csv.reader(file)
    columns = [(at, int(name)) for at, name in enumerate(header) if name.isdecimal()]
    cells = [(int(row[0]), id_, int(row[at])) for row in rows for at, id_ in columns if row[at]]
    voters, statements, values = zip(*cells, strict=True)
    return Votes.of(voters, statements, values, left_out=out)


def known(name: str) -> dict[str, Any]:
    """What red-dwarf 0.4.0 says about a conversation."""
    return dict(json.loads((FOLDER / "red_dwarf_results.json").read_text(encoding="utf-8"))[name])
