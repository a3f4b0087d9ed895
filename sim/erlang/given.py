"""What a caller gave, checked and turned into arrays of contacts per second and seconds."""

from __future__ import annotations

from typing import Any

import numpy as np

from sim.erlang.numeric import Array


class Unstable(ValueError):  # noqa: N818  the name says what is wrong
    """More work arrives than the agents can do, and nobody ever hangs up."""


def number(name: str, value: Any, low: float = 0.0, *, above: bool = False) -> Array:
    """Read finite numbers not below `low` (or strictly above it).

    Raises
    ------
    ValueError
        Names the field, the offending value and the bound.
    """
    try:
        array = np.asarray(value, dtype=float)
    except (TypeError, ValueError):
        raise ValueError(f"{name}: {value!r} is not a number") from None
    bad = ~np.isfinite(array) | ((array <= low) if above else (array < low))
    if bool(np.any(bad)):
        worst = array[bad].flat[0] if array.ndim else array.item()
        raise ValueError(f"{name}: {worst:g} must be finite and {'>' if above else '>='} {low:g}")
    return array


def seconds(name: str, value: Any, *, above: bool = False) -> Array:
    """Read durations: numbers are seconds, text such as "4min 30s" goes through the units."""
    if isinstance(value, str):
        value = _text(name, value, "duration")
    elif isinstance(value, (list, tuple)):
        value = [_text(name, v, "duration") if isinstance(v, str) else v for v in value]
    return number(name, value, above=above)


def fraction(name: str, value: Any, *, below_one: bool = False) -> Array:
    """Read shares between 0 and 1; text such as "80%" goes through the units."""
    array = number(name, _text(name, value, "share") if isinstance(value, str) else value)
    bad = (array >= 1.0) if below_one else (array > 1.0)
    if bool(np.any(bad)):
        worst = array[bad].flat[0] if array.ndim else array.item()
        raise ValueError(
            f"{name}: {worst:g} must be {'<' if below_one else '<='} 1 (a share such as 0.8 or 80%)"
        )
    return array


def whole(name: str, value: Any, low: int = 1) -> Array:
    """Read whole numbers not below `low`."""
    array = number(name, value, low)
    odd = array != np.floor(array)
    if bool(np.any(odd)):
        worst = array[odd].flat[0] if array.ndim else array.item()
        raise ValueError(f"{name}: {worst:g} is not a whole number >= {low}")
    return array


def contacts_per_s(calls: Any, per: Any) -> Array:
    """Give the arrival rate in contacts per second of `calls` in every `per`."""
    return np.asarray(number("calls", calls) / seconds("per", per, above=True))


def _text(name: str, value: str, kind: str) -> float:
    from sim import units

    try:
        return float(getattr(units, kind)(value))
    except ValueError as error:
        raise ValueError(f"{name}: {error}") from None
