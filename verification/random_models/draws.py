"""Random shares, durations and distributions, and the calendar of a random model."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from sim.distributions import (
    Deterministic,
    Exponential,
    Gamma,
    Lognormal,
    Points,
    TimeDistribution,
    Uniform,
    Weibull,
)
from sim.model import NEVER, Bools, Floats

DAY = 86400.0


@dataclass(frozen=True)
class Frame:
    """The calendar of a random model, and whether its times are whole seconds."""

    days: int
    day_s: float
    interval_s: float
    hours: Floats
    whole: bool

    @property
    def intervals(self) -> int:
        """Number of intervals of the horizon."""
        return round(self.days * self.day_s / self.interval_s)

    @property
    def is_open(self) -> Bools:
        """Whether each interval lies in the opening hours."""
        starts = np.arange(self.intervals) * self.interval_s
        inside = (starts[:, None] >= self.hours[:, 0]) & (starts[:, None] < self.hours[:, 1])
        found: Bools = np.logical_or.reduce(inside, axis=1)
        return found


def bernoulli(rng: np.random.Generator, share: float) -> bool:
    """Return True with a probability."""
    return bool(rng.random() < share)


def share(rng: np.random.Generator) -> float:
    """Return a share, often an extreme one."""
    return float(rng.choice([0.0, 1.0, rng.random(), rng.random(), rng.random()]))


def duration(rng: np.random.Generator, low: float, high: float, whole: bool) -> float:
    """Return a time (s) spread evenly on the logarithmic scale; whole ones round."""
    time = math.exp(rng.uniform(math.log(low), math.log(high)))
    if not whole:
        return time
    half_minutes = time > 20 and bernoulli(rng, 0.7)
    return max(1.0, float(round(time / 30) * 30 if half_minutes else round(time)))


def distribution(rng: np.random.Generator, mean: float, whole: bool) -> TimeDistribution:
    """Return a distribution with about this mean, of any kind that is always finite."""
    zero = float(rng.choice([0.0, 0.0, 0.0, 0.2]))
    if whole and bernoulli(rng, 0.95):
        low, high = max(1.0, round(mean / 2)), max(2.0, float(round(mean * 1.5)))
        u = np.array([0.0, 0.5, 0.5, 1.0])  # two values and nothing between
        steps = Points(u, np.array([low, low, high, high]), zero)
        constant = Deterministic(float(round(mean)), zero)
        return steps if bernoulli(rng, 0.6) else constant
    kinds: tuple[Callable[[], TimeDistribution], ...] = (
        lambda: Deterministic(mean, zero),
        lambda: Exponential(mean, zero),
        lambda: Lognormal(math.log(mean) - 0.32, 0.8, zero),
        lambda: Gamma(2.5, mean / 2.5, zero),
        lambda: Weibull(1.3, mean / math.gamma(1 + 1 / 1.3), zero),
        lambda: Uniform(0.5 * mean, 1.5 * mean, zero),
        lambda: Points(np.array([0.0, 0.3, 0.3, 1.0]), mean * np.array([0.2, 0.5, 0.8, 1.8]), zero),
    )
    return kinds[int(rng.integers(0, len(kinds)))]()


def small(rng: np.random.Generator, mean: float, whole: bool, share: float) -> TimeDistribution:
    """Return a distribution, or zero."""
    nothing = Deterministic(0.0)
    return distribution(rng, mean, whole) if bernoulli(rng, share) else nothing


def patience(rng: np.random.Generator, whole: bool) -> TimeDistribution:
    """Return a patience, sometimes without an end."""
    mean = duration(rng, 20, 600, whole)
    if bernoulli(rng, 0.2):
        return NEVER
    if bernoulli(rng, 0.2):  # some never give up
        x = np.array([0.0, mean, mean, 2 * mean]) if whole else mean * np.array([0, 0.3, 1, 3])
        u = np.array([0.0, 0.0, 0.5, 0.8]) if whole else np.array([0.0, 0.2, 0.6, 0.8])
        return Points(u=u, x=np.round(x) if whole else x)
    return distribution(rng, mean, whole)
