"""Distributions of times as planners write them: ``lognormal 4min cv 0.9``."""

from __future__ import annotations

import math
from typing import Annotated, Any, ClassVar, Self

import numpy as np
from pydantic import (
    BeforeValidator,
    Field,
    ModelWrapValidatorHandler,
    PrivateAttr,
    ValidationInfo,
    model_validator,
)

from sim import units
from sim.distributions import DISTRIBUTIONS, Parameter, TimeDistribution
from sim.distributions.parameters import MEAN
from sim.scenario.distribution_parser import from_text, is_bare, short_form, tidied
from sim.scenario.field_types import Share, Written

_PARTS = 60
_LAST = 1 - 1e-9


def _with_shape(field: str) -> str:
    """Return the distributions whose shape is held by a field, as words."""
    found = (one.name for one in DISTRIBUTIONS.values() if one.shapes and one.shape_field == field)
    return ", ".join(found)


class Distribution(Written):
    """A distribution of a time: a string such as ``"lognormal 4min cv 0.9"``, or a table.

    The time in the string is always the mean (seconds). ``zero`` is the share of draws that
    are exactly zero; ``mean`` in the table is then the mean of the others, whereas the
    attribute :attr:`mean` is that of all.
    """

    SHORT = short_form()
    EXAMPLES: ClassVar[tuple[object, ...]] = (
        "exponential 40s",
        "lognormal 4min cv 0.9",
        "weibull 3min shape 0.8",
        "30s",
        30,
    )

    law: str = Field("deterministic", description=f"Family: {', '.join(DISTRIBUTIONS)}.")
    """Family, by the name that a file writes."""
    time: float = Field(default=math.nan, alias="mean")
    """Mean of the draws that are not zero, in seconds."""
    spread: float = Field(
        math.nan,
        alias="cv",
        description=f"Coefficient of variation, above zero ({_with_shape('cv')}).",
    )
    """Coefficient of variation, above zero."""
    shape: float = Field(
        math.nan, description=f"Shape or number of phases, above zero ({_with_shape('shape')})."
    )
    """Shape or number of phases, above zero."""
    low: float = 0.0
    """Lowest value of a bounded distribution, in seconds."""
    high: float = 0.0
    """Highest value of a bounded distribution, in seconds."""
    points: tuple[tuple[float, float], ...] = ()
    """Pairs of value (s) and cumulative probability; what is missing to 100% is never."""
    zero: Share = 0.0
    """Share of draws that are exactly zero."""

    _bare: bool = PrivateAttr(default=False)

    @model_validator(mode="wrap")
    @classmethod
    def _mark_bare(cls, value: Any, handler: ModelWrapValidatorHandler[Self]) -> Self:
        """Remember that a time was written without the name of a distribution."""
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

    @classmethod
    def table_schema(cls) -> dict[str, Any]:
        """Describe the table by the parameters of all distributions."""
        named: dict[str, list[str]] = {}
        found: dict[str, Parameter] = {}
        for one in DISTRIBUTIONS.values():
            for each in one.parameters():
                known = found.setdefault(each.key, each)
                named.setdefault(each.key, []).append(
                    one.name if each.help == known.help else f"{one.name}: {each.help}"
                )
        properties: dict[str, Any] = {"law": {"enum": list(DISTRIBUTIONS)}}
        for key, each in found.items():
            takers = "" if each is MEAN else f" ({', '.join(named[key])})"
            properties[key] = each.schema | {"description": each.help + takers}
        zero = {"description": "share of draws that are exactly zero"}
        properties["zero"] = {"type": ["string", "number"], **zero}
        return {"type": "object", "additionalProperties": False, "properties": properties}

    def to_model(self) -> TimeDistribution:
        """Return the distribution that the tape draws from."""
        return DISTRIBUTIONS[self.law].of(self)

    @property
    def mean(self) -> float:
        """Mean of all draws in seconds; infinite when some are never."""
        if math.isinf(self.to_model().mean):
            return math.inf
        return (1 - self.zero) * self.time

    @property
    def cv(self) -> float:
        """Coefficient of variation of all draws; NaN when the mean is zero or infinite."""
        return self.to_model().cv

    @property
    def is_bare(self) -> bool:
        """Whether it was written as a time without the name of a distribution."""
        return self._bare

    @property
    def is_unlimited(self) -> bool:
        """Whether every draw is infinite."""
        return self.law == "unlimited"

    def scaled(self, factor: float) -> Self:
        """Return the same distribution with every draw multiplied.

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

    def share_beyond(self, longest: float) -> float:
        """Return the share of draws that are longer than a time (s)."""
        return 1.0 - float(self.to_model().cdf(np.array([longest]))[0])

    def with_longer(self, longest: float, share: float) -> Self:
        """Return the distribution with another share of draws that are longer than a time.

        Parameters
        ----------
        longest : float
            Seconds.
        share : float
            0: the distribution of the draws that are not longer.

        Returns
        -------
        Distribution
            The same where no draw is longer, or none is shorter; else as points: 60 quantiles of
            the shorter draws and as many of the longer ones, dense at both upper ends.
        """
        model = self.to_model()
        below = float(model.cdf(np.array([longest]))[0])
        if below in (0.0, 1.0) or share == 1 - below:
            return self
        levels = 1.0 - np.linspace(1.0, 0.0, _PARTS + 1) ** 2
        time = np.minimum(model.quantiles(below * levels), longest)
        total = (1 - share) * levels
        if share > 0:
            upper = levels[1:]
            beyond = model.quantiles(np.minimum(below + (1 - below) * upper, _LAST))
            time = np.append(time, np.maximum(beyond, longest))
            total = np.append(total, 1 - share + share * upper)
        points = tuple(zip(time.tolist(), total.tolist(), strict=True))
        return type(self).model_validate({"law": "points", "points": points})

    def __eq__(self, other: object) -> bool:
        """Equal when the distributions are, however they were written."""
        if not isinstance(other, Distribution):
            return NotImplemented
        return self._compared() == other._compared()

    def __hash__(self) -> int:
        """Hash by the distribution."""
        return hash(self._compared())

    def _compared(self) -> str:
        """Return what makes distributions equal."""
        return repr(self.model_dump())

    def __str__(self) -> str:
        """Return the text that is read as the same distribution."""
        return DISTRIBUTIONS[self.law].write_all(self)


def patience(value: object) -> object:
    """Read a bare time as the mean of an exponential distribution."""
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


def no_time(value: object) -> object:
    """Read ``"none"`` as no time at all."""
    return fixed(0.0) if isinstance(value, str) and value.strip().lower() == "none" else value


Patience = Annotated[Distribution, BeforeValidator(patience)]
"""A distribution of patience: a bare time is the mean of an exponential one, as in formulas."""

TimeOrNone = Annotated[Distribution, BeforeValidator(no_time)]
"""A distribution of a time that may be left out: ``"none"`` is zero."""


def fixed(seconds: float) -> Distribution:
    """Return the distribution of a time that never varies (s)."""
    return Distribution.model_validate({"law": "deterministic", "mean": seconds})


def exponential(seconds: float) -> Distribution:
    """Return the exponential distribution of a mean (s)."""
    return Distribution.model_validate({"law": "exponential", "mean": seconds})
