"""Times without an end."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar, Self

import numpy as np

from sim.array_types import Floats
from sim.distributions.base import TimeDistribution
from sim.distributions.parameters import Fields, Parameter, Table
from sim.distributions.scalar_quantile import UNLIMITED

if TYPE_CHECKING:
    from sim.erlang import Patience


@dataclass(frozen=True, slots=True)
class Unlimited(TimeDistribution):
    """Every draw is infinite: a customer who never hangs up."""

    name: ClassVar[str] = "unlimited"
    help: ClassVar[str] = "patience: never hangs up"
    examples: ClassVar[tuple[str, ...]] = ("unlimited", "none", "never")
    scales: ClassVar[tuple[Parameter, ...]] = ()
    code: ClassVar[int] = UNLIMITED

    zero: float = field(default=0.0, init=False)

    @classmethod
    def of(cls, fields: Fields) -> Self:
        """Return the distribution."""
        return cls()

    @classmethod
    def parse_text(cls, text: str, rest: str) -> dict[str, Any]:
        """Return no parameters."""
        return {}

    @classmethod
    def read(cls, table: Table) -> dict[str, Any]:
        """Return no fields, and refuse a share of zeros."""
        if table.get("zero"):
            raise ValueError(
                'an unlimited distribution takes no zero; allowed: such as "1h zero 10%"'
            )
        return {}

    @classmethod
    def write(cls, fields: Fields) -> str:
        """Return its name."""
        return "unlimited"

    @property
    def constant(self) -> float | None:
        """Infinite."""
        return math.inf

    def inner_quantiles(self, u: Floats) -> Floats:
        """Return infinity each time."""
        return np.full(u.shape, np.inf)

    @property
    def inner_mean(self) -> float:
        """Infinite."""
        return math.inf

    @property
    def inner_cv(self) -> float:
        """Not defined."""
        return math.nan

    def inner_cdf(self, t: Floats) -> Floats:
        """Return zero each time."""
        return np.zeros_like(t)

    def inner_patience(self) -> Patience:
        """Return a patience that all keep."""
        from sim.erlang import patience as formulas

        return formulas.measured([0.0], [1.0])
