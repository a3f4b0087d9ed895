"""A mixed-integer model that grows by variables and rows, and is cut to the part that is free."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.sparse import csc_array, vstack

Floats = npt.NDArray[np.float64]
Terms = Sequence[tuple[int, float]]
"""A linear expression: variables and their coefficients."""
WHOLE = 0.01
"""Inaccuracy of a bound: solvers keep to rows and whole numbers within a millionth each."""
SHARED = -1
"""Owner of what belongs to no single person, and day of what belongs to no single day."""


@dataclass(frozen=True)
class MixedIntegerModel:
    """Minimise ``cost @ x + constant`` with bounds on ``x`` and on ``matrix @ x``.

    Attributes
    ----------
    cost, lower, upper : ndarray, shape (variables,)
    integral : ndarray of int, shape (variables,)
        1 where a variable is a whole number.
    matrix : csc_array, shape (rows, variables)
    row_lower, row_upper : ndarray, shape (rows,)
    constant : float
    owner, day : ndarray of int, shape (variables,)
        Number of the person and day of each variable, ``SHARED`` where there is none.
    choice : ndarray of bool, shape (variables,)
        Whether a variable is a decision; the others follow from the decisions.
    """

    cost: Floats
    lower: Floats
    upper: Floats
    integral: npt.NDArray[np.int64]
    matrix: csc_array
    row_lower: Floats
    row_upper: Floats
    constant: float
    owner: npt.NDArray[np.int64]
    day: npt.NDArray[np.int64]
    choice: npt.NDArray[np.bool_]

    @property
    def size(self) -> int:
        """Number of variables."""
        return int(self.cost.size)

    @property
    def whole_cost(self) -> bool:
        """Whether every solution costs a whole number, so that a bound can be rounded up."""
        priced = self.cost != 0
        whole = self.cost == np.rint(self.cost)
        return bool(np.all(whole & ((self.integral == 1) | ~priced)))

    def value(self, x: Floats) -> float:
        """Return the cost of a solution."""
        return float(self.cost @ x) + self.constant

    def bound_from(self, dual: float) -> float:
        """Return a lower bound of the cost from that of the objective, rounded up if it may be."""
        bound = dual + self.constant
        return float(math.ceil(bound - WHOLE)) if self.whole_cost else bound

    def below(self, cost: float) -> MixedIntegerModel:
        """Return the model with only those solutions that are cheaper than a cost."""
        step = 1.0 if self.whole_cost else max(1e-4, 1e-6 * abs(cost))
        row = csc_array(self.cost.reshape(1, -1))
        return replace(
            self,
            matrix=csc_array(vstack([self.matrix, row])),
            row_lower=np.append(self.row_lower, -np.inf),
            row_upper=np.append(self.row_upper, cost - step - self.constant + step * WHOLE),
        )

    def part(self, free: npt.NDArray[np.bool_], x: Floats) -> MixedIntegerModel:
        """Return the model of some variables while the others stay at ``x``.

        Rows without a free variable are left out: they hold already, or are not looked at yet.
        """
        columns = np.flatnonzero(free)
        kept = self.matrix[:, columns]
        rows = np.unique(kept.indices)
        fixed = np.where(free, 0.0, x)
        base = (self.matrix @ fixed)[rows]
        return MixedIntegerModel(
            self.cost[columns], self.lower[columns], self.upper[columns], self.integral[columns],
            csc_array(kept[rows, :]), self.row_lower[rows] - base, self.row_upper[rows] - base,
            float(self.cost @ fixed) + self.constant, self.owner[columns], self.day[columns],
            self.choice[columns],
        )  # fmt: skip


class ModelBuilder:
    """Collects variables and rows."""

    def __init__(self) -> None:
        self.cost: list[float] = []
        self.upper: list[float] = []
        self.lower: list[float] = []
        self.integral: list[int] = []
        self.owner: list[int] = []
        self.day: list[int] = []
        self.choice: list[bool] = []
        self.constant = 0.0
        self._rows: list[int] = []
        self._columns: list[int] = []
        self._values: list[float] = []
        self._low: list[float] = []
        self._high: list[float] = []

    def variable(self, upper: float, whole: bool = True, owner: int = SHARED, day: int = SHARED,
                 choice: bool = False) -> int:  # fmt: skip
        """Add a variable from 0 to a bound; return its number."""
        self.choice.append(choice)
        self.cost.append(0.0)
        self.lower.append(0.0)
        self.upper.append(upper)
        self.integral.append(int(whole))
        self.owner.append(owner)
        self.day.append(day)
        return len(self.cost) - 1

    def row(self, terms: Iterable[tuple[int, float]], low: float, high: float) -> None:
        """Add bounds of an expression."""
        number = len(self._low)
        for column, value in terms:
            self._rows.append(number)
            self._columns.append(column)
            self._values.append(value)
        self._low.append(low)
        self._high.append(high)

    def add_cost(self, terms: Terms, constant: float, price: float) -> None:
        """Add an expression to the cost."""
        for column, value in terms:
            self.cost[column] += price * value
        self.constant += price * constant

    def build(self) -> MixedIntegerModel:
        """Return the model."""
        shape = (len(self._low), len(self.cost))
        entries: Any = (self._values, (self._rows, self._columns))
        return MixedIntegerModel(
            np.array(self.cost), np.array(self.lower), np.array(self.upper),
            np.array(self.integral, dtype=np.int64),
            csc_array(entries, shape=shape, dtype=np.float64),
            np.array(self._low), np.array(self._high), self.constant,
            np.array(self.owner, dtype=np.int64), np.array(self.day, dtype=np.int64),
            np.array(self.choice, dtype=np.bool_),
        )  # fmt: skip
