"""The distribution of a time by its numbers."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import IntEnum

import numpy as np

from sim.arrays import Floats


class LawKind(IntEnum):
    """The families of distributions; the comment gives the meaning of ``a`` and ``b``."""

    DETERMINISTIC = 0  # a: the value
    EXPONENTIAL = 1  # a: mean
    LOGNORMAL = 2  # a: mean of the logarithm, b: its standard deviation
    GAMMA = 3  # a: shape, b: scale
    WEIBULL = 4  # a: shape, b: scale
    UNIFORM = 5  # a: lowest, b: highest
    POINTS = 6  # a quantile curve: value against probability, linear between points
    UNLIMITED = 7  # always infinite


@dataclass(frozen=True, slots=True)
class Law:
    """One distribution of a time in seconds.

    Attributes
    ----------
    kind : LawKind
    a, b : float
        Parameters, see :class:`LawKind`.
    zero : float
        Share of draws that are exactly zero; the law holds for the others.
    u, x : ndarray, shape (n,)
        For ``POINTS``: probabilities (ascending, from 0 to at most 1) and values (seconds).
        Probability beyond the last point means "never" (infinite).
    """

    kind: LawKind
    a: float = 0.0
    b: float = 0.0
    zero: float = 0.0
    u: Floats = field(default_factory=lambda: np.empty(0))
    x: Floats = field(default_factory=lambda: np.empty(0))


NEVER = Law(LawKind.UNLIMITED)
AT_ONCE = Law(LawKind.DETERMINISTIC, 0.0)
