"""Whether estimates of the first half of a log still hold in the second."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from sim.array_types import Bools, Ints
from sim.history.estimation.day_bootstrap import DayEstimate


@dataclass(frozen=True)
class Drift:
    """One estimate in both halves.

    Attributes
    ----------
    name : str
    first, second : DayEstimate
    """

    name: str
    first: DayEstimate
    second: DayEstimate

    @property
    def change(self) -> float:
        """Second less first."""
        return self.second.value - self.first.value

    @property
    def ratio(self) -> float:
        """Second over first; NaN if the first is zero."""
        return self.second.value / self.first.value if self.first.value else float("nan")

    @property
    def z(self) -> float:
        """Change in standard errors of the change; the halves share no day."""
        error = float(np.hypot(self.first.error, self.second.error))
        return self.change / error if error > 0 else float("nan")

    @property
    def changed(self) -> bool:
        """Whether the change is larger than sampling error explains, at 95 %."""
        return abs(self.z) > 1.96


def halves(days: Ints) -> tuple[Ints, Ints]:
    """Return the first and the second half of some days, in order of time."""
    ordered = np.unique(days)
    middle = (ordered.size + 1) // 2
    return ordered[:middle], ordered[middle:]


def drift(day: Ints, estimates: Callable[[Bools], dict[str, DayEstimate]]) -> tuple[Drift, ...]:
    """Return the estimates of the first and the second half of a log.

    Parameters
    ----------
    day : ndarray of int, shape (records,)
        Day of each record.
    estimates : callable
        Returns estimates by name from a mask of the records that count. What one half cannot
        estimate is left out.
    """
    first, second = (estimates(np.isin(day, half)) for half in halves(day))
    return tuple(
        Drift(name, first[name], second[name])
        for name in first
        if name in second and np.isfinite(first[name].value + second[name].value)
    )
