"""Are the bounds of groups true, and how far are plans from the best? Asked of CP-SAT, on small cases.

    .venv/bin/python benchmarks/grouping_bounds.py            compare with the recorded answers
    .venv/bin/python benchmarks/grouping_bounds.py --write    ask the solver anew and record (ten minutes)

The solver is installed into an environment of its own under var/peers, never into ours. Recorded are 100
cases of random people, tables, rounds, traits, past meetings and rules, each with its best possible mixing,
repeats and price, proven by the solver; the tests of the engine read the same file.
"""

from __future__ import annotations

import argparse
import json
import random
import statistics
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "src"))

from convene.engines.grouping.building import build
from convene.engines.grouping.people import positions, sizes
from convene.engines.grouping.tests.small import RECORD, Small, read

from groups.env import python_with, run

SOLVER = "ortools==9.15.6755"


def invented(seed: int) -> dict[str, Any]:
    """Four to nine people, two to four tables, up to three rounds; traits, past meetings, some rules."""
    chance = random.Random(seed)
    count = chance.randint(4, 9)
    groups = chance.randint(2, max(2, min(4, count // 2)))
    names = [f"kind{at}" for at in range(chance.randint(1, 3))]
    traits = {name: chance.choices(["", "a", "b", "c", "d"], [0.3, 3, 2, 1, 1], k=count) for name in names}
    ordered = chance.random() < 0.6
    if ordered:
        traits["years"] = [chance.choice(["", 0, 1, 2, 5, 9]) if at else 3 for at in range(count)]
    people = [{name: said[at] for name, said in traits.items()} for at in range(count)]
    weights = {name: chance.choice([0.5, 1, 2]) for name in traits if chance.random() < 0.3}
    pairs = [chance.sample(range(count), 2) for _ in range(3)]
    met = [[*pair, chance.choice([0.25, 0.5, 1, 2])] for pair in pairs[: chance.randint(0, 3)]]
    apart = [chance.sample(range(count), 2)] if chance.random() < 0.4 else []
    together = []
    if chance.random() < 0.3 and -(-count // groups) > 1:
        pair = chance.sample(range(count), 2)
        together = [pair] if sorted(pair) not in [sorted(each) for each in apart] else []
    return {
        "people": people,
        "weights": weights,
        "ordinal": ["years"] if ordered else [],
        "groups": groups,
        "rounds": chance.randint(1, 3),
        "met": met,
        "apart": apart,
        "together": together,
    }


def numbers_of(small: Small) -> str:
    """The case as the solver is told it."""
    task = build(
        small.people,
        small.tables,
        small.rounds,
        mix=small.mix,
        rules=small.rules,
        met=small.met,
        meet=0.5,
    )
    at = positions(small.people)
    pairs = {kind: [] for kind in ("apart", "together")}
    for rule in small.rules:
        pairs[rule.kind].append([at[person] for person in rule.people])
    return json.dumps(
        {
            "n": len(small.people),
            "sizes": sizes(len(small.people), len(small.tables)),
            "rounds": small.rounds,
            "differ": task.mixed.matrix.tolist(),
            "met": task.met.tolist(),
            "again": task.model.again,
            **pairs,
        }
    )


def write() -> None:
    python = python_with(SOLVER)
    if python is None:
        sys.exit(f"{SOLVER} cannot be installed here.")
    code = (ROOT / "benchmarks/groups/cpsat.py").read_text(encoding="utf-8")
    found: list[str] = []
    seed = 0
    while len(found) < 100:
        seed += 1
        case = invented(seed)
        best = json.loads(run(python, code, numbers_of(Small.of(case)) + "\n"))
        print(seed, len(case["people"]), case["groups"], case["rounds"], best, flush=True)
        if best is not None:  # None: the solver did not prove its best within its time
            found.append(json.dumps({"seed": seed, **case, "best": best}))
    RECORD.write_text("[\n" + ",\n".join(found) + "\n]\n", encoding="utf-8")
    print(f"{len(found)} of {seed} cases proven and recorded in {RECORD.relative_to(ROOT)}")


def compare() -> None:
    rows = [(small, small.planned(seconds=0.2)) for small in read()]
    far = [small.price_of(plan) - small.best["price"] for small, plan in rows]
    print(f"{len(rows)} cases, 4 to 9 people, 2 to 4 tables, 1 to 3 rounds; the best by {SOLVER}, recorded")
    for name, best, bound in (
        ("mixing", "mixing", "mixing_bound"),
        ("pairs that meet", "met", "met_bound"),
    ):
        share = [small.best[best] / max(getattr(plan, bound), 1e-9) for small, plan in rows]
        true = sum(each <= 1 + 1e-6 for each in share)
        tight = sum(each > 1 - 1e-6 for each in share)
        print(
            f"  bound on {name:<16} holds in {true}, met exactly in {tight}, best/bound on average "
            f"{statistics.mean(share):.4f}"
        )
    true = sum(plan.repeats_bound <= small.best["repeats"] for small, plan in rows)
    tight = sum(plan.repeats_bound == small.best["repeats"] for small, plan in rows)
    print(f"  bound on repeats          holds in {true}, met exactly in {tight}")
    print(
        f"  our plan (0.2 s) is the best in {sum(each < 1e-5 for each in far)}, at most {max(far):.4f} away"
    )


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--write", action="store_true")
    if parser.parse_args().write:
        write()
    compare()


if __name__ == "__main__":
    main()
