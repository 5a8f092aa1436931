"""Groups of people by where they lie: k-means from the outermost people, k by the silhouette.

The peer's method on the same positions (Lloyd, *Least squares quantization in PCM*, 1982; Rousseeuw,
*Silhouettes*, 1987), with weights: a person of weight 2 counts as two who lie in one place.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from convene.engines.opinion.votes import Floats, Ints

FEWEST, MOST = 2, 5
_ROUNDS = 300
_TOLERANCE = 1e-4
_EXACT = 2_500
_CELLS = 32
_ROWS = 64


@dataclass(frozen=True, eq=False)
class Clustering:
    """``labels`` (n,) from 0, for each number of groups tried, and how well each separates people (-1 to
    1).
    """

    labels: dict[int, Ints]
    silhouettes: dict[int, float]

    @property
    def best(self) -> int:
        """The number of groups with the greatest silhouette, the fewest on a tie; 1 where none could be
        tried.
        """
        return max(self.silhouettes, key=lambda k: (self.silhouettes[k], -k), default=1)


def cluster(points: Floats, weight: Floats | None = None, most: int = MOST) -> Clustering:
    """Clusters positions (n, 2) into 2 to ``most`` groups; with fewer distinct positions, no more than there
    are.
    """
    weights = np.ones(len(points)) if weight is None else weight
    outermost = _outermost(points, most)
    labels = {
        k: _k_means(points, weight, outermost[:k])
        for k in range(FEWEST, most + 1)
        if k <= len(outermost) and k < weights.sum()
    }
    return Clustering(
        labels, dict(zip(labels, _silhouettes(points, weights, list(labels.values())), strict=True))
    )


def _outermost(points: Floats, number: int) -> Floats:
    """The first distinct positions from the left, as the peer starts; rounded, lest one person twice count as
    two.
    """
    if not len(points):
        return points
    scale = np.abs(points).max() or 1.0
    rough = np.round(points / scale, 10) + 0.0
    near = np.argpartition(rough[:, 0], min(len(rough) - 1, 50 * number))[: 50 * number + 1]
    for chosen in (near, np.arange(len(points))):
        order = chosen[np.lexsort((rough[chosen, 1], rough[chosen, 0]))]
        sorted_ = rough[order]
        new = np.append(True, (sorted_[1:] != sorted_[:-1]).any(axis=1))
        if new.sum() >= number or len(chosen) == len(points):
            break
    return np.asarray(points[order[new]][:number])


def _k_means(points: Floats, weight: Floats | None, centres: Floats) -> Ints:
    across = np.ascontiguousarray(points.T)
    mean = np.average(across, axis=1, weights=weight)
    apart = np.average((across - mean[:, None]) ** 2, axis=1, weights=weight)
    enough = _TOLERANCE * float(apart.mean())
    labels = np.full(len(points), -1)
    for _ in range(_ROUNDS):
        found = _nearest(across, centres)
        moved = _centres(across, weight, found, centres)
        shift = float(((moved - centres) ** 2).sum())
        centres = moved
        if np.array_equal(found, labels):
            return found
        labels = found
        if shift <= enough:
            break
    return _nearest(across, centres)


def _nearest(across: Floats, centres: Floats) -> Ints:
    """The nearest centre of each person, the first on a tie."""
    score = centres @ across
    score -= (0.5 * (centres * centres).sum(axis=1))[:, None]
    best = score[0]
    labels = np.zeros(across.shape[1], dtype=np.int64)
    for at in range(1, len(centres)):
        labels = np.where(score[at] > best, at, labels)
        best = np.maximum(best, score[at])
    return labels


def _centres(across: Floats, weight: Floats | None, labels: Ints, old: Floats) -> Floats:
    """Means; a group that lost everyone takes the person farthest from their own centre."""
    belongs = (labels == np.arange(len(old))[:, None]).astype(np.float64)
    if weight is not None:
        belongs *= weight
    sums, heavy = belongs @ across.T, belongs.sum(axis=1)
    empty = np.flatnonzero(heavy == 0)
    if len(empty):
        distance = ((across.T - old[labels]) ** 2).sum(axis=1)
        for group, far in zip(empty, np.argsort(-distance, kind="stable"), strict=False):
            mass = 1.0 if weight is None else weight[far]
            sums[labels[far]] -= across[:, far] * mass
            heavy[labels[far]] -= mass
            sums[group], heavy[group] = across[:, far] * mass, mass
    return np.asarray(sums / np.maximum(heavy, 1e-300)[:, None])


def _silhouettes(points: Floats, weight: Floats, labellings: list[Ints]) -> list[float]:
    """The mean silhouette of each labelling; above 2,500 people with positions rounded to 32 by 32 cells."""
    if not labellings:
        return []
    if len(points) > _EXACT:
        points, weight, labellings = _rounded(points, weight, labellings)
    joint = np.zeros(len(points), dtype=np.int64)
    for labels in labellings:
        joint = joint * MOST + labels
    kinds, kind = np.unique(joint, return_inverse=True)
    first = np.array([np.flatnonzero(kind == at)[0] for at in range(len(kinds))])
    sums = _distance_sums(points, weight, kind, len(kinds))
    return [_silhouette(sums, weight, labels, labels[first]) for labels in labellings]


def _rounded(points: Floats, weight: Floats, labellings: list[Ints]) -> tuple[Floats, Floats, list[Ints]]:
    low, high = points.min(axis=0), points.max(axis=0)
    cells = np.minimum((points - low) / np.maximum(high - low, 1e-300) * _CELLS, _CELLS - 1).astype(np.int64)
    key = cells[:, 0] * _CELLS + cells[:, 1]
    for labels in labellings:
        key = key * MOST + labels
    _, first, place = np.unique(key, return_index=True, return_inverse=True)
    heavy: Floats = np.bincount(place, weight).astype(np.float64)
    middle = np.stack([np.bincount(place, weight * points[:, axis]) / heavy for axis in (0, 1)], axis=1)
    return middle, heavy, [labels[first] for labels in labellings]


def _distance_sums(points: Floats, weight: Floats, kind: Ints, kinds: int) -> Floats:
    """(n, kinds): the sum of distances from each person to all of each kind; each pair is looked at once.

    In single precision: the mean of so many is wanted to six places.
    """
    number = len(points)
    belongs = np.zeros((kinds, number), dtype=np.float32)
    belongs[kind, np.arange(number)] = weight
    to = belongs.T.copy()
    x, y = points.T.astype(np.float32)
    before, after = np.zeros_like(to), np.zeros_like(belongs)
    for low in range(0, number, _ROWS):
        high = min(low + _ROWS, number)
        apart = x[low:high, None] - x[low:]
        up = y[low:high, None] - y[low:]
        np.multiply(apart, apart, out=apart)
        np.multiply(up, up, out=up)
        np.add(apart, up, out=apart)
        np.sqrt(apart, out=apart)
        before[low:high] += apart @ to[low:]
        after[:, high:] += belongs[:, low:high] @ apart[:, high - low :]
    return (before + after.T).astype(np.float64)


def _silhouette(sums: Floats, weight: Floats, labels: Ints, of_kind: Ints) -> float:
    groups = int(labels.max()) + 1
    to = np.zeros((sums.shape[1], groups))
    to[np.arange(len(of_kind)), of_kind] = 1.0
    total = sums @ to
    heavy = np.bincount(labels, weight, groups)
    if np.count_nonzero(heavy) < FEWEST:
        return -1.0
    people = np.arange(len(labels))
    own = total[people, labels] / np.maximum(heavy[labels] - 1, 1e-300)
    other = total / np.maximum(heavy, 1e-300)
    other[:, heavy == 0] = np.inf
    other[people, labels] = np.inf
    nearest = other.min(axis=1)
    widest = np.maximum(own, nearest)
    with np.errstate(divide="ignore", invalid="ignore"):
        each = np.where((heavy[labels] > 1) & (widest > 0), (nearest - own) / widest, 0.0)
    return float(weight @ each / weight.sum())
