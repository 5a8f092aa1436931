"""How long a fair draw takes, how good it is, and how that compares with the usual tool.

    .venv/bin/python benchmarks/allotment.py                   ours, on ../shared/data/allotment
    .venv/bin/python benchmarks/allotment.py --peer            and sortition-algorithms' maximin
    .venv/bin/python benchmarks/allotment.py --peer --gurobi   and its leximin (limited licence)

The peer is installed into an environment of its own under var/peers, never into ours. CPU seconds (user and
system) of the draw alone, without starting Python or reading files; machines are shared, so compare only the
ratios of one run.
"""

from __future__ import annotations

import argparse
import csv
import json
import math
import os
import statistics
import subprocess
import sys
import time
import venv
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "src"))

from convene.engines.allotment import Applicant, InfeasibleError, Objective, Quota, allot

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


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, default=ROOT.parent / "shared/data/allotment")
    parser.add_argument("--only", nargs="*", help="names of instances")
    parser.add_argument("--repeats", type=int, default=3, help="of ours; the median counts")
    parser.add_argument("--peer", action="store_true")
    parser.add_argument("--gurobi", action="store_true", help="let the peer do leximin too")
    parser.add_argument("--limit", type=float, default=600, help="CPU seconds for each run of the peer")
    options = parser.parse_args()
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
