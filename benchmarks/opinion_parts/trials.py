"""Parts of opinion.py that play things out: routing, capture by a bloc, what figures give away."""

from __future__ import annotations

import csv
import math

import numpy as np
from convene.engines.opinion import (
    Attention,
    Votes,
    adjusted_rand,
    anchors_of,
    axes_of,
    dots,
    draw_map,
    fair_shares,
    find_groups,
    group_informed_consensus,
    near_duplicates,
    next_statement,
    publish,
    tally,
)
from opinion_parts.data import DATA, NAMES, conversation


# --- who votes on what -----------------------------------------------------------------------------------


def routing() -> None:
    print("400 people, 20 votes each, 120 statements of which 100 arrive over time; 8 seeds (mean)")
    for policy in ("random", "fewest votes first", "half anchors, half fewest for their time"):
        found = np.mean([_routed(policy, seed) for seed in range(8)], axis=0)
        least = min(_routed(policy, seed)[2] for seed in range(8))
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
    anchors = np.arange(20)
    for person, turn in [(int(who), turn) for turn in range(each) for who in chance.permutation(people)]:
        live = int((since <= cast).sum())
        if cast and cast % 500 == 0:  # what divides is known better with more votes
            anchors = anchors_of(Votes.of(*np.nonzero(seen), truth[seen].astype(int)))
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
        picture = draw_map(votes, resamples=20)
        shown = dots(picture.axes.people, picture.groups.labels)
        alone = np.array([[dot.x, dot.y] for dot in shown if dot.people == 1]).reshape(-1, 2)
        raw = single = found = 0
        for person in able.tolist():
            known = chance.choice(np.flatnonzero(grid[person] != Votes.ABSENT), 5, replace=False)
            raw += int((grid[:, known] == grid[person, known]).all(axis=1).sum() == 1)
            guess = picture.axes.place(known, grid[person, known])
            each = np.round(picture.axes.people, 2)
            near = ((each - guess) ** 2).sum(axis=1)
            single += int((near == near.min()).sum() == 1 and near.argmin() == person)
            found += int(len(alone) > 0 and _nearest_is(alone, guess, picture.axes.people[person]))
        steps, least, told, all_ = _batches(name)
        print(
            f"  {name[:26]:<26} raw ballots {raw / len(able):.1%}; one dot a person {single / len(able):.1%}; as released "
            f"{found / len(able):.1%} ({len(shown)} dots, the smallest of {min((dot.people for dot in shown), default=0)} people; "
            f"{steps} changes of public counts, the smallest by {least} people; an onlooker who knows who was in each learns "
            f"{told / max(all_, 1):.1%} of votes)",
            flush=True,
        )


def _nearest_is(alone: np.ndarray, guess: np.ndarray, own: np.ndarray) -> bool:
    """Whether the nearest dot of a single person is the one nearest to where this person lies."""
    return bool(((alone - guess) ** 2).sum(axis=1).argmin() == ((alone - own) ** 2).sum(axis=1).argmin())


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
