"""Invented pools of any size, the same for the same seed on every machine (benchmarks use them too)."""

import math
from dataclasses import dataclass
from random import Random

from convene.engines.allotment import Applicant, Quota


@dataclass(frozen=True, slots=True)
class Kind:
    """``values`` of each feature; ``slack`` of the quotas, as a share of the seats; ``even``: the smaller, the more
    skewed; ``alike``: how far the features go together (0 to 1); ``weights``: that many different ones.
    """

    values: tuple[int, ...] = (2, 3, 4, 5, 6, 8)
    slack: float = 0.05
    even: float = 4
    alike: float = 0
    weights: int = 1


KINDS = {
    "plain": Kind(),
    "skewed": Kind(even=1),
    "alike": Kind(alike=0.6),
    "tight": Kind(slack=0.005),
    "weights": Kind(weights=10),
    "fine": Kind(values=(2, 2, 3, 3, 4, 4, 5, 6)),
}


def invented(
    people: int, seats: int, seed: int, kind: Kind = KINDS["plain"]
) -> tuple[list[Applicant], list[Quota]]:
    """Applicants, and quotas between the applicants' composition and another one."""
    chance = Random(seed)
    features = [f"f{number}" for number in range(len(kind.values))]
    columns, quotas = [], list[Quota]()
    order = [chance.random() for _ in range(people)] if kind.alike else []
    for feature, count in zip(features, kind.values, strict=True):
        names, own, other = (
            [f"v{at}" for at in range(count)],
            _shares(chance, count, kind),
            _shares(chance, count, kind),
        )
        column = chance.choices(names, own, k=people)
        if kind.alike:
            ranked = sorted(column)
            column = [
                ranked[int(where * people)] if chance.random() < kind.alike else value
                for value, where in zip(column, order, strict=True)
            ]
        columns.append(column)
        for name, here, there in zip(names, own, other, strict=True):
            aim = seats * min((here + there) / 2, 0.8 * column.count(name) / seats)
            room = seats * kind.slack
            quotas.append(Quota(feature, name, max(math.floor(aim - room), 0), math.ceil(aim + room) + 1))
    applicants = [
        Applicant(f"p{number}", dict(zip(features, values, strict=True)), chance.randint(1, kind.weights))
        for number, values in enumerate(zip(*columns, strict=True))
    ]
    return applicants, quotas


def _shares(chance: Random, count: int, kind: Kind) -> list[float]:
    drawn = [chance.gammavariate(kind.even, 1) for _ in range(count)]
    return [each / sum(drawn) for each in drawn]
