"""A few statements in which as many as possible find themselves, by equal shares, with a certificate.

Everyone has the same budget, and each statement costs one; it is bought by those who agree with it (or who
disagree, if it is shown as disagreed with), as evenly as they can (Peters and Skowron, *Proportionality and
the limits of welfarism*, 2020). What equal shares buy satisfies EJR+ (Brill and Peters, *Robust and
verifiable proportionality axioms*, 2023): any l n/k people who stand alike to some statement not shown have
among them one who finds l. Places nobody can pay for go to what the most people without any statement stand
to.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from convene.engines.opinion.errors import Code, InputError, Problem
from convene.engines.opinion.tallies import Direction
from convene.engines.opinion.votes import AGREE, DISAGREE, Floats, Ints, Votes

SIZE = 5
_NEAR = 1e-9


@dataclass(frozen=True, slots=True)
class Left:
    """The most people left with fewer than ``level`` of their own, who stand alike to one thing not chosen;
    ``allowed``: they must be fewer than this.
    """

    level: int
    people: int
    allowed: float


@dataclass(frozen=True, slots=True)
class Certificate:
    """Whether the choice of ``size`` among ``people`` satisfies EJR+, and how near it comes to failing."""

    people: int
    size: int
    left: tuple[Left, ...]

    @property
    def holds(self) -> bool:
        return all(each.people * self.size < each.level * self.people for each in self.left)

    @property
    def tightest(self) -> float:
        """The greatest share of what is allowed; below 1 where it holds."""
        return max((each.people / each.allowed for each in self.left), default=0.0)


@dataclass(frozen=True, eq=False)
class Shares:
    """``chosen``: candidates in order; ``bought``: how many of them equal shares paid for; ``found`` (n,):
    how many of the chosen each person approves of.
    """

    chosen: tuple[int, ...]
    bought: int
    found: Ints
    certificate: Certificate

    @property
    def covered(self) -> int:
        """How many people approve of at least one."""
        return int((self.found > 0).sum())


@dataclass(frozen=True, slots=True)
class Shown:
    """A statement (an id) of a slate, how ``people`` stand to it, and how many find their first one here."""

    statement: int
    direction: Direction
    people: int
    first: int


@dataclass(frozen=True, eq=False)
class Slate:
    """``covered``: how many of the people find themselves in at least one of what is ``shown``."""

    shown: tuple[Shown, ...]
    covered: int
    certificate: Certificate


def slate_of(votes: Votes, size: int = SIZE) -> Slate:
    """At most ``size`` statements, each agreed or disagreed with; passes and votes not cast support
    nothing.
    """
    cast = (votes.value != 0) & ~votes.left_out[votes.statement]
    candidate = 2 * votes.statement[cast].astype(np.int64) + (votes.value[cast] == DISAGREE)
    shares = equal_shares(candidate, votes.person[cast], len(votes.voters), size)
    shown, without = [], np.ones(len(votes.voters), dtype=bool)
    for number in shares.chosen:
        place, against = divmod(number, 2)
        direction: Direction = "disagree" if against else "agree"
        mine = (votes.statement == place) & (votes.value == (DISAGREE if against else AGREE))
        people = votes.person[mine]
        first = int(without[people].sum())
        without[people] = False
        shown.append(Shown(int(votes.statements[place]), direction, len(people), first))
    return Slate(tuple(shown), shares.covered, shares.certificate)


def equal_shares(
    candidate: NDArray[np.integer], person: NDArray[np.integer], people: int, size: int
) -> Shares:
    """Chooses ``size`` candidates; person ``person[i]`` (0 to ``people`` - 1) approves of ``candidate[i]``,
    once.

    For topics as for statements: ``size`` is then how many workshops can be held. Ties go to more
    supporters, then to the lower number. Raises `InputError` for a size below one.
    """
    if size < 1:
        raise InputError([Problem(Code.BAD_SIZE, {"what": "a slate", "least": 1, "given": size})])
    ids, supporters = _supporters(candidate, person)
    budget = np.full(people, size / max(people, 1))
    chosen = list(_bought(supporters, budget))[:size]
    bought, found = len(chosen), np.zeros(people, dtype=np.int64)
    for at in chosen:
        found[supporters[at]] += 1
    _fill(chosen, supporters, found, size, ids)
    certificate = certify(candidate, person, people, [int(ids[at]) for at in chosen], size)
    return Shares(tuple(int(ids[at]) for at in chosen), bought, found, certificate)


def _supporters(candidate: NDArray[np.integer], person: NDArray[np.integer]) -> tuple[Ints, list[Ints]]:
    if not len(candidate):
        return np.zeros(0, dtype=np.int64), []
    order = np.argsort(candidate, kind="stable")
    ids, start = np.unique(candidate[order], return_index=True)
    return ids.astype(np.int64), np.split(person[order].astype(np.int64), start[1:])


def _bought(supporters: list[Ints], budget: Floats) -> Iterator[int]:
    """Candidates in the order in which equal shares buy them; prices only rise, so old ones are lower
    bounds.
    """
    queue = [
        (1 / len(each), -len(each), at)
        for at, each in enumerate(supporters)
        if len(each) and budget[each].sum() >= 1 - _NEAR
    ]
    heapq.heapify(queue)
    while queue:
        _, many, at = heapq.heappop(queue)
        price = _price(budget[supporters[at]])
        if price is None:
            continue
        if queue and (price, many, at) > queue[0]:
            heapq.heappush(queue, (price, many, at))
            continue
        payers = supporters[at]
        budget[payers] = np.maximum(budget[payers] - price, 0.0)
        yield at


def _price(budget: Floats) -> float | None:
    """The least amount such that nobody pays more than it, or than they have, and one is paid in all."""
    if budget.sum() < 1 - _NEAR:
        return None
    held = np.sort(budget)
    before = np.concatenate([[0.0], np.cumsum(held)[:-1]])
    each = (1 - before) / np.arange(len(held), 0, -1)
    enough = np.flatnonzero(each <= held + _NEAR)
    price = each[enough[0]] if len(enough) else held[-1]
    return float(np.round(price, 12))


def _fill(chosen: list[int], supporters: list[Ints], found: Ints, size: int, ids: Ints) -> None:
    """Adds what most people without any stand to; then what most stand to."""
    open_ = [at for at in range(len(supporters)) if at not in set(chosen)]
    while len(chosen) < size and open_:
        best = max(
            open_, key=lambda at: (int((found[supporters[at]] == 0).sum()), len(supporters[at]), -ids[at])
        )
        open_.remove(best)
        chosen.append(best)
        found[supporters[best]] += 1


def certify(
    candidate: NDArray[np.integer], person: NDArray[np.integer], people: int, chosen: list[int], size: int
) -> Certificate:
    """EJR+ of any choice, checked in whole numbers from approvals as in `equal_shares`."""
    inside = np.isin(candidate, np.array(chosen, dtype=np.int64))
    found = np.bincount(person[inside], minlength=people)
    rest, who = candidate[~inside], person[~inside]
    ids, place = np.unique(rest, return_inverse=True)
    counts = np.bincount(
        place * (size + 1) + np.minimum(found[who], size), minlength=len(ids) * (size + 1)
    ).reshape(-1, size + 1)
    fewer = np.cumsum(counts, axis=1)[:, :size].max(axis=0, initial=0)
    return Certificate(
        people,
        size,
        tuple(Left(level, int(fewer[level - 1]), level * people / size) for level in range(1, size + 1)),
    )
