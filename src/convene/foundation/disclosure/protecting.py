"""Which figures of a table may be shown."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from time import monotonic

import numpy as np
import numpy.typing as npt

from convene.foundation.disclosure.tables import Column, Figure, K, Row, Table
from convene.foundation.disclosure.worlds import World, Worlds

NOTHING_SAID = ""
"""The answer of those who gave none; nobody needs protecting from being known to have given none."""
_PATIENCE = 3
"""Searches in a row that meet no further wish, before each is looked at alone."""


@dataclass(frozen=True)
class _Wish:
    """The sum of some variables must be able to be as low, or as high, as `reach`."""

    variables: npt.NDArray[np.int64]
    most: bool
    reach: int

    def met_by(self, world: World) -> bool:
        value = int(world[self.variables].sum())
        return value >= self.reach if self.most else value <= self.reach


def protect(
    answers: Mapping[Hashable, str],
    columns: Sequence[Column],
    rows: Sequence[str],
    *,
    k: int = K,
    earlier: Sequence[Figure] = (),
    beside: Sequence[frozenset[Hashable]] = (),
    seconds: float = 60.0,
) -> Table:
    """What of the table `rows` x `columns` may be shown; see the package for the promise.

    `answers`: what each person said; everyone in a column has one (NOTHING_SAID for none), and people of
    `earlier` and `beside` may be missing. `columns` in the order in which they matter. `earlier`: everything
    published before about the same question. `beside`: sets of people that the reader will compare with.
    After `seconds` no further figure is taken in: what was not proven safe is not shown.
    """
    said = {answers[person] for column in columns for person in column.people}
    if unknown := said - set(rows):
        raise ValueError(f"answers without a row: {sorted(unknown)}")
    together: list[str] = []
    until = monotonic() + seconds
    while True:
        auditor = _Auditor(answers, columns, rows, k=k, earlier=earlier, beside=beside, until=until)
        alone = auditor.choose(rows, together)
        pooled = tuple(answer for answer in rows if answer not in alone)
        if not alone or len(columns) > 1 or not auditor.tells_its_parts(pooled):
            break
        together.append(alone[0])
    groups = [*((answer,) for answer in alone), *([pooled] if pooled else [])]
    return Table(
        rows=tuple(
            Row(group, {one.name: auditor.shown.get((one.name, group)) for one in columns})
            for group in groups
        ),
        totals={one.name: len(one.people) if len(one.people) >= k else None for one in columns},
        figures=tuple(auditor.figures),
    )


def protect_counts(counts: Mapping[str, int], *, k: int = K) -> Table:
    """A single column, for whoever has only counts: its name is "people"."""
    people = [(answer, place) for answer, count in counts.items() for place in range(count)]
    answers: dict[Hashable, str] = {person: person[0] for person in people}
    return protect(answers, [Column("people", frozenset(answers))], list(counts), k=k)


class _Auditor:
    """Takes figures in one by one; refuses each that would break the promise."""

    def __init__(
        self,
        answers: Mapping[Hashable, str],
        columns: Sequence[Column],
        rows: Sequence[str],
        *,
        k: int,
        earlier: Sequence[Figure],
        beside: Sequence[frozenset[Hashable]],
        until: float,
    ) -> None:
        self._until = until
        self._columns = columns
        self.shown: dict[tuple[str, tuple[str, ...]], int] = {}
        self.figures: list[Figure] = []
        self._k, self._answers = k, answers
        self._counts = {one.name: Counter(answers[person] for person in one.people) for one in columns}
        places = [*dict.fromkeys((*rows, *(answer for figure in earlier for answer in figure.answers)))]
        sets = [*(one.people for one in columns), *beside, *(figure.people for figure in earlier)]
        self._worlds = Worlds(answers=places, sets=sets)
        for figure in earlier:
            self._worlds.add(figure)
        wishes = [*self._small(places, columns, beside), *self._certain(places, columns)]
        # What earlier figures have given away already cannot be hidden any more; of a contradiction between
        # them nothing is known, and nothing more is shown.
        self._possible = self._worlds.settle(answers)
        self._wishes = [wish for wish in wishes if self._possible and self._grants(wish)]

    def choose(self, rows: Sequence[str], together: Collection[str]) -> list[str]:
        """The answers that have a row of their own; the others are shown together, as far as may be."""
        free = [answer for answer in rows if answer not in together]
        whole = min(2, len(self._columns))
        # Too few for rows of two figures? Then single ones, so that at least the first column is seen.
        alone = [one for one in free if self.offer((one,), whole)] or [
            one for one in free if self.offer((one,), 1)
        ]
        if alone:
            self.offer(tuple(answer for answer in rows if answer not in alone), 1)
        return alone

    def tells_its_parts(self, pooled: Collection[str]) -> bool:
        """Two answers that are only hidden because they are small, and are eight together, are four each.

        In a table of several columns a row may be hidden for any of them, so this does not follow.
        """
        most = sum(self._k - 1 for answer in pooled if answer != NOTHING_SAID)
        return any(0 < sum(counts[one] for one in pooled) == most for counts in self._counts.values())

    def offer(self, answers: tuple[str, ...], enough: int) -> bool:
        """Show of a row as much as gives nobody away; nothing, if that is less than `enough` figures."""
        chosen = self._apart(answers)
        while self._possible and len(chosen) >= enough:
            for figure in chosen.values():
                self._worlds.add(figure)
            if self._holds():
                self.shown |= {(name, answers): figure.count for name, figure in chosen.items()}
                self.figures += chosen.values()
                return True
            self._worlds.drop_last(len(chosen))
            chosen.popitem()
        return False

    def _apart(self, answers: tuple[str, ...]) -> dict[str, Figure]:
        """The figures of a row that are not too small, nor too close to each other.

        Of "12 asked" and "11 were offered a seat" the second would be a figure about one person.
        """
        found: dict[str, Figure] = {}
        for column in self._columns:
            count = sum(self._counts[column.name][answer] for answer in answers)
            gaps = [
                abs(count - other.count)
                for other in found.values()
                if column.people <= other.people or other.people <= column.people
            ]
            if count >= self._k and all(gap == 0 or gap >= self._k for gap in gaps):
                found[column.name] = Figure(column.people, frozenset(answers), count)
        return found

    def _small(
        self, places: Sequence[str], columns: Sequence[Column], beside: Sequence[frozenset[Hashable]]
    ) -> Iterator[_Wish]:
        """Each count of 1 to k-1 in a set that the columns single out can be nought, and k or more.

        In a column itself also nought must be able to be k or more: else "hidden" would mean 1 to k-1.
        """
        own = {column.people for column in columns}
        for people in _singled_out(columns, beside):
            known = Counter(self._answers[person] for person in people if person in self._answers)
            for answer in places:
                small = (0 if people in own else 1) <= known[answer] < self._k
                if small and answer != NOTHING_SAID:
                    variables = self._worlds.variables([answer], people)
                    yield _Wish(variables, most=False, reach=0)
                    yield _Wish(variables, most=True, reach=min(self._k, len(people)))

    def _certain(self, places: Sequence[str], columns: Sequence[Column]) -> Iterator[_Wish]:
        """Where all who cannot be told apart gave one answer or none, they could have given another one.

        That they could have said nothing is not enough: "not from the north" is told then.
        """
        alike: dict[int, set[str]] = {}
        everyone = frozenset[Hashable]().union(*(column.people for column in columns))
        for person, atom in self._worlds.atom_of.items():
            alike.setdefault(atom, set()).add(self._answers.get(person, NOTHING_SAID))
        for person in {self._worlds.atom_of[one]: one for one in everyone}.values():
            atom = self._worlds.atom_of[person]
            declared = alike[atom] - {NOTHING_SAID}
            if len(declared) == 1:
                variables = self._worlds.variables(declared | ({NOTHING_SAID} & set(places)), [person])
                yield _Wish(variables, most=False, reach=int(self._worlds.sizes[atom]) - 1)

    def _holds(self) -> bool:
        """Whether every wish is met by some world. One world often meets many, so they are asked together."""
        if monotonic() > self._until:
            return False
        left = self._wishes
        for most in (False, True):
            left = self._met_together(left, most=most)
        return all(self._grants(wish) for wish in left)

    def _met_together(self, wishes: list[_Wish], *, most: bool) -> list[_Wish]:
        idle = 0
        while mine := [wish for wish in wishes if wish.most is most]:
            world = self._worlds.guess(np.concatenate([wish.variables for wish in mine]), most=most)
            if world is None:
                return wishes
            left = [wish for wish in wishes if not wish.met_by(world)]
            idle = idle + 1 if len(left) == len(wishes) else 0
            if idle == _PATIENCE:
                return left
            wishes = left
        return wishes

    def _grants(self, wish: _Wish) -> bool:
        world = self._worlds.reaching(wish.variables, wish.reach, most=wish.most)
        return world is not None and wish.met_by(world)


def _singled_out(
    columns: Sequence[Column], beside: Collection[frozenset[Hashable]]
) -> list[frozenset[Hashable]]:
    own = [column.people for column in columns]
    found = [*own]
    for one, other in combinations(own, 2):
        found += [one - other, other - one]
    for one in own:
        for other in beside:
            found += [one - other, other - one]
    return [people for people in dict.fromkeys(found) if people]
