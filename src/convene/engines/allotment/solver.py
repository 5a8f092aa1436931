"""A thin typed face of HiGHS: one thread, fixed seed, tight tolerances, and no answer taken on trust."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Self

import highspy
import numpy as np

from convene.engines.allotment.entries import FloatArray, IntArray
from convene.engines.allotment.errors import SolverError

INFINITY = highspy.kHighsInf
TOLERANCE = 1e-9
_DUAL_SIMPLEX, _PRIMAL_SIMPLEX = 1, 4
_INFEASIBLE = (highspy.HighsModelStatus.kInfeasible, highspy.HighsModelStatus.kUnboundedOrInfeasible)
_OPTIONS: dict[str, Any] = {
    "output_flag": False,
    "threads": 1,
    "parallel": "off",
    "random_seed": 0,
    "primal_feasibility_tolerance": TOLERANCE,
    "dual_feasibility_tolerance": TOLERANCE,
    "mip_feasibility_tolerance": TOLERANCE,
    "mip_abs_gap": 0.0,
}


# For many small programs whose first good answer will do, getting ready costs more than searching.
_IN_A_HURRY: dict[str, Any] = {
    "presolve": "off",
    "mip_detect_symmetry": False,
    "mip_heuristic_run_feasibility_jump": False,
}


class _Silent(highspy.Highs):
    """HiGHS prints its banner to standard output when it is made, unless told not to before all else."""

    def __init__(self) -> None:
        super(highspy.Highs, self).__init__()
        for option, value in _OPTIONS.items():
            self.setOptionValue(option, value)


@dataclass(frozen=True, slots=True)
class Matrix:
    """A sparse matrix as parallel arrays: ``values[i]`` stands at ``rows[i]``, ``columns[i]``."""

    rows: IntArray
    columns: IntArray
    values: FloatArray

    @classmethod
    def dense(cls, entries: FloatArray, *, row: int = 0, column: int = 0) -> Self:
        """The entries of a dense block whose first entry stands at ``row``, ``column``."""
        rows, columns = np.nonzero(entries)
        return cls(rows + row, columns + column, entries[rows, columns].astype(np.float64))

    @classmethod
    def diagonal(cls, entries: FloatArray, *, row: int = 0, column: int = 0) -> Self:
        at = np.arange(len(entries))
        return cls(at + row, at + column, np.asarray(entries, dtype=np.float64))

    def __add__(self, other: "Matrix") -> "Matrix":
        return Matrix(
            np.concatenate([self.rows, other.rows]),
            np.concatenate([self.columns, other.columns]),
            np.concatenate([self.values, other.values]),
        )


@dataclass(frozen=True, slots=True)
class Answer:
    """An optimum: its value, the columns (n), the rows' duals (r) and the columns' reduced costs (n).

    Duals are the gain for one more unit of the row's bound; those of an integer program are empty.
    ``bound`` is a proven upper bound on the value; for a linear program it is the value, up to the tolerance.
    """

    value: float
    bound: float
    columns: FloatArray
    duals: FloatArray
    reduced: FloatArray


class Program:
    """Maximise costs x columns, with columns and rows each between two bounds."""

    def __init__(
        self,
        costs: FloatArray,
        columns: tuple[FloatArray, FloatArray],
        matrix: Matrix,
        rows: tuple[FloatArray, FloatArray],
        *,
        integer: bool = False,
        gap: float = 0.0,
    ) -> None:
        """``gap``: an integer program may stop when its value is within this share of its bound."""
        self.model: Any = _Silent()
        self.model.setOptionValue("mip_rel_gap", gap)
        if gap:
            for option, value in _IN_A_HURRY.items():
                self.model.setOptionValue(option, value)
        self.size, self.height = len(costs), len(rows[0])
        self.integer = integer
        program = highspy.HighsLp()
        program.num_col_, program.num_row_ = self.size, len(rows[0])
        program.sense_ = highspy.ObjSense.kMaximize
        program.col_cost_ = np.asarray(costs, dtype=np.float64)
        program.col_lower_, program.col_upper_ = (np.asarray(side, dtype=np.float64) for side in columns)
        program.row_lower_, program.row_upper_ = (np.asarray(side, dtype=np.float64) for side in rows)
        order = np.lexsort((matrix.rows, matrix.columns))
        program.a_matrix_.format_ = highspy.MatrixFormat.kColwise
        starts = np.searchsorted(matrix.columns[order], np.arange(self.size + 1))
        program.a_matrix_.start_ = starts.astype(np.int32)
        program.a_matrix_.index_ = matrix.rows[order].astype(np.int32)
        program.a_matrix_.value_ = matrix.values[order]
        if integer:
            program.integrality_ = [highspy.HighsVarType.kInteger] * self.size
        self.model.passModel(program)

    def price(self, costs: FloatArray) -> None:
        self.model.changeColsCost(len(costs), np.arange(len(costs), dtype=np.int32), costs)

    def bound_columns(self, at: IntArray, low: FloatArray, high: FloatArray) -> None:
        low, high = np.asarray(low, dtype=np.float64), np.asarray(high, dtype=np.float64)
        self.model.changeColsBounds(len(at), np.asarray(at, dtype=np.int32), low, high)

    def bound_rows(self, at: IntArray, low: FloatArray, high: FloatArray) -> None:
        for row, least, most in zip(at.tolist(), low.tolist(), high.tolist(), strict=True):
            self.model.changeRowBounds(row, least, most)

    def set_entry(self, row: int, column: int, value: float) -> None:
        self.model.changeCoeff(row, column, value)

    def append(self, cost: float, low: float, high: float, entries: FloatArray) -> None:
        """One more column, dense over the rows."""
        at = np.flatnonzero(entries)
        self.model.addCol(cost, low, high, len(at), at.astype(np.int32), entries[at].astype(np.float64))
        self.size += 1

    def append_row(self, low: float, high: float, entries: Sequence[tuple[int, float]]) -> None:
        """One more row, of (column, value)."""
        at = np.array([column for column, _ in entries], dtype=np.int32)
        self.model.addRow(low, high, len(at), at, np.array([value for _, value in entries], dtype=np.float64))
        self.height += 1

    def _afresh(self) -> Any:
        """The status without the basis of an earlier question, which can lead astray; then by primal."""
        for strategy in (_DUAL_SIMPLEX, _PRIMAL_SIMPLEX):
            self.model.clearSolver()
            self.model.setOptionValue("simplex_strategy", strategy)
            self.model.run()
            status = self.model.getModelStatus()
            if status in (*_INFEASIBLE, highspy.HighsModelStatus.kOptimal):
                break
        self.model.setOptionValue("simplex_strategy", _DUAL_SIMPLEX)
        return status

    def solve(self) -> Answer | None:
        """The optimum, or None if there is no feasible point. Anything else is a `SolverError`."""
        self.model.run()
        status = self.model.getModelStatus()
        if status not in (*_INFEASIBLE, highspy.HighsModelStatus.kOptimal):
            status = self._afresh()
        if status in _INFEASIBLE:
            return None
        if status != highspy.HighsModelStatus.kOptimal:
            raise SolverError(f"HiGHS ended with {self.model.modelStatusToString(status)}")
        solution, info = self.model.getSolution(), self.model.getInfo()
        columns, value = np.array(solution.col_value), float(info.objective_function_value)
        if self.integer:
            nothing = np.zeros(0)
            return Answer(value, max(value, float(info.mip_dual_bound)), columns, nothing, nothing)
        return Answer(value, value, columns, np.array(solution.row_dual), np.array(solution.col_dual))
