"""A time that never varies."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Self

import numpy as np

from sim.array_types import Floats
from sim.distributions.base import TimeDistribution
from sim.distributions.parameters import Fields
from sim.distributions.scalar_quantile import DETERMINISTIC

if TYPE_CHECKING:
    from sim.erlang import Patience


@dataclass(frozen=True, slots=True)
class Deterministic(TimeDistribution):
    """The same time (s) in every draw."""

    name: ClassVar[str] = "deterministic"
    help: ClassVar[str] = "constant"
    examples: ClassVar[tuple[str, ...]] = ("deterministic 30s",)
    may_be_zero: ClassVar[bool] = True
    code: ClassVar[int] = DETERMINISTIC

    value: float
    zero: float = 0.0

    @classmethod
    def of(cls, fields: Fields) -> Self:
        """Return the distribution that the fields of a scenario describe."""
        return cls(fields.time, fields.zero)

    @property
    def numbers(self) -> tuple[float, float]:
        """The value, and nothing."""
        return self.value, 0.0

    @property
    def constant(self) -> float | None:
        """The value (s), None where some draws are zero."""
        return self.value if self.zero == 0 else None

    def inner_quantiles(self, u: Floats) -> Floats:
        """Return the value (s) each time."""
        return np.full(u.shape, self.value)

    @property
    def inner_mean(self) -> float:
        """The value (s)."""
        return self.value

    @property
    def inner_cv(self) -> float:
        """Nothing varies."""
        return 0.0

    def inner_cdf(self, t: Floats) -> Floats:
        """Return 1 from the value on."""
        return (t >= self.value).astype(float)

    def inner_patience(self) -> Patience:
        """Return the same patience of all customers."""
        from sim.erlang import patience as formulas

        return formulas.fixed(self.value)
