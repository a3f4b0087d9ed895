"""Distributions of times as planners write them: ``lognormal 4min cv 0.9``."""

from __future__ import annotations

import math
from typing import Annotated, Any, ClassVar, Self

from pydantic import (
    BeforeValidator,
    Field,
    ModelWrapValidatorHandler,
    PrivateAttr,
    ValidationInfo,
    model_validator,
)

from sim import units
from sim.numerals import write_number
from sim.scenario.distribution_parser import FORM, LAWS, from_text, is_bare, tidied
from sim.scenario.field_types import Share, Written

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

    _bare: bool = PrivateAttr(default=False)

    @model_validator(mode="wrap")
    @classmethod
    def _mark_bare(cls, value: Any, handler: ModelWrapValidatorHandler[Self]) -> Self:
        """Remember that a time was written without the name of a law."""
        found = handler(value)
        if not isinstance(value, Written):
            found._bare = is_bare(value)
        return found

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
    def is_bare(self) -> bool:
        """Whether it was written as a time without the name of a law."""
        return self._bare

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

    def __eq__(self, other: object) -> bool:
        """Equal when the laws are, however they were written."""
        if not isinstance(other, Distribution):
            return NotImplemented
        return repr(self.model_dump()) == repr(other.model_dump())

    def __hash__(self) -> int:
        """Hash by the law."""
        return hash(repr(self.model_dump()))

    def __str__(self) -> str:
        """Return the law as a planner writes it; read again, it is the same law to the bit.

        A time that never varies names its law, as a bare time means another law for patience.
        """
        tail = f" zero {_share(self.zero)}" if self.zero else ""
        if self.law == "unlimited":
            return "unlimited" + tail
        if self.law == "points":
            pairs = ", ".join(f"{_time(x)} {_share(p)}" for x, p in self.points)
            return f"points {pairs}{tail}"
        if self.law == "uniform":
            return f"uniform {_time(self.low)} to {_time(self.high)}{tail}"
        return f"{self.law} {_time(self.time)}{_shape(self)}{tail}"


def _patience(value: object) -> object:
    """Read a bare time as the mean of an exponential law."""
    if isinstance(value, dict):
        named = {"law", "points"} & value.keys()
        return value if named else {"law": "exponential", **value}
    if not is_bare(value):
        return value
    if not isinstance(value, str):
        seconds = units.duration(value)
        return {"law": "exponential", "mean": seconds} if seconds else fixed(0.0)
    zero = Distribution.model_validate(value).time == 0
    return f"{'deterministic' if zero else 'exponential'} {value.strip()}"


def _no_time(value: object) -> object:
    """Read ``"none"`` as no time at all."""
    return fixed(0.0) if isinstance(value, str) and value.strip().lower() == "none" else value


Patience = Annotated[Distribution, BeforeValidator(_patience)]
"""A law of patience: a bare time is the mean of an exponential law, as formulas take it."""

TimeOrNone = Annotated[Distribution, BeforeValidator(_no_time)]
"""A law of a time that may be left out: ``"none"`` is no time at all."""


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


def _shape(law: Distribution) -> str:
    if law.law in ("lognormal", "gamma"):
        return f" cv {_number(law.spread)}"
    if law.law in ("erlang", "weibull"):
        return f" {'k' if law.law == 'erlang' else 'shape'} {_number(law.shape)}"
    return ""


def _time(seconds: float) -> str:
    """Return a time that is read as the same number of seconds."""
    shown = units.show_duration(seconds)
    return shown if units.duration(shown) == seconds else f"{_number(seconds)}s"


def _share(share: float) -> str:
    """Return a share that is read as the same number."""
    shown = f"{_number(float(f'{100 * share:.10g}'))}%"
    return shown if units.share(shown) == share else _number(share)


def _number(number: float) -> str:
    """Return a number that is read as the same."""
    short = write_number(number, 6)
    return short if float(short) == number else write_number(number)
