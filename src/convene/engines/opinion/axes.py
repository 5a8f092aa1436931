"""Axes: the two directions in which votes differ most, and where people and statements lie on them.

Principal components of the votes, a missing one replaced by its statement's mean; so centring leaves a
matrix that is zero wherever nobody voted. A person with few votes would sit near the middle, and is moved
outwards by sqrt(statements / votes cast), as in Small et al., *Polis: scaling deliberation by mapping high
dimensional opinion spaces* (2021).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from convene.engines.opinion.votes import Floats, Votes

AXES = 2
_DIRECT = 256
_BLOCK = 4
_STEPS = 60
_BEFORE = 4
_CELLS = 6_000_000
_CHUNK = 1_000_000
_ROUGH, _NEAR = 1e-5, 1e-7
_NOTHING = 1e-9


@dataclass(frozen=True, eq=False)
class Axes:
    """``mean`` (m,): mean votes. ``loadings`` (2, m): unit vectors, the greatest entry of each positive.
    ``spread`` (2,): standard deviation of people along each axis before scaling; ``share`` (2,): of all
    variance. ``people`` (n, 2) and ``statements`` (m, 2): positions, a statement's being that of a
    person who agrees with it and says nothing else. ``passed``: how many statements were left out.
    """

    mean: Floats
    loadings: Floats
    spread: Floats
    share: Floats
    people: Floats
    statements: Floats
    passed: int

    def place(self, statements: NDArray[np.integer], values: NDArray[np.integer]) -> Floats:
        """(2,): the position of one person by their votes; ``statements`` are places, not ids, none left
        out.
        """
        out = np.sqrt(len(self.mean) / max(len(values) + self.passed, 1))
        return np.asarray(self.loadings[:, statements] @ (values - self.mean[statements]) * out)


def axes_of(votes: Votes, *, start: Axes | None = None) -> Axes:
    """The axes of votes by n people on m statements. ``start``: axes of nearly the same votes, to be
    faster.
    """
    centred = centred_on(votes, votes.mean)
    vectors, values, projected = leading(votes, centred, None, None if start is None else start.loadings.T)
    total = float(centred @ centred)
    size, freedom = len(votes.statements), max(len(votes.voters) - 1, 1)
    passed = int(votes.left_out.sum())
    return Axes(
        votes.mean,
        vectors.T.copy(),
        np.sqrt(values / freedom),
        values / total if total > 0 else np.zeros(AXES),
        projected * votes.reach[:, None],
        ((1 - votes.mean) * np.sqrt(size))[:, None] * vectors,
        passed,
    )


def centred_on(votes: Votes, mean: Floats) -> Floats:
    """(v,): votes less their statement's mean; 0 on statements left out."""
    centred = votes.value - mean[votes.statement]
    if votes.left_out.any():
        centred[votes.left_out[votes.statement]] = 0.0
    return np.asarray(centred)


def leading(
    votes: Votes, centred: Floats, weight: Floats | None, start: Floats | None
) -> tuple[Floats, Floats, Floats]:
    """Leading eigenvectors (m, 2) and values (2,) of the weighted scatter of ``centred`` votes, and people
    (n, 2).
    """
    size = len(votes.statements)
    matrix = _Matrix(votes, centred, weight)
    if size <= _DIRECT:
        values, vectors = np.linalg.eigh(matrix.scatter())
        values, vectors = values[::-1][:AXES], vectors[:, ::-1][:, :AXES]
    else:
        before = _BEFORE if start is None and matrix.whole is not None else 0
        rough = _krylov(matrix.operator(np.float32), size, start, _ROUGH, before)
        values, vectors = (
            rough if matrix.whole is None else _krylov(matrix.operator(np.float64), size, rough[1], _NEAR)
        )
        values, vectors = values[:AXES], vectors[:, :AXES]
    if size < AXES:
        values, vectors = np.append(values, 0.0), np.hstack([vectors, np.zeros((1, 1))])
    values = np.maximum(values, 0.0)
    vectors = np.where(values > _NOTHING * max(values[0], 1e-300), vectors, 0.0)
    signs = np.sign(vectors[np.abs(vectors).argmax(axis=0), np.arange(AXES)])
    vectors = vectors * np.where(signs == 0, 1.0, signs)
    return vectors, values, matrix.times(vectors)


class _Matrix:
    """People by statements, zero where there is no vote: whole if small, else in slices of people."""

    def __init__(self, votes: Votes, centred: Floats, weight: Floats | None) -> None:
        self.votes, self.centred, self.weight = votes, centred, weight
        self.people, self.size = len(votes.voters), len(votes.statements)
        small = self.people * self.size <= _CELLS
        self.kind: type[np.floating] = np.float64 if small else np.float32
        self.whole = self._slice(0, self.people) if small else None
        rows = max(_CHUNK // max(self.size, 1), 1)
        self.slices = [(low, min(low + rows, self.people)) for low in range(0, self.people, rows)]

    def _slice(self, low: int, high: int) -> NDArray[np.floating]:
        start, end = self.votes.starts[low], self.votes.starts[high]
        block = np.zeros((high - low) * self.size, dtype=self.kind)
        at = (self.votes.person[start:end].astype(np.int64) - low) * self.size
        at += self.votes.statement[start:end]
        block[at] = self.centred[start:end]
        return block.reshape(high - low, self.size)

    def times(self, vectors: Floats) -> Floats:
        if self.whole is not None:
            return np.asarray(self.whole @ vectors)
        done = [self._slice(low, high) @ vectors.astype(self.kind) for low, high in self.slices]
        return np.concatenate(done).astype(np.float64)

    def scatter(self) -> Floats:
        """(m, m): for few statements."""
        found = np.zeros((self.size, self.size))
        for low, high in self.slices if self.whole is None else [(0, self.people)]:
            block = self._slice(low, high) if self.whole is None else self.whole
            block = self._weighted(block, low, high)
            found += block.T @ block
        return found

    def _weighted(self, block: NDArray[np.floating], low: int, high: int) -> NDArray[np.floating]:
        if self.weight is None:
            return block
        return np.asarray(block * np.sqrt(self.weight[low:high]).astype(self.kind)[:, None])

    def operator(self, kind: type[np.floating]) -> Callable[[Floats], Floats]:
        """The scatter times vectors (m, b), worked out in this precision."""
        if self.whole is None:
            return self._by_slices
        whole = self._weighted(self.whole, 0, self.people).astype(kind, copy=False)

        def apply(block: Floats) -> Floats:
            narrow = block.astype(kind, copy=False)
            return ((whole @ narrow).T @ whole).T.astype(np.float64)

        return apply

    def _by_slices(self, block: Floats) -> Floats:
        found, narrow = np.zeros_like(block), block.astype(self.kind)
        for low, high in self.slices:
            part = self._weighted(self._slice(low, high), low, high)
            found += ((part @ narrow).T @ part).T
        return found


def _krylov(
    apply: Callable[[Floats], Floats], size: int, start: Floats | None, near: float, before: int = 0
) -> tuple[Floats, Floats]:
    """Block Lanczos with full orthogonalisation: leading eigenpairs of a symmetric matrix, the first two of
    them to within ``near`` of the first value, looked at from the block after ``before`` on.
    """
    block = np.random.default_rng(0).standard_normal((size, _BLOCK))
    if start is not None and start.shape[0] == size:
        block[:, : start.shape[1]] = start + 1e-12 * block[:, : start.shape[1]]
    basis = np.linalg.qr(block)[0]
    images = apply(basis)
    last = images
    for step in range(_STEPS):
        if step < before and basis.shape[1] + _BLOCK <= size:
            basis, images, last = _wider(apply, basis, images, last)
            continue
        small = basis.T @ images
        values, turned = np.linalg.eigh((small + small.T) / 2)
        values, turned = values[::-1][:_BLOCK], turned[:, ::-1][:, :_BLOCK]
        vectors = basis @ turned
        off = images @ turned[:, :AXES] - vectors[:, :AXES] * values[:AXES]
        left = np.linalg.norm(off, axis=0).max()
        done = left <= near * max(values[0], 1e-300)
        if done or basis.shape[1] + _BLOCK > size or step == _STEPS - 1:
            break
        basis, images, last = _wider(apply, basis, images, last)
    return values, np.asarray(vectors)


def _wider(
    apply: Callable[[Floats], Floats], basis: Floats, images: Floats, last: Floats
) -> tuple[Floats, Floats, Floats]:
    """One block more: the last images, made orthogonal to all before."""
    for _ in range(2):
        last = last - basis @ (basis.T @ last)
    fresh = np.linalg.qr(last)[0]
    last = apply(fresh)
    return np.hstack([basis, fresh]), np.hstack([images, last]), last
