"""Holidays and events: how far their volumes were from an ordinary day's."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim.array_types import Floats, Ints
from sim.history.forecast.day_table import DayTable
from sim.history.forecast.origins import target_days

_PRIOR_DAYS = 1.0
"""Days that the mean of the other days of the kind, or no effect at all, weighs; also those that
the error below weighs."""
_PRIOR_ERROR = 0.5
"""Error of a factor, as a share of the contacts expected, before any is known: 90 % bounds then
reach from near nothing to nearly twice as many."""


@dataclass(frozen=True, eq=False)
class SpecialDays:
    """Effect of names on volume, at each origin and lead.

    Parameters
    ----------
    factors : Floats
        Of an ordinary day's contacts; 1 for days without a name. Shape (origins, leads).
    variance : Floats
        Of contacts over those expected, from the doubt of the factor; 0 for days without a name.
        Same shape.
    """

    factors: Floats
    variance: Floats


def special_days(table: DayTable, ordinary: Floats, origins: Ints, leads: int) -> SpecialDays:
    """Return the factor on volume of each forecast day with a name, and how uncertain it is.

    The log ratio of a day with a name to the forecast for an ordinary day is averaged over the
    past days of the same name, and shrunk to the mean of all past holidays, of all past events or
    of all days before either, which is shrunk to no effect. The variance
    is that of the errors that such factors had on these past days, over one more than
    the past days of the same name: a holiday that the history does not have may be anything from
    an ordinary day to an empty one.

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
    """
    targets = target_days(origins, leads)
    names = table.special[targets]
    factors, variance = np.ones(targets.shape), np.zeros(targets.shape)
    days, ratios = _past_ratios(table, ordinary, origins)
    past_names, kinds = table.special[days], table.kinds[table.special[days]]
    errors = np.zeros(len(days))
    for row in np.flatnonzero((names >= 0).any(axis=1)):
        past = days < origins[row]
        for lead in np.flatnonzero(names[row] >= 0):
            same = past & (past_names == names[row, lead])
            alike = past & (kinds == table.kinds[names[row, lead]])
            general = ratios[alike].sum() / (alike.sum() + _PRIOR_DAYS)
            own = ratios[same].sum() + _PRIOR_DAYS * general
            factors[row, lead] = np.exp(own / (same.sum() + _PRIOR_DAYS))
            squares = np.square(errors[alike]).sum() + _PRIOR_DAYS * _PRIOR_ERROR**2
            variance[row, lead] = squares / (alike.sum() + _PRIOR_DAYS) / (same.sum() + 1)
        now = days == origins[row]
        errors[now] = np.clip(np.exp(ratios[now]) / factors[row, 0] - 1, -1, 1)
    return SpecialDays(factors, variance)


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
