"""Parameters of distributions as a table or a text gives them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from sim import units

LEAST_SHAPE = 0.001
MOST_SHAPE = 1000
"""Bounds of a cv, sigma, shape or k."""


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter of a distribution.

    Attributes
    ----------
    key : str
        As a table names it.
    help : str
    kind : {"time", "number", "whole", "points"}
    low, high : float
        Bounds of a number, both allowed.
    in_text : bool
        Whether the short form may name it, as in ``lognormal 4min cv 0.9``.
    """

    key: str
    help: str
    kind: str = "number"
    low: float = LEAST_SHAPE
    high: float = MOST_SHAPE
    in_text: bool = True

    def read(self, value: Any) -> float:
        """Return a number or time (s) within the bounds.

        Raises
        ------
        ValueError
            When it is not; says what is allowed.
        """
        if self.kind == "time":
            return units.duration(value)
        number = units.ratio(value)
        if not LEAST_SHAPE <= number <= MOST_SHAPE:
            raise ValueError(f"{self.key} {value!r} must be {LEAST_SHAPE:g} to {MOST_SHAPE:,}")
        if self.kind == "whole" and number != int(number):
            raise ValueError(f"{self.key} {number:g} must be a whole number: 1, 2, 3, …")
        if not self.low <= number <= self.high:
            raise ValueError(
                f"{self.key} {number:g} makes a mean or variance that is not finite; "
                f"allowed: {self.low:g} to {self.high:,}"
            )
        return number

    @property
    def schema(self) -> dict[str, Any]:
        """What JSON Schema says of the value."""
        if self.kind == "whole":
            return {"type": "integer", "minimum": 1}
        if self.kind == "points":
            return {"type": "array", "items": {"type": "array", "items": _VALUE}}
        return dict(_VALUE)


_VALUE: dict[str, Any] = {"type": ["string", "number"]}

MEAN = Parameter("mean", "mean of the draws that are not zero", "time", in_text=False)


class Fields(Protocol):
    """The fields of a distribution in a scenario, however its parameters were written."""

    @property
    def time(self) -> float:
        """Mean of the draws that are not zero (s)."""
        ...

    @property
    def spread(self) -> float:
        """Coefficient of variation of the draws that are not zero."""
        ...

    @property
    def shape(self) -> float:
        """Shape or number of phases."""
        ...

    @property
    def low(self) -> float:
        """Lowest value (s)."""
        ...

    @property
    def high(self) -> float:
        """Highest value (s)."""
        ...

    @property
    def points(self) -> tuple[tuple[float, float], ...]:
        """Pairs of value (s) and cumulative probability."""
        ...

    @property
    def zero(self) -> float:
        """Share of draws that are exactly zero."""
        ...


Table = Mapping[str, Any]
"""Parameters as a file gives them, by key."""
