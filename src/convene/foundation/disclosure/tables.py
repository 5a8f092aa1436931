"""What goes in and comes out."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass

K = 5
"""No figure about fewer people is ever shown."""


@dataclass(frozen=True)
class Column:
    """A set of people whom the reader may know by name."""

    name: str
    people: frozenset[Hashable]


@dataclass(frozen=True)
class Figure:
    """A published fact: of `people`, `count` gave one of `answers`."""

    people: frozenset[Hashable]
    answers: frozenset[str]
    count: int


@dataclass(frozen=True)
class Row:
    """One answer, or several that are only counted together. A count of None is hidden."""

    answers: tuple[str, ...]
    counts: Mapping[str, int | None]


@dataclass(frozen=True)
class Table:
    """What may be shown: `rows` in the order asked for, those counted together last; `figures` for later."""

    rows: tuple[Row, ...]
    totals: Mapping[str, int | None]
    figures: tuple[Figure, ...]

    @property
    def empty(self) -> bool:
        return not self.figures

    def row(self, answer: str) -> Row:
        return next(row for row in self.rows if answer in row.answers)
