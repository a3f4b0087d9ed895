"""Weibull times."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Self

import numpy as np

from sim.array_types import Floats
from sim.distributions.base import TimeDistribution
from sim.distributions.parameters import MEAN, Fields, Parameter
from sim.distributions.scalar_quantile import WEIBULL

if TYPE_CHECKING:
    from sim.erlang import Patience

# Below this the variance, by gamma(1 + 2 / shape), is not a finite number.
_LEAST_SHAPE = 0.012
_SHAPE = Parameter("shape", "below 1: who has waited longer is more patient", low=_LEAST_SHAPE)
_SCALE = Parameter("scale", "instead of the mean", "time", in_text=False)


@dataclass(frozen=True, slots=True)
class Weibull(TimeDistribution):
    """Weibull with a shape and a scale (s)."""

    name: ClassVar[str] = "weibull"
    help: ClassVar[str] = (
        "Weibull; with a shape below 1, those who have waited longer are more patient"
    )
    examples: ClassVar[tuple[str, ...]] = ("weibull 3min shape 0.8",)
    shapes: ClassVar[tuple[Parameter, ...]] = (_SHAPE,)
    scales: ClassVar[tuple[Parameter, ...]] = (MEAN, _SCALE)
    code: ClassVar[int] = WEIBULL

    shape: float
    scale: float
    zero: float = 0.0

    @classmethod
    def of(cls, fields: Fields) -> Self:
        """Return the distribution that the fields of a scenario describe."""
        shape = fields.shape
        return cls(shape, fields.time / math.gamma(1 + 1 / shape), fields.zero)

    @classmethod
    def mean_from(cls, key: str, value: float, shape: float) -> float:
        """Return the mean (s), also from the scale."""
        return value * math.gamma(1 + 1 / shape) if key == "scale" else value

    @property
    def numbers(self) -> tuple[float, float]:
        """Shape and scale."""
        return self.shape, self.scale

    def inner_quantiles(self, u: Floats) -> Floats:
        """Return the quantiles (s) of the draws that are not zero."""
        return self.scale * (-np.log1p(-u)) ** (1 / self.shape)

    @property
    def inner_mean(self) -> float:
        """Mean (s) of the draws that are not zero."""
        return self.scale * math.gamma(1 + 1 / self.shape)

    @property
    def inner_cv(self) -> float:
        """Coefficient of variation of the draws that are not zero."""
        first, second = math.gamma(1 + 1 / self.shape), math.gamma(1 + 2 / self.shape)
        return math.sqrt(max(second / first**2 - 1, 0.0))

    def inner_cdf(self, t: Floats) -> Floats:
        """Return the distribution function of the draws that are not zero."""
        return np.asarray(-np.expm1(-((t / self.scale) ** self.shape)))

    def inner_patience(self) -> Patience:
        """Return the draws that are not zero as a patience."""
        from sim.erlang import patience as formulas

        return formulas.weibull(self.inner_mean, self.shape)
