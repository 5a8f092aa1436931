"""Targets that no panel can meet: which of them clash, and the least one would have to give way."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from convene.engines.allotment.checks import check
from convene.engines.allotment.entries import Applicant, IntArray, Pool, Quota, gather
from convene.engines.allotment.errors import PLAIN_NO, AllotmentError, InputError
from convene.engines.allotment.panels import Box, PanelFinder
from convene.engines.allotment.relaxation import rule_bounds, rules
from convene.engines.allotment.solver import Matrix, Program

Side = Literal["least", "most"]
TRIES = 60


@dataclass(frozen=True, slots=True)
class Limit:
    """One side of a quota: at least (or at most) ``seats`` for ``value`` of ``feature``."""

    feature: str
    value: str
    side: Side
    seats: int

    @property
    def text(self) -> str:
        return f"{self.feature}: {self.value} at {self.side} {self.seats}"


@dataclass(frozen=True, slots=True)
class Change:
    """``limit`` would have to become ``seats``."""

    limit: Limit
    seats: int

    @property
    def text(self) -> str:
        return f"{self.limit.text} -> {self.seats}"


class InfeasibleError(AllotmentError):
    """No panel meets the targets.

    ``clash``: limits that cannot all be met, but can without any one of them (for these people,
    seats and held seats). ``relaxation``: changes with the least sum of seats after which a panel exists.
    ``alone``: for each limit of the clash that can mend everything by itself, the least change that does.
    """

    def __init__(
        self, clash: Sequence[Limit], relaxation: Sequence[Change], alone: Sequence[Change], held: int = 0
    ) -> None:
        self.clash, self.relaxation, self.alone, self.held = (
            tuple(clash),
            tuple(relaxation),
            tuple(alone),
            held,
        )
        texts = "; ".join(limit.text for limit in self.clash)
        super().__init__(f"no panel meets all targets; these clash: {texts}")


def check_feasible(
    applicants: Sequence[Applicant],
    quotas: Sequence[Quota],
    seats: int,
    *,
    held: Collection[str] = (),
    exclude: Collection[str] = (),
    tries: int = TRIES,
) -> None:
    """Return if some panel meets the targets, else raise `InfeasibleError`, or `InputError` for bad input.

    ``tries`` to find the smallest of all clashes; with 0 the answer is quicker (a tenth of a second for some
    hundred people) and the clash one of which no limit can be spared, though there may be a smaller one
    elsewhere.
    """
    check(applicants, quotas, seats, held=held, exclude=exclude)
    pool = gather(applicants, quotas, seats, held=held, exclude=exclude)
    if not _some_panel(pool):
        raise explain(pool, tries)


def has_panel(
    applicants: Sequence[Applicant],
    quotas: Sequence[Quota],
    seats: int,
    *,
    held: Collection[str] = (),
    exclude: Collection[str] = (),
) -> bool:
    """Whether some panel meets the targets; fast, and without reasons (those give `check_feasible`).

    Raises `InputError` only where the question has no sense; too few people, say, is a plain no.
    """
    try:
        check(applicants, quotas, seats, held=held, exclude=exclude)
    except InputError as error:
        if set(error.codes) <= PLAIN_NO:
            return False
        raise
    return _some_panel(gather(applicants, quotas, seats, held=held, exclude=exclude))


def _some_panel(pool: Pool) -> bool:
    return PanelFinder(pool).find(np.zeros(len(pool.types)), Box.whole(pool)) is not None


def explain(pool: Pool, tries: int = TRIES) -> InfeasibleError:
    """What to tell the steward of a pool that has no panel."""
    clash = smallest_clash(pool, tries)
    alone = [change for limit in clash if (change := _mend_alone(pool, limit)) is not None]
    changes = _relax(pool, ())
    assert changes is not None, "there are enough people for the seats, and held seats keep the maxima"
    return InfeasibleError(clash, changes, alone, held=int(pool.floors.sum()))


def clash_of(
    pool: Pool, floors: IntArray, among: Collection[Limit] | None = None
) -> tuple[Limit, ...] | None:
    """Limits (``among`` these) that no panel with at least ``floors`` (T) people of each type can all keep.

    None of them can be spared: limits are taken away one after the other and only put back when a panel would
    exist without them. Which of several clashes is found follows from the order of the quotas. None if
    nothing clashes.
    """
    loose = replace(
        pool, floors=floors, least=np.zeros_like(pool.least), most=np.full_like(pool.most, pool.seats)
    )
    finder, free, nothing = PanelFinder(loose), Box.whole(loose), np.zeros(len(pool.types))
    limits = [each for each in _limits(pool) if among is None or each[0] in among]
    kept = list(limits)
    if finder.find(nothing, _held_to(free, kept)) is not None:
        return None
    for each in limits:
        without = [other for other in kept if other != each]
        if finder.find(nothing, _held_to(free, without)) is None:
            kept = without
    return tuple(limit for limit, _ in kept)


def smallest_clash(pool: Pool, tries: int) -> tuple[Limit, ...]:
    """A clash with as few limits as can be; if ``tries`` do not prove that, one without a limit to spare.

    Each panel breaks some limits, and every clash contains one of these. So the fewest limits that meet all
    sets broken so far are at most as many as the smallest clash; if no panel keeps them, they are the
    smallest clash, else the panel that keeps them breaks a new set.
    """
    best = clash_of(pool, pool.floors)
    assert best is not None, "called for a pool without panels"
    broken: list[tuple[Limit, ...]] = []
    for _ in range(tries):
        fewest = _meeting(broken)
        if len(fewest) >= len(best):
            return best
        changes = _relax(pool, fewest)
        if changes is None:
            return fewest
        broken.append(tuple(change.limit for change in changes))
    return best


def _meeting(sets: Sequence[tuple[Limit, ...]]) -> tuple[Limit, ...]:
    """The fewest limits that contain one of each set."""
    limits = sorted(
        {limit for each in sets for limit in each}, key=lambda limit: (limit.feature, limit.value, limit.side)
    )
    if not limits:
        return ()
    matrix = Matrix.dense(np.array([[limit in each for limit in limits] for each in sets], dtype=np.float64))
    count = len(limits)
    answer = Program(
        -np.ones(count),
        (np.zeros(count), np.ones(count)),
        matrix,
        (np.ones(len(sets)), np.full(len(sets), float(count))),
        integer=True,
    ).solve()
    assert answer is not None, "all limits together meet every set"
    return tuple(limit for limit, taken in zip(limits, np.rint(answer.columns), strict=True) if taken)


def _limits(pool: Pool) -> list[tuple[Limit, int]]:
    """Both sides of each quota that say anything, with the quota's place."""
    sides: tuple[tuple[Side, IntArray], ...] = (("least", pool.least), ("most", pool.most))
    return [
        (Limit(quota.feature, quota.value, side, int(seats[at])), at)
        for at, quota in enumerate(pool.quotas)
        for side, seats in sides
        if (seats[at] > 0 if side == "least" else seats[at] < pool.seats)
    ]


def _held_to(free: Box, limits: Sequence[tuple[Limit, int]]) -> Box:
    least, most = free.least.copy(), free.most.copy()
    for limit, at in limits:
        (least if limit.side == "least" else most)[at] = limit.seats
    return replace(free, least=least, most=most)


def _relax(pool: Pool, fixed: Collection[Limit]) -> tuple[Change, ...] | None:
    """The least sum of changes that leave the ``fixed`` limits alone; None if these clash by themselves.

    Whole panels, with each quota's shortage and excess as columns of their own.
    """
    count, quotas, limits = len(pool.types), len(pool.quotas), _limits(pool)
    room = np.zeros((2, quotas))
    for limit, at in limits:
        room[int(limit.side == "most"), at] = 0 if limit in fixed else pool.seats
    ones = np.ones(quotas)
    answer = Program(
        np.concatenate([np.zeros(count), -ones, -ones]),
        (np.append(pool.floors, np.zeros(2 * quotas)), np.append(pool.sizes, room)),
        rules(pool) + Matrix.diagonal(ones, column=count) + Matrix.diagonal(-ones, column=count + quotas),
        rule_bounds(pool),
        integer=True,
    ).solve()
    if answer is None:
        return None
    short, over = np.rint(answer.columns[count:]).astype(int).reshape(2, quotas)
    changes = [
        Change(limit, limit.seats + (-int(short[at]) if limit.side == "least" else int(over[at])))
        for limit, at in limits
    ]
    return tuple(change for change in changes if change.seats != change.limit.seats)


def _mend_alone(pool: Pool, limit: Limit) -> Change | None:
    """The least change of one limit after which a panel exists, if there is one."""
    limits = _limits(pool)
    at = next(at for other, at in limits if other == limit)
    loose = replace(pool, least=np.zeros_like(pool.least), most=np.full_like(pool.most, pool.seats))
    box = _held_to(Box.whole(loose), [each for each in limits if each[0] != limit])
    towards = pool.marks[at] if limit.side == "least" else -pool.marks[at]
    found = PanelFinder(loose).find(towards, box, exact=True)
    return None if found is None else Change(limit, round(abs(found.worth)))
