"""How long a fair draw takes, how good it is, and how that compares with the usual tool.

    .venv/bin/python benchmarks/allotment.py                   ours, on ../shared/data/allotment
    .venv/bin/python benchmarks/allotment.py --peer            and sortition-algorithms' maximin
    .venv/bin/python benchmarks/allotment.py --peer --gurobi   and its leximin (limited licence)
    .venv/bin/python benchmarks/allotment.py --scale           ours, on invented pools up to 1,000,000 people

The peer is installed into an environment of its own under var/peers, never into ours. CPU seconds (user and
system) of the draw alone, without starting Python or reading files; machines are shared, so compare only the
ratios of one run. With --scale each run has a process of its own: CPU seconds from people and quotas to the
lottery, until the least chance is bounded ("bound") and in all, and the peak of memory with the people in it.
"""

from __future__ import annotations

import argparse
import csv
import json
import math
import os
import resource
import statistics
import subprocess
import sys
import time
import venv
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "src"))

from convene.engines.allotment import (
    Applicant,
    InfeasibleError,
    Objective,
    Progress,
    Quota,
    allot,
    solve_lottery,
)
from convene.engines.allotment.tests.invented import KINDS, invented

PEER = "sortition-algorithms==0.12.15"
GUROBI = "gurobipy==13.0.3"
OBJECTIVES: tuple[Objective, ...] = ("maximin", "leximin")

# Runs in the peer's environment: folder, seats, objective -> JSON on the last line.
PEER_RUN = """
import csv, json, sys, time
from sortition_algorithms import Settings, read_in_features, read_in_people
from sortition_algorithms import committee_generation
folder, seats, objective = sys.argv[1], int(sys.argv[2]), sys.argv[3]
def table(name):
    with open(f"{folder}/{name}.csv", encoding="utf-8-sig", newline="") as file:
        reader = csv.DictReader(file)
        return list(reader.fieldnames), list(reader)
head, body = table("categories")
features = read_in_features(head, body, seats)[0]
head, body = table("respondents")
settings = Settings(id_column="id", columns_to_keep=[], selection_algorithm=objective)
people = read_in_people(head, body, features, settings)[0]
start = time.process_time()
find = getattr(committee_generation, f"find_distribution_{objective}")
panels, shares = find(features, people, seats, [])[:2]
cpu = time.process_time() - start
chances = dict.fromkeys(people, 0.0)
for panel, share in zip(panels, shares):
    for person in panel:
        chances[person] += share
print(json.dumps({"cpu": cpu, "minimum": min(chances.values())}))
"""


@dataclass(frozen=True)
class Result:
    """``cpu`` seconds; ``minimum`` chance and proven ``gap``: None where there is none."""

    cpu: float
    minimum: float | None = None
    gap: float | None = None


def ours(folder: Path, seats: int, objective: Objective, repeats: int) -> Result:
    targets, people = table(folder / "categories.csv"), table(folder / "respondents.csv")
    features = {row["feature"] for row in targets}
    quotas = [Quota(row["feature"], row["value"], int(row["min"]), int(row["max"])) for row in targets]
    applicants = [Applicant(row["id"], {name: row[name] for name in features}) for row in people]
    results = [once(applicants, quotas, seats, objective) for _ in range(repeats)]
    return Result(statistics.median(each.cpu for each in results), results[0].minimum, results[0].gap)


def once(applicants: list[Applicant], quotas: list[Quota], seats: int, objective: Objective) -> Result:
    start = time.process_time()
    try:
        outcome = allot(applicants, quotas, seats, seed="benchmark", objective=objective)
    except InfeasibleError:
        return Result(time.process_time() - start)
    cpu = time.process_time() - start
    return Result(cpu, outcome.minimum_chance.achieved, outcome.minimum_chance.gap)


def table(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def peer_python(*, gurobi: bool) -> Path:
    """The peer's own environment, made at the first call."""
    folder = ROOT / "var/peers" / PEER.replace("==", "-")
    python = folder / "bin/python"
    if not python.exists():
        print(f"Installing {PEER} into {folder.relative_to(ROOT)} …", flush=True)
        venv.create(folder, with_pip=True)
    wanted = [PEER, *([GUROBI] if gurobi else [])]
    pip = [str(python), "-m", "pip", "install", "-q", "--disable-pip-version-check", *wanted]
    subprocess.run(pip, check=True, stderr=subprocess.DEVNULL)
    return python


def peer(python: Path, folder: Path, seats: int, objective: Objective, limit: float) -> Result | None:
    """One run of the peer; None if it fails or needs more than ``limit`` CPU seconds."""
    command = ["bash", "-c", 'ulimit -t "$0"; exec "$@"', str(int(limit)), str(python), "-c", PEER_RUN]
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    done = subprocess.run(
        [*command, str(folder), str(seats), objective],
        capture_output=True,
        text=True,
        check=False,
        env=environment,
    )
    if done.returncode:
        return None
    answer = json.loads(done.stdout.splitlines()[-1])
    return Result(answer["cpu"], answer["minimum"])


SEATS = {1_000: 40, 10_000: 100, 100_000: 400, 1_000_000: 1_000}
SCALE_HEADER = (
    "kind        people seats seed objective  types  bound s    CPU s    min chance gap/bound  peak MB"
)


def scale(options: argparse.Namespace) -> None:
    """Each size, kind and seed in a process of its own; leximin only for the smallest."""
    print(SCALE_HEADER)
    for people in options.people:
        for kind in options.kinds:
            for seed in options.seeds:
                for objective in OBJECTIVES if people == min(SEATS) else OBJECTIVES[:1]:
                    case = [kind, str(people), str(seed), objective]
                    command = [sys.executable, __file__, "--stop", str(options.stop), "--one", *case]
                    subprocess.run(command, check=True)


def one(kind: str, people: int, seed: int, objective: Objective, stop: float) -> None:
    """Print the line of one run."""
    seats = SEATS[people]
    applicants, quotas = invented(people, seats, seed, KINDS[kind])
    line = f"{kind:<8} {people:9} {seats:5} {seed:4} {objective:<9} "
    bounded: list[float] = []
    start = time.process_time()

    def watch(_step: Progress) -> bool:
        bounded.append(time.process_time() - start)
        return bounded[-1] < stop

    try:
        lottery = solve_lottery(applicants, quotas, seats, objective=objective, progress=watch)
    except InfeasibleError:
        print(f"{line}infeasible", flush=True)
        return
    cpu, least = time.process_time() - start, lottery.minimum_chance
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    line += (
        f"{len(lottery.types):6} {bounded[0] if bounded else cpu:8.2f} {cpu:8.2f} {least.achieved:13.10f} "
    )
    line += f"{least.gap / least.bound:9.1e} {peak:8.0f}"
    print(line + "".join(f" {caution.code}" for caution in lottery.warnings), flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, default=ROOT.parent / "shared/data/allotment")
    parser.add_argument("--only", nargs="*", help="names of instances")
    parser.add_argument("--repeats", type=int, default=3, help="of ours; the median counts")
    parser.add_argument("--peer", action="store_true")
    parser.add_argument("--gurobi", action="store_true", help="let the peer do leximin too")
    parser.add_argument("--scale", action="store_true", help="invented pools instead of the data")
    parser.add_argument("--kinds", nargs="*", default=["plain"], choices=KINDS, help="of invented pools")
    parser.add_argument("--seeds", type=int, nargs="*", default=[1, 2], help="of invented pools")
    parser.add_argument("--people", type=int, nargs="*", default=[*SEATS], help="of invented pools")
    parser.add_argument("--stop", type=float, default=math.inf, help="CPU seconds after which to stop ours")
    parser.add_argument("--one", nargs=4, help=argparse.SUPPRESS)
    parser.add_argument("--limit", type=float, default=300, help="CPU seconds for each run of the peer")
    options = parser.parse_args()
    if options.one:
        kind, people, seed, objective = options.one
        one(kind, int(people), int(seed), objective, options.stop)
        return
    if options.scale:
        scale(options)
        return
    if not options.data.is_dir():
        print(f"There is no data in {options.data}; name its folder with --data.")
        return
    python = peer_python(gurobi=options.gurobi) if options.peer else None
    names = f"{'instance':<12} {'objective':<9} {'CPU s':>8} {'min chance':>12} {'gap':>8}"
    print(names + (f" {'peer CPU s':>11} {'its min':>10} {'ratio':>7}" if python else ""))
    ratios = []
    for folder in sorted(each for each in options.data.iterdir() if each.is_dir()):
        if not options.only or folder.name in options.only:
            ratios += instance(folder, python, options)
    if ratios:
        mean = math.exp(statistics.fmean(math.log(ratio) for ratio in ratios))
        print(f"geometric mean of {len(ratios)} ratios: {mean:.1f}, least {min(ratios):.1f}")


def instance(folder: Path, python: Path | None, options: argparse.Namespace) -> list[float]:
    """Print a line for each objective; the ratios peer / ours."""
    seats, ratios = int(folder.name.rpartition("_")[2]), []
    for objective in OBJECTIVES:
        mine = ours(folder, seats, objective, options.repeats)
        line = f"{folder.name:<12} {objective:<9} {mine.cpu:8.3f} "
        line += (
            f"{'infeasible':>12} {'':>8}"
            if mine.minimum is None
            else f"{mine.minimum:12.10f} {mine.gap:8.1e}"
        )
        comparable = mine.minimum is not None and (objective == "maximin" or options.gurobi)
        if python is not None and comparable:
            other = peer(python, folder, seats, objective, options.limit)
            if other is None:
                line += f" {'failed or > ' + str(int(options.limit)):>11}"
            else:
                ratios.append(other.cpu / mine.cpu)
                line += f" {other.cpu:11.2f} {other.minimum:10.7f} {ratios[-1]:7.1f}"
        print(line, flush=True)
    return ratios


if __name__ == "__main__":
    main()
