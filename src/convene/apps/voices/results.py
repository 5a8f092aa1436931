"""What an inquiry found, to take along as CSV or JSON: what its map shows, to the same nearest figures."""

from __future__ import annotations

import csv
import io
from typing import Any

from convene.apps.voices import queries, reading
from convene.apps.voices.models import Inquiry
from convene.apps.voices.reading import Reading, Shown
from convene.apps.voices.rules import showing

_FORMULA = ("=", "+", "-", "@", "\t", "\r")
COLUMNS = (
    "statement",
    "text",
    "stand",
    "agree_percent",
    "disagree_percent",
    "sureness",
    "list",
    "slate",
    "group_informed",
)


def results_of(inquiry: Inquiry) -> dict[str, Any]:
    """No ballot, no count of fewer than five; shares from thirteen votes on, as on the page."""
    read = reading.read(inquiry)
    release = queries.map_of(inquiry)
    body: dict[str, Any] = release.body if release is not None and read.begun else {}
    informed = _group_informed(body)
    return {
        "question": inquiry.question,
        "kind": inquiry.kind,
        "imported": inquiry.imported,
        "voters": read.voters or None,
        "released_on": release.made_at.date().isoformat() if release is not None and read.begun else None,
        "statements": [_statement(one, read, informed) for one in read.every],
        "common_ground": _numbers(read.common),
        "rejected": _numbers(read.against),
        "differences": _numbers(read.differ),
        "rarely_heard": _numbers(read.rare),
        "groups": {
            "reason": read.no_groups,
            "shown": [
                {
                    "group": group.letter,
                    "size": group.size_words,
                    "agrees_more": [one.statement.number for one, agrees in group.stands if agrees],
                    "disagrees_more": [one.statement.number for one, agrees in group.stands if not agrees],
                }
                for group in read.groups
            ],
        },
        "slate": {
            "statements": [
                {
                    "statement": one.statement.number,
                    "way": "agree" if one.agrees else "disagree",
                    "serves": one.serves,
                }
                for one in read.slate
            ],
            "said": read.slate_words,
            "certificate": {"rule": "EJR+", "holds": bool(body.get("slate", {}).get("holds"))}
            if read.slate
            else None,
        },
        "taken_out": [{"text": one.text, "reason": one.reason} for one in read.taken_out],
    }


def _numbers(found: list[Shown]) -> list[int]:
    return [one.statement.number for one in found]


def _statement(one: Shown, read: Reading, informed: dict[int, float]) -> dict[str, Any]:
    bar = one.bar
    return {
        "statement": one.statement.number,
        "text": one.statement.text,
        "stand": str(showing.stand(one.counts)) if one.heard else None,
        "agree_percent": one.percent,
        "disagree_percent": bar[1] if bar else None,
        "sureness": one.sureness,
        "list": _list_of(one, read),
        "slate": next(
            (place for place, chosen in enumerate(read.slate, 1) if chosen.statement.pk == one.statement.pk),
            None,
        ),
        "group_informed": informed.get(one.statement.number) if one.percent is not None else None,
    }


def _list_of(one: Shown, read: Reading) -> str:
    lists = {"common_ground": read.common, "rejected": read.against, "differences": read.differ}
    lists["rarely_heard"] = read.rare
    return next((name for name, found in lists.items() if one in found), "")


def _group_informed(body: dict[str, Any]) -> dict[int, float]:
    """Product over the groups of (agreed + 1) / (voted + 2), to the nearest twentieth; only of statements on
    which ten or more of every group voted.
    """
    groups = body.get("groups", ()) if body.get("stable") else ()
    shared = [group.get("shares", {}) for group in groups]
    if not shared:
        return {}
    found = {}
    for number in set(shared[0]).intersection(*shared[1:]):
        product = 1.0
        for shares in shared:
            agreed, seen = shares[number]
            product *= (agreed + 1) / (seen + 2)
        found[int(number)] = round(product * 20) / 20
    return found


def as_csv(results: dict[str, Any]) -> str:
    """One line a statement. A text that a spreadsheet would take for a formula begins with an apostrophe."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    for row in results["statements"]:
        writer.writerow([_cell(row[name]) for name in COLUMNS])
    return out.getvalue()


def _cell(value: object) -> object:
    if isinstance(value, str) and value.startswith(_FORMULA):
        return f"'{value}"
    return "" if value is None else value
