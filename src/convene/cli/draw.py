"""Draw a panel from a list of people by fair lottery, so that targets are met."""

from __future__ import annotations

import argparse
import json
import secrets
import signal
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

if TYPE_CHECKING:
    from collections.abc import Iterable
    from types import FrameType

    from convene.engines.allotment import Applicant, InfeasibleError, Objective, Outcome, Progress, Quota

BAD_INPUT, INFEASIBLE = 2, 3
_ABOUT = """\
PEOPLE is a table (CSV, UTF-8) with a column 'id' and one for each feature; TARGETS has the columns
feature, value, min, max. The record (JSON) goes to --out or to standard output, everything else to
standard error. Exit status: 0 drawn, 2 faulty input, 3 no panel meets the targets."""


def main(argv: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="convene draw", description=__doc__, epilog=_ABOUT)
    parser.add_argument("--people", type=Path, required=True, metavar="FILE.csv")
    parser.add_argument("--targets", type=Path, required=True, metavar="FILE.csv")
    parser.add_argument("--seats", type=int, required=True, metavar="N", help="how many people to draw")
    parser.add_argument(
        "--objective", choices=("leximin", "maximin"), default="leximin", help="default: leximin"
    )
    parser.add_argument("--seed", help="any text; default: a secret one is made up and printed")
    parser.add_argument("--out", type=Path, metavar="record.json", help="default: standard output")
    options = parser.parse_args(argv)

    from convene.cli import _draw_tables as tables
    from convene.engines.allotment import InfeasibleError, InputError

    try:
        people, targets = tables.read_table(options.people), tables.read_table(options.targets)
        quotas = tables.quotas_of(targets)
        features = list(dict.fromkeys(quota.feature for quota in quotas))
        applicants = tables.applicants_of(people, targets, features)
    except tables.BadTableError as error:
        return _refuse(error.faults)
    if options.out is not None and not options.out.resolve().parent.is_dir():
        return _refuse([f"{options.out}: there is no such folder"])
    unused = [name for name in people.header if name not in {"id", *features}]
    if unused:
        _say(f"Columns without targets are ignored: {', '.join(unused)}")
    try:
        return _draw(options, applicants, quotas)
    except InputError as error:
        return _refuse(tables.placed(error.problems, people, targets))
    except InfeasibleError as error:
        return _explain(error)


def _draw(options: argparse.Namespace, applicants: list[Applicant], quotas: list[Quota]) -> int:
    from importlib.metadata import version

    from convene.engines.allotment import allot
    from convene.engines.allotment.record import record

    seed = secrets.token_hex(16) if options.seed is None else options.seed
    objective: Objective = options.objective
    with _Watch() as watch:
        outcome = allot(
            applicants, quotas, options.seats, seed=seed, objective=objective, progress=watch.progress
        )
    written = record(outcome, quotas, options.seats, version=version("convene-community"))
    text = _lines(written)
    if options.out is None:
        sys.stdout.buffer.write(text.encode())
    else:
        options.out.write_text(text, encoding="utf-8", newline="\n")
    _summarise(outcome, options.out)
    return 0


def _lines(written: dict[str, Any]) -> str:
    """JSON with a line for each field, and for each entry of the lists of types, rows and quotas."""

    def value(field: Any) -> str:
        if isinstance(field, list) and field and isinstance(field[0], dict):
            return "[\n  " + ",\n  ".join(json.dumps(each, ensure_ascii=False) for each in field) + "\n ]"
        return json.dumps(field, ensure_ascii=False)

    return (
        "{\n "
        + ",\n ".join(f"{json.dumps(name)}: {value(field)}" for name, field in written.items())
        + "\n}\n"
    )


def _summarise(outcome: Outcome, out: Path | None) -> None:
    least = outcome.minimum_chance
    _say(
        f"{len(outcome.selected)} of {len(outcome.chances)} people drawn by a lottery over "
        f"{len(outcome.lottery)} compositions."
    )
    _say(
        f"The least likely had a chance of {least.achieved:.4%}; "
        f"no lottery could give them more than {least.bound:.4%} (gap {least.gap:.1e})."
    )
    _say(f"Seed: {outcome.seed}")
    for caution in outcome.warnings:
        _say(f"Warning: {caution.text}")
    if out is not None:
        _say(f"Record: {out}")


def _refuse(faults: Iterable[str]) -> int:
    for fault in faults:
        _say(fault)
    return BAD_INPUT


def _explain(error: InfeasibleError) -> int:
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
    return INFEASIBLE


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
