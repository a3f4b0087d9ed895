"""The model of a whole center."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sim.array_types import Floats, Ints
from sim.model.groups import Group
from sim.model.journeys import Journeys
from sim.model.queues import Queue
from sim.model.satisfaction import Satisfaction


@dataclass(frozen=True, slots=True)
class Busyness:
    """How days differ: one factor a day and queue, mean 1.

    ``shared`` is the correlation (of the underlying normal variables) between queues: 1 is
    one factor common to all, 0 a factor of each queue's own; ``memory`` that with the day before.
    ``cv`` 0 means no variation.
    """

    cv: float = 0.0
    shared: float = 1.0
    lognormal: bool = False
    memory: float = 0.0


@dataclass(frozen=True, slots=True)
class TalkVariation:
    """How days differ in talk and hold: one factor a day and queue, lognormal with mean 1.

    ``correlation`` is that with the factor of the queue's volume on the same day, ``memory`` that
    with the day before, both of the underlying normal variables. ``cv`` 0 means no variation.
    All queues share a level that is multiplied onto it: a random walk whose daily ratios have the
    coefficient of variation ``level_change``, known ``level_days`` days before the first day.
    """

    cv: float = 0.0
    correlation: float = 0.0
    memory: float = 0.0
    level_change: float = 0.0
    level_days: int = 1

    @property
    def varies(self) -> bool:
        """Whether days differ."""
        return self.cv > 0 or self.level_change > 0

    def level_variances(self, days: int) -> Floats:
        """Return the variances of the logarithm of the level of each day, shape (days,)."""
        return np.asarray(np.log1p(self.level_change**2) * (self.level_days + np.arange(days)))

    def cv_of_day(self, day: int) -> float:
        """Return the coefficient of variation of the talk of a day, its level included."""
        variance = np.log1p(self.cv**2) + self.level_variances(day + 1)[-1]
        return float(np.sqrt(np.expm1(variance)))


@dataclass(frozen=True, slots=True)
class Goal:
    """What the center as a whole promises to all who turn to its live queues.

    Attributes
    ----------
    threshold : float
        Longest wait (s) that counts as in time; infinite for deferred work, which has due times.
    target : float
        Share that is to be answered in time.
    variant : str
        Formula of the service level.
    """

    threshold: float
    target: float
    variant: str


@dataclass(frozen=True, slots=True)
class CommonTarget:
    """Several queues taken as one.

    Attributes
    ----------
    name : str
    queues : tuple of int
        Their numbers, ascending.
    goal : Goal or None
        What they promise together; None: each queue has its own promise.
    """

    name: str
    queues: tuple[int, ...]
    goal: Goal | None = None


@dataclass(frozen=True, slots=True, repr=False)
class Model:
    """A whole scenario as arrays and records.

    Attributes
    ----------
    name : str
    queues, groups : tuples, alphabetical by name
    channels : tuple of str, alphabetical
    days : int
        Days of the horizon; 1 for a stationary run.
    day_s : float
        Length of a day: 86400, or the whole horizon of a stationary run.
    interval_s : float
    first_day : datetime64[D]
        Date of the first day.
    starts : tuple of str, shape (intervals,)
        Label of each interval's start: "08:00" for one day, "2026-03-02T08:00" for several.
    horizon : float
        End of the last interval; arrivals stop here.
    measure_from : float
        End of the warm-up: contacts and agent time before it are not counted.
    lines : float
        Lines common to all queues with ``shares_lines``.
    busyness : Busyness
    talk_variation : TalkVariation
    runs, seed : int
        The scenario's own defaults for an experiment.
    fingerprint : str
        Hash of the scenario and every file it read.
    goal : Goal or None
        By what the live queues together are judged; None: each by its own promise.
    targets : tuple of CommonTarget, alphabetical by name
        Queues taken as one.
    satisfaction : Satisfaction or None
        What makes customers satisfied; None: not modelled.
    journeys : Journeys or None
        Issues and segments of customers; None where the scenario says nothing of them.
    """

    name: str
    queues: tuple[Queue, ...]
    groups: tuple[Group, ...]
    channels: tuple[str, ...]
    days: int
    day_s: float
    interval_s: float
    starts: tuple[str, ...]
    horizon: float
    measure_from: float
    lines: float
    busyness: Busyness
    runs: int
    seed: int
    fingerprint: str
    goal: Goal | None = None
    first_day: np.datetime64 = np.datetime64("2026-01-05")
    targets: tuple[CommonTarget, ...] = ()
    satisfaction: Satisfaction | None = None
    journeys: Journeys | None = None
    talk_variation: TalkVariation = TalkVariation()

    def __repr__(self) -> str:
        """Return the model in one line."""
        sizes = f"{len(self.queues)} queues, {len(self.groups)} groups, {self.intervals} intervals"
        return f"Model({self.name!r}, {sizes})"

    @property
    def instants(self) -> npt.NDArray[np.datetime64]:
        """Return date and time of each interval's start, shape (intervals,)."""
        since = np.round(np.arange(self.intervals) * self.interval_s).astype("timedelta64[s]")
        return np.asarray(self.first_day.astype("datetime64[s]") + since)

    @property
    def intervals(self) -> int:
        """Return the number of intervals of the horizon."""
        return len(self.starts)

    @property
    def further_thresholds(self) -> tuple[float, ...]:
        """Return thresholds (s) of targets that are neither those of their queues nor common."""
        common = None if self.goal is None else self.goal.threshold
        found = {
            target.goal.threshold
            for target in self.targets
            if target.goal is not None and np.isfinite(target.goal.threshold)
            for queue in (self.queues[k] for k in target.queues)
            if not queue.deferred and target.goal.threshold not in (queue.threshold, common)
        }
        return tuple(sorted(found))

    def target(self, name: str) -> CommonTarget:
        """Return the queues that are taken as one under a name."""
        return next(target for target in self.targets if target.name == name)

    def interval_of(self, instants: Floats) -> Ints:
        """Return the interval in which each instant (s) falls, the last one for later ones."""
        index = np.floor(instants / self.interval_s).astype(np.int64)
        return np.clip(index, 0, self.intervals - 1)

    def day_of(self, instants: Floats) -> Ints:
        """Return the day in which each instant (s) falls, the last one for later ones."""
        index = np.floor(instants / self.day_s).astype(np.int64)
        return np.clip(index, 0, self.days - 1)
