"""Gamma and Erlang times."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from sim.array_types import Floats
from sim.distributions.base import TimeDistribution, curve_knots
from sim.distributions.lognormal import CV
from sim.distributions.parameters import MEAN, Fields, Parameter
from sim.distributions.scalar_quantile import SCALED_CURVE

if TYPE_CHECKING:
    from sim.erlang import Patience

_SHAPE = Parameter("shape", "instead of cv")
_SCALE = Parameter("scale", "instead of the mean", "time", in_text=False)
_PHASES = Parameter("k", "number of phases", "whole")


@dataclass(frozen=True, slots=True)
class Gamma(TimeDistribution):
    """Gamma with a shape and a scale (s)."""

    name: ClassVar[str] = "gamma"
    help: ClassVar[str] = "gamma"
    examples: ClassVar[tuple[str, ...]] = ("gamma 4min cv 0.5",)
    shapes: ClassVar[tuple[Parameter, ...]] = (CV, _SHAPE)
    scales: ClassVar[tuple[Parameter, ...]] = (MEAN, _SCALE)
    shape_field: ClassVar[str] = "cv"
    code: ClassVar[int] = SCALED_CURVE

    shape: float
    scale: float
    zero: float = 0.0

    @classmethod
    def of(cls, fields: Fields) -> Gamma:
        """Return the distribution that the fields of a scenario describe."""
        cv = fields.spread
        return Gamma(1 / cv**2, fields.time * cv**2, fields.zero)

    @classmethod
    def shape_from(cls, key: str, number: float) -> float:
        """Return the cv, also from the shape."""
        return 1 / math.sqrt(number) if key == "shape" else number

    @classmethod
    def mean_from(cls, key: str, value: float, shape: float) -> float:
        """Return the mean (s), also from the scale."""
        return value / shape**2 if key == "scale" else value

    @property
    def numbers(self) -> tuple[float, float]:
        """Shape and scale."""
        return self.shape, self.scale

    def curve(self) -> tuple[Floats, Floats]:
        """Return quantiles for a scale of 1; the kernel multiplies by the scale."""
        return _unit_curve(self.shape)

    def inner_quantiles(self, u: Floats) -> Floats:
        """Return the quantiles (s) of the draws that are not zero."""
        from scipy import special

        return np.asarray(self.scale * special.gammaincinv(self.shape, u))

    @property
    def inner_mean(self) -> float:
        """Mean (s) of the draws that are not zero."""
        return self.shape * self.scale

    @property
    def inner_cv(self) -> float:
        """Coefficient of variation of the draws that are not zero."""
        return 1 / math.sqrt(self.shape)

    def inner_cdf(self, t: Floats) -> Floats:
        """Return the distribution function of the draws that are not zero."""
        from scipy import special

        return np.asarray(special.gammainc(self.shape, t / self.scale), dtype=float)

    def inner_patience(self) -> Patience:
        """Return the draws that are not zero as a patience."""
        from sim.erlang import patience as formulas

        return formulas.gamma(self.shape * self.scale, self.shape)


@dataclass(frozen=True, slots=True)
class Erlang(Gamma):
    """The sum of k exponential phases: gamma with a whole shape."""

    name: ClassVar[str] = "erlang"
    help: ClassVar[str] = "sum of k exponential phases"
    examples: ClassVar[tuple[str, ...]] = ("erlang 4min k 2",)
    shapes: ClassVar[tuple[Parameter, ...]] = (
        _PHASES,
        Parameter("shape", "instead of k", "whole"),
    )
    scales: ClassVar[tuple[Parameter, ...]] = (MEAN,)
    shape_field: ClassVar[str] = "shape"

    @classmethod
    def of(cls, fields: Fields) -> Gamma:
        """Return the gamma distribution that the fields of a scenario describe."""
        return Gamma(fields.shape, fields.time / fields.shape, fields.zero)

    @classmethod
    def shape_from(cls, key: str, number: float) -> float:
        """Return the number of phases."""
        return number


@cache
def _unit_curve(shape: float) -> tuple[Floats, Floats]:
    from scipy import special

    knots = curve_knots()
    return knots, np.asarray(special.gammaincinv(shape, knots))
