"""Check the record of a draw: sealed before chance, drawn by it, and as fair as it says."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

FALSE, UNREADABLE = 1, 2
QUICKNET = "52db9ba70e0cc0f6eaf7803dd07447a1f5477735fd3f661792ba94600c84e971"
_KEYS = {
    QUICKNET: "83cf0f2896adee7eb8b5f01fcad3912212c437e0073e911fb90022d3e760183c8c4b450b6a0a6c3ac6a5776a2d10"
    "64510d1fec758c921cc22b0e17e63aaf4bcb5ed66304de9cf809bd274ca73bab4af5a6e9c76a4bc09e76eae8991ef5ece45a",
}
_ABOUT = """\
RECORD is a public record, or the full one that `convene draw` writes. FILE is the plain list of people
given to `convene draw`, for a full record, or the auditor's people file, for either. Exit status: 0 all
holds, 1 something does not (the reasons go to standard output), 2 a file cannot be read."""


def main(argv: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="convene verify", description=__doc__, epilog=_ABOUT)
    parser.add_argument("record", type=Path, metavar="RECORD")
    parser.add_argument("--people", type=Path, metavar="FILE.csv")
    parser.add_argument("--commitment", metavar="TEXT", help="as it was published before the draw")
    parser.add_argument("--value", metavar="TEXT", help="the value of chance, as it was heard")
    parser.add_argument(
        "--no-beacon", action="store_true", help="do not check the signature of a drand beacon"
    )
    options = parser.parse_args(argv)

    from convene.engines.allotment import verifier

    try:
        record = json.loads(options.record.read_text(encoding="utf-8"))
        people = None if options.people is None else verifier.read_people(options.people)
    except OSError as error:
        print(f"{error.filename}: cannot be read: {error.strerror}", file=sys.stderr)
        return UNREADABLE
    except ValueError as error:
        print(f"cannot be read as a record (JSON) and a people file (CSV, UTF-8): {error}", file=sys.stderr)
        return UNREADABLE
    reasons = verifier.check(record, people)
    if not reasons:
        reasons = [*_compared(record, options), *([] if options.no_beacon else _beacon(record))]
    lines = reasons or [
        *verifier.notes(record, people),
        *_signed(record, options),
        "All of this holds.",
    ]
    print("\n".join(lines))
    return FALSE if reasons else 0


def _compared(record: dict[str, Any], options: argparse.Namespace) -> Iterator[str]:
    if options.commitment not in (None, record["commitment"]):
        yield f"the commitment is {record['commitment']}, not the one published before"
    if options.value not in (None, record.get("chance", {}).get("value")):
        yield "the value of chance is not the one that was heard"


def _is_beacon(record: dict[str, Any]) -> bool:
    return "chance" in record and record["committed"]["source"]["kind"] == "drand"


def _beacon(record: dict[str, Any]) -> Iterator[str]:
    """Whether drand signed the round: its randomness was not made up by anyone."""
    if not _is_beacon(record):
        return
    source, beacon = record["committed"]["source"], record["chance"]["evidence"]
    key = _KEYS.get(source.get("chain", QUICKNET))
    if key is None:
        yield f"the beacon is of a network that is not known here: {source['chain']}"
        return
    try:
        import drand_verify
    except ImportError:
        yield (
            "the beacon's signature cannot be checked: the package drand-verify is not installed "
            "(--no-beacon leaves this check out)"
        )
        return
    try:
        value = drand_verify.verify_quicknet(source["round"], beacon["signature"], key)
    except ValueError:
        yield f"the beacon's signature is not drand's for round {source['round']}"
        return
    if value != record["chance"]["value"]:
        yield "the value is not that of the beacon"


def _signed(record: dict[str, Any], options: argparse.Namespace) -> list[str]:
    if not _is_beacon(record):
        return []
    return [
        "The beacon's signature was not checked." if options.no_beacon else "The beacon was signed by drand."
    ]
