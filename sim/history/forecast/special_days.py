"""Holidays and events: how far their volumes were from an ordinary day's."""

from __future__ import annotations

import numpy as np

from sim.array_types import Floats, Ints
from sim.history.forecast.day_table import DayTable
from sim.history.forecast.origins import target_days

_PRIOR_DAYS = 1.0
"""Days that the mean of the other days with a name, or no effect at all, weighs."""


def special_factors(table: DayTable, ordinary: Floats, origins: Ints, leads: int) -> Floats:
    """Return the factor on volume of each forecast day; 1 for days without a name.

    The log ratio of a day with a name to the forecast for an ordinary day is averaged over the
    past days of the same name, and shrunk to the mean of all past days with a name, which is
    shrunk to no effect. Days before those with a name are shrunk to their own mean.

    Parameters
    ----------
    table : DayTable
        History.
    ordinary : Floats
        Contacts forecast for an ordinary day; shape (origins, leads, intervals).
    origins : Ints
        Consecutive days known.
    leads : int
        Days ahead.

    Returns
    -------
    Floats
        Shape (origins, leads).
    """
    targets = target_days(origins, leads)
    names = table.special[targets]
    factors = np.ones(targets.shape)
    days, ratios = _past_ratios(table, ordinary, origins)
    are_eves = table.special[days] >= table.eves_from
    for row in np.flatnonzero((names >= 0).any(axis=1)):
        past = days < origins[row]
        for lead in np.flatnonzero(names[row] >= 0):
            same = past & (table.special[days] == names[row, lead])
            alike = past & (are_eves == (names[row, lead] >= table.eves_from))
            general = ratios[alike].sum() / (alike.sum() + _PRIOR_DAYS)
            own = ratios[same].sum() + _PRIOR_DAYS * general
            factors[row, lead] = np.exp(own / (same.sum() + _PRIOR_DAYS))
    return factors


def _past_ratios(table: DayTable, ordinary: Floats, origins: Ints) -> tuple[Ints, Floats]:
    """Days with a name that were open, and the log of their contacts over an ordinary day's."""
    days, ratios = [], []
    for row, day in enumerate(origins):
        if day < table.known and table.special[day] >= 0 and table.seen[day]:
            known = np.isfinite(table.counts[day])
            actual, usual = table.counts[day, known].sum(), ordinary[row, 0, known].sum()
            days.append(int(day))
            ratios.append(np.log((actual + 0.5) / (usual + 0.5)))
    return np.array(days, int), np.array(ratios)
