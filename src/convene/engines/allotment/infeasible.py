"""Targets that no panel can meet: which of them clash, and the least one would have to give way."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from convene.engines.allotment.checks import check
from convene.engines.allotment.entries import Applicant, FloatArray, IntArray, Pool, Quota, gather
from convene.engines.allotment.errors import AllotmentError
from convene.engines.allotment.panels import Box, PanelFinder
from convene.engines.allotment.relaxation import rules
from convene.engines.allotment.solver import Matrix, Program

Side = Literal["least", "most"]


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
) -> None:
    """Return if some panel meets the targets, else raise `InfeasibleError`, or `InputError` for bad input."""
    check(applicants, quotas, seats, held=held, exclude=exclude)
    pool = gather(applicants, quotas, seats, held=held, exclude=exclude)
    if PanelFinder(pool).find(np.zeros(len(pool.types)), Box.whole(pool)) is None:
        raise explain(pool)


def explain(pool: Pool) -> InfeasibleError:
    """What to tell the steward of a pool that has no panel."""
    clash = clash_of(pool, pool.floors)
    alone = [change for limit in clash if (change := _mend_alone(pool, limit)) is not None]
    return InfeasibleError(clash, _relax(pool), alone, held=int(pool.floors.sum()))


def clash_of(pool: Pool, floors: IntArray) -> tuple[Limit, ...]:
    """Limits that no panel with at least ``floors`` (T) people of each type can all keep; none of them can be
    spared.

    Limits are taken away one after the other and only put back when a panel would exist without them. Which
    of several clashes is found follows from the order of the quotas.
    """
    loose = replace(
        pool, floors=floors, least=np.zeros_like(pool.least), most=np.full_like(pool.most, pool.seats)
    )
    finder, free = PanelFinder(loose), Box.whole(loose)
    nothing = np.zeros(len(pool.types))
    box = replace(free, least=pool.least.astype(float), most=pool.most.astype(float))
    kept: list[Limit] = []
    for limit, at in _limits(pool):
        without = _freed(box, free, limit.side, at)
        if finder.find(nothing, without) is None:
            box = without
        else:
            kept.append(limit)
    return tuple(kept)


def _limits(pool: Pool) -> list[tuple[Limit, int]]:
    sides: tuple[tuple[Side, IntArray], ...] = (("least", pool.least), ("most", pool.most))
    return [
        (Limit(quota.feature, quota.value, side, int(seats[at])), at)
        for at, quota in enumerate(pool.quotas)
        for side, seats in sides
    ]


def _freed(box: Box, free: Box, side: Side, at: int) -> Box:
    if side == "least":
        least = box.least.copy()
        least[at] = free.least[at]
        return replace(box, least=least)
    most = box.most.copy()
    most[at] = free.most[at]
    return replace(box, most=most)


def _relax(pool: Pool) -> tuple[Change, ...]:
    """The least sum of changes: whole panels, with each quota's shortage and excess as columns."""
    count, quotas = len(pool.types), len(pool.quotas)
    most_slack = np.full(quotas, pool.seats)
    helpers = Matrix.diagonal(np.ones(quotas), column=count) + Matrix.diagonal(
        -np.ones(quotas), column=count + quotas
    )
    answer = Program(
        np.concatenate([np.zeros(count), -np.ones(2 * quotas)]),
        (
            np.concatenate([pool.floors, np.zeros(2 * quotas)]).astype(float),
            np.concatenate([pool.sizes, most_slack, most_slack]).astype(float),
        ),
        rules(pool) + helpers,
        (np.append(pool.least, pool.seats).astype(float), np.append(pool.most, pool.seats).astype(float)),
        integer=True,
    ).solve()
    assert answer is not None, "there are enough people for the seats"
    short, over = np.rint(answer.columns[count:]).astype(int).reshape(2, quotas)
    changes = [
        Change(limit, limit.seats - int(short[at]) if limit.side == "least" else limit.seats + int(over[at]))
        for limit, at in _limits(pool)
    ]
    return tuple(change for change in changes if change.seats != change.limit.seats)


def _mend_alone(pool: Pool, limit: Limit) -> Change | None:
    """The least change of one limit after which a panel exists, if there is one."""
    at = next(at for other, at in _limits(pool) if other == limit)
    free = replace(pool, least=pool.least.copy(), most=pool.most.copy())
    wide = _freed(Box.whole(pool), _widest(pool), limit.side, at)
    free.least[:], free.most[:] = wide.least, wide.most
    towards: FloatArray = pool.marks[at] if limit.side == "least" else -pool.marks[at]
    found = PanelFinder(free).find(towards, Box.whole(free), exact=True)
    return None if found is None else Change(limit, round(abs(found.worth)))


def _widest(pool: Pool) -> Box:
    return replace(
        Box.whole(pool), least=np.zeros(len(pool.quotas)), most=np.full(len(pool.quotas), float(pool.seats))
    )
