"""Whom to suggest to whom: pairs of the greatest total weight, nobody in two of them. Pure.

Maximum weight matching in any graph, as a whole-number programme: one variable a pair, one row a person.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from uuid import UUID

import highspy
import numpy as np

Pair = tuple[UUID, UUID]
CHOICES = 20
"""Of each person only so many of the best pairs are looked at."""
_OPTIONS = {"threads": 1, "random_seed": 0, "time_limit": 20.0, "mip_rel_gap": 0.0, "mip_abs_gap": 1e-6}
_HALF = 0.5


class _Quiet(highspy.Highs):
    """Without the banner that is printed before options can be set."""

    def __init__(self) -> None:
        super(highspy.Highs, self).__init__()
        self.setOptionValue("output_flag", False)
        for name, value in _OPTIONS.items():
            self.setOptionValue(name, value)


def best_pairs(weights: Mapping[Pair, float]) -> list[Pair]:
    """In the order of their ids; only pairs of positive weight, each of them once, one order a pair."""
    edges = sorted(_worth_a_look({pair: weight for pair, weight in weights.items() if weight > 0}))
    if not edges:
        return []
    solver = _Quiet()
    count, none = len(edges), np.zeros(0, dtype=np.int32)
    costs = np.array([-weights[pair] for pair in edges], dtype=np.float64)
    solver.addCols(count, costs, np.zeros(count), np.ones(count), 0, none, none, np.zeros(0))
    whole = np.full(count, int(highspy.HighsVarType.kInteger), dtype=np.uint8)
    solver.changeColsIntegrality(count, np.arange(count, dtype=np.int32), whole)
    at: dict[UUID, list[int]] = defaultdict(list)
    for place, pair in enumerate(edges):
        for person in pair:
            at[person].append(place)
    for person in sorted(at):
        solver.addRow(
            0.0, 1.0, len(at[person]), np.array(at[person], dtype=np.int32), np.ones(len(at[person]))
        )
    solver.run()
    if solver.getInfo().primal_solution_status != highspy.SolutionStatus.kSolutionStatusFeasible:
        return []
    values = solver.getSolution().col_value
    return [pair for pair, value in zip(edges, values, strict=True) if value > _HALF]


def _worth_a_look(weights: Mapping[Pair, float]) -> set[Pair]:
    of: dict[UUID, list[Pair]] = defaultdict(list)
    for pair in sorted(weights, key=lambda pair: (-weights[pair], pair)):
        for person in pair:
            of[person].append(pair)
    return {pair for pairs in of.values() for pair in pairs[:CHOICES]}
