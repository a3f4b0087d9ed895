"""By how much the clock of one file is ahead of that of another."""

from __future__ import annotations

import numpy as np

from sim.array_types import Floats, Ints

FARTHEST = 120.0
"""Ends this far apart (s) may be the same."""
_NEAR = 1.5
_LEAST = 0.75
_FEWEST = 30


def clock_difference(agent: Ints, end: Floats, state_agent: Ints, state_end: Floats) -> float:
    """Return how much later (s) states with a contact end than the contacts themselves.

    Parameters
    ----------
    agent, end : ndarray, shape (contacts,)
        When each talk ended (s).
    state_agent, state_end : ndarray, shape (states,)
        When states with a contact ended (s).

    Returns
    -------
    float
        0 unless most contacts have about the same difference, of a second or more.
    """
    if agent.size < _FEWEST or state_agent.size < _FEWEST:
        return 0.0
    span = float(max(end.max(), state_end.max())) + 4 * FARTHEST
    ends = np.sort(state_agent * span + state_end)
    asked = agent * span + end
    place = np.clip(np.searchsorted(ends, asked), 1, ends.size - 1)
    before, after = ends[place - 1] - asked, ends[place] - asked
    nearest = np.where(np.abs(before) < np.abs(after), before, after)
    nearest = nearest[np.abs(nearest) <= FARTHEST]
    if nearest.size < _FEWEST:
        return 0.0
    middle = float(np.median(nearest))
    agree = float(np.mean(np.abs(nearest - middle) <= _NEAR))
    return middle if abs(middle) >= _LEAST and agree > 0.5 else 0.0
