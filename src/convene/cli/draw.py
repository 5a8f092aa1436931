"""Draw a panel from a list of people by fair lottery, so that targets are met."""

from __future__ import annotations

import argparse
import csv
import hashlib
import io
import json
import secrets
import signal
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from types import FrameType

    from convene.cli._draw_tables import Table
    from convene.engines.allotment import (
        Applicant,
        Change,
        InfeasibleError,
        Limit,
        Lottery,
        Problem,
        Progress,
        Quota,
    )

BAD_INPUT, INFEASIBLE = 2, 3
OBJECTIVES = ("leximin", "maximin", "nash", "goldilocks")
_ABOUT = """\
PEOPLE is a table (CSV, UTF-8) with a column 'id' and one for each feature; TARGETS has the columns
feature, value, min, max. The record (JSON) goes to --out or to standard output, everything else to
standard error. Exit status: 0 drawn, 2 faulty input, 3 no panel meets the targets."""


def main(argv: list[str]) -> int:
    options = _parser().parse_args(argv)

    from convene.cli import _draw_tables as tables
    from convene.engines.allotment import InfeasibleError, InputError

    try:
        people, targets = tables.read_table(options.people), tables.read_table(options.targets)
        quotas = tables.quotas_of(targets)
        features = list(dict.fromkeys(quota.feature for quota in quotas))
        columns = tables.Columns(options.households, options.teams, options.weights)
        applicants = tables.applicants_of(people, targets, features, columns)
        held = [] if options.held is None else tables.ids_of(options.held)
    except tables.BadTableError as error:
        return _refuse(options, [{"code": "bad_file", "text": fault} for fault in error.faults])
    missing = [path for path in _written(options) if not path.resolve().parent.is_dir()]
    if missing:
        return _refuse(
            options, [{"code": "no_folder", "text": f"{path}: there is no such folder"} for path in missing]
        )
    unused = [name for name in people.header if name not in {"id", *features, *columns.named.values()}]
    if unused:
        _say(f"Columns without targets are ignored: {', '.join(unused)}")
    try:
        return _draw(options, applicants, quotas, held, columns.named)
    except InputError as error:
        return _refuse(options, _problems(error.problems, people, targets))
    except InfeasibleError as error:
        return _explain(options, error)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="convene draw", description=__doc__, epilog=_ABOUT)
    add = parser.add_argument
    add("--people", type=Path, required=True, metavar="FILE.csv")
    add("--targets", type=Path, required=True, metavar="FILE.csv")
    add("--seats", type=int, required=True, metavar="N", help="how many people to draw")
    add("--objective", choices=OBJECTIVES, default="leximin", help="what is fairest; default: leximin")
    add("--tickets", type=_positive, metavar="M", help="draw by M equally likely tickets, each a whole panel")
    add("--households", metavar="COLUMN", help="at most one of those with the same entry in it is drawn")
    add("--teams", metavar="COLUMN", help="of those with the same entry in it all are drawn, or none")
    add("--weights", metavar="COLUMN", help="chances are equalised in proportion to these numbers")
    add(
        "--held",
        type=Path,
        metavar="FILE",
        help="ids whose seats are held: one on a line, or a table with 'id'",
    )
    add("--seed", help="any text; default: a secret one is made up and printed")
    add(
        "--secret",
        help="what salts are made of; default: new ones for --public and --auditor, else from the seed",
    )
    add("--out", type=Path, metavar="record.json", help="default: standard output")
    add("--public", type=Path, metavar="FILE.json", help="write the part of the record that may be published")
    add(
        "--auditor",
        type=Path,
        metavar="FILE.csv",
        help="write the people file that goes with the public record",
    )
    add("--json", action="store_true", help="the record, or what is wrong, as JSON on standard output")
    return parser


_MEASURES = {
    "geometric_mean": "The geometric mean of chances over weight is {0:.6%}; none has more than {1:.6%}",
    "imbalance": "The largest chance in fair shares and the fair share in the least one add up to {0:.6f}; "
    "none has less than {1:.6f}",
}


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise ValueError
    return number


def _written(options: argparse.Namespace) -> list[Path]:
    return [path for path in (options.out, options.public, options.auditor) if path is not None]


def _draw(
    options: argparse.Namespace,
    applicants: list[Applicant],
    quotas: list[Quota],
    held: Sequence[str],
    columns: dict[str, str],
) -> int:
    from importlib.metadata import version

    from convene.engines.allotment import solve_lottery
    from convene.engines.allotment.sealing import auditor_rows, finish, public, seal

    seed = secrets.token_hex(16) if options.seed is None else options.seed
    with _Watch() as watch:
        lottery = solve_lottery(
            applicants, quotas, options.seats, objective=options.objective, held=held, progress=watch.progress
        )
    full = seal(
        lottery,
        quotas,
        options.seats,
        tickets=options.tickets,
        key=_key(options, seed, lottery),
        source={"kind": "seed"},
        version=version("convene-community"),
    )
    full["private"]["columns"] = columns
    record = finish(full, seed)
    if options.out is not None:
        options.out.write_text(_lines(record), encoding="utf-8", newline="\n")
    if options.public is not None:
        options.public.write_text(_lines(public(record)), encoding="utf-8", newline="\n")
    if options.auditor is not None:
        header, rows = auditor_rows(record)
        text = io.StringIO()
        csv.writer(text, lineterminator="\n").writerows([header, *rows])
        options.auditor.write_text(text.getvalue(), encoding="utf-8", newline="\n")
    if options.json or options.out is None:
        shown = {"status": "drawn", **record} if options.json else record
        sys.stdout.buffer.write(_lines(shown).encode())
    _summarise(record, options)
    return 0


def _key(options: argparse.Namespace, seed: str, lottery: Lottery) -> bytes:
    """What salts are made of. Readers of a public record, who know the seed, must not be able to guess it;
    where there is none, the same seed gives the same bytes.
    """
    if options.secret is None and (options.public or options.auditor):
        secret = secrets.token_hex(16)
        _say(f"Secret of the salts (with it, --secret repeats this very draw): {secret}")
    elif options.secret is not None:
        secret = options.secret
    else:
        people = sorted(str((each.id, sorted(each.traits.items()))) for each in lottery.applicants)
        secret = "\n".join([seed, *people])
    return hashlib.sha256(f"convene draw\n{secret}".encode()).digest()


def _lines(written: dict[str, Any]) -> str:
    """JSON with a line for each field, and for each entry of lists of objects; blocks are indented."""

    def value(field: Any, margin: str) -> str:
        if isinstance(field, dict) and any(isinstance(each, dict | list) and each for each in field.values()):
            inner = margin + " "
            rows = (f"{inner}{json.dumps(name)}: {value(each, inner)}" for name, each in field.items())
            return "{\n" + ",\n".join(rows) + f"\n{margin}}}"
        if isinstance(field, list) and field and isinstance(field[0], dict):
            rows = (f"{margin} {json.dumps(each, ensure_ascii=False)}" for each in field)
            return "[\n" + ",\n".join(rows) + f"\n{margin}]"
        return json.dumps(field, ensure_ascii=False)

    return value(written, "") + "\n"


def _summarise(record: dict[str, Any], options: argparse.Namespace) -> None:
    least, committed = record["minimum_chance"], record["committed"]
    what = "equally likely tickets" if committed["stages"] == 1 else "tickets for compositions"
    drawn, people = len(record["selected"]), len(record["chances"])
    _say(f"{drawn} of {people} people drawn by one of {record['tickets']} {what}.")
    _say(
        f"The least likely had a chance of {least['achieved']:.4%}; "
        f"no lottery could give them more than {least['bound']:.4%} (gap {least['gap']:.1e})."
    )
    best = record.get("optimum")
    if best is not None and best["achieved"] is not None:
        name = _MEASURES[best["measure"]].format(best["achieved"], best["bound"])
        _say(f"{name} (gap {best['gap']:.1e}).")
    if options.tickets is not None and committed["stages"] != 1:
        _say("Less than a seat for 1,000 people: a ticket says how many of each type, then chance says who.")
    _say(f"Seed: {record['seed']}")
    _say(f"Commitment: {record['commitment']}")
    for caution in record["warnings"]:
        _say(f"Warning: {caution['text']}")
    for path in _written(options):
        _say(f"Written: {path}")


def _problems(problems: Iterable[Problem], people: Table, targets: Table) -> list[dict[str, Any]]:
    from convene.cli import _draw_tables as tables

    return [
        {
            "code": str(problem.code),
            "params": dict(problem.params),
            "place": problem.place,
            "index": problem.index,
            "text": tables.placed(problem, people, targets),
        }
        for problem in problems
    ]


def _refuse(options: argparse.Namespace, problems: list[dict[str, Any]]) -> int:
    for problem in problems:
        _say(problem["text"])
    if options.json:
        _print({"status": "faulty", "problems": problems})
    return BAD_INPUT


def _explain(options: argparse.Namespace, error: InfeasibleError) -> int:
    _say("No panel meets all targets.")
    _say("These clash:")
    for limit in error.clash:
        _say(f"  {limit.text}")
    if error.alone:
        _say("Any one of these changes would be enough:")
        for change in error.alone:
            _say(f"  {change.text}")
    _say("The smallest relaxation, all of it together:")
    for change in error.relaxation:
        _say(f"  {change.text}")
    if options.json:
        _print(
            {
                "status": "infeasible",
                "clash": [_limit(limit) for limit in error.clash],
                "smallest": error.smallest,
                "alone": [_change(change) for change in error.alone],
                "relaxation": [_change(change) for change in error.relaxation],
            }
        )
    return INFEASIBLE


def _limit(limit: Limit) -> dict[str, Any]:
    return {
        "feature": limit.feature,
        "value": limit.value,
        "side": limit.side,
        "seats": limit.seats,
        "rule": limit.rule,
        "text": limit.text,
    }


def _change(change: Change) -> dict[str, Any]:
    return {**_limit(change.limit), "becomes": change.seats, "text": change.text}


def _print(answer: dict[str, Any]) -> None:
    sys.stdout.buffer.write(_lines(answer).encode())


def _say(text: str) -> None:
    print(text, file=sys.stderr)


class _Watch:
    """Progress on a terminal only; there, the first Ctrl-C ends the search with the best lottery so far."""

    def __init__(self) -> None:
        self._shown = sys.stderr.isatty()
        self._stop = False
        self._before: Any = None

    def __enter__(self) -> Self:
        if self._shown:
            self._before = signal.signal(signal.SIGINT, self._asked)
        return self

    def __exit__(self, *_: object) -> None:
        if self._shown:
            signal.signal(signal.SIGINT, self._before)
            print(file=sys.stderr)

    def _asked(self, _signal: int, _frame: FrameType | None) -> None:
        self._stop = True
        signal.signal(signal.SIGINT, self._before)

    def progress(self, step: Progress) -> bool:
        if self._shown:
            line = f"{step.stage} {step.steps}: least chance {step.achieved:.4%} of at most {step.bound:.4%}"
            print(f"\r{line:<70}", end="", file=sys.stderr, flush=True)
        return not self._stop
