"""What a draw gives back."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction

from convene.engines.allotment.bounds import Prices
from convene.engines.allotment.entries import Applicant, Objective, Pool, Type
from convene.engines.allotment.errors import Param
from convene.engines.allotment.limits import Limit
from convene.engines.allotment.lottery import DRAW_RULE, Row


@dataclass(frozen=True, slots=True)
class Progress:
    """A step of a long run. ``gap`` is how far ``achieved`` may be below the best least chance (both over
    weight).
    """

    stage: str
    steps: int
    achieved: float
    bound: float

    @property
    def gap(self) -> float:
        return max(self.bound - self.achieved, 0.0)


#: Called after each step; returning False stops the run with the best lottery so far.
Watcher = Callable[[Progress], bool | None]


@dataclass(frozen=True, slots=True)
class MinimumChance:
    """The least chance over weight of anyone who is neither held nor shut out.

    ``bound``: no lottery gives that person more, proven; ``gap`` = bound - achieved, >= 0.
    """

    achieved: float
    bound: float
    gap: float


@dataclass(frozen=True, slots=True)
class Optimum:
    """What the objective measures: for leximin and maximin the least chance over weight, for nash the
    geometric mean of chances over weight (people counting by their weight), for goldilocks the largest in
    fair shares plus the fair share in the least (2 is perfect).

    No lottery has more (goldilocks: less) than ``bound``; ``gap`` is how far ``achieved`` is from it.
    """

    achieved: float
    bound: float
    gap: float


class CautionCode(StrEnum):
    """Names of warnings; add, never rename."""

    SHUT_OUT = "shut_out"
    STOPPED = "stopped"
    NOT_PROVEN = "not_proven"
    UNEVEN_TICKETS = "uneven_tickets"


@dataclass(frozen=True, slots=True)
class Caution:
    """Something a steward should know about a draw that went through."""

    code: CautionCode
    params: Mapping[str, Param] = field(default_factory=dict)
    ids: tuple[str, ...] = ()
    limits: tuple[Limit, ...] = ()

    @property
    def text(self) -> str:
        """Plain English, for terminals and logs."""
        if self.code is CautionCode.SHUT_OUT:
            why = "; ".join(limit.text for limit in self.limits)
            return f"{', '.join(self.ids)}: in no panel that meets the targets, because of {why}"
        if self.code is CautionCode.STOPPED:
            return "stopped before the end: this is the best lottery so far"
        if self.code is CautionCode.UNEVEN_TICKETS:
            return (
                "equally likely tickets could not follow the lottery to less than one ticket for everyone: "
                f"someone's number is {self.params['away']} away"
            )
        return "the lottery could not be proven the fairest: rounding stands in the way"


@dataclass(frozen=True, slots=True)
class Lottery:
    """A lottery over panels, before any chance has entered.

    ``rows`` count how many of each of ``pool.types`` are drawn by how many tickets; ``type_chances`` (T) are
    each member's exact chances by it. ``chances`` maps every applicant to theirs (0 for those shut out or
    excluded, 1 for those held).

    ``least`` is the least chance over weight of anyone neither held nor shut out, ``bound`` what no lottery
    can surpass, and ``minimum_chance`` both as floats. ``prices`` prove the bound (`least_chance_bound`)
    if ``tight``; else whole panels are worth less at these prices than split ones, which takes a search to
    prove. None: nobody is left to chance. ``shut_out`` (T): in no panel. ``optimum``: what the objective
    measures and how near to the best it is.
    """

    pool: Pool
    rows: tuple[Row, ...]
    type_chances: tuple[Fraction, ...]
    chances: Mapping[str, float]
    objective: Objective
    least: Fraction
    bound: Fraction
    minimum_chance: MinimumChance
    prices: Prices | None
    tight: bool
    shut_out: tuple[bool, ...]
    optimum: Optimum
    applicants: tuple[Applicant, ...]
    warnings: tuple[Caution, ...] = ()

    @property
    def types(self) -> tuple[Type, ...]:
        return self.pool.types


@dataclass(frozen=True, slots=True)
class Outcome:
    """A lottery over panels, and one panel drawn by it.

    ``chances`` maps every applicant to the chance of a seat (0 for those shut out or excluded, 1 for those
    held). ``reserve`` holds everyone else who was not excluded, in order. ``lottery`` rows count people of
    each of ``types``.
    """

    selected: tuple[str, ...]
    reserve: tuple[str, ...]
    chances: Mapping[str, float]
    minimum_chance: MinimumChance
    types: tuple[Type, ...]
    lottery: tuple[Row, ...]
    seed: str
    objective: Objective
    optimum: Optimum
    warnings: tuple[Caution, ...] = ()
    rule: str = DRAW_RULE
