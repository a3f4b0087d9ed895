"""Arguments checked and converted to arrays in contacts per second and seconds."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from sim import units
from sim.erlang.special_functions import Array
from sim.units import BadInputError

Number: TypeAlias = float | Sequence[float] | NDArray[Any]
"""One number or several; several are answered by arrays of their common shape."""
Duration: TypeAlias = float | str | Sequence[float | str] | NDArray[Any]
"""Seconds, or text such as "4min 30s"; one or several."""
Share: TypeAlias = float | str | Sequence[float | str] | NDArray[Any]
"""A share from 0 to 1, or text such as "80%"; one or several."""

OneTime: TypeAlias = float | str
"""Seconds, or text such as "4min 30s"."""
OneShare: TypeAlias = float | str
"""A share from 0 to 1, or text such as "80%"."""
MOST_LINES = 1e6
"""Lines up to which a state for each can be followed."""
MOST_AT_ONCE = 20.0
"""Chats that one agent may have at once."""
_SHORTEST = 1e-9
"""Seconds: a time that must be above zero is at least a nanosecond."""


class Unstable(BadInputError):  # noqa: N818  the name says what is wrong
    """More work arrives than the agents can do, and no contact is ever abandoned."""


def number(name: str, value: Any, low: float = 0.0, *, above: bool = False) -> Array:
    """Read finite numbers not below `low` (or strictly above it).

    Raises
    ------
    BadInputError
        Names the field, the offending value and the bound.
    """
    try:
        array = np.asarray(value, dtype=float)
    except (TypeError, ValueError, OverflowError):
        raise BadInputError(f"{name}: {value!r} is not a number") from None
    bad = ~np.isfinite(array) | ((array <= low) if above else (array < low))
    if bool(np.any(bad)):
        worst = array[bad].flat[0] if array.ndim else array.item()
        raise BadInputError(
            f"{name}: {worst:g} must be finite and {'>' if above else '>='} {low:g}"
        )
    return array


def seconds(name: str, value: Any, *, above: bool = False) -> Array:
    """Read durations: numbers are seconds, text such as "4min 30s" goes through the units.

    With `above` they are a nanosecond or more.
    """
    if isinstance(value, str):
        value = _text(name, value, "duration")
    elif isinstance(value, (list, tuple)):
        value = [_text(name, v, "duration") if isinstance(v, str) else v for v in value]
    return number(name, value, _SHORTEST) if above else number(name, value)


def fraction(name: str, value: Any, *, below_one: bool = False) -> Array:
    """Read shares between 0 and 1; text such as "80%" goes through the units."""
    array = number(name, _text(name, value, "share") if isinstance(value, str) else value)
    bad = (array >= 1.0) if below_one else (array > 1.0)
    if bool(np.any(bad)):
        worst = array[bad].flat[0] if array.ndim else array.item()
        raise BadInputError(
            f"{name}: {worst:g} must be {'<' if below_one else '<='} 1 (a share such as 0.8 or 80%)"
        )
    return array


def whole(name: str, value: Any, low: int = 1, most: float = np.inf) -> Array:
    """Read whole numbers not below `low` and not above `most`."""
    array = number(name, value, low)
    if bool(np.any(array > most)):
        raise BadInputError(f"{name}: {array.max():g} must be <= {most:,.0f}")
    odd = array != np.floor(array)
    if bool(np.any(odd)):
        worst = array[odd].flat[0] if array.ndim else array.item()
        raise BadInputError(f"{name}: {worst:g} is not a whole number >= {low}")
    return array


def contacts_per_s(calls: Any, per: Any) -> Array:
    """Give the arrival rate in contacts per second of `calls` in every `per`."""
    count, length = number("calls", calls), seconds("per", per, above=True)
    with np.errstate(over="ignore"):
        rate = np.asarray(count / length)
    if not bool(np.all(np.isfinite(rate))):
        raise BadInputError(f"calls: {count.max():g} must be fewer in so short a time")
    return rate


def _text(name: str, value: str, kind: str) -> float:
    try:
        return float(getattr(units, kind)(value))
    except BadInputError as error:
        raise BadInputError(f"{name}: {error}") from None
