"""Random announced waits and head starts, and customers who leave without a word."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from sim.model import Announce, Queue, Silent
from verification.random_models.draws import Frame, bernoulli, duration, share, small


def with_waiting(rng: np.random.Generator, frame: Frame, queue: Queue) -> Queue:
    """Return a queue, sometimes one of silent customers, announced waits or a head start.

    Parameters
    ----------
    rng : numpy.random.Generator
    frame : Frame
    queue : Queue
    """
    if not queue.deferred and bernoulli(rng, 0.35):
        within = float(rng.choice([0.0, 0.1, rng.random()]))
        noticed = small(rng, duration(rng, 5, 300, frame.whole), frame.whole, 0.8)
        queue = replace(queue, silent=Silent(share(rng), within, noticed))
    if bernoulli(rng, 0.3):
        queue = replace(queue, announce=_announce(rng, frame.whole))
    if bernoulli(rng, 0.3):
        queue = replace(queue, head_start=duration(rng, 5, 300, frame.whole))
    return queue


def _announce(rng: np.random.Generator, whole: bool) -> Announce:
    return Announce(
        handle=duration(rng, 30, 600, whole),
        scale=float(rng.choice([1.0, 0.5, 1.5])),
        balk=float(rng.choice([0.0, 0.05, 0.5])),
        patience=float(rng.choice([1.0, 0.5, 1.2])),
        accept=float(rng.choice([0.0, 0.1])),
    )
