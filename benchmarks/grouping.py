"""How well groups mix and how few meet again, within a budget of CPU seconds.

    .venv/bin/python benchmarks/grouping.py [--seconds 1 5] [--shift 0 100]

Cases, distance and bounds are those of ../shared/data/grouping/cases.py; --shift adds to the cohorts' seeds.
Random groups are made in the same run. Figures of peers on the same cases, measured in 2026, are quoted.
"""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "src"))
sys.path.insert(0, str(ROOT.parent / "shared/data/grouping"))

import cases  # type: ignore[import-not-found] - data beside the repository

import numpy as np
from convene.engines.grouping import Mix, Person, arrange

NAMES = ("member", "org", "role", "region", "experience")
MIX = Mix(NAMES, frozenset({"experience"}))
SHAPES = (
    "5-3-6 5-3-7 5-4-5 5-5-6 7-3-9 8-3-10 9-3-11 10-3-12 8-4-7 9-4-8 10-4-9 6-3-8 6-4-6 7-4-7 8-4-8 9-4-9 "
    "7-3-10 10-4-10 8-4-9 8-4-10 7-7-8"
)
QUOTED = """quoted, repeats / % of the bound:  c24          c60          c175         c300         c1000
  groupselect-lib 0.1.0            120 / 97.0   440 / 97.6   2021 / 98.6  3582 / 99.1  not finished
  GroupMixer, balance targets, 5 s  24 / 98.0     0 / 95.9      0 / 99.2     0 / 99.6     0 / 98.4"""


def people_of(values: np.ndarray) -> list[Person]:
    return [
        Person(f"p{at:04}", {name: str(value) for name, value in zip(NAMES, row, strict=True)})
        for at, row in enumerate(values)
    ]


def measured(values: np.ndarray, groups: int, rounds: int, seconds: float, seed: int) -> str:
    start = time.process_time()
    plan = arrange(people_of(values), groups, rounds, mix=MIX, seconds=seconds, seed=seed)
    cpu = time.process_time() - start
    seated = [[[int(each[1:]) for each in group] for group in round_] for round_ in plan.rounds]
    checked = cases.metrics(values, seated)
    return f"{cpu:6.2f} s {plan.repeats:4} (at least {plan.repeats_bound:3}) {checked['div_pct']:6.2f} %"


def at_random(values: np.ndarray, groups: int, rounds: int) -> str:
    rng, cuts = np.random.default_rng(0), np.cumsum(cases.sizes(len(values), groups))[:-1]
    found = cases.metrics(values, [np.split(rng.permutation(len(values)), cuts) for _ in range(rounds)])
    return f"random: {found['repeats']} {found['div_pct']} %"


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--seconds", type=float, nargs="*", default=[1, 5])
    parser.add_argument("--shift", type=int, nargs="*", default=[0, 100])
    options = parser.parse_args()
    for shift in options.shift:
        for name, (people, groups, rounds, seed) in cases.CASES.items():
            values = cases.cohort(people, seed + shift)
            print(f"{name} cohort {seed + shift}  {at_random(values, groups, rounds)}")
            for seconds in options.seconds:
                for engine_seed in range(3):
                    line = measured(values, groups, rounds, seconds, engine_seed)
                    print(f"  --seconds {seconds:<4g} seed {engine_seed} {line}", flush=True)
    print(QUOTED)
    for shape in SHAPES.split():
        groups, seats, rounds = map(int, shape.split("-"))
        print(f"{shape:<8} {measured(cases.cohort(groups * seats, 1), groups, rounds, 0.1, 0)}", flush=True)


if __name__ == "__main__":
    main()
