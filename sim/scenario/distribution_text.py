"""Distributions of times in the words that are read again as the same law."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim import units
from sim.numerals import write_number

if TYPE_CHECKING:
    from sim.scenario.distribution import Distribution


def law_in_words(law: Distribution) -> str:
    """Return a law as a planner writes it; read again, it is the same law to the bit.

    Parameters
    ----------
    law : Distribution

    Returns
    -------
    str
        Such as ``"lognormal 4min cv 0.9"``; a time that never varies names its law, as a bare
        time means another law for patience.
    """
    tail = f" zero {_share(law.zero)}" if law.zero else ""
    if law.law == "unlimited":
        return "unlimited" + tail
    if law.law == "points":
        pairs = ", ".join(f"{_time(x)} {_share(p)}" for x, p in law.points)
        return f"points {pairs}{tail}"
    if law.law == "uniform":
        return f"uniform {_time(law.low)} to {_time(law.high)}{tail}"
    return f"{law.law} {_time(law.time)}{_shape(law)}{tail}"


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
