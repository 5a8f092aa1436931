"""Other tools on the same people: one that runs beside us, and results recorded earlier."""

from __future__ import annotations

import json

import numpy as np

from groups.env import python_with, run

ANTI = "anti-clustering==0.4.1"

# Runs in its environment: {"differ": n x n, "groups": g} -> for each heuristic {"groups": …, "cpu": s}.
_ANTI = """
import json, sys, time
import numpy as np
from anti_clustering import ExchangeHeuristicAntiClustering as Exchange
from anti_clustering import SimulatedAnnealingHeuristicAntiClustering as Annealing
asked = json.load(sys.stdin)
differ = np.array(asked["differ"])
found = {}
for name, kind in (("exchange", Exchange), ("annealing", Annealing)):
    tool = kind(random_seed=1)
    start = time.process_time()
    together = np.asarray(tool._solve(distance_matrix=differ, num_groups=asked["groups"])).astype(bool)
    cpu = time.process_time() - start
    together = together | np.eye(len(differ), dtype=bool)
    found[name] = {"cpu": cpu, "groups": together.argmax(1).tolist()}
print(json.dumps(found))
"""

QUOTED = """\
Recorded earlier on the same cases (2026; other tools, CPU s where known), repeats / % of the bound:
                                        c24           c60           c175           c300           c1000
  groupselect-lib 0.1.0                 120 / 97.0    440 / 97.6    2021 / 98.6    3582 / 99.1    not in 400 s
    CPU s                               0.19          1.1           9.6            33.6
  good-enough-golfers, no attributes    24 / 89.6     0 / 88.5      -              -              -
    CPU s                               8.5           6.4
  GroupMixer, meeting only, 5 s         24 / 92.1     0 / 88.5      0 / 89.8       0 / 88.9       0 / 91.1
  GroupMixer, balance targets, 5 s      24 / 97.6-98  0 / 94.9-95.9 0 / 99.1-99.2  0 / 99.5-99.6  0 / 98.4
    CPU s                               2.4-3.3       2.4-3.3       2.4-3.3        2.4-3.3        1.4"""


def anti_clustering(differ: np.ndarray, groups: int) -> dict[str, tuple[float, list[list[int]]]] | None:
    """CPU seconds and groups of one round, by heuristic; None where it cannot be installed."""
    python = python_with(ANTI)
    if python is None:
        return None
    asked = json.dumps({"differ": differ.tolist(), "groups": groups})
    answer = json.loads(run(python, _ANTI, asked))
    found = {}
    for name, each in answer.items():
        rows: dict[int, list[int]] = {}
        for person, group in enumerate(each["groups"]):
            rows.setdefault(group, []).append(person)
        found[name] = (each["cpu"], list(rows.values()))
    return found
