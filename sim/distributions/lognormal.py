"""Lognormal times."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Self

import numpy as np

from sim.array_types import Floats
from sim.distributions.base import TimeDistribution
from sim.distributions.parameters import MEAN, MOST_SHAPE, Fields, Parameter
from sim.distributions.scalar_quantile import LOGNORMAL

if TYPE_CHECKING:
    from sim.erlang import Patience

CV = Parameter("cv", "coefficient of variation")
_SIGMA = Parameter("sigma", "of the logarithm, instead of cv", in_text=False)
_MEDIAN = Parameter("median", "instead of the mean", "time", in_text=False)


@dataclass(frozen=True, slots=True)
class Lognormal(TimeDistribution):
    """The logarithm is normal, with mean ``mu`` and standard deviation ``sigma``."""

    name: ClassVar[str] = "lognormal"
    help: ClassVar[str] = "lognormal; cv is standard deviation ÷ mean"
    examples: ClassVar[tuple[str, ...]] = ("lognormal 4min cv 0.9",)
    shapes: ClassVar[tuple[Parameter, ...]] = (CV, _SIGMA)
    scales: ClassVar[tuple[Parameter, ...]] = (MEAN, _MEDIAN)
    shape_field: ClassVar[str] = "cv"
    code: ClassVar[int] = LOGNORMAL

    mu: float
    sigma: float
    zero: float = 0.0

    @classmethod
    def of(cls, fields: Fields) -> Self:
        """Return the distribution that the fields of a scenario describe."""
        variance = math.log1p(fields.spread**2)
        return cls(math.log(fields.time) - variance / 2, math.sqrt(variance), fields.zero)

    @classmethod
    def shape_from(cls, key: str, number: float) -> float:
        """Return the cv; bounded also when sigma was given."""
        if key == "cv":
            return number
        most = math.sqrt(math.log1p(MOST_SHAPE**2))
        if number > most:
            bound = math.floor(100 * most) / 100
            raise ValueError(
                f"sigma {number:g} makes a cv above {MOST_SHAPE:,}; allowed: 0.001 to {bound:g}"
            )
        return math.sqrt(math.expm1(number**2))

    @classmethod
    def mean_from(cls, key: str, value: float, shape: float) -> float:
        """Return the mean (s), also from the median."""
        return value * math.sqrt(1 + shape**2) if key == "median" else value

    @property
    def numbers(self) -> tuple[float, float]:
        """Mean and standard deviation of the logarithm."""
        return self.mu, self.sigma

    def inner_quantiles(self, u: Floats) -> Floats:
        """Return the quantiles (s) of the draws that are not zero."""
        from scipy import special

        return np.exp(self.mu + self.sigma * special.ndtri(u))

    @property
    def inner_mean(self) -> float:
        """Mean (s) of the draws that are not zero."""
        return math.exp(self.mu + self.sigma * self.sigma / 2)

    @property
    def inner_cv(self) -> float:
        """Coefficient of variation of the draws that are not zero."""
        return math.sqrt(math.expm1(self.sigma * self.sigma))

    def inner_cdf(self, t: Floats) -> Floats:
        """Return the distribution function of the draws that are not zero."""
        from scipy import special

        with np.errstate(divide="ignore"):
            return np.asarray(special.ndtr((np.log(t) - self.mu) / self.sigma), dtype=float)

    def inner_patience(self) -> Patience:
        """Return the draws that are not zero as a patience."""
        from sim.erlang import patience as formulas

        return formulas.lognormal(self.inner_mean, self.inner_cv)
