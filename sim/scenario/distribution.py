"""Distributions of times as planners write them: ``lognormal 4min cv 0.9``."""

from __future__ import annotations

import math
from typing import Any, ClassVar, Self

from pydantic import Field, ValidationInfo

from sim import units
from sim.scenario.fields import Share, Written
from sim.scenario.law_text import FORM, LAWS, from_text, tidied

_TIME = ["string", "number"]


class Distribution(Written):
    """A distribution of a time: a string such as ``"lognormal 4min cv 0.9"``, or a table.

    The time in the string is always the mean (seconds). ``zero`` is the share of draws that
    are exactly zero; ``mean`` in the table is then the mean of the others, whereas the
    attribute :attr:`mean` is that of all.
    """

    SHORT = FORM
    EXAMPLES = ("exponential 40s", "lognormal 4min cv 0.9", "weibull 3min shape 0.8", "30s", 30)

    TABLE: ClassVar[dict[str, Any]] = {
        "type": "object",
        "additionalProperties": False,
        "properties": {
            "law": {"enum": list(LAWS)},
            "mean": {"type": _TIME, "description": "mean of the draws that are not zero"},
            "cv": {"type": _TIME, "description": "coefficient of variation (lognormal, gamma)"},
            "median": {"type": _TIME, "description": "instead of the mean (lognormal)"},
            "sigma": {"type": _TIME, "description": "of the logarithm, instead of cv (lognormal)"},
            "shape": {"type": _TIME, "description": "weibull; gamma instead of cv"},
            "scale": {"type": _TIME, "description": "instead of the mean (weibull, gamma)"},
            "k": {"type": "integer", "minimum": 1, "description": "phases (erlang)"},
            "low": {"type": _TIME, "description": "lowest value (uniform)"},
            "high": {"type": _TIME, "description": "highest value (uniform)"},
            "points": {
                "type": "array",
                "items": {"type": "array", "items": {"type": _TIME}},
                "description": "pairs of value and cumulative probability; the rest is never",
            },
            "zero": {"type": _TIME, "description": "share of draws that are exactly zero"},
        },
    }

    law: str = "deterministic"
    """Family: deterministic, exponential, lognormal, gamma, erlang, weibull, uniform, …"""
    time: float = Field(default=math.nan, alias="mean")
    """Mean of the draws that are not zero, in seconds."""
    spread: float = Field(default=math.nan, alias="cv")
    """Coefficient of variation (lognormal, gamma), above zero."""
    shape: float = math.nan
    """Shape (weibull, gamma) or number of phases (erlang), above zero."""
    low: float = 0.0
    """Lowest value (uniform), in seconds."""
    high: float = 0.0
    """Highest value (uniform), in seconds."""
    points: tuple[tuple[float, float], ...] = ()
    """Pairs of value (s) and cumulative probability; what is missing to 100% is never."""
    zero: Share = 0.0
    """Share of draws that are exactly zero."""

    @classmethod
    def read(cls, value: Any, info: ValidationInfo) -> dict[str, Any]:
        """Read the short form."""
        if isinstance(value, str):
            return from_text(value, info.context)
        return {"law": "deterministic", "mean": units.duration(value)}

    @classmethod
    def tidy(cls, table: dict[str, Any], info: ValidationInfo) -> dict[str, Any]:
        """Turn every way of giving parameters into mean and shape."""
        return tidied(table)

    @property
    def mean(self) -> float:
        """Mean of all draws in seconds; infinite when some are never."""
        if self.law == "unlimited" or (self.points and self.points[-1][1] < 1):
            return math.inf
        return (1 - self.zero) * self.time

    @property
    def cv(self) -> float:
        """Coefficient of variation of all draws; NaN when the mean is zero or infinite."""
        mean = self.mean
        if not math.isfinite(mean) or mean == 0:
            return math.nan
        second = (1 - self.zero) * self.time**2 * (1 + _cv_of(self) ** 2)
        return math.sqrt(max(second / mean**2 - 1, 0.0))

    @property
    def is_unlimited(self) -> bool:
        """Whether every draw is infinite."""
        return self.law == "unlimited"

    def scaled(self, factor: float) -> Self:
        """Return the same law with every draw multiplied.

        Parameters
        ----------
        factor : float
            Zero or more.
        """
        return self | {
            "time": self.time * factor,
            "low": self.low * factor,
            "high": self.high * factor,
            "points": tuple((x * factor, p) for x, p in self.points),
        }

    def __str__(self) -> str:
        """Return the law as a planner writes it."""
        return _shown(self)


def fixed(seconds: float) -> Distribution:
    """Return the law of a time that never varies (s)."""
    return Distribution.model_validate({"law": "deterministic", "mean": seconds})


def exponential(seconds: float) -> Distribution:
    """Return the exponential law of a mean (s)."""
    return Distribution.model_validate({"law": "exponential", "mean": seconds})


def _cv_of(law: Distribution) -> float:
    """Return the coefficient of variation of the draws that are not zero."""
    if law.law in ("lognormal", "gamma"):
        return law.spread
    if law.law == "exponential":
        return 1.0
    if law.law == "erlang":
        return 1 / math.sqrt(law.shape)
    if law.law == "weibull":
        first, second = math.gamma(1 + 1 / law.shape), math.gamma(1 + 2 / law.shape)
        return math.sqrt(max(second / first**2 - 1, 0.0))
    if law.law == "uniform":
        return (law.high - law.low) / math.sqrt(12) / law.time if law.time else 0.0
    if law.law == "points":
        return _cv_of_points(law.points, law.time)
    return 0.0


def _cv_of_points(points: tuple[tuple[float, float], ...], mean: float) -> float:
    """Return the cv of a quantile curve that is linear between its points."""
    second = sum(
        (q - p) * (x * x + x * y + y * y) / 3
        for (x, p), (y, q) in zip(points, points[1:], strict=False)
    )
    return math.sqrt(max(second / mean**2 - 1, 0.0)) if mean else 0.0


def _shown(law: Distribution) -> str:
    tail = f" zero {units.show_share(law.zero, 4)}" if law.zero else ""
    if law.law == "unlimited":
        return "unlimited"
    if law.law == "points":
        return (
            f"a curve of {len(law.points)} points with mean {units.show_duration(law.mean)}{tail}"
        )
    if law.law == "uniform":
        low, high = units.show_duration(law.low), units.show_duration(law.high)
        return f"uniform {low} {high}{tail}"
    extra = {
        "lognormal": f" cv {law.spread:.4g}",
        "gamma": f" cv {law.spread:.4g}",
        "erlang": f" k {law.shape:g}",
        "weibull": f" shape {law.shape:.4g}",
    }.get(law.law, "")
    time = units.show_duration(law.time)
    return (time if law.law == "deterministic" else f"{law.law} {time}{extra}") + tail
