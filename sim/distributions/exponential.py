"""Exponential times."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Self

import numpy as np

from sim.array_types import Floats
from sim.distributions.base import TimeDistribution
from sim.distributions.parameters import Fields
from sim.distributions.scalar_quantile import EXPONENTIAL

if TYPE_CHECKING:
    from sim.erlang import Patience


@dataclass(frozen=True, slots=True)
class Exponential(TimeDistribution):
    """Without memory: what remains does not depend on what has passed. Scale in seconds."""

    name: ClassVar[str] = "exponential"
    help: ClassVar[str] = "exponential"
    examples: ClassVar[tuple[str, ...]] = ("exponential 40s",)
    code: ClassVar[int] = EXPONENTIAL

    scale: float
    zero: float = 0.0

    @classmethod
    def of(cls, fields: Fields) -> Self:
        """Return the distribution that the fields of a scenario describe."""
        return cls(fields.time, fields.zero)

    @property
    def numbers(self) -> tuple[float, float]:
        """The mean, and nothing."""
        return self.scale, 0.0

    def inner_quantiles(self, u: Floats) -> Floats:
        """Return the quantiles (s) of the draws that are not zero."""
        return -self.scale * np.log1p(-u)

    @property
    def inner_mean(self) -> float:
        """Mean (s) of the draws that are not zero."""
        return self.scale

    @property
    def inner_cv(self) -> float:
        """Always 1."""
        return 1.0

    def inner_cdf(self, t: Floats) -> Floats:
        """Return the distribution function of the draws that are not zero."""
        return np.asarray(-np.expm1(-t / self.scale))

    def inner_patience(self) -> Patience:
        """Return the patience of Erlang A."""
        from sim.erlang import patience as formulas

        return formulas.exponential(self.scale)
