"""Origins of a rolling back-test: what was known then, and which days are forecast from there."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim.array_types import Floats, Ints


@dataclass(frozen=True)
class ForecastHorizon:
    """Days ahead whose errors are measured together.

    Parameters
    ----------
    title : str
        As shown.
    first, last : int
        Days ahead; 1 is the day after the last known one.
    """

    title: str
    first: int
    last: int

    @property
    def leads(self) -> slice:
        """Columns of an array by days ahead."""
        return slice(self.first - 1, self.last)


HORIZONS = (
    ForecastHorizon("1 day", 1, 1),
    ForecastHorizon("1 week", 2, 7),
    ForecastHorizon("4 weeks", 8, 28),
)
LEADS = HORIZONS[-1].last


def target_days(origins: Ints, leads: int) -> Ints:
    """Return the day that each origin forecasts at each lead; shape (origins, leads).

    An origin is the number of days known, so its first target is the day of that index.
    """
    return origins[:, None] + np.arange(leads)


def at_targets(values: Floats, origins: Ints, leads: int) -> Floats:
    """Return values of the target days, NaN where the day is not known yet.

    Parameters
    ----------
    values : Floats
        Shape (days, ...).
    origins : Ints
        Shape (origins,).
    leads : int
        Days ahead.

    Returns
    -------
    Floats
        Shape (origins, leads, ...).
    """
    targets = target_days(origins, leads)
    later = targets >= len(values)
    found = values[np.minimum(targets, len(values) - 1)]
    found[later] = np.nan
    return found
