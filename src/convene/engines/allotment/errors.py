"""What can be wrong with a draw, as codes with parameters: a page, a table or a terminal words them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Literal

Place = Literal["draw", "applicant", "quota"]
Param = str | int | float


class Code(StrEnum):
    """Names of input problems. They are published (records, translations): add, never rename."""

    NO_SEATS = "no_seats"
    NO_APPLICANTS = "no_applicants"
    MORE_SEATS_THAN_PEOPLE = "more_seats_than_people"
    EMPTY_ID = "empty_id"
    DUPLICATE_ID = "duplicate_id"
    MISSING_FEATURE = "missing_feature"
    EMPTY_VALUE = "empty_value"
    UNKNOWN_VALUE = "unknown_value"
    BAD_WEIGHT = "bad_weight"
    EMPTY_QUOTA = "empty_quota"
    DUPLICATE_QUOTA = "duplicate_quota"
    NEGATIVE_LEAST = "negative_least"
    LEAST_ABOVE_MOST = "least_above_most"
    LEASTS_ABOVE_SEATS = "leasts_above_seats"
    MOSTS_BELOW_SEATS = "mosts_below_seats"
    TOO_FEW_PEOPLE = "too_few_people"
    UNKNOWN_HELD = "unknown_held"
    UNKNOWN_EXCLUDED = "unknown_excluded"
    HELD_AND_EXCLUDED = "held_and_excluded"
    HELD_ABOVE_SEATS = "held_above_seats"
    HELD_ABOVE_MOST = "held_above_most"
    UNKNOWN_OBJECTIVE = "unknown_objective"
    HOUSEHOLD_AND_TEAM = "household_and_team"
    HELD_IN_ONE_HOUSEHOLD = "held_in_one_household"
    MORE_SEATS_THAN_HOUSEHOLDS = "more_seats_than_households"
    TEAM_ABOVE_SEATS = "team_above_seats"
    TEAM_PARTLY_EXCLUDED = "team_partly_excluded"
    TEAM_PARTLY_HELD = "team_partly_held"


_TEXTS: Mapping[Code, str] = {
    Code.NO_SEATS: "there must be at least one seat, not {seats}",
    Code.NO_APPLICANTS: "there are no applicants",
    Code.MORE_SEATS_THAN_PEOPLE: "{seats} seats but only {people} people",
    Code.EMPTY_ID: "the id is empty",
    Code.DUPLICATE_ID: "id {id!r} appears more than once",
    Code.MISSING_FEATURE: "{id!r} has no {feature!r}",
    Code.EMPTY_VALUE: "{id!r}: {feature!r} is empty",
    Code.UNKNOWN_VALUE: "{id!r}: {feature!r} is {value!r}, which no target names",
    Code.BAD_WEIGHT: "{id!r}: weight {weight} is not a positive finite number",
    Code.EMPTY_QUOTA: "a target needs a feature and a value",
    Code.DUPLICATE_QUOTA: "{feature}: {value} has more than one target",
    Code.NEGATIVE_LEAST: "{feature}: {value}: the minimum {least} is below 0",
    Code.LEAST_ABOVE_MOST: "{feature}: {value}: the minimum {least} is above the maximum {most}",
    Code.LEASTS_ABOVE_SEATS: "{feature}: the minimums add up to {total}, more than the {seats} seats",
    Code.MOSTS_BELOW_SEATS: "{feature}: the maximums add up to {total}, fewer than the {seats} seats",
    Code.TOO_FEW_PEOPLE: "{feature}: {value}: at least {least} wanted, only {people} applied",
    Code.UNKNOWN_HELD: "a seat is held for {id!r}, who is not among the applicants",
    Code.UNKNOWN_EXCLUDED: "{id!r} is excluded but not among the applicants",
    Code.HELD_AND_EXCLUDED: "{id!r} is both held and excluded",
    Code.HELD_ABOVE_SEATS: "{held} seats are held, but there are only {seats}",
    Code.HELD_ABOVE_MOST: "{feature}: {value}: {held} seats are held, the maximum is {most}",
    Code.UNKNOWN_OBJECTIVE: "there is no objective {objective!r}",
    Code.HOUSEHOLD_AND_TEAM: "{id!r} is in a household and in a team; only one of them can hold",
    Code.HELD_IN_ONE_HOUSEHOLD: "{held} seats are held in household {household!r}, of whom only one can come",
    Code.MORE_SEATS_THAN_HOUSEHOLDS: "{seats} seats, but of {people} people only {apart} can come together, "
    "one of each household",
    Code.TEAM_ABOVE_SEATS: "team {team!r} has {people} people, more than the {seats} seats",
    Code.TEAM_PARTLY_EXCLUDED: "{excluded} of the {people} people of team {team!r} are excluded: all or none",
    Code.TEAM_PARTLY_HELD: "seats are held for {held} of the {people} people of team {team!r}: all or none",
}


#: Faults by which there is no panel, though the question has a sense.
PLAIN_NO = frozenset(
    {
        Code.NO_APPLICANTS,
        Code.MORE_SEATS_THAN_PEOPLE,
        Code.MORE_SEATS_THAN_HOUSEHOLDS,
        Code.LEAST_ABOVE_MOST,
        Code.LEASTS_ABOVE_SEATS,
        Code.MOSTS_BELOW_SEATS,
        Code.TOO_FEW_PEOPLE,
        Code.HELD_ABOVE_SEATS,
        Code.HELD_ABOVE_MOST,
        Code.HELD_IN_ONE_HOUSEHOLD,
    }
)


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong with the input.

    ``place`` and ``index`` say where: the ``index``-th applicant or quota as given (from 0), or the draw as a
    whole.
    """

    code: Code
    params: Mapping[str, Param] = field(default_factory=dict)
    place: Place = "draw"
    index: int | None = None

    @property
    def text(self) -> str:
        """Plain English, for terminals and logs; pages word ``code`` and ``params`` themselves."""
        return _TEXTS[self.code].format_map(dict(self.params))


class AllotmentError(ValueError):
    """Anything the engine refuses."""


class InputError(AllotmentError):
    """The input cannot be drawn from; ``problems`` names every fault found, never only the first."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("; ".join(problem.text for problem in self.problems))

    @property
    def codes(self) -> tuple[Code, ...]:
        return tuple(problem.code for problem in self.problems)


class SolverError(AllotmentError):
    """HiGHS gave an answer that is neither optimal nor infeasible: a bug or a numerical breakdown, never a
    fact.
    """
