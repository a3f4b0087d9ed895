"""Random conditions of queues: what differs by the instant of arrival."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from sim.model import Conditions, Queue
from verification.random_models.draws import Frame, bernoulli, share

_FACTORS = ("talk", "hold", "wrap", "patience", "residual")


def with_conditions(rng: np.random.Generator, frame: Frame, queue: Queue) -> Queue:
    """Return a queue, sometimes one whose contacts differ by the instant of arrival.

    Parameters
    ----------
    rng : numpy.random.Generator
    frame : Frame
    queue : Queue
    """
    if not bernoulli(rng, 0.3):
        return queue
    first, last = frame.hours[0, 0], frame.hours[-1, 1]
    starts = np.sort(rng.uniform(first, last, int(rng.integers(1, 6))))
    if frame.whole:
        starts = np.unique(np.round(starts / 300) * 300)
    later = [_conditions(rng, queue, start) for start in starts.tolist() if start > 0]
    return replace(queue, conditions=(_usual(queue, 0.0), *later))


def _usual(queue: Queue, start: float) -> Conditions:
    bot = queue.bot
    return Conditions(
        start,
        residual=1.0 if bot is None else bot.residual,
        balk=queue.balk,
        resolved=queue.resolved,
        tried=0.0 if bot is None else bot.tried,
        contained=0.0 if bot is None else bot.contained,
    )


def _conditions(rng: np.random.Generator, queue: Queue, start: float) -> Conditions:
    usual = _usual(queue, start)
    if bernoulli(rng, 0.3):
        return usual
    factors = rng.choice([0.5, 1.0, 1.0, 1.5, 2.0], 5)
    return replace(
        usual,
        **dict(zip(_FACTORS, factors.tolist(), strict=True)),
        balk=share(rng) if bernoulli(rng, 0.3) else usual.balk,
        resolved=usual.resolved if np.isnan(usual.resolved) else share(rng),
        tried=share(rng) if queue.bot else 0.0,
        contained=float(rng.uniform(0, 0.9)) if queue.bot else 0.0,
        down=bernoulli(rng, 0.15),
    )
