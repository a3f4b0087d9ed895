"""Random times that differ by the interval of the horizon."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from sim.distributions import DistributionByInterval, TimeDistribution
from sim.model import NEVER, Queue
from verification.random_models.draws import Frame, bernoulli, distribution, small
from verification.random_models.draws import patience as random_patience


def with_times_by_interval(rng: np.random.Generator, frame: Frame, queue: Queue) -> Queue:
    """Return a queue, sometimes one whose times have another distribution in some intervals.

    Parameters
    ----------
    rng : numpy.random.Generator
    frame : Frame
    queue : Queue
    """
    if not bernoulli(rng, 0.3):
        return queue
    whole, mean = frame.whole, queue.talk.mean
    others = {
        "talk": distribution(rng, float(rng.choice([0.5, 1.5])) * mean, whole),
        "hold": small(rng, 0.1 * mean, whole, 0.5),
        "wrap": small(rng, 0.3 * mean, whole, 0.5),
        "patience": NEVER if queue.patience == NEVER else random_patience(rng, whole),
    }
    changed: dict[str, Any] = {
        name: _mixed(rng, frame, getattr(queue, name), other)
        for name, other in others.items()
        if bernoulli(rng, 0.6)
    }
    return replace(queue, **changed)


def _mixed(
    rng: np.random.Generator, frame: Frame, usual: TimeDistribution, other: TimeDistribution
) -> TimeDistribution:
    chosen = [other if bernoulli(rng, 0.5) else usual for _ in range(frame.intervals)]
    return DistributionByInterval.from_intervals(chosen, np.ones(frame.intervals))
