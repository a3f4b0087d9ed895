"""Mixed-integer linear models, solved part by part with HiGHS."""

from __future__ import annotations

import time
from dataclasses import dataclass, field, fields, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.planning.shifts.interruption import was_interrupted
from sim.planning.shifts.solve_milp import Milp, MilpResult, solve_milp

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sim.array_types import Bools, Floats

FOUND, INFEASIBLE, UNKNOWN = "found", "infeasible", "unknown"
SHORTEST_S = 0.5
"""Time (s) that each part gets even when the time is over."""
EARLY = 0.7
"""Share of the time in which late columns are fractional."""
ROUNDING = 1e-6
"""Relative error up to which a bound counts as reached."""


@dataclass(frozen=True)
class Solution:
    """What the solver found.

    Attributes
    ----------
    status : {"found", "infeasible", "unknown"}
        Unknown when the time was over before any solution was found.
    values : ndarray of float, shape (columns,)
        Whole numbers where they must be. Unless found: empty, or NaN in the columns of the parts
        of the model for which nothing was found.
    objective, bound : float
        Value of the solution, and the least that any solution can have.
    """

    status: str
    values: Floats
    objective: float
    bound: float


@dataclass
class LinearModel:
    """A model under construction: columns with costs and bounds, rows with bounds.

    Columns that are whole numbers may be marked as late: they are fractional at first, and made
    whole for the other columns that were found. This is an order of magnitude faster where they
    nearly always can be, as places of breaks; where they cannot, all are solved together.
    """

    costs: list[float] = field(default_factory=list)
    lower: list[float] = field(default_factory=list)
    upper: list[float] = field(default_factory=list)
    whole: list[bool] = field(default_factory=list)
    late: list[bool] = field(default_factory=list)
    low: list[float] = field(default_factory=list)
    high: list[float] = field(default_factory=list)
    _rows: list[Any] = field(default_factory=list)
    _columns: list[Any] = field(default_factory=list)
    _values: list[Any] = field(default_factory=list)

    def column(
        self,
        cost: float = 0.0,
        lower: float = 0.0,
        upper: float = np.inf,
        whole: bool = True,
        late: bool = False,
    ) -> int:
        """Add a column and return its number."""
        self.costs.append(cost)
        self.lower.append(lower)
        self.upper.append(upper)
        self.whole.append(whole)
        self.late.append(late)
        return len(self.costs) - 1

    def row(
        self,
        columns: Sequence[int],
        values: Sequence[float],
        low: float = -np.inf,
        high: float = np.inf,
    ) -> int:
        """Add a row, low <= sum of values times columns <= high, and return its number."""
        self.low.append(low)
        self.high.append(high)
        number = len(self.low) - 1
        self._rows.append(np.full(len(columns), number))
        self._columns.append(np.asarray(columns, dtype=np.int64))
        self._values.append(np.asarray(values, dtype=float))
        return number

    def copy(self) -> LinearModel:
        """Return a model with the same columns and rows, to which others can be added."""
        return LinearModel(*(list(getattr(self, one.name)) for one in fields(self)))

    def matrix(self) -> Any:
        """Return the rows as a sparse matrix; repeated entries are added up."""
        from scipy.sparse import csr_array

        shape = (len(self.low), len(self.costs))
        if not self._rows:
            return csr_array(shape)
        parts = (np.concatenate(each) for each in (self._values, self._rows, self._columns))
        values, rows, columns = parts
        return csr_array((values, (rows, columns)), shape=shape)

    def solve(self, deadline: float, share: float = 1.0) -> Solution:
        """Return the best solution that is found until a deadline.

        Parts of the model that share no column are solved one after the other.

        Parameters
        ----------
        deadline : float
            Of :func:`time.monotonic`.
        share : float
            Of the remaining time that may be used, up to 1.
        """
        end = time.monotonic() + share * max(deadline - time.monotonic(), 0.0)
        matrix = self.matrix()
        values = np.full(len(self.costs), np.nan)
        objective = bound = 0.0
        status = FOUND
        parts = parts_of(matrix)
        for k, (rows, columns) in enumerate(parts):
            if was_interrupted():
                return Solution(UNKNOWN, values, np.inf, -np.inf)
            left = max(end - time.monotonic(), 0.0) / (len(parts) - k) ** 0.5
            found = self._solve_part(matrix, rows, columns, max(left, SHORTEST_S))
            if found.status == INFEASIBLE:
                return Solution(INFEASIBLE, np.empty(0), np.inf, np.inf)
            bound += found.bound
            if found.status == UNKNOWN:
                status = UNKNOWN
                continue
            values[columns] = found.values
            objective += found.objective
        if status == UNKNOWN:
            return Solution(UNKNOWN, values, np.inf, bound)
        return Solution(FOUND, values, objective, bound)

    def _solve_part(self, matrix: Any, rows: Any, columns: Any, seconds: float) -> Solution:
        costs = np.asarray(self.costs)[columns]
        lower, upper = np.asarray(self.lower)[columns], np.asarray(self.upper)[columns]
        if not len(rows):  # nothing binds these columns
            values = np.where(costs >= 0, lower, upper)
            return Solution(FOUND, values, float(costs @ values), float(costs @ values))
        low, high = np.asarray(self.low)[rows], np.asarray(self.high)[rows]
        if not len(columns):  # a row of nothing is zero
            holds = low[0] <= 0 <= high[0]
            return Solution(FOUND if holds else INFEASIBLE, np.empty(0), 0.0, 0.0)
        part = _Part(
            costs, matrix[rows][:, columns], low, high, lower, upper,
            np.asarray(self.whole)[columns], np.asarray(self.late)[columns],
        )  # fmt: skip
        return part.in_steps(seconds) if part.late.any() else part.solve(part.whole, seconds)


@dataclass(frozen=True)
class _Part(Milp):
    """A part of a model, as arrays.

    Attributes
    ----------
    late : ndarray of bool, shape (columns,)
    """

    late: Bools

    def in_steps(self, seconds: float) -> Solution:
        """Return a solution whose late columns are made whole for the others that were found."""
        end = time.monotonic() + seconds
        first = self.solve(self.whole & ~self.late, EARLY * seconds)
        if first.status != FOUND:
            return first
        fixed = self.whole & ~self.late
        lower = np.where(fixed, first.values, self.lower)
        upper = np.where(fixed, first.values, self.upper)
        second = replace(self, lower=lower, upper=upper).solve(self.whole, (1 - EARLY) * seconds)
        enough = first.objective > first.bound + ROUNDING  # the time was over before
        if second.status == FOUND and (enough or second.objective <= first.bound + ROUNDING):
            return Solution(FOUND, second.values, second.objective, first.bound)
        third = self.solve(self.whole, max(end - time.monotonic(), SHORTEST_S))
        best = min((second, third), key=lambda one: one.objective)
        bound = min(max(first.bound, third.bound), best.objective)
        return Solution(best.status if best.status == FOUND else third.status, best.values,
                        best.objective, bound)  # fmt: skip

    def solve(self, whole: Bools, seconds: float) -> Solution:
        """Return a solution in which some columns are whole numbers."""
        found = solve_milp(replace(self, whole=whole), seconds)
        return _understood(found, self.costs, whole)


def _understood(found: MilpResult, costs: Floats, whole: Bools) -> Solution:
    """Return what the solver found, with whole numbers made exact."""
    bound = found.bound
    if found.x is None:
        return Solution(
            INFEASIBLE if found.is_infeasible else UNKNOWN, np.empty(0), np.inf, bound
        )  # fmt: skip
    values = np.where(whole, np.rint(found.x), found.x)
    objective = float(costs @ values)
    if found.is_optimal or bound > objective - ROUNDING * max(abs(objective), 1.0):
        bound = objective  # equal but for rounding
    return Solution(FOUND, values, objective, bound)


def parts_of(matrix: Any) -> list[tuple[Any, Any]]:
    """Return rows and columns of each part of a matrix that shares nothing with the others."""
    from scipy.sparse import block_array
    from scipy.sparse.csgraph import connected_components

    rows, columns = matrix.shape
    graph = block_array([[None, matrix], [matrix.T, None]]) if rows else None
    if graph is None:
        return [(np.empty(0, dtype=int), np.arange(columns))] if columns else []
    _, label = connected_components(graph, directed=False)
    order = np.argsort(label, kind="stable")
    edges = np.flatnonzero(np.diff(label[order])) + 1
    parts = []
    for nodes in np.split(order, edges):
        nodes = np.sort(nodes)
        inside, beyond = nodes[nodes < rows], nodes[nodes >= rows] - rows
        parts.append((inside, beyond))
    return parts
