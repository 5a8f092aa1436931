"""How well groups mix and how few meet again, within a budget of CPU seconds; rules, repair, and other tools.

    .venv/bin/python benchmarks/grouping.py [--seconds 1 5] [--shift 0 100] [--rooms 200] [--only cohorts …]

Cases, distance and bounds are those of ../shared/data/grouping/cases.py; --shift adds to the cohorts'
seeds. Random groups and anti-clustering (in an environment of its own, one round) run beside ours; figures
of other peers on the same cases are quoted. Rules: rooms made around a seating that keeps them, and their
twins in which none does. CPU seconds are this machine's; calibration is the time of a fixed numpy loop, so
that figures of two runs compare.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "src"))
sys.path.insert(0, str(ROOT.parent / "shared/data/grouping"))

import cases  # type: ignore[import-not-found] - data beside the repository

import numpy as np
from convene.engines.grouping import ClashError, Mix, Person, Rule, arrange, repair
from convene.engines.grouping.tests.planted import planted, twin

from groups.peers import QUOTED, anti_clustering

NAMES = ("member", "org", "role", "region", "experience")
MIX = Mix(NAMES, frozenset({"experience"}))
SHAPES = (
    "5-3-6 5-3-7 5-4-5 5-5-6 7-3-9 8-3-10 9-3-11 10-3-12 8-4-7 9-4-8 10-4-9 6-3-8 6-4-6 7-4-7 8-4-8 9-4-9 "
    "7-3-10 10-4-10 8-4-9 8-4-10 7-7-8"
)


def calibration() -> float:
    """CPU milliseconds of a fixed piece of numpy work, about 15 on an idle machine of 2025."""
    rng = np.random.default_rng(0)
    values, index = rng.random(250_000, dtype=np.float32), rng.integers(0, 250_000, 1440)
    start = time.process_time()
    for _ in range(1000):
        block = values[index].reshape(40, 6, 6)
        (block - block.sum(2)[:, :, None]).reshape(40, -1).argmin(1)
        np.log(np.maximum(block, 1e-9))
    return 1000 * (time.process_time() - start)


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
    joint = f"; with so few repeats {100 * plan.mixing / plan.mixing_bound_here:6.2f} %"
    return (
        f"{cpu:6.2f} s {plan.repeats:4} (at least {plan.repeats_bound:3}) {checked['div_pct']:6.2f} %{joint}"
    )


def at_random(values: np.ndarray, groups: int, rounds: int) -> str:
    rng, cuts = np.random.default_rng(0), np.cumsum(cases.sizes(len(values), groups))[:-1]
    found = cases.metrics(values, [np.split(rng.permutation(len(values)), cuts) for _ in range(rounds)])
    return f"  random groups          {found['repeats']:4} {found['div_pct']:24.2f} %"


def cohorts(options: argparse.Namespace) -> None:
    print("Cohorts: CPU seconds, repeats (the fewest there can be), % of the most mixing there can be")
    for shift in options.shift:
        for name, (people, groups, rounds, seed) in cases.CASES.items():
            values = cases.cohort(people, seed + shift)
            print(f"{name} cohort {seed + shift}, calibration {calibration():.0f} ms")
            print(at_random(values, groups, rounds))
            for seconds in options.seconds:
                for engine_seed in range(3):
                    line = measured(values, groups, rounds, seconds, engine_seed)
                    print(f"  --seconds {seconds:<4g} seed {engine_seed} {line}", flush=True)
    print(QUOTED)


def one_round(_options: argparse.Namespace) -> None:
    print("One round only, beside anti-clustering 0.4.1 (it knows no rounds): CPU seconds, % of the bound")
    for name, (people, groups, _, seed) in cases.CASES.items():
        if people > 300:
            continue
        values = cases.cohort(people, seed)
        start = time.process_time()
        plan = arrange(people_of(values), groups, 1, mix=MIX, seconds=0.3)
        print(f"  {name:<6} ours             {time.process_time() - start:7.2f} s {plan.mixing_share:8.2%}")
        found = anti_clustering(cases.dist(values).astype(float), groups)
        for heuristic, (cpu, rows) in (found or {}).items():
            share = cases.metrics(values, [rows])["div_pct"]
            print(f"  {name:<6} anti, {heuristic:<10} {cpu:7.2f} s {share:6.2f} %", flush=True)
        if found is None:
            print("  anti-clustering cannot be installed here")


def shapes(_options: argparse.Namespace) -> None:
    print("Shapes of the social golfer (tables-seats-rounds), --seconds 0.1")
    for shape in SHAPES.split():
        groups, seats, rounds = map(int, shape.split("-"))
        print(f"  {shape:<8} {measured(cases.cohort(groups * seats, 1), groups, rounds, 0.1, 0)}", flush=True)


def rooms(options: argparse.Namespace) -> None:
    cpu, broken, named, wrong = [], [], [], []
    for seed in range(options.rooms):
        room = planted(seed)
        start = time.process_time()
        plan = arrange(room.people, room.tables, room.rounds, mix=MIX, rules=room.rules, seconds=1, seed=seed)
        cpu.append(time.process_time() - start)
        if plan.violations:
            broken.append(f"{seed} ({len(plan.violations)})")
        name, room = twin(seed)
        start = time.process_time()
        try:
            arrange(room.people, room.tables, room.rounds, mix=MIX, rules=room.rules, seconds=1, seed=seed)
            wrong.append(f"{seed} {name}")
        except ClashError:
            pass
        named.append(time.process_time() - start)
    print(f"Rules, {options.rooms} rooms of 4 to 300 people that can be kept, --seconds 1")
    print(f"  rooms with a broken rule: {len(broken)} {' '.join(broken)}")
    print(f"  CPU s: {_spread(cpu)}; calibration {calibration():.0f} ms")
    print(f"  twins that cannot be kept: {options.rooms - len(wrong)} named {' '.join(wrong)}")
    print(f"  CPU s: {_spread(named)}", flush=True)


def _spread(values: list[float]) -> str:
    ordered = sorted(values)
    return (
        f"median {statistics.median(ordered):.3f}, 95 % {ordered[int(0.95 * len(ordered))]:.3f}, "
        f"most {ordered[-1]:.3f}"
    )


def repairs(_options: argparse.Namespace) -> None:
    print("Repair: a tenth leave and a twentieth come before the second round; CPU ms, moved, % of the bound")
    for name in ("c24", "c60", "c175", "c300", "c1000"):
        count, groups, rounds, cohort = cases.CASES[name]
        for ruled in (False, True):
            people = people_of(cases.cohort(count, cohort))
            rules = _rules(people, groups) if ruled else []
            people = [
                Person(each.id, each.traits, flags=frozenset({"host"} if at % 4 == 0 else ()))
                for at, each in enumerate(people)
            ]
            walk_in = [Person(f"w{at:04}", people[at].traits) for at in range(count // 20)]
            plan = arrange(people, groups, min(rounds, 3), mix=MIX, rules=rules, seconds=1)
            found = []
            for seed in range(3):
                leave = np.random.default_rng(seed).choice(count, count // 10, replace=False)
                start = time.process_time()
                done = repair(
                    [*people, *walk_in],
                    plan.rounds,
                    round=1,
                    absent=[people[at].id for at in leave],
                    arrived=[each.id for each in walk_in],
                    mix=MIX,
                    rules=rules,
                    later_seconds=None,
                )
                cpu = 1000 * (time.process_time() - start)
                found.append(
                    f"{cpu:4.0f} ms, {len(done.moved)} moved, {done.mixing_share:.1%}"
                    + (f", {len(done.violations)} broken" if done.violations else "")
                )
            print(f"  {name:<6} {'with rules' if ruled else 'no rules  '} {'; '.join(found)}", flush=True)


def _rules(people: list[Person], groups: int) -> list[Rule]:
    """A host at each table, a fiftieth of the people apart in pairs, a few together."""
    ids = [each.id for each in people]
    rules = [Rule("at_least", flag="host")] if len(people) >= 4 * groups else []
    rules += [Rule("apart", people=(ids[at], ids[-1 - at])) for at in range(len(ids) // 50 + 1)]
    rules += [
        Rule("together", people=(ids[2 * at + 3], ids[2 * at + 30 if len(ids) > 60 else -5]))
        for at in range(2)
    ]
    return rules


PARTS: dict[str, Callable[[argparse.Namespace], None]] = {
    "cohorts": cohorts,
    "one-round": one_round,
    "shapes": shapes,
    "rooms": rooms,
    "repairs": repairs,
}


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--seconds", type=float, nargs="*", default=[1, 5])
    parser.add_argument("--shift", type=int, nargs="*", default=[0, 100])
    parser.add_argument("--rooms", type=int, default=200)
    parser.add_argument("--only", nargs="*", choices=PARTS, default=list(PARTS))
    options = parser.parse_args()
    for name in options.only:
        PARTS[name](options)


if __name__ == "__main__":
    main()
