"""Who follows when drawn seats become free: a new lottery among those waiting.

Held seats stay held, and all targets still hold. Pure: the same situation gives the same decision.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from importlib import metadata
from typing import Any

from convene.apps.seats import allotting
from convene.apps.seats.allotting import Candidate, Finding, PoolSeats, Target
from convene.engines.allotment import InfeasibleError, InputError, Outcome, Quota, allot, has_panel
from convene.engines.allotment.record import record

ASKED = "asked"
"""A feature: who stood in the draw comes before who asked after it."""
IN_TIME, LATER, SEATED = "in time", "later", "seated"
TRIES = 12
"""So many numbers of seats are tried below the full one; a seat kept free for a target is rare."""


@dataclass(frozen=True)
class Situation:
    """Everything that decides who follows. Ids are those of registrations."""

    number: int
    """Of this replacement, from 1."""
    value: str
    """The draw's commitment and its value of chance: nobody can choose it any more."""
    held: tuple[Candidate, ...]
    waiting: tuple[Candidate, ...]
    in_time: frozenset[str]
    """Those waiting who stood in the draw, so that they were fixed before chance was known."""
    targets: tuple[Target, ...]
    free: tuple[tuple[str, int], ...]
    """Free seats by pool (without pools: of ""); the pool for everyone is `shared`."""
    shared: str = ""
    gone: tuple[str, ...] = field(default=(), compare=False)

    @property
    def seed(self) -> str:
        return f"{self.value}\nreplacement {self.number}"

    @property
    def by_pool(self) -> dict[str, int]:
        return dict(self.free)


@dataclass(frozen=True)
class Decision:
    """Who is offered a seat, in which pool, by which chances."""

    chosen: tuple[tuple[str, str], ...] = ()
    """(registration, pool)"""
    chances: Mapping[str, float] = field(default_factory=dict)
    """Of everyone who waited."""
    kept_free: int = 0
    """Seats that stay free, because with nobody who waits the targets hold."""
    record: Mapping[str, Any] = field(default_factory=dict)


def seats_to_fill(situation: Situation) -> int:
    """As many as there are people for: seats for one kind of people only for those who wait for them."""
    wanted = Counter(each.pool for each in situation.waiting)
    own = sum(min(free, wanted[pool]) for pool, free in situation.free if pool != situation.shared)
    rest = len(situation.waiting) - own
    return own + min(situation.by_pool.get(situation.shared, 0), rest)


def decide(situation: Situation) -> Decision:
    """Fill as many of the free seats as the targets allow, those who stood in the draw before all others."""
    free = seats_to_fill(situation)
    for seats, targets, pools in _plans(situation, free):
        outcome, quotas = _draw(situation, seats, targets, pools)
        if outcome is not None:
            return _decision(situation, outcome, quotas, free - seats)
    return Decision(kept_free=free)


def fault(situation: Situation) -> Finding | None:
    """Why not all free seats can be filled, and the smallest change of targets after which they can."""
    free = seats_to_fill(situation)
    if not free:
        return None
    return _fault(situation, situation.targets, free, _full_pools(situation, free))


def _fault(
    situation: Situation, targets: Sequence[Target], seats: int, pools: PoolSeats | None
) -> Finding | None:
    return allotting.find_fault(
        [*situation.held, *situation.waiting],
        targets,
        len(situation.held) + seats,
        pool_seats=pools,
        held=[each.id for each in situation.held],
    )


_Plan = tuple[int, Sequence[Target], PoolSeats | None]


def _plans(situation: Situation, free: int) -> Iterator[_Plan]:
    """Numbers of seats from the most, each with the targets it must keep and the mix of pools.

    With fewer than all, what a target still lacks may wait for the seats kept free for it, but nothing may
    stand above its most, and the seats kept free must be enough.
    """
    for seats in range(free, max(free - TRIES, 0), -1):
        for pools in _pool_ways(situation, seats, free):
            if _exists(situation, situation.targets, seats, pools):
                yield seats, situation.targets, pools
            elif seats < free and situation.targets:
                finding = _fault(situation, situation.targets, seats, pools)
                if finding is not None and _waits_only(finding, free - seats):
                    yield seats, _with_less(situation.targets, finding), pools


def _waits_only(finding: Finding, kept: int) -> bool:
    short: Counter[str] = Counter()
    for mend in finding.relaxation:
        if mend.side != "least" or mend.question == allotting.PASSED_OVER:
            return False
        short[mend.question] += mend.was - mend.becomes
    return bool(finding.relaxation) and all(count <= kept for count in short.values())


def _with_less(targets: Sequence[Target], finding: Finding) -> list[Target]:
    less = {(mend.question, mend.value): mend.becomes for mend in finding.relaxation}
    return [
        replace(target, least=min(target.least, less.get((target.question, target.value), target.least)))
        for target in targets
    ]


def _pool_ways(situation: Situation, seats: int, free: int) -> Iterator[PoolSeats | None]:
    """Ways to spread seats over the pools. Who waits for seats of their own kind may also get one that is for
    everyone; then all seats of their kind are filled first, so that no more go over than there is room for.
    """
    if not situation.shared and set(situation.by_pool) <= {""}:
        yield None
        return
    full = _full_pools(situation, seats)
    if full is not None:
        yield full
    if seats < free:
        held = Counter(each.pool for each in situation.held)
        yield {pool: (held[pool], held[pool] + situation.by_pool.get(pool, 0)) for pool in _pools(situation)}


def _pools(situation: Situation) -> set[str]:
    return {each.pool for each in (*situation.held, *situation.waiting)}


def _full_pools(situation: Situation, seats: int) -> PoolSeats | None:
    if not situation.shared and set(situation.by_pool) <= {""}:
        return None
    held = Counter(each.pool for each in situation.held)
    wanted = Counter(each.pool for each in situation.waiting)
    total = len(situation.held) + seats
    own = {
        pool: min(situation.by_pool.get(pool, 0), wanted[pool])
        for pool in _pools(situation)
        if pool != situation.shared
    }
    if sum(own.values()) > seats:
        return None
    over = situation.by_pool.get(situation.shared, 0)
    return {
        pool: (held[pool] + own.get(pool, 0), min(held[pool] + own.get(pool, 0) + over, total))
        for pool in _pools(situation)
    }


def _exists(situation: Situation, targets: Sequence[Target], seats: int, pools: PoolSeats | None) -> bool:
    everyone = [*situation.held, *situation.waiting]
    total = len(situation.held) + seats
    people, quotas = allotting.exactly(everyone, targets, total, pools)
    return has_panel(people, quotas, total, held=[each.id for each in situation.held])


def _draw(
    situation: Situation, seats: int, targets: Sequence[Target], pools: PoolSeats | None
) -> tuple[Outcome | None, Sequence[Quota]]:
    """A lottery in which as many as can be come from those who stood in the draw."""
    marked = _marked(situation)
    total = len(situation.held) + seats
    for first in range(min(seats, len(situation.in_time)), -1, -1):
        wanted = [*targets, Target(ASKED, IN_TIME, first, total)]
        if not _exists(marked, wanted, seats, pools):
            continue
        people, quotas = allotting.exactly([*marked.held, *marked.waiting], wanted, total, pools)
        try:
            return allot(
                people, quotas, total, seed=situation.seed, held=[each.id for each in situation.held]
            ), quotas
        except (InfeasibleError, InputError):
            continue
    return None, ()


def _marked(situation: Situation) -> Situation:
    def mark(candidate: Candidate, word: str) -> Candidate:
        return replace(candidate, answers={**candidate.answers, ASKED: word})

    return replace(
        situation,
        held=tuple(mark(each, SEATED) for each in situation.held),
        waiting=tuple(
            mark(each, IN_TIME if each.id in situation.in_time else LATER) for each in situation.waiting
        ),
    )


def _decision(situation: Situation, outcome: Outcome, quotas: Sequence[Quota], kept_free: int) -> Decision:
    holding = {each.id for each in situation.held}
    selected = [each for each in situation.waiting if each.id in set(outcome.selected) - holding]
    seats = len(holding) + len(selected)
    shown = record(outcome, quotas, seats, version=metadata.version("convene-community"))
    for each in shown["types"]:
        each.pop("traits")  # numbers, not what people declared: erasing a person needs no rewrite here
    return Decision(
        chosen=tuple(_in_pools(situation, selected)),
        chances={each.id: outcome.chances[each.id] for each in situation.waiting},
        kept_free=kept_free,
        record=shown,
    )


def _in_pools(situation: Situation, selected: Sequence[Candidate]) -> Iterator[tuple[str, str]]:
    """Seats of their own kind first; what is over goes to seats for everyone."""
    left = situation.by_pool
    for each in sorted(selected, key=lambda candidate: candidate.id):
        pool = each.pool if left.get(each.pool, 0) > 0 else situation.shared
        left[pool] = left.get(pool, 0) - 1
        yield each.id, pool
