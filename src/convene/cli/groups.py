"""Seat people in groups over several rounds, so that they meet someone new and tables mix."""

from __future__ import annotations

import argparse
import json
import math
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from convene.engines.grouping import Clash, ClashError, InputError, Plan, Rule

BAD_INPUT, CLASH = 2, 3
_ABOUT = """\
PEOPLE is a table (CSV, UTF-8) with a column 'id' (or ids in the first column) and one for each trait; RULES
is described in docs/reference/group-rules.md; MET has the columns one, other and, if you like, weight or
days (since they met). The plan (JSON) goes to --out or to standard output, everything else to standard
error. Exit status: 0 done, 2 faulty input, 3 rules that cannot hold together."""


def main(argv: list[str]) -> int:
    options = _parser().parse_args(argv)

    from convene.cli import _group_tables as tables
    from convene.cli._draw_tables import BadTableError
    from convene.engines.grouping import ClashError, InputError, Mix, arrange

    if options.out is not None and not options.out.resolve().parent.is_dir():
        return _refuse([f"{options.out}: there is no such folder"])
    try:
        names = tuple(dict.fromkeys([*options.mix, *options.ordinal]))
        room = tables.room_of(options.people, options.rules, names, options.ordinal, options.groups)
        met = tables.met_of(options.met, room.people)
    except BadTableError as error:
        return _refuse(error.faults)
    try:
        plan = arrange(
            room.people,
            room.tables,
            options.rounds,
            mix=Mix(names, frozenset(options.ordinal)),
            rules=room.rules,
            met=met,
            meet=options.meet,
            seconds=options.seconds,
            seed=options.seed,
        )
    except InputError as error:
        return _refuse(_placed(error, options.rules))
    except ClashError as error:
        return _explain(error)
    return _write(plan, options.out)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="convene groups", description=__doc__, epilog=_ABOUT)
    add = parser.add_argument
    add("--people", type=Path, required=True, metavar="FILE.csv")
    add("--groups", type=_positive, required=True, metavar="N", help="how many groups in each round")
    add("--rounds", type=_positive, default=1, metavar="R", help="default: 1")
    add("--mix", type=_columns, default=[], metavar="COLS", help="columns to mix by, separated by commas")
    add("--ordinal", type=_columns, default=[], metavar="COLS", help="those of them that hold numbers")
    add("--rules", type=Path, metavar="FILE.json")
    add("--met", type=Path, metavar="FILE.csv", help="who met whom before")
    add("--meet", type=_share, default=0.5, help="0: only mixing counts; 1: meeting someone new does most")
    add("--seed", type=_natural, default=0, help="a whole number; another one gives another plan")
    add("--seconds", type=_budget, default=1.0, metavar="S", help="how much to search (no clock is read)")
    add("--out", type=Path, metavar="plan.json", help="default: standard output")
    return parser


def _positive(text: str) -> int:
    if int(text) < 1:
        raise ValueError
    return int(text)


def _natural(text: str) -> int:
    if int(text) < 0:
        raise ValueError
    return int(text)


def _share(text: str) -> float:
    if not 0 <= float(text) <= 1:
        raise ValueError
    return float(text)


def _budget(text: str) -> float:
    if not (float(text) > 0 and math.isfinite(float(text))):
        raise ValueError
    return float(text)


def _columns(text: str) -> list[str]:
    return [name.strip() for name in text.split(",") if name.strip()]


def _placed(error: InputError, rules: Path | None) -> list[str]:
    """Faults of the people's table are found earlier, so an index is that of a rule."""
    return [
        problem.text if problem.index is None else f"{rules}: rule {problem.index + 1}: {problem.text}"
        for problem in error.problems
    ]


def _refuse(faults: list[str] | tuple[str, ...]) -> int:
    for fault in faults:
        print(fault, file=sys.stderr)
    return BAD_INPUT


_WHY = {
    "apart_together": "{people} sit apart and together at once",
    "too_many_together": "{number} people who sit together ({people}) need more than one table's seats",
    "pinned_twice": "{people}: pinned to two tables at once",
    "table_full": "more people are pinned to one table than it seats: {people}",
    "no_place": "no seat where what is needed is offered, for everyone who needs it {people}",
    "too_many_apart": "more people who all sit apart than there are groups: {people}",
    "too_few": "too few people, or too many wanted, for every table",
    "too_many": "too many people for so few at each table",
    "alone": "there is only one of a kind, who is alone wherever they sit: {people}",
    "no_language": "{people} sit together, share no language, and nobody can translate",
}


def _explain(error: ClashError) -> int:
    print("These rules cannot hold together.", file=sys.stderr)
    for clash in error.clashes:
        print(f"- {_why(clash)}.", file=sys.stderr)
        for number in clash.rules:
            print(f"    {_rule(number, error.rules[number])}", file=sys.stderr)
    return CLASH


def _why(clash: Clash) -> str:
    words = {"people": ", ".join(clash.people), "number": len(clash.people)}
    return _WHY.get(str(clash.code), str(clash.code)).format(**words).strip()


def _rule(number: int, rule: Rule) -> str:
    said = [rule.flag, rule.trait, rule.value, ", ".join(rule.people)]
    return " ".join([f"rule {number + 1}: {rule.kind}", *(each for each in said if each)])


def _write(plan: Plan, out: Path | None) -> int:
    answer = plan.as_json()
    for each in answer["broken"]:
        for name in ("rule", "round", "table"):
            each[name] += 1
    text = json.dumps(answer, ensure_ascii=False) + "\n"
    if out is None:
        sys.stdout.buffer.write(text.encode())
    else:
        out.write_text(text, encoding="utf-8", newline="\n")
    _say(f"Repeated meetings: {plan.repeats}; no plan has fewer than {plan.repeats_bound}.")
    _say(f"Mixing: {plan.mixing_share:.2%} of a bound that no plan passes.")
    if plan.violations:
        _say(f"No plan was found that keeps all rules (none is not proven); broken: {len(plan.violations)}")
        for each in answer["broken"]:
            who = ", ".join(each["people"])
            _say(f"- rule {each['rule']} in round {each['round']} at table {each['table']}: {who}")
    return 0


def _say(text: str) -> None:
    print(text, file=sys.stderr)
