"""Recorded and simulated contacts as sums by half hour, from which all rates are computed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from sim.array_types import Bools, Floats
from sim.history.calibration.scenario_tables import FINE_MINUTES, in_opening_hours
from sim.history.calibration.week_calendar import WeekOpening
from sim.history.call_log import CallLog
from sim.metrics.tally_fields import LegSum

if TYPE_CHECKING:
    from sim.metrics import Tallies

HALF_HOUR = 30
PER_DAY = 24 * 60 // HALF_HOUR
WITHIN = 20.0
"""Threshold of the service level (s) with which simulation and record are compared."""
METRICS = ("service_level", "asa_s", "abandonment")
SUMMED = (
    LegSum.OFFERED, LegSum.ANSWERED, LegSum.WITHIN, LegSum.ABANDONED, LegSum.ABANDONED_WITHIN,
    LegSum.WAIT_ANSWERED,
)  # fmt: skip
"""Of a simulation, in the order of the attributes of :class:`ContactSums`."""


@dataclass(frozen=True)
class ContactSums:
    """Sums of the whole center or of a queue; the last axis are periods.

    Attributes
    ----------
    offered, answered, within, abandoned, abandoned_within : ndarray
        Contacts; ``within`` are those answered within 20 s.
    wait : ndarray
        Seconds, of the answered.
    """

    offered: Floats
    answered: Floats
    within: Floats
    abandoned: Floats
    abandoned_within: Floats
    wait: Floats

    def _all(self) -> tuple[Floats, ...]:
        return (
            self.offered, self.answered, self.within, self.abandoned, self.abandoned_within,
            self.wait,
        )  # fmt: skip

    def added_up(self, periods: int) -> ContactSums:
        """Return sums over so many neighbouring periods."""
        return ContactSums(
            *(one.reshape(*one.shape[:-1], -1, periods).sum(axis=-1) for one in self._all())
        )

    def among(self, before: int, days: int) -> ContactSums:
        """Return sums by half hour of so many days, zero in those before and after the own."""
        after = days * PER_DAY - before * PER_DAY - self.offered.shape[-1]
        own = [(0, 0)] * (self.offered.ndim - 1)
        return ContactSums(*(np.pad(one, [*own, (before * PER_DAY, after)]) for one in self._all()))

    def in_all(self) -> ContactSums:
        """Return sums over all periods, as one."""
        return self.added_up(self.offered.shape[-1])

    def over_replications(self) -> ContactSums:
        """Return sums over the replications, which are the first axis."""
        return ContactSums(*(one.sum(axis=0) for one in self._all()))

    def metric(self, name: str) -> Floats:
        """Return one of :data:`METRICS`; NaN where nothing is offered or answered."""
        with np.errstate(invalid="ignore", divide="ignore"):
            if name == "asa_s":
                return np.asarray(self.wait / self.answered)
            if name == "abandonment":
                return np.asarray(self.abandoned / self.offered)
            # Those who abandon within the threshold are ignored, as scenarios do by default.
            below = self.answered + self.abandoned - self.abandoned_within
            return np.asarray(self.within / below)


def actual_sums(log: CallLog, calendar: WeekOpening, queue: int | None = None) -> ContactSums:
    """Return the sums of a log by half hour of all its days, of one queue if that is given.

    Contacts outside the opening hours do not count, as they are not simulated.
    """
    inside = in_opening_hours(log, calendar)
    if queue is not None:
        inside &= log.queue == queue
    place = np.minimum(log.offered // (60 * HALF_HOUR), PER_DAY - 1).astype(np.int64)
    cell = log.day * PER_DAY + place
    soon = log.wait <= WITHIN
    answered, abandoned = log.answered & inside, log.abandoned & inside

    def count(rows: Bools, weights: Floats | None = None) -> Floats:
        chosen = None if weights is None else weights[rows]
        return np.bincount(cell[rows], chosen, log.days * PER_DAY).astype(float)

    return ContactSums(
        count(answered | abandoned), count(answered), count(answered & soon), count(abandoned),
        count(abandoned & soon), count(answered, log.wait),
    )  # fmt: skip


def simulated_sums(tallies: Tallies, intervals: int = HALF_HOUR // FINE_MINUTES) -> ContactSums:
    """Return the sums of each replication over all queues.

    Parameters
    ----------
    tallies : Tallies
    intervals : int
        That make up a period: as many as a half hour of recorded days has, unless given.

    Returns
    -------
    ContactSums
        Arrays of shape (replications, periods).
    """

    def of_periods(column: LegSum) -> Floats:
        found = tallies.of("legs", column.name.lower())
        return np.asarray(found.reshape(*found.shape[:-1], -1, intervals).sum(axis=-1).sum(axis=1))

    return ContactSums(*map(of_periods, SUMMED))


def queue_sums(tallies: Tallies, queue: int) -> ContactSums:
    """Return the sums of each replication over the whole horizon, of one queue.

    Parameters
    ----------
    tallies : Tallies
    queue : int
        Its place.

    Returns
    -------
    ContactSums
        Arrays of shape (replications, 1).
    """

    def of_queue(column: LegSum) -> Floats:
        found = tallies.of("legs", column.name.lower())[:, queue]
        return np.asarray(found.sum(axis=-1, keepdims=True))

    return ContactSums(*map(of_queue, SUMMED))
