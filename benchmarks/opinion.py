"""What the map of opinions finds, how sure it is, how fast, and what it gives away; with the usual library beside it.

    .venv/bin/python benchmarks/opinion.py                        everything
    .venv/bin/python benchmarks/opinion.py --only equality scale  some parts

Parts: equality (with the peer), stability, few (fewer than 300 voters), slate, routing, capture, privacy, live,
scale. Conversations are those of ../shared/data/opinion (CC BY 4.0, The Computational Democracy Project). The peer,
red-dwarf 0.4.0, is installed into an environment of its own under var/peers, never into ours; both sides run in one
thread and by turns, in CPU seconds without reading files. Machines are shared: compare only ratios of one run.
"""

from __future__ import annotations

import os

os.environ.update(dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"), "1"))

import argparse
import json
import statistics
import subprocess
import sys
import time
import venv
from itertools import chain, combinations
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "src"))

import numpy as np
from convene.engines.opinion import (
    Live,
    Votes,
    adjusted_rand,
    axes_of,
    consensus,
    equal_shares,
    find_groups,
    find_groups_of_few,
    group_informed_consensus,
    representative,
    slate_of,
    tally,
    together,
)
from convene.engines.opinion.clusters import cluster
from opinion_parts.data import NAMES, conversation, cpu, invented
from opinion_parts.trials import capture, privacy, routing

PINS = ("red-dwarf==0.4.0", "numpy==2.4.6", "pandas==3.1.1", "scipy==1.17.1", "scikit-learn==1.9.1")
PEER = """
import json, sys, time, warnings
warnings.filterwarnings("ignore")
from reddwarf.implementations.base import run_pipeline
given = json.loads(sys.stdin.readline())
votes = [dict(participant_id=p, statement_id=s, vote=v) for p, s, v in given["votes"]]
for line in sys.stdin:
    start = time.process_time()
    found = run_pipeline(votes=votes, mod_out_statement_ids=given["out"], random_state=0)
    cpu = time.process_time() - start
    grouped = found.participants_df["cluster_id"].dropna()
    print(json.dumps({
        "cpu": cpu,
        "labels": {str(k): int(v) for k, v in grouped.items()},
        "gic": {str(k): float(v) for k, v in found.group_aware_consensus["agree"].items()},
        "consensus": {k: [[s["tid"], s["p-test"]] for s in v] for k, v in found.consensus.items()},
        "representative": {str(k): [[s["tid"], s["repful-for"], s["repness-test"]] for s in v]
                           for k, v in found.repness.items()},
    }), flush=True)
"""


def plain_map(
    person: np.ndarray, statement: np.ndarray, value: np.ndarray, out: list[int]
) -> tuple[Any, ...]:
    """What the peer's pipeline gives: axes, groups, and all lists; no stability, no bridging, no slate."""
    votes = Votes.of(person, statement, value, left_out=out)
    axes = axes_of(votes)
    inside = votes.cast >= 7
    found = cluster(axes.people[inside])
    labels = np.full(len(votes.voters), -1)
    labels[inside] = found.labels[found.best]
    counted, everyone = tally(votes, labels), tally(votes)
    return votes, labels, representative(counted), group_informed_consensus(counted), consensus(everyone)


# --- with the peer ---------------------------------------------------------------------------------------


def peer_python() -> Path:
    folder = ROOT / "var/peers/red-dwarf-0.4.0"
    python = folder / "bin/python"
    if not python.exists():
        print("installing the peer into an environment of its own …", flush=True)
        venv.EnvBuilder(with_pip=True).create(folder)
    if subprocess.run([python, "-c", "import reddwarf"], capture_output=True, check=False).returncode:
        subprocess.run([python, "-m", "pip", "install", "--quiet", *PINS], check=True)
    return python


def equality() -> None:
    python, ratios = peer_python(), []
    print(
        "conversation               people  stm   votes   peer s   ours ms  ratio  labels  lists  gic diff  z diff"
    )
    for name in NAMES:
        votes = conversation(name)
        person, statement = votes.voters[votes.person], votes.statements[votes.statement]
        out = votes.statements[votes.left_out].tolist()
        peer = subprocess.Popen(
            [python, "-c", PEER], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        assert peer.stdin
        assert peer.stdout
        rows = list(zip(person.tolist(), statement.tolist(), votes.value.tolist(), strict=True))
        peer.stdin.write(json.dumps({"votes": rows, "out": out}) + "\n")
        theirs, ours = [], []
        for at in range(6):
            peer.stdin.write("go\n")
            peer.stdin.flush()
            said = json.loads(peer.stdout.readline())
            seconds, found = cpu(lambda: plain_map(person, statement, votes.value, out), 3)
            if at:  # the first warms both up
                theirs.append(said["cpu"])
                ours.append(seconds)
        peer.stdin.close()
        peer.wait()
        ratio = statistics.median(theirs) / statistics.median(ours)
        ratios.append(ratio)
        same, lists, gic, z = compared(votes, found, said)
        print(
            f"{name[:26]:<26} {len(votes.voters):6} {len(votes.statements):4} {len(votes):7} "
            f"{statistics.median(theirs):8.3f} {1e3 * statistics.median(ours):9.2f} {ratio:6.1f}  {same:6.4f}  {lists}"
            f"  {gic:8.1e}  {z:.1e}",
            flush=True,
        )
    print(f"ratio of CPU seconds: median {statistics.median(ratios):.1f}, least {min(ratios):.1f} (goal 20)")


def compared(votes: Votes, found: tuple[Any, ...], said: dict[str, Any]) -> tuple[float, str, float, float]:
    """ARI of labels; equal lists and lists in all, a tie at the end counted as equal; greatest differences."""
    _, labels, stands, gic, both = found
    theirs = np.array([said["labels"].get(str(voter), -1) for voter in votes.voters.tolist()])
    inside = (labels >= 0) & (theirs >= 0)
    counted = tally(votes, theirs)
    stands, gic = representative(counted), group_informed_consensus(counted)
    equal, number, apart = 0, 0, 0.0
    for group, listed in said["representative"].items():
        own = [[each.statement, each.direction] for each in stands[int(group)]]
        equal += own == [each[:2] for each in listed]
        number += 1
        apart = max([apart, *(abs(a.z - b[2]) for a, b in zip(stands[int(group)], listed, strict=False))])
    for direction in ("agree", "disagree"):
        own_, listed = getattr(both, direction), said["consensus"][direction]
        equal += [each.z for each in own_] == [each[1] for each in listed]
        number += 1
        apart = max([apart, *(abs(a.z - b[1]) for a, b in zip(own_, listed, strict=False))])
    off = max(
        abs(value - said["gic"][str(id_)]) for id_, value in zip(votes.statements.tolist(), gic, strict=True)
    )
    return adjusted_rand(labels[inside], theirs[inside]), f"{equal:2}/{number:<2}", float(off), apart


# --- how sure --------------------------------------------------------------------------------------------


def stability() -> None:
    print("groups shown only if the median adjusted Rand index is 0.8 or more (60 resamples of people)")
    for name in NAMES:
        votes = conversation(name)
        axes = axes_of(votes)
        seconds, found = cpu(lambda: find_groups(votes, axes), 1)
        held = found.stability
        print(
            f"  {name[:26]:<26} k {held.k}  median {held.median:.2f}  low {held.low:.2f}  k returns {held.returns:.0%}"
            f"  axes {held.axes_median:.2f}  {'shown' if found.labels is not None else found.reason}  {seconds:.2f} CPU s"
        )


def few() -> None:
    """Consensus clustering and soft membership against k-means, on samples of 150 from stable conversations."""
    print("samples of 150 people, against the groups of the whole conversation, 12 samples each:")
    print(
        "  adjusted Rand index (median): k-means / consensus clustering / certain only (soft, p >= .9; their share)"
    )
    for name in NAMES[2:]:
        votes = conversation(name)
        whole = find_groups(votes, axes_of(votes), resamples=1).tried
        rows = []
        for seed in range(12):
            chance = np.random.default_rng(seed)
            active = np.flatnonzero(whole >= 0)
            mask = np.zeros(len(votes.voters), dtype=bool)
            mask[chance.choice(active, 150, replace=False)] = True
            rows.append(_few_row(votes.of_people(mask), whole[mask], seed))
        table = np.array(rows)
        plain, together, certain, share, stable_plain, stable_together = np.median(table, axis=0)
        print(
            f"  {name[:26]:<26} {plain:.2f} / {together:.2f} / {certain:.2f} ({share:.0%})   stability of k-means "
            f"{stable_plain:.2f}, of consensus clustering {stable_together:.2f}"
        )
    for name in NAMES[:2]:
        votes = conversation(name)
        row = _few_row(votes, None, 0)
        none = np.array([_few_row(shuffled(votes, seed), None, seed)[4:] for seed in range(6)])
        print(
            f"  {name[:26]:<26} all {len(votes.voters)}: stability of k-means {row[4]:.2f}, of consensus clustering {row[5]:.2f}; "
            f"votes shuffled, so that there are no groups: {np.median(none[:, 0]):.2f} and {np.median(none[:, 1]):.2f} "
            f"(greatest {none[:, 0].max():.2f} and {none[:, 1].max():.2f})"
        )


def shuffled(votes: Votes, seed: int) -> Votes:
    """Each statement's votes dealt out anew among those who voted on it: no groups are left to find."""
    chance, value = np.random.default_rng(seed), votes.value.copy()
    for at in range(len(votes.statements)):
        mine = np.flatnonzero(votes.statement == at)
        value[mine] = value[chance.permutation(mine)]
    return Votes.of(votes.person, votes.statement, value)


def _few_row(part: Votes, truth: np.ndarray | None, seed: int) -> tuple[float, ...]:
    axes = axes_of(part)
    inside = part.cast >= 7
    plain = find_groups(part, axes, seed=seed, resamples=20)
    other = find_groups_of_few(part, seed=seed, resamples=8)
    held = tuple(each.stability.median if each.stability else 0.0 for each in (plain, other))
    if truth is None:
        return (0, 0, 0, 0, *held)
    sure = together(part, seed=seed).certainty >= 0.9
    keep = inside & (truth >= 0)
    firm = keep & sure
    return (
        adjusted_rand(plain.tried[keep], truth[keep]),
        adjusted_rand(other.tried[keep], truth[keep]),
        adjusted_rand(other.tried[firm], truth[firm]) if firm.sum() > 1 else 1.0,
        firm.sum() / keep.sum(),
        *held,
    )


# --- being heard -----------------------------------------------------------------------------------------


def slate() -> None:
    print("slates by equal shares (EJR+ certified), and the first five of what most people agree with")
    for name in NAMES:
        votes = conversation(name)
        people = len(votes.voters)
        counted = tally(votes)
        shares = np.where(counted.listed, np.maximum(counted.agreeing, counted.disagreeing)[0], 0)
        top = np.argsort(-shares * (counted.seen[0] >= 10), kind="stable")[:5]
        against = (counted.disagreeing > counted.agreeing)[0]
        mine = np.isin(votes.statement, top) & (votes.value == np.where(against[votes.statement], -1, 1))
        for size in (5, 20):
            seconds, found = cpu(lambda: slate_of(votes, size), 3)
            proof = found.certificate
            beside = f"first five {len(np.unique(votes.person[mine])) / people:.0%}" if size == 5 else ""
            print(
                f"  {name[:26]:<26} {size:2} shown: {found.covered / people:.0%} find themselves; certificate "
                f"{'holds' if proof.holds else 'FAILS'}, {proof.tightest:.2f} of what is allowed; {1e3 * seconds:.1f} ms  {beside}"
            )
    cases = wrong = 0
    chance = np.random.default_rng(0)
    for _ in range(500):
        people, size = int(chance.integers(1, 8)), int(chance.integers(1, 6))
        said = chance.random((people, 6)) < chance.random()
        candidate, person = np.nonzero(said.T)
        chosen = equal_shares(candidate, person, people, size)
        cases += 1
        wrong += not (chosen.certificate.holds and proportional(said, set(chosen.chosen), size))
    print(f"  brute force over every group of people, {cases} small cases: {wrong} wrong")


def proportional(said: np.ndarray, chosen: set[int], size: int) -> bool:
    people = range(len(said))
    for group in chain.from_iterable(combinations(people, many) for many in range(1, len(said) + 1)):
        alike = set(np.flatnonzero(said[list(group)].all(axis=0)).tolist()) - chosen
        most = max(sum(bool(said[at, one]) for one in chosen) for at in group)
        if alike and most < min(len(group) * size // len(said), size):
            return False
    return True


# --- how fast --------------------------------------------------------------------------------------------


def live() -> None:
    votes = Votes.of(*invented(5_000, 500, 86))
    axes = axes_of(votes)
    found = cluster(axes.people)
    state = Live(votes, axes, found.labels[found.best])
    chance = np.random.default_rng(1)
    taken = []
    for _ in range(20_000):
        voter, statement, value = (
            int(chance.integers(5_000)),
            int(chance.integers(500)),
            int(chance.integers(-1, 2)),
        )
        start = time.perf_counter_ns()
        state.cast(voter, statement, value)
        taken.append((time.perf_counter_ns() - start) / 1e3)
    middle, high = np.quantile(taken, [0.5, 0.99])
    print(
        f"5,000 people x 500 statements, {len(votes)} votes: one vote {middle:.1f} µs (99 % within {high:.0f}; goal 50)"
    )
    seconds, _ = cpu(state.refresh, 7)
    print(f"  refreshed (axes, groups, counts, consensus) in {1e3 * seconds:.0f} CPU ms (goal 60)")


def scale() -> None:
    for people, size, each in (
        (1_000, 300, 120),
        (10_000, 300, 55),
        (10_000, 1_000, 105),
        (100_000, 300, 21),
        (100_000, 1_000, 105),
    ):
        given = invented(people, size, each)
        seconds, found = cpu(lambda: plain_map(*given, []), 1 if people > 50_000 else 3)
        print(
            f"{people:7} people x {size:4} statements, {len(given[0]):8} votes: {seconds:6.3f} CPU s from arrays to map, "
            f"{found[1].max() + 1} groups{'  (goal 2)' if people == 100_000 and size == 1_000 else ''}",
            flush=True,
        )
    votes = Votes.of(*invented(2_000, 500, 110))
    axes = axes_of(votes)
    seconds, found = cpu(lambda: find_groups(votes, axes), 1)
    print(
        f"   2000 people x  500 statements, {len(votes):8} votes: stability in {seconds:.2f} CPU s (goal 5), median {found.stability.median:.2f}"
    )


PARTS = {
    part.__name__: part for part in (equality, stability, few, slate, routing, capture, privacy, live, scale)
}


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--only", nargs="*", choices=PARTS, default=list(PARTS))
    for name in parser.parse_args().only:
        print(f"\n== {name}", flush=True)
        PARTS[name]()


if __name__ == "__main__":
    main()
