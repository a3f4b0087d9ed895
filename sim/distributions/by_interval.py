"""Times whose distribution differs by the interval of the horizon."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Self

import numpy as np

from sim.array_types import Floats, Ints
from sim.distributions.base import TimeDistribution
from sim.distributions.parameters import Fields

if TYPE_CHECKING:
    from sim.erlang import Patience


@dataclass(frozen=True)
class DistributionByInterval(TimeDistribution):
    """A distribution for each interval; moments and formulas are of their mixture.

    No draw comes from the mixture: tape and engines ask for the distribution of an interval.

    Attributes
    ----------
    rows : tuple of TimeDistribution
        The different ones.
    row : tuple of int, shape (intervals,)
        Which of them holds in each interval.
    weights : tuple of float
        Share of all draws that comes from each row; they add up to 1.
    """

    name: ClassVar[str] = "by interval"
    help: ClassVar[str] = "one distribution for each interval"
    examples: ClassVar[tuple[str, ...]] = ()

    rows: tuple[TimeDistribution, ...]
    row: tuple[int, ...]
    weights: tuple[float, ...]
    zero: float = 0.0

    @classmethod
    def of(cls, fields: Fields) -> Self:
        """Refuse: there are several distributions to be read."""
        raise ValueError("distributions by interval have no fields of their own")

    @classmethod
    def from_intervals(
        cls, distributions: Sequence[TimeDistribution], weights: Sequence[float] | Floats
    ) -> TimeDistribution:
        """Return the distributions of all intervals as one; a plain one where all are the same.

        Parameters
        ----------
        distributions : sequence of TimeDistribution, one for each interval
        weights : sequence of float, one for each interval
            Expected draws; where all are zero each interval counts the same.
        """
        numbers: dict[TimeDistribution, int] = {}
        row = tuple(numbers.setdefault(one, len(numbers)) for one in distributions)
        if len(numbers) == 1:
            return distributions[0]
        total = np.bincount(row, np.asarray(weights, dtype=float), len(numbers))
        if not total.sum() > 0:
            total = np.bincount(row, minlength=len(numbers)).astype(float)
        share = total / total.sum()
        zero = float(sum(w * one.zero for w, one in zip(share, numbers, strict=True)))
        return cls(tuple(numbers), row, tuple(share.tolist()), zero)

    def at(self, interval: int) -> TimeDistribution:
        """Return the distribution of an interval."""
        return self.rows[self.row[interval]]

    def means(self, intervals: int) -> Floats:
        """Return the mean (s) of each interval of the horizon, shape (intervals,).

        Raises
        ------
        ValueError
            When the horizon has another number of intervals.
        """
        if intervals != len(self.row):
            raise ValueError(f"{intervals} intervals, but distributions of {len(self.row)}")
        return np.array([one.mean for one in self.rows])[list(self.row)]

    def quantiles_at(self, intervals: Ints, u: Floats) -> Floats:
        """Return the times (s) of some uniform numbers, each by the distribution of an interval.

        Parameters
        ----------
        intervals : ndarray of int64, shape (n,)
        u : ndarray, shape (n,)
        """
        row = np.array(self.row)[intervals]
        order = np.argsort(row, kind="stable")
        ends = np.cumsum(np.bincount(row, minlength=len(self.rows)))
        result = np.empty(u.shape)
        first = 0
        for one, end in zip(self.rows, ends.tolist(), strict=True):
            place = order[first:end]
            result[place] = one.quantiles(u[place])
            first = end
        return result

    def inner_quantiles(self, u: Floats) -> Floats:
        """Return quantiles (s) of the mixture, of its draws that are not zero, by bisection."""
        low, high = np.zeros(u.shape), np.ones(u.shape)
        while bool((self.inner_cdf(high) < u).any()) and high.max() < 1e12:
            high = np.where(self.inner_cdf(high) < u, 2 * high, high)
        for _ in range(60):
            middle = (low + high) / 2
            below = self.inner_cdf(middle) < u
            low, high = np.where(below, middle, low), np.where(below, high, middle)
        return np.where(self.inner_cdf(high) < u, np.inf, high)

    @property
    def _parts(self) -> list[tuple[float, TimeDistribution]]:
        """Rows with their share of the draws that are not zero, those without a draw left out."""
        rest = 1 - self.zero
        pairs = zip(self.weights, self.rows, strict=True)
        found = [(w * (1 - one.zero) / rest, one) for w, one in pairs if rest > 0]
        return [(share, one) for share, one in found if share > 0]

    @property
    def inner_mean(self) -> float:
        """Mean (s) of the draws that are not zero."""
        return float(sum(share * one.inner_mean for share, one in self._parts))

    @property
    def inner_cv(self) -> float:
        """Coefficient of variation of the draws that are not zero."""
        mean = self.inner_mean
        if not mean > 0 or not math.isfinite(mean):
            return math.nan if mean else 0.0
        second = sum(s * one.inner_mean**2 * (1 + one.inner_cv**2) for s, one in self._parts)
        return math.sqrt(max(second / mean**2 - 1, 0.0))

    def inner_cdf(self, t: Floats) -> Floats:
        """Return the distribution function of the draws that are not zero."""
        found = np.zeros(np.shape(t))
        for share, one in self._parts:
            found = found + share * one.inner_cdf(t)
        return np.minimum(found, 1.0)

    def patience_at(self, interval: int, balk: float = 0.0) -> Patience:
        """Return the patience of an interval, as the Erlang formulas take it."""
        return self.at(interval).patience(balk)
