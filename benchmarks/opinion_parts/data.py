"""What the parts of opinion.py share: conversations, invented votes, CPU seconds."""

from __future__ import annotations

import csv
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from convene.engines.opinion import Votes

ROOT = Path(__file__).resolve().parent.parent.parent
DATA = next(
    (up / "shared/data/opinion" for up in ROOT.parents if (up / "shared/data/opinion").is_dir()), None
)
NAMES = (
    "london.youth.policing",
    "brexit-consensus",
    "vtaiwan.uberx",
    "austria-climate.5twd2jsnkf.2022-08-08",
)


def conversation(name: str) -> Votes:
    if DATA is None:
        sys.exit("../shared/data/opinion is not beside this repository")
    with (DATA / name / "comments.csv").open(encoding="utf-8-sig", newline="") as file:
        out = [int(row["comment-id"]) for row in csv.DictReader(file) if row["moderated"] == "-1"]
    with (DATA / name / "participants-votes.csv").open(encoding="utf-8-sig", newline="") as file:
        header, *rows = csv.reader(file)
    columns = [(at, int(title)) for at, title in enumerate(header) if title.isdecimal()]
    cells = [(int(row[0]), id_, int(row[at])) for row in rows for at, id_ in columns if row[at]]
    return Votes.of(*zip(*cells, strict=True), left_out=out)


def cpu(work: Callable[[], Any], rounds: int = 5) -> tuple[float, Any]:
    taken = []
    for _ in range(rounds):
        start = time.process_time()
        found = work()
        taken.append(time.process_time() - start)
    return statistics.median(taken), found


def invented(people: int, size: int, each: int, seed: int = 0) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Votes of four blocs, in an order by chance."""
    chance = np.random.default_rng(seed)
    line = chance.normal(size=(4, size))
    bloc = np.repeat(chance.choice(4, people, p=[0.4, 0.3, 0.2, 0.1]), each)
    person = np.repeat(np.arange(people), each)
    statement = chance.integers(0, size, people * each)
    _, first = np.unique(person * size + statement, return_index=True)
    first = chance.permutation(first)
    person, statement, bloc = person[first], statement[first], bloc[first]
    value = np.clip(np.round(line[bloc, statement] + 0.7 * chance.normal(size=len(first))), -1, 1)
    return person, statement, value.astype(np.int8)
