"""Estimated distributions as a scenario writes them."""

from __future__ import annotations

import numpy as np

from sim.array_types import Floats
from sim.distributions.shown_numbers import number_text, share_text, time_text
from sim.numerals import write_number

MOST_POINTS = 40
SHAPES = 0.001, 1000.0
"""Least and largest shape that a scenario allows: times that are all the same have none."""


def rounded(value: float, digits: int = 4) -> float:
    """Return a number to so many significant digits: an estimate has no more."""
    return float(write_number(float(value), digits))


def mean_text(
    name: str, mean: float, shape: tuple[str, float] | None = None, zero: float = 0.0
) -> str:
    """Return a distribution by its mean, as in ``"lognormal 36s cv 2.5 zero 20%"``.

    Parameters
    ----------
    name : str
        As scenarios name it.
    mean : float
        Seconds, of the draws that are not zero.
    shape : tuple of str and float, optional
        Name and value of the shape.
    zero : float
        Share of draws that are zero.
    """
    shape_text = ""
    if shape:
        shape_text = f" {shape[0]} {number_text(rounded(float(np.clip(shape[1], *SHAPES)), 3))}"
    zero = round(zero, 4)
    zero_text = f" zero {share_text(zero)}" if zero else ""
    return f"{name} {time_text(rounded(mean))}{shape_text}{zero_text}"


def points_text(time: Floats, below: Floats) -> str:
    """Return a curve of few points, as in ``"points 10s 5%, 60s 50%"``.

    Parameters
    ----------
    time : ndarray, shape (n,)
        Seconds, ascending.
    below : ndarray, shape (n,)
        Probability of at most each time; what is missing to 1 in the end is never.
    """
    pairs = dict.fromkeys(f"{_time(t)} {_percent(p)}" for t, p in zip(time, below, strict=True))
    return "points " + ", ".join(pairs)


def _time(seconds: float) -> str:
    return time_text(round(seconds, 1) if seconds < 60 else round(seconds))


def _percent(share: float) -> str:
    return f"{write_number(round(100 * float(share), 2))}%"


def few_points(time: Floats, below: Floats, most: int = MOST_POINTS) -> tuple[Floats, Floats]:
    """Return the points of a curve that its straight lines need most.

    The point that is farthest from the lines so far, in probability, is added until all are
    within 0.2 % or there are enough (the rule of Ramer 1972 and Douglas and Peucker 1973).
    """
    n = time.size
    if n <= 2:
        return time, below
    kept = [0, n - 1]
    while len(kept) < most:
        lines = np.interp(time, time[kept], below[kept])
        off = np.abs(below - lines)
        off[kept] = 0
        far = int(off.argmax())
        if off[far] <= 2e-3:
            break
        kept = sorted([*kept, far])
    return time[kept], below[kept]
