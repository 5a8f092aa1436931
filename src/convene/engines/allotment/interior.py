"""Maximise a weighted sum of logarithms over a polytope, by a primal-dual interior-point method (numpy only).

See S. Boyd, L. Vandenberghe, *Convex Optimization*, 11.7; J. Nocedal, S. Wright, *Numerical Optimization*,
chapter 19. What it finds is never trusted: whoever calls it proves how near it is (`objectives`).
"""

from dataclasses import dataclass

import numpy as np

from convene.engines.allotment.entries import FloatArray

_STEPS = 200
_NEARLY = 0.995
_CENTRE = 0.1
_FAR = 1e-13
_TINY = 1e-20
_MISS = 1e-11


@dataclass(frozen=True, slots=True)
class Polytope:
    """Points v with matrix x v = total, low <= v <= high (infinite where there is no bound)."""

    matrix: FloatArray
    total: FloatArray
    low: FloatArray
    high: FloatArray


def maximise_logs(weights: FloatArray, among: Polytope, start: FloatArray) -> FloatArray:
    """The point with the largest sum of weights x log, where weights > 0; ``start`` lies strictly within the
    bounds, and where weights > 0 above 0.

    Ends when the optimality conditions hold to about 1e-12, or when no step helps any more.
    """
    point = start.astype(float)
    below, above = np.isfinite(among.low), np.isfinite(among.high)
    low, high = np.where(below, among.low, 0), np.where(above, among.high, 0)
    lower, upper = below.astype(float), above.astype(float)
    prices = np.zeros(len(among.total))
    best, least = point, np.inf
    for _ in range(_STEPS):
        down = np.where(below, np.maximum(point - low, _TINY), 1.0)
        up = np.where(above, np.maximum(high - point, _TINY), 1.0)
        slope = np.divide(weights, point, out=np.zeros_like(point), where=weights > 0)
        bend = np.divide(slope, point, out=np.zeros_like(point), where=weights > 0)
        miss = among.total - among.matrix @ point
        pull = slope + among.matrix.T @ prices + lower - upper
        product = float((lower * down)[below].sum() + (upper * up)[above].sum())
        target = _CENTRE * product / max(int(below.sum() + above.sum()), 1)
        worst = max(float(np.abs(miss).max(initial=0)), float(np.abs(pull).max(initial=0)) * 1e-2, product)
        if worst < least:
            best, least = point.copy(), worst
        if product < _FAR and np.abs(miss).max(initial=0) < _MISS:
            break
        scale = 1 / (bend + lower / down * below + upper / up * above + 1e-300)
        drive = pull + below * (target / down - lower) - above * (target / up - upper)
        rhs = miss - among.matrix @ (scale * drive)
        change = _solved((among.matrix * scale) @ among.matrix.T, rhs)
        move = scale * (drive + among.matrix.T @ change)
        lower_move = below * (target / down - lower - lower / down * move)
        upper_move = above * (target / up - upper + upper / up * move)
        if not (np.isfinite(move).all() and np.isfinite(change).all()):
            break
        free = np.where(weights > 0, point, np.inf)
        step = min(
            1.0,
            _NEARLY * _room(np.where(below, down, np.inf), move),
            _NEARLY * _room(np.where(above, up, np.inf), -move),
            _NEARLY * _room(free, move),
            _NEARLY * _room(np.where(below, lower, np.inf), lower_move),
            _NEARLY * _room(np.where(above, upper, np.inf), upper_move),
        )
        point = point + step * move
        prices, lower, upper = prices + step * change, lower + step * lower_move, upper + step * upper_move
    return best


def _room(space: FloatArray, move: FloatArray) -> float:
    """How far one can go along ``move`` before some ``space`` is used up."""
    shrinking = move < 0
    return float((space[shrinking] / -move[shrinking]).min(initial=np.inf))


def _solved(matrix: FloatArray, rhs: FloatArray) -> FloatArray:
    """The solution of a symmetric system, some of whose rows may say the same."""
    size = np.sqrt(np.maximum(np.diag(matrix), 1e-300))
    scaled = matrix / size[:, None] / size[None, :]
    scaled[np.diag_indices(len(scaled))] += 1e-13
    try:
        return np.asarray(np.linalg.solve(scaled, rhs / size) / size)
    except np.linalg.LinAlgError:
        return np.asarray(np.linalg.lstsq(scaled, rhs / size, rcond=1e-12)[0] / size)
