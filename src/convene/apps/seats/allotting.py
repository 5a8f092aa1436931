"""Between rows and the allotment engine: entries and targets in, findings out (`complaining` words them).

Who prefers not to say, and who was not asked, share one value of their own without a target.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from uuid import UUID

from convene.engines.allotment import (
    Applicant,
    Change,
    Code,
    InfeasibleError,
    InputError,
    Limit,
    Quota,
    check_feasible,
    has_panel,
    shut_out,
)
from convene.engines.allotment.checks import check
from convene.engines.allotment.infeasible import TRIES

UNSAID = "–"
POOL = "pool"
PASSED_OVER = "passed-over"
"""A feature beside the questions: places can be held for those long passed over (value `YES`)."""
YES = "yes"

PoolSeats = Mapping[str, int] | Mapping[str, tuple[int, int]]
"""By pool: exactly so many seats, or from so many to so many."""


@dataclass(frozen=True)
class Target:
    """Least and most seats for one answer to one question (ids as text)."""

    question: str
    value: str
    least: int
    most: int


@dataclass(frozen=True)
class Candidate:
    """An entry: its number or id, its answers by question id, the pool it stands in."""

    id: str
    answers: Mapping[str, str]
    pool: str = ""
    weight: float = 1


class Why(StrEnum):
    """What is wrong with a side of a target."""

    FEW = "few"
    """Fewer people gave the answer than seats are asked for."""
    SUM = "sum"
    """The sides of one question together do not fit the seats."""
    HELD = "held"
    """More people with this answer hold a seat already."""
    CLASH = "clash"
    """Each could be met, but not all together."""


@dataclass(frozen=True)
class Mend:
    """A target's side and the number that would do."""

    question: str
    value: str
    side: str
    was: int
    becomes: int
    why: Why = Why.CLASH

    @property
    def at(self) -> tuple[str, str, str]:
        return self.question, self.value, self.side


@dataclass(frozen=True)
class Finding:
    """Why no panel meets the targets: what clashes, and the smallest change after which one does.

    `alone`: for those of the clash that could mend it all by themselves, the least change that does.
    """

    clash: tuple[Mend, ...]
    relaxation: tuple[Mend, ...]
    alone: tuple[Mend, ...] = ()

    def as_json(self) -> dict[str, object]:
        return {
            "clash": [_row(mend) for mend in self.clash],
            "relaxation": [_row(mend) for mend in self.relaxation],
        }


def _row(mend: Mend) -> dict[str, object]:
    return {
        "question": mend.question,
        "value": mend.value,
        "side": mend.side,
        "was": mend.was,
        "becomes": mend.becomes,
        "why": mend.why.value,
    }


def applicants(candidates: Sequence[Candidate], targets: Sequence[Target]) -> list[Applicant]:
    """For the draw itself. Where places are held for as many people as there are of them, or more, each of
    them is surely in; so no published number says how few they are.
    """
    sure = _sure(candidates, targets)
    return _people(candidates, targets, sure)


def _people(
    candidates: Sequence[Candidate], targets: Sequence[Target], sure: Collection[str] = ()
) -> list[Applicant]:
    questions = list(dict.fromkeys(target.question for target in targets))
    return [
        Applicant(
            id=candidate.id,
            traits={
                POOL: candidate.pool or UNSAID,
                **{question: candidate.answers.get(question) or UNSAID for question in questions},
            },
            weight=candidate.weight,
            held=candidate.id in sure,
        )
        for candidate in candidates
    ]


def _sure(candidates: Sequence[Candidate], targets: Sequence[Target]) -> frozenset[str]:
    long = [each.id for each in candidates if each.answers.get(PASSED_OVER) == YES]
    places = next((target.least for target in targets if target.question == PASSED_OVER), 0)
    return frozenset(long) if len(long) <= places else frozenset()


def kinds(candidates: Sequence[Candidate], targets: Sequence[Target]) -> int:
    """How many kinds of people a draw with these targets tells apart."""
    questions = list(dict.fromkeys(target.question for target in targets))
    return len(
        {
            (each.pool, each.weight, *(each.answers.get(question) for question in questions))
            for each in candidates
        }
    )


def quotas(
    candidates: Sequence[Candidate],
    targets: Sequence[Target],
    seats: int,
    pool_seats: Mapping[str, int] | None = None,
) -> list[Quota]:
    """The targets; beside them every value someone has without a target, from none to all seats."""
    if _sure(candidates, targets):
        targets = [target for target in targets if target.question != PASSED_OVER]
    return _rows(candidates, _fitting(candidates, targets, seats), seats, pool_seats)


def _fitting(candidates: Sequence[Candidate], targets: Sequence[Target], seats: int) -> list[Target]:
    """Places are held only for as many as ask for them, and only among the seats."""
    long = sum(each.answers.get(PASSED_OVER) == YES for each in candidates)
    return [
        Target(PASSED_OVER, YES, min(target.least, long, seats), seats)
        if target.question == PASSED_OVER
        else target
        for target in targets
    ]


def _rows(
    candidates: Sequence[Candidate],
    targets: Sequence[Target],
    seats: int,
    pool_seats: PoolSeats | None = None,
) -> list[Quota]:
    rows = [Quota(target.question, target.value, target.least, target.most) for target in targets]
    named = {(row.feature, row.value) for row in rows}
    for question in dict.fromkeys(target.question for target in targets):
        had = {candidate.answers.get(question) or UNSAID for candidate in candidates}
        rows += [Quota(question, value, 0, seats) for value in sorted(had) if (question, value) not in named]
    pools = Counter(candidate.pool or UNSAID for candidate in candidates)
    for pool in sorted(pools):
        limits = (pool_seats or {}).get(pool, (0, seats))
        least, most = (limits, limits) if isinstance(limits, int) else limits
        rows.append(Quota(POOL, pool, least, most))
    return rows


def exactly(
    candidates: Sequence[Candidate],
    targets: Sequence[Target],
    seats: int,
    pool_seats: PoolSeats | None = None,
) -> tuple[list[Applicant], list[Quota]]:
    """The same question as `find_fault` asks, for the engine; nobody is surely in by a place held."""
    fitting = _fitting(candidates, targets, seats)
    return _people(candidates, fitting), _rows(candidates, fitting, seats, pool_seats)


def find_fault(
    candidates: Sequence[Candidate],
    targets: Sequence[Target],
    seats: int,
    *,
    pool_seats: PoolSeats | None = None,
    held: Collection[str] = (),
    tries: int = TRIES,
    only_counts: bool = False,
) -> Finding | None:
    """None if some panel of `seats` people meets the targets. Else why not, and what would do.

    `tries`: how hard to look for the smallest clash. With `only_counts` the numbers of people and the sums
    are looked at, and whether targets can be met together is not.
    """
    if seats < 1 or not candidates or not targets:
        return None
    targets = _fitting(candidates, targets, seats)
    mended = {(target.question, target.value): target for target in targets}
    short: list[Mend] = []
    people = _people(candidates, targets)
    while True:
        rows = _rows(candidates, list(mended.values()), seats, pool_seats)
        try:
            if only_counts:
                check(people, rows, seats, held=held)
            else:
                check_feasible(people, rows, seats, held=held, tries=tries)
        except InputError as error:
            found = _too_few(error, mended)
            if not found:
                raise
            short += found
        except InfeasibleError as error:
            clash = tuple(_mend(limit, limit.seats) for limit in error.clash if limit.feature != POOL)
            changes = [*short, *map(_changed, error.relaxation)]
            alone = [] if short else list(map(_changed, error.alone))
            return _finding([*short, *clash], changes, alone, targets)
        else:
            return _finding(short, short, [], targets) if short else None


def _too_few(error: InputError, mended: dict[tuple[str, str], Target]) -> list[Mend]:
    """Targets that ask for more people than there are, or than seats: mended, to look further."""
    found = []
    for problem in error.problems:
        params = problem.params
        key = (str(params.get("feature", "")), str(params.get("value", "")))
        if problem.code == Code.TOO_FEW_PEOPLE and key in mended:
            target, people = mended[key], int(params["people"])
            found.append(Mend(target.question, target.value, "least", target.least, people, Why.FEW))
            mended[key] = Target(target.question, target.value, people, target.most)
        elif problem.code == Code.HELD_ABOVE_MOST and key in mended:
            target, held = mended[key], int(params["held"])
            found.append(Mend(target.question, target.value, "most", target.most, held, Why.HELD))
            mended[key] = Target(target.question, target.value, target.least, held)
        elif problem.code in {Code.LEASTS_ABOVE_SEATS, Code.MOSTS_BELOW_SEATS}:
            found += _squeeze(str(params["feature"]), problem.code, mended, int(params["seats"]))
    return found


def _squeeze(feature: str, code: Code, mended: dict[tuple[str, str], Target], seats: int) -> list[Mend]:
    """The largest minimum down, or the largest maximum up, until the sums fit the seats."""
    own = [target for target in mended.values() if target.question == feature]
    if not own:
        return []
    side = "least" if code == Code.LEASTS_ABOVE_SEATS else "most"
    target = max(own, key=lambda each: (getattr(each, side), each.value))
    total = sum(getattr(each, side) for each in own)
    was = getattr(target, side)
    becomes = max(0, was - (total - seats))
    least, most = (becomes, target.most) if side == "least" else (target.least, becomes)
    mended[target.question, target.value] = Target(target.question, target.value, least, max(least, most))
    return [Mend(target.question, target.value, side, was, becomes, Why.SUM)]


def _changed(change: Change) -> Mend:
    return _mend(change.limit, change.seats)


def _mend(limit: Limit, becomes: int) -> Mend:
    return Mend(limit.feature, limit.value, limit.side, limit.seats, becomes)


def _finding(
    clash: Sequence[Mend], changes: Sequence[Mend], alone: Sequence[Mend], targets: Sequence[Target]
) -> Finding:
    """Changes of one side taken together, counted from the targets as they stand; pools are no targets."""
    stand = {(target.question, target.value): target for target in targets}
    last: dict[tuple[str, str, str], Mend] = {}
    for change in changes:
        if (change.question, change.value) in stand:
            was = getattr(stand[change.question, change.value], change.side)
            last[change.at] = replace(change, was=was)
    seen = {mend.at: mend for mend in reversed(clash)}  # the first found of a side says why
    named = [mend for mend in reversed(seen.values()) if (mend.question, mend.value) in stand]
    own = [mend for mend in alone if (mend.question, mend.value) in stand]
    return Finding(clash=tuple(named), relaxation=tuple(last.values()), alone=tuple(own))


def can_be_met(
    candidates: Sequence[Candidate],
    targets: Sequence[Target],
    seats: int,
    *,
    pool_seats: Mapping[str, int] | None = None,
) -> bool:
    """As `find_fault` without reasons, and quicker."""
    people, rows = applicants(candidates, targets), quotas(candidates, targets, seats, pool_seats)
    return has_panel(people, rows, seats)


def without_a_chance(
    candidates: Sequence[Candidate],
    targets: Sequence[Target],
    seats: int,
    *,
    pool_seats: Mapping[str, int] | None = None,
) -> tuple[tuple[str, ...], tuple[Mend, ...]]:
    """Ids of those in no panel that meets the (feasible) targets, and the targets that do it."""
    if seats < 1 or not targets or len(candidates) < seats:
        return (), ()
    targets = _fitting(candidates, targets, seats)
    found = shut_out(_people(candidates, targets), _rows(candidates, targets, seats, pool_seats), seats)
    ids = tuple(person for caution in found for person in caution.ids)
    limits = {limit: None for caution in found for limit in caution.limits if limit.feature != POOL}
    return ids, tuple(_mend(limit, limit.seats) for limit in limits)


def answers_by_text(answers: Mapping[UUID, str]) -> dict[str, str]:
    """For JSON: question ids as text, what was not said left out."""
    return {str(question): value for question, value in answers.items() if value}
