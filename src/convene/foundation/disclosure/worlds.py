"""All ways in which people could have answered, given what was published; searched by integer programs."""

from __future__ import annotations

import random
from collections.abc import Collection, Hashable, Iterable, Mapping, Sequence
from typing import Any

import highspy
import numpy as np
import numpy.typing as npt

from convene.foundation.disclosure.tables import Figure

Variables = npt.NDArray[np.int64]
"""Places in a world; their numbers are added up."""
World = npt.NDArray[np.int64]
"""How many people of each atom gave each answer: answers x atoms, flat."""
_SECONDS = 2.0
"""For one search among all worlds."""
_NEAR = (40, 120)
"""Atoms that are let loose at a time, all others staying as they are in a world known to be possible."""
_OPTIONS: dict[str, Any] = {
    "output_flag": False,
    "threads": 1,
    "random_seed": 0,
    "time_limit": _SECONDS,
    "mip_abs_gap": 0.5,
}


class _Quiet(highspy.Highs):
    """Without the banner that is printed before options can be set."""

    def __init__(self) -> None:
        super(highspy.Highs, self).__init__()
        for name, value in _OPTIONS.items():
            self.setOptionValue(name, value)


class Worlds:
    """People in the same sets are one *atom*: no figure tells them apart.

    A variable is the number of people of an atom who gave an answer.
    """

    def __init__(self, *, answers: Sequence[str], sets: Iterable[frozenset[Hashable]]) -> None:
        signatures: dict[Hashable, int] = {}
        for place, people in enumerate(dict.fromkeys(sets)):
            for person in people:
                signatures[person] = signatures.get(person, 0) | 1 << place
        places = {signature: at for at, signature in enumerate(dict.fromkeys(signatures.values()))}
        self.atom_of = {person: places[signature] for person, signature in signatures.items()}
        self.sizes = np.zeros(len(places), dtype=np.int64)
        for atom in self.atom_of.values():
            self.sizes[atom] += 1
        self._answers = {answer: at for at, answer in enumerate(answers)}
        self._solver = _Quiet()
        self._chance = random.Random(0)  # noqa: S311  # where to look first; what is found does not depend on it
        self._home: World | None = None
        self._build()

    def _build(self) -> None:
        kinds, atoms = len(self._answers), len(self.sizes)
        count, bounds = kinds * atoms, np.tile(self.sizes, kinds).astype(np.float64)
        none = np.zeros(0, dtype=np.int32)
        self._solver.addCols(
            count, np.zeros(count), np.zeros(count), bounds, 0, none, none, np.zeros(0, dtype=np.float64)
        )
        places = np.arange(count, dtype=np.int32)
        whole = np.full(count, int(highspy.HighsVarType.kInteger), dtype=np.uint8)
        self._solver.changeColsIntegrality(count, places, whole)
        for atom in range(atoms):
            self._between(np.arange(atom, count, atoms), *2 * (int(self.sizes[atom]),))

    def _between(self, variables: Variables, low: float, high: float) -> None:
        ones = np.ones(len(variables))
        self._solver.addRow(low, high, len(variables), variables.astype(np.int32), ones)

    def variables(self, answers: Collection[str], people: Iterable[Hashable]) -> Variables:
        """Those that add up to the number of `people` (a union of atoms) who gave one of `answers`."""
        atoms = np.array(sorted({self.atom_of[person] for person in people}), dtype=np.int64)
        starts = np.array([self._answers[one] for one in answers], dtype=np.int64) * len(self.sizes)
        found: Variables = (starts[:, None] + atoms[None, :]).ravel()
        return found

    def add(self, figure: Figure) -> None:
        self._between(self.variables(figure.answers, figure.people), figure.count, figure.count)

    def drop_last(self, count: int = 1) -> None:
        rows = self._solver.getNumRow()
        self._solver.deleteRows(count, np.arange(rows - count, rows, dtype=np.int32))

    def settle(self, known: Mapping[Hashable, str]) -> bool:
        """Find a world that agrees with the figures and with what these people said; False: there is none."""
        kinds, atoms = len(self._answers), len(self.sizes)
        least = np.zeros((kinds, atoms), dtype=np.int64)
        for person, answer in known.items():
            if person in self.atom_of:
                least[self._answers[answer], self.atom_of[person]] += 1
        self._bound(least.ravel(), np.tile(self.sizes, kinds))
        self._price(np.zeros(0, dtype=np.int64), 0.0)
        self._home = self._solve(improvements=1)
        self._bound(np.zeros(kinds * atoms, dtype=np.int64), np.tile(self.sizes, kinds))
        return self._home is not None

    def guess(self, variables: Variables, *, most: bool) -> World | None:
        """Some world where the sum of `variables` is large or small; a good one, not the best."""
        self._price(variables, -1.0 if most else 1.0)
        return self._near(variables, _NEAR[0], improvements=3)

    def reaching(self, variables: Variables, reach: int, *, most: bool) -> World | None:
        """A world where the sum is `reach` or more (or less). None: there is none, or time ran out."""
        low, high = (reach, highspy.kHighsInf) if most else (-highspy.kHighsInf, reach)
        self._price(variables, 0.0)
        self._between(variables, low, high)
        found = None
        for count in (*_NEAR, None):
            found = self._near(variables, count, improvements=1)
            if found is not None or (count or 0) >= len(self.sizes):
                break
        self.drop_last()
        return found

    def _near(self, variables: Variables, count: int | None, *, improvements: int) -> World | None:
        """Search with `count` atoms let loose, those of `variables` first; None: with all."""
        kinds, atoms = len(self._answers), len(self.sizes)
        low, high = np.zeros((kinds, atoms), dtype=np.int64), np.tile(self.sizes, (kinds, 1))
        if count is not None and count < atoms and self._home is not None:
            home = self._home.reshape(kinds, atoms)
            wanted = sorted({int(one) % atoms for one in variables})
            others = [atom for atom in range(atoms) if atom not in set(wanted)]
            half = self._chance.sample(wanted, min(len(wanted), count // 2))
            loose = half + self._chance.sample(others, min(len(others), count - len(half)))
            fixed = np.ones(atoms, dtype=bool)
            fixed[loose] = False
            low[:, fixed], high[:, fixed] = home[:, fixed], home[:, fixed]
        self._bound(low.ravel(), high.ravel())
        return self._solve(improvements=improvements)

    def _bound(self, low: Variables, high: Variables) -> None:
        count = len(low)
        places = np.arange(count, dtype=np.int32)
        self._solver.changeColsBounds(count, places, low.astype(np.float64), high.astype(np.float64))

    def _price(self, variables: Variables, price: float) -> None:
        count = len(self._answers) * len(self.sizes)
        costs = np.bincount(variables, minlength=count).astype(np.float64) * price
        self._solver.changeColsCost(count, np.arange(count, dtype=np.int32), costs)

    def _solve(self, *, improvements: int) -> World | None:
        self._solver.setOptionValue("mip_max_improving_sols", improvements)
        self._solver.run()
        if self._solver.getInfo().primal_solution_status != highspy.SolutionStatus.kSolutionStatusFeasible:
            return None
        found: World = np.rint(np.array(self._solver.getSolution().col_value)).astype(np.int64)
        return found
