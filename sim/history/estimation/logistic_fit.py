"""Logistic regression of what happened on some days, with errors robust to days."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from sim.array_types import Bools, Floats, Ints
from sim.extras import need
from sim.history.estimation.day_bootstrap import DayEstimate, student_quantile

FEWEST = 10
"""A column is used where it is above zero so often on either side of the outcome."""


@dataclass(frozen=True)
class LogisticFit:
    """Coefficients of a logistic regression.

    Attributes
    ----------
    names : tuple of str
        Of the columns, in the order of the coefficients after the first.
    coefficients : ndarray, shape (1 + columns,)
        Logarithms of odds: where all columns are 0, and by unit of each column.
    covariance : ndarray, shape (1 + columns, 1 + columns)
    fitted : ndarray, shape (rows,)
        Probabilities.
    clusters : int
        Days.
    """

    names: tuple[str, ...]
    coefficients: Floats
    covariance: Floats
    fitted: Floats
    clusters: int

    @property
    def ends(self) -> tuple[Floats, Floats]:
        """Ends of the 95 % confidence intervals of the coefficients."""
        error = np.sqrt(np.diag(self.covariance))
        half = student_quantile(max(self.clusters - 1, 1)) * error
        return self.coefficients - half, self.coefficients + half

    @property
    def factors(self) -> dict[str, DayEstimate]:
        """Factors on the odds by column."""
        low, high = self.ends
        ends = np.exp(np.stack([self.coefficients, low, high], axis=1)[1:])
        return {
            name: DayEstimate(value, least, most, self.fitted.size, self.clusters)
            for name, (value, least, most) in zip(self.names, ends.tolist(), strict=True)
        }

    def predicted(self, columns: Mapping[str, Floats], rows: int) -> Floats:
        """Return the probabilities of other rows, shape (rows,)."""
        return np.asarray(1 / (1 + np.exp(-(self.design(columns, rows) @ self.coefficients))))

    def design(self, columns: Mapping[str, Floats], rows: int) -> Floats:
        """Return ones and the columns of the regression, shape (rows, 1 + columns)."""
        return np.column_stack([np.ones(rows), *(columns[name] for name in self.names)])


def usable_columns(
    columns: Mapping[str, Floats], outcome: Bools
) -> tuple[dict[str, Floats], dict[str, str]]:
    """Return the columns that occur on both sides of the outcome, and why others do not count."""
    kept, left_out = {}, {}
    for name, column in columns.items():
        occurs = column > 0
        fewest = min(int((occurs & outcome).sum()), int((occurs & ~outcome).sum()))
        if fewest >= FEWEST and np.ptp(column) > 0:
            kept[name] = column
        else:
            left_out[name] = f"occurs {fewest} times on one side; at least {FEWEST} are needed"
    return kept, left_out


def fit_logistic(outcome: Bools, columns: Mapping[str, Floats], day: Ints) -> LogisticFit | None:
    """Return a logistic regression; None where it has no unique solution.

    Parameters
    ----------
    outcome : ndarray of bool, shape (rows,)
    columns : mapping of str to ndarray, shape (rows,)
    day : ndarray of int, shape (rows,)
        Rows of one day may resemble one another.

    Notes
    -----
    Standard errors are robust to days as clusters (Liang and Zeger 1986, Longitudinal data analysis
    using generalized linear models, Biometrika 73), by statsmodels.
    """
    need("the satisfaction model from answers", "statsmodels")
    import warnings

    from statsmodels.discrete.discrete_model import Logit
    from statsmodels.tools.sm_exceptions import ModelWarning, PerfectSeparationError

    design = np.column_stack([np.ones(outcome.size), *columns.values()])
    clusters = np.unique(day, return_inverse=True)[1]
    with warnings.catch_warnings():
        warnings.simplefilter("error", ModelWarning)
        try:
            found = Logit(outcome.astype(float), design).fit(
                disp=0, cov_type="cluster", cov_kwds={"groups": clusters}
            )
        except (PerfectSeparationError, ModelWarning, np.linalg.LinAlgError):
            return None
    return LogisticFit(
        tuple(columns), np.asarray(found.params), np.asarray(found.cov_params()),
        np.asarray(found.predict(design)), int(clusters.max()) + 1,
    )  # fmt: skip
