"""What can be wrong with votes, as codes with parameters: a page or a terminal words them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

Param = str | int | float


class Code(StrEnum):
    """Names of input problems. Add, never rename."""

    NO_VOTES = "no_votes"
    LENGTHS_DIFFER = "lengths_differ"
    NOT_WHOLE = "not_whole"
    BAD_VOTE = "bad_vote"
    CONTRADICTION = "contradiction"
    UNKNOWN_VOTER = "unknown_voter"
    UNKNOWN_STATEMENT = "unknown_statement"
    BAD_SIZE = "bad_size"


_TEXTS: Mapping[Code, str] = {
    Code.NO_VOTES: "there are no votes",
    Code.LENGTHS_DIFFER: "{what}: {length} values for {expected} votes",
    Code.NOT_WHOLE: "{what} must be whole numbers in one dimension",
    Code.BAD_VOTE: "vote {vote} is none of 1 (agree), -1 (disagree) and 0 (pass)",
    Code.CONTRADICTION: "voter {voter} votes on statement {statement} again, differently, "
    "and no time says which is later",
    Code.UNKNOWN_VOTER: "voter {voter} has cast no vote",
    Code.UNKNOWN_STATEMENT: "nobody voted on statement {statement}",
    Code.BAD_SIZE: "{what} must be at least {least}, not {given}",
}


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong with the input; ``index`` of the vote in the arrays given, counted from 0."""

    code: Code
    params: Mapping[str, Param] = field(default_factory=dict)
    index: int | None = None

    @property
    def text(self) -> str:
        """Plain English, for terminals and logs."""
        return _TEXTS[self.code].format(**self.params)


class OpinionError(Exception):
    """Anything this engine refuses."""


class InputError(OpinionError):
    """Faulty input: every problem found."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("; ".join(problem.text for problem in self.problems))
