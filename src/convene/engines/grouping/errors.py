"""What can be wrong with a grouping, as codes with parameters: a page or a terminal words them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from convene.engines.grouping.people import Rule

Param = str | int | float


class Code(StrEnum):
    """Names of input problems. Add, never rename."""

    NO_PEOPLE = "no_people"
    NO_GROUPS = "no_groups"
    NO_ROUNDS = "no_rounds"
    EMPTY_ID = "empty_id"
    DUPLICATE_ID = "duplicate_id"
    UNKNOWN_PERSON = "unknown_person"
    UNKNOWN_TRAIT = "unknown_trait"
    NOT_A_NUMBER = "not_a_number"
    BAD_VECTOR = "bad_vector"
    UNKNOWN_TABLE = "unknown_table"
    UNKNOWN_ROUND = "unknown_round"
    UNKNOWN_RULE = "unknown_rule"
    RULE_NEEDS = "rule_needs"
    BAD_NUMBER = "bad_number"
    BAD_TIMES = "bad_times"


_TEXTS: Mapping[Code, str] = {
    Code.NO_PEOPLE: "there is nobody to seat",
    Code.NO_GROUPS: "there must be at least one group, not {groups}",
    Code.NO_ROUNDS: "there must be at least one round, not {rounds}",
    Code.EMPTY_ID: "an id is empty",
    Code.DUPLICATE_ID: "id {id!r} appears more than once",
    Code.UNKNOWN_PERSON: "{id!r} is not among the people",
    Code.UNKNOWN_TRAIT: "nobody has a trait {trait!r}",
    Code.NOT_A_NUMBER: "{id!r}: {trait!r} is {value!r}, which is not a number",
    Code.BAD_VECTOR: "{id!r}: the viewpoint has {length} numbers, others have {expected}; all must be finite",
    Code.UNKNOWN_TABLE: "there is no table {table}; they count from 0 to {last}",
    Code.UNKNOWN_ROUND: "there is no round {round}; they count from 0 to {last}",
    Code.UNKNOWN_RULE: "there is no rule {kind!r}",
    Code.RULE_NEEDS: "rule {kind!r} needs {what}",
    Code.BAD_NUMBER: "rule {kind!r}: {number} is not a number of people from 0 on",
    Code.BAD_TIMES: "{one!r} and {other!r}: {times} is not a number of meetings from 0 on",
}


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong with the input; ``index`` of the person, rule or meeting, counted from 0."""

    code: Code
    params: Mapping[str, Param] = field(default_factory=dict)
    index: int | None = None

    @property
    def text(self) -> str:
        """Plain English, for terminals and logs."""
        return _TEXTS[self.code].format(**self.params)


class GroupingError(Exception):
    """Anything this engine refuses."""


class InputError(GroupingError):
    """Faulty input: every problem found."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("; ".join(problem.text for problem in self.problems))


class ClashCode(StrEnum):
    """Why rules cannot hold together. Add, never rename."""

    APART_TOGETHER = "apart_together"
    TOO_MANY_TOGETHER = "too_many_together"
    PINNED_TWICE = "pinned_twice"
    TABLE_FULL = "table_full"
    NO_PLACE = "no_place"
    TOO_MANY_APART = "too_many_apart"
    TOO_FEW = "too_few"
    TOO_MANY = "too_many"
    ALONE = "alone"
    NO_LANGUAGE = "no_language"
    NOT_FOUND = "not_found"


@dataclass(frozen=True, slots=True)
class Clash:
    """Rules that cannot hold together: the ``rules`` by their place in the list given (from 0), the people
    it is about; ``proven`` is False where the search merely found no way.
    """

    code: ClashCode
    rules: tuple[int, ...]
    people: tuple[str, ...] = ()
    params: Mapping[str, Param] = field(default_factory=dict)
    proven: bool = True


class ClashError(GroupingError):
    """No seating keeps all rules."""

    def __init__(self, clashes: Iterable[Clash], rules: Iterable[Rule]) -> None:
        self.clashes = tuple(clashes)
        self.rules = tuple(rules)
        super().__init__("; ".join(f"{clash.code} {clash.rules}" for clash in self.clashes))
