"""People and checks that tests share."""

from collections import Counter
from collections.abc import Sequence
from itertools import combinations

import numpy as np

from convene.engines.grouping import Mix, Person, Plan

MIX = Mix(("member", "org", "role", "region", "experience"), ordinal=frozenset({"experience"}))


def cohort(count: int, seed: int = 1) -> list[Person]:
    """People of five traits, unevenly spread, the last of them ordered."""
    rng = np.random.default_rng(seed)
    zipf = 1 / np.arange(1, max(4, count // 6) + 1) ** 0.8
    columns = [
        rng.choice(2, count, p=[0.6, 0.4]),
        rng.choice(len(zipf), count, p=zipf / zipf.sum()),
        rng.choice(6, count, p=[0.30, 0.25, 0.18, 0.12, 0.10, 0.05]),
        rng.choice(5, count, p=[0.40, 0.25, 0.15, 0.12, 0.08]),
        rng.choice(5, count, p=[0.15, 0.25, 0.30, 0.20, 0.10]),
    ]
    return [
        Person(f"p{at:03}", {name: str(column[at]) for name, column in zip(MIX.traits, columns, strict=True)})
        for at in range(count)
    ]


def plain(count: int) -> list[Person]:
    return [Person(f"p{at}") for at in range(count)]


def repeats(plan: Plan) -> int:
    """Sum over pairs of m(m-1)/2, counted anew."""
    met = Counter(
        pair for round_ in plan.rounds for group in round_ for pair in combinations(sorted(group), 2)
    )
    return sum(times * (times - 1) // 2 for times in met.values())


def is_seating(plan: Plan, people: Sequence[Person], groups: int) -> bool:
    """Everybody once a round, sizes within one of each other."""
    everybody = sorted(person.id for person in people)
    return all(
        len(round_) == groups
        and sorted(person for group in round_ for person in group) == everybody
        and max(map(len, round_)) - min(map(len, round_)) <= 1
        for round_ in plan.rounds
    )
