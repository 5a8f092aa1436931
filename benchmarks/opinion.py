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
import csv
import json
import math
import statistics
import subprocess
import sys
import time
import venv
from collections.abc import Callable
from itertools import chain, combinations
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "src"))

import numpy as np
from convene.engines.opinion import (
    Attention,
    Live,
    Votes,
    adjusted_rand,
    axes_of,
    consensus,
    dots,
    draw_map,
    equal_shares,
    fair_shares,
    find_groups,
    group_informed_consensus,
    near_duplicates,
    next_statement,
    publish,
    representative,
    slate_of,
    stability_of,
    tally,
)
from convene.engines.opinion.clusters import cluster

DATA = next(
    (up / "shared/data/opinion" for up in ROOT.parents if (up / "shared/data/opinion").is_dir()), None
)
NAMES = (
    "london.youth.policing",
    "brexit-consensus",
    "vtaiwan.uberx",
    "austria-climate.5twd2jsnkf.2022-08-08",
)
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
        print(
            f"  {name[:26]:<26} all {len(votes.voters)}: stability of k-means {row[4]:.2f}, of consensus clustering {row[5]:.2f}"
        )


def _few_row(part: Votes, truth: np.ndarray | None, seed: int) -> tuple[float, ...]:
    axes = axes_of(part)
    inside = part.cast >= 7
    own = find_groups(part, axes, resamples=1, seed=seed).tried
    together = consensus_clustering(part, seed, 30)
    certain, sure = together
    held = stability_of(part, axes, own, seed=seed, resamples=20).median
    again = []
    for at in range(5):
        weight = np.random.default_rng([seed, at]).integers(len(part.voters), size=len(part.voters))
        mask = np.isin(np.arange(len(part.voters)), weight)
        other, _ = consensus_clustering(part.of_people(mask), seed + at + 1, 20)
        both = inside[mask] & (other >= 0)
        again.append(adjusted_rand(certain[mask][both], other[both]))
    if truth is None:
        return (0, 0, 0, 0, held, statistics.median(again))
    keep = inside & (truth >= 0)
    firm = keep & sure
    return (
        adjusted_rand(own[keep], truth[keep]),
        adjusted_rand(certain[keep], truth[keep]),
        adjusted_rand(certain[firm], truth[firm]) if firm.sum() > 1 else 1.0,
        firm.sum() / keep.sum(),
        held,
        statistics.median(again),
    )


def consensus_clustering(votes: Votes, seed: int, rounds: int) -> tuple[np.ndarray, np.ndarray]:
    """How often two people are together over subsamples of 80 % (Monti et al., 2003); k-means with k of the most
    distinct split; and who is with their group in nine of ten.
    """
    people = len(votes.voters)
    once, counted = np.zeros((people, people)), np.zeros((people, people))
    chance = np.random.default_rng(seed)
    for _ in range(rounds):
        mask = np.zeros(people, dtype=bool)
        mask[chance.choice(people, int(0.8 * people), replace=False)] = True
        part = votes.of_people(mask)
        inside = part.cast >= 7
        found = cluster(axes_of(part).people[inside])
        at = np.flatnonzero(mask)[inside]
        labels = found.labels[found.best]
        once[np.ix_(at, at)] += labels[:, None] == labels
        counted[np.ix_(at, at)] += 1
    share = np.divide(once, counted, out=np.zeros_like(once), where=counted > 0)
    inside = np.diag(counted) > 0
    values, vectors = np.linalg.eigh(share[np.ix_(inside, inside)])
    lead = vectors[:, -2:] * np.sqrt(np.maximum(values[-2:], 0))
    found = cluster(lead)
    labels, sure = np.full(people, -1), np.zeros(people, dtype=bool)
    labels[inside] = found.labels[found.best]
    for label in np.unique(labels[labels >= 0]):
        mine = labels == label
        sure |= mine & (share[:, mine].mean(axis=1) >= 0.9)
    return labels, sure


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


# --- who votes on what -----------------------------------------------------------------------------------


def routing() -> None:
    print("400 people, 20 votes each, 120 statements of which 100 arrive over time; 6 seeds (mean)")
    for policy in ("random", "fewest votes first", "half anchors, half fewest for their time"):
        found = np.mean([_routed(policy, seed) for seed in range(6)], axis=0)
        least = min(_routed(policy, seed)[2] for seed in range(6))
        print(
            f"  {policy:<42} Gini {found[0]:.2f}  fewest {found[1]:5.1f}  least share of the fair share {found[2]:.0%} "
            f"(worst seed {least:.0%})  ARI to full information {found[3]:.2f}"
        )


def _routed(policy: str, seed: int) -> tuple[float, float, float, float]:
    chance = np.random.default_rng(seed)
    people, size, each = 400, 120, 20
    camp = np.repeat([0, 1, 2], [180, 140, 80])
    line = np.where(chance.random((3, size)) < 0.25, chance.normal(size=size), chance.normal(size=(3, size)))
    truth = np.sign(np.round(line[camp] + chance.normal(size=(people, size)) * 0.8))
    since = np.concatenate(
        [np.zeros(20), np.sort(chance.integers(0, 0.7 * people * each, size - 20))]
    ).astype(int)
    seen, cast = np.zeros((people, size), dtype=bool), 0
    anchors = np.arange(12)
    for person, turn in [(int(who), turn) for turn in range(each) for who in chance.permutation(people)]:
        live = int((since <= cast).sum())
        received = seen[:, :live].sum(axis=0)
        open_ = np.flatnonzero(~seen[person, :live])
        if not len(open_):
            continue
        if policy == "random":
            place = int(chance.choice(open_))
        elif policy.startswith("fewest"):
            place = int(open_[np.argmin(received[open_] + chance.random(len(open_)) / 2)])
        else:
            attention = Attention(received, fair_shares(since[:live], cast))
            found = next_statement(attention, seen[person, :live], anchors, turn=turn, seed=person)
            place = int(open_[0]) if found is None else found
        seen[person, place] = True
        cast += 1
    received, fair = seen.sum(axis=0), fair_shares(since, cast)
    full = Votes.of(*np.nonzero(np.ones_like(seen)), truth.astype(int).reshape(-1))
    part = Votes.of(*np.nonzero(seen), truth[seen].astype(int))
    one, other = (find_groups(each_, axes_of(each_), resamples=1).tried for each_ in (full, part))
    ordered = np.sort(received)
    gini = 2 * (np.arange(1, size + 1) * ordered).sum() / (size * ordered.sum()) - (size + 1) / size
    return gini, float(received.min()), Attention(received, fair).least, adjusted_rand(one, other)


# --- capture ---------------------------------------------------------------------------------------------

ATTACKS = ("veto only", "copies of people", "lift what follows", "one side's copies", "agree with all else")


def capture() -> None:
    print(
        "where the first of the common ground ends when a bloc of 5 % disagrees with it (group-informed consensus alone)"
    )
    for name in NAMES:
        votes = conversation(name)
        ground = draw_map(votes, resamples=20).common_ground
        first = int(ground.order[0])
        told = []
        for attack, everyone in [*((attack, False) for attack in ATTACKS), (ATTACKS[1], True)]:
            hit = _attacked(votes, first, ground.order, attack, everyone=everyone)
            at = int(np.searchsorted(hit.statements, votes.statements[first]))
            picture = draw_map(hit, resamples=20)
            rank = int(np.flatnonzero(picture.common_ground.order == at)[0]) + 1
            tried = tally(hit, picture.groups.tried)
            alone = group_informed_consensus(tried)
            peers = int((np.where(hit.left_out, -1, alone) > alone[at]).sum()) + 1
            caught = sum(len(each.voters) for each in near_duplicates(hit)) - sum(
                len(each.voters) for each in near_duplicates(votes)
            )
            label = attack + (" (all reach it)" if everyone else "")
            told.append(f"{label}: {rank} ({peers}){', flagged ' + str(caught) if caught > 0 else ''}")
        print(f"  {name[:26]:<26} " + "; ".join(told), flush=True)
    print(
        "  blocs: votes are handed out, so each of the bloc comes by the statement as often as others do, except in"
    )
    print("  “veto only” and “all reach it”, where each of the bloc votes on it")


def _attacked(votes: Votes, target: int, order: np.ndarray, attack: str, *, everyone: bool) -> Votes:
    chance = np.random.default_rng(0)
    people, size = len(votes.voters), len(votes.statements)
    many = math.ceil(0.05 * people)
    grid = np.full((people, size), Votes.ABSENT)
    grid[votes.person, votes.statement] = votes.value
    new = np.full((many, size), Votes.ABSENT)
    if attack == "copies of people":
        new = grid[chance.integers(0, people, many)]
    elif attack == "lift what follows":
        new[:, order[1:16]] = 1
    elif attack == "one side's copies":
        end = np.argsort(axes_of(votes).people[:, 0])[-max(many, people // 10) :]
        new = grid[chance.choice(end, many)]
    elif attack == "agree with all else":
        new[:] = 1
    new[:, votes.left_out] = Votes.ABSENT
    comes = chance.random(many) < votes.received[target] / people
    new[:, target] = np.where(comes | everyone | (attack == "veto only"), -1, Votes.ABSENT)
    bloc, statement = np.nonzero(new != Votes.ABSENT)
    ids = votes.voters.max() + 1 + bloc
    return Votes.of(
        np.concatenate([votes.voters[votes.person], ids]),
        np.concatenate([votes.statements[votes.statement], votes.statements[statement]]),
        np.concatenate([votes.value, new[bloc, statement]]),
        left_out=votes.statements[votes.left_out].tolist(),
    )


# --- what leaves -----------------------------------------------------------------------------------------


def privacy() -> None:
    print("unique given five of one's votes known (goal: at most 1 % from all that is released)")
    for name in NAMES:
        votes = conversation(name)
        chance = np.random.default_rng(0)
        grid = np.full((len(votes.voters), len(votes.statements)), Votes.ABSENT)
        grid[votes.person, votes.statement] = votes.value
        able = chance.permutation(np.flatnonzero(votes.cast >= 6))[:400]
        raw = 0
        for person in able:
            known = chance.choice(np.flatnonzero(grid[person] != Votes.ABSENT), 5, replace=False)
            raw += int((grid[:, known] == grid[person, known]).all(axis=1).sum() == 1)
        picture = draw_map(votes, resamples=20)
        shown = dots(picture.axes.people, picture.groups.labels)
        alone = sum(dot.people == 1 for dot in shown)
        steps, least, told, all_ = _batches(name)
        print(
            f"  {name[:26]:<26} raw ballots {raw / len(able):.0%}; released: {alone / max(len(votes.voters), 1):.1%} "
            f"({len(shown)} dots, the smallest of {min((dot.people for dot in shown), default=0)}; {steps} changes of public counts, "
            f"the smallest by {least} people; an onlooker who knows who was in each learns {told / max(all_, 1):.1%} of votes)",
            flush=True,
        )


def _batches(name: str) -> tuple[int, int, int, int]:
    """Plays the votes back by their times and publishes again and again: changes, the smallest, votes told."""
    assert DATA is not None
    with (DATA / name / "votes.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = sorted(
            (int(row["timestamp"]), int(row["voter-id"]), int(row["comment-id"]), int(row["vote"]))
            for row in csv.DictReader(file)
        )
    times, voters, statements, values = (np.array(column) for column in zip(*rows, strict=True))
    held, steps, least, told, all_ = None, 0, 10**9, 0, 0
    stride = max(len(rows) // 250, 1)
    for end in range(stride, len(rows) + 1, stride):
        now = Votes.of(voters[:end], statements[:end], values[:end], times[:end])
        new = publish(held, now)
        before = {} if held is None else _by_statement(held)
        for id_, after in _by_statement(new).items():
            old = before.get(id_, {})
            changed = [
                after.get(voter) for voter in old.keys() | after.keys() if old.get(voter) != after.get(voter)
            ]
            if changed:
                steps, least, all_ = steps + 1, min(least, len(changed)), all_ + len(changed)
                told += len(changed) if len(set(changed)) == 1 else 0
        held = new
    return steps, least, told, all_


def _by_statement(votes: Votes) -> dict[int, dict[int, int]]:
    found: dict[int, dict[int, int]] = {}
    ids = votes.statements[votes.statement].tolist()
    for id_, voter, value in zip(ids, votes.voters[votes.person].tolist(), votes.value.tolist(), strict=True):
        found.setdefault(id_, {})[voter] = value
    return found


# --- how fast --------------------------------------------------------------------------------------------


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
