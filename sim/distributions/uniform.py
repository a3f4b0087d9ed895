"""Uniform times."""

from __future__ import annotations

import itertools
import math
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Self

import numpy as np

from sim import units
from sim.array_types import Floats
from sim.distributions.base import TimeDistribution
from sim.distributions.parameters import Fields, Parameter, Table
from sim.distributions.scalar_quantile import UNIFORM
from sim.distributions.shown_numbers import time_text

if TYPE_CHECKING:
    from sim.erlang import Patience

_TO = re.compile(r"\s+to\s+", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Uniform(TimeDistribution):
    """Every time between two bounds (s) is as likely."""

    name: ClassVar[str] = "uniform"
    help: ClassVar[str] = "uniform between two bounds"
    examples: ClassVar[tuple[str, ...]] = ("uniform 10s to 50s", "uniform 10s 50s")
    scales: ClassVar[tuple[Parameter, ...]] = ()
    others: ClassVar[tuple[Parameter, ...]] = (
        Parameter("low", "lowest value", "time", in_text=False),
        Parameter("high", "highest value", "time", in_text=False),
    )
    code: ClassVar[int] = UNIFORM

    low: float
    high: float
    zero: float = 0.0

    @classmethod
    def of(cls, fields: Fields) -> Self:
        """Return the distribution that the fields of a scenario describe."""
        return cls(fields.low, fields.high, fields.zero)

    @classmethod
    def parse_text(cls, text: str, rest: str) -> dict[str, Any]:
        """Return the two ends of a text."""
        low, high = _ends(text, rest)
        return {"low": low, "high": high}

    @classmethod
    def read(cls, table: Table) -> dict[str, Any]:
        """Return the fields of a scenario from the two ends."""
        if "low" not in table or "high" not in table:
            raise ValueError('a uniform distribution needs low and high, such as "uniform 10s 50s"')
        low, high = units.duration(table["low"]), units.duration(table["high"])
        if high < low:
            raise ValueError(f"high {high:g} s must be low, {low:g} s, or more")
        return {"low": low, "high": high, "mean": (low + high) / 2}

    @classmethod
    def write(cls, fields: Fields) -> str:
        """Return the text of the two ends."""
        return f"uniform {time_text(fields.low)} to {time_text(fields.high)}"

    @property
    def numbers(self) -> tuple[float, float]:
        """The bounds."""
        return self.low, self.high

    def inner_quantiles(self, u: Floats) -> Floats:
        """Return the quantiles (s) of the draws that are not zero."""
        return self.low + (self.high - self.low) * u

    @property
    def inner_mean(self) -> float:
        """Mean (s) of the draws that are not zero."""
        return (self.low + self.high) / 2

    @property
    def inner_cv(self) -> float:
        """Coefficient of variation of the draws that are not zero."""
        mean = self.inner_mean
        return (self.high - self.low) / math.sqrt(12) / mean if mean else 0.0

    def inner_cdf(self, t: Floats) -> Floats:
        """Return the distribution function of the draws that are not zero."""
        width = self.high - self.low
        return np.clip((t - self.low) / width, 0, 1) if width else (t >= self.low).astype(float)

    def inner_patience(self) -> Patience:
        """Return the draws that are not zero as a patience."""
        from sim.erlang import patience as formulas

        if self.high > self.low:
            return formulas.uniform(self.low, self.high)
        return formulas.fixed(self.low)


def _ends(text: str, rest: str) -> tuple[str, str]:
    """Return the two ends of ``"10s 50s"``, ``"2min 30s to 3min"`` or ``"2min 30s 3min"``."""
    ends = _TO.split(rest)
    if len(ends) == 2:
        return ends[0], ends[1]
    words = rest.split()
    cuts = [(" ".join(words[:k]), " ".join(words[k:])) for k in range(1, len(words))]
    found = [cut for cut in cuts if _is_ascending(*cut)] if len(words) > 2 else cuts
    if len(ends) > 2 or len(found) != 1:
        raise ValueError(f'{text!r} lacks its two ends; allowed: "uniform 10s to 50s"')
    return found[0]


def _is_ascending(low: str, high: str) -> bool:
    """Return whether two texts are times, each in falling units, the first no longer."""
    try:
        return all(map(_falls, (low, high))) and units.duration(low) <= units.duration(high)
    except ValueError:
        return False


def _falls(text: str) -> bool:
    """Return whether the units of a time fall, as in ``"2min 30s"``."""
    sizes = [units.duration(f"1{unit}") for unit in re.findall(r"[a-z]+", text, re.IGNORECASE)]
    return all(a > b for a, b in itertools.pairwise(sizes))
