"""What is left out of a call log or changed in it, step by step, each counted."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from sim.array_types import Bools, Floats, Ints

MOST_IMPOSSIBLE = 0.2
"""Share of rows with impossible times above which the mapping of columns is doubted."""
NEAR_EMPTY = 0.25
"""A day with fewer contacts than this share of the median of its weekday is nearly empty."""
CLOSED_WEEKDAY = 0.02
"""A weekday whose median is below this share of the busiest weekday's counts as closed."""
SPIKE = 3
"""Talks at exactly the longest one from which on that is a limit of the recording."""


@dataclass(frozen=True)
class CleaningStep:
    """One step of cleaning.

    Attributes
    ----------
    name : str
        What was found, such as ``phantom records``.
    count : int
        Records, or days.
    action : str
        What was done with them.
    """

    name: str
    count: int
    action: str


@dataclass
class Cleaning:
    """The steps of cleaning in their order.

    Attributes
    ----------
    rows : int
        Records in the file.
    steps : list of CleaningStep
    notes : list of str
        What was assumed at reading.
    """

    rows: int
    steps: list[CleaningStep] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def add(self, name: str, count: int | Bools, action: str) -> None:
        """Add a step; of a mask the number of true values."""
        self.steps.append(CleaningStep(name, int(np.sum(count)), action))


def is_limit(talk: Floats) -> float | None:
    """Return the longest talk where several end there, as at a limit of the recording (s).

    Returns
    -------
    float or None
        None where the longest talk is the longest by itself.
    """
    known = talk[np.isfinite(talk)]
    if known.size < 100:
        return None
    longest = float(known.max())
    at_most = int((known >= longest).sum())
    just_below = int(((known < longest) & (known >= 0.9 * longest)).sum())
    return longest if at_most >= SPIKE and at_most > 0.5 * just_below else None


def used_days(counts: Ints, weekday: Ints) -> tuple[Bools, Bools, Bools]:
    """Return which days are used, which lack their contacts, and which are nearly empty.

    Parameters
    ----------
    counts : int64, shape (days,)
        Contacts by day.
    weekday : int64, shape (days,)

    Returns
    -------
    used, missing, near_empty : bool, shape (days,)
    """
    medians = np.array([_median(counts[(weekday == one) & (counts > 0)]) for one in range(7)])
    closed = medians < CLOSED_WEEKDAY * medians.max()
    usual = np.where(closed, 0.0, medians)[weekday]
    missing = (counts == 0) & (usual > 0)
    near_empty = (counts > 0) & (counts < NEAR_EMPTY * usual)
    return (counts > 0) & ~near_empty & (usual > 0), missing, near_empty


def _median(counts: Ints) -> float:
    return float(np.median(counts)) if counts.size else 0.0
