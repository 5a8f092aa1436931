"""What a draw would be like, before it is one: chances and expected seats if entries closed now.

Nothing here draws, and no chance enters: the lottery is worked out and looked at. Figures are about five
people or more. Work is bounded by counting steps, not seconds, so that the same question has the same answer.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from convene.apps.communities.rules.traits import SMALLEST
from convene.apps.seats import allotting
from convene.apps.seats.allotting import Candidate, Target
from convene.engines.allotment import CautionCode, InfeasibleError, InputError, Lottery, solve_lottery
from convene.engines.allotment.outcome import Progress

STEPS = 80_000
"""The engine's steps times kinds of people for one page: some seconds at the most."""
KINDS = 200
"""A step of a small draw takes as long as one with so many kinds of people."""
ALIKE = 0.005
"""Chances closer than half a percent are told as the same."""


class Effort:
    """What is left of the work a page may make; shared by all it has to work out."""

    def __init__(self, steps: int = STEPS) -> None:
        self.left = steps

    @property
    def is_spent(self) -> bool:
        return self.left <= 0

    def step(self, kinds: int) -> bool:
        self.left -= max(kinds, KINDS)
        return self.left > 0


@dataclass(frozen=True)
class Field:
    """Those in the draw, and the seats that can be given to them."""

    people: Sequence[Candidate]
    seats: int
    by_pool: Mapping[str, int] | None = None


def lottery_of(field: Field, targets: Sequence[Target], effort: Effort) -> Lottery | None:
    """The lottery that closing now would lead to, or the best one found; None if there is none."""
    if field.seats < 1 or not field.people:
        return None
    kinds = allotting.kinds(field.people, targets)

    def going_on(_progress: Progress) -> bool:
        return effort.step(kinds)

    people = allotting.applicants(field.people, targets)
    rows = allotting.quotas(field.people, targets, field.seats, field.by_pool)
    effort.step(kinds)
    try:
        return solve_lottery(people, rows, field.seats, progress=going_on)
    except (InfeasibleError, InputError):
        return None


def is_proven(lottery: Lottery) -> bool:
    return all(caution.code != CautionCode.STOPPED for caution in lottery.warnings)


@dataclass(frozen=True)
class Spread:
    """How unequal chances are.

    Five people at least who can be drawn have no more than `least`, and five at least no less than `most`. A
    mean of five would do worse: where two of them stand apart it says that they are two.
    """

    least: float
    most: float
    without: int
    """So many have no chance at all."""
    proven: bool
    """Otherwise it was stopped early, and the least likely may have more."""


def spread_of(lottery: Lottery) -> Spread | None:
    """None where fewer than five have a chance: it would be a figure about fewer."""
    held = {person for each in lottery.types if each.held for person in each.ids}
    chances = sorted(chance for person, chance in lottery.chances.items() if person not in held)
    some = [chance for chance in chances if chance > 0]
    if len(some) < SMALLEST:
        return None
    return Spread(
        least=some[SMALLEST - 1],
        most=some[-SMALLEST],
        without=len(chances) - len(some),
        proven=is_proven(lottery),
    )


@dataclass(frozen=True)
class Cost:
    """Equal chances with a target, and without it."""

    with_it: Spread
    without_it: Spread

    @property
    def is_none(self) -> bool:
        return (
            abs(self.with_it.least - self.without_it.least) < ALIKE
            and abs(self.with_it.most - self.without_it.most) < ALIKE
            and self.with_it.without == self.without_it.without
        )


def costs_of(
    field: Field, targets: Sequence[Target], asked: Sequence[Target], effort: Effort
) -> tuple[Spread | None, dict[tuple[str, str], Cost]]:
    """As it stands, and what each target `asked` about costs: as many, in order, as the effort allows.

    At least one is looked at, so that asking on from there comes to an end.
    """
    lottery = lottery_of(field, targets, effort)
    base = spread_of(lottery) if lottery else None
    found: dict[tuple[str, str], Cost] = {}
    if base is None:
        return None, found
    for target in asked:
        if found and effort.is_spent:
            break
        own = Effort()
        without = lottery_of(field, [other for other in targets if other != target], own)
        effort.left -= STEPS - own.left
        freer = spread_of(without) if without else None
        if freer is not None:
            found[target.question, target.value] = Cost(base, freer)
    return base, found


@dataclass(frozen=True)
class Expected:
    """Seats that go to some answers (one, or several counted together)."""

    people: int
    seats: float
    fewest: int
    most: int

    @property
    def chance(self) -> float:
        return self.seats / self.people if self.people else 0.0


def expected_seats(
    lottery: Lottery, people: Sequence[Candidate], question: str, values: frozenset[str]
) -> Expected:
    """Over the lottery, for those whose answer to `question` is one of `values` (UNSAID for none).

    Of each type so many people are drawn, anyone as likely as another; so the fewest and most follow from how
    many of the type gave such an answer.
    """
    ours = {each.id for each in people if (each.answers.get(question) or allotting.UNSAID) in values}
    mine = [sum(person in ours for person in each.ids) for each in lottery.types]
    sizes = [len(each.ids) for each in lottery.types]
    fewest, most = [], []
    for row in lottery.rows:
        drawn = list(zip(row.counts, mine, sizes, strict=True))
        fewest.append(sum(max(0, count - (size - own)) for count, own, size in drawn))
        most.append(sum(min(count, own) for count, own, size in drawn))
    return Expected(
        people=len(ours),
        seats=sum(lottery.chances[person] for person in ours),
        fewest=min(fewest, default=0),
        most=max(most, default=0),
    )
