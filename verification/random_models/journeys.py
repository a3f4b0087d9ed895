"""Random issues and segments of customers."""

from __future__ import annotations

import numpy as np

from sim.model import Floats, IssueKind, Journeys, Model, Segment, Touchpoint
from verification.random_models.draws import bernoulli, share
from verification.random_models.queues import random_change


def random_journeys(rng: np.random.Generator, model: Model) -> Journeys | None:
    """Return none to three kinds of issues and none to two segments; None for half the models."""
    if bernoulli(rng, 0.5):
        return None
    kinds = tuple(_kind(rng, k) for k in range(int(rng.integers(0, 4))))
    segments = tuple(_segment(rng, k) for k in range(int(rng.integers(0, 3))))
    queues = len(model.queues)
    return Journeys(
        touchpoints=(Touchpoint("delivery", "logistics"), Touchpoint("web")),
        kinds=kinds,
        segments=segments,
        kind_shares=_cumulated(rng, (queues, model.intervals, len(kinds))),
        segment_shares=_cumulated(rng, (queues, len(kinds) + 1, len(segments))),
    )


def _kind(rng: np.random.Generator, number: int) -> IssueKind:
    return IssueKind(
        name=f"kind{number}",
        touchpoint=int(rng.integers(-1, 2)),
        change=random_change(rng),
        resolves=float(rng.choice([1.0, 0.8, 1.2, 0.0])),
        bot_contains=float(rng.choice([1.0, 0.5, 2.0])),
        bot_resolves=float(rng.choice([1.0, 0.5])),
        prevented=float(rng.choice([0.0, 0.0, 0.2])),
        reached=share(rng),
        settled=float(rng.choice([0.0, 0.4])),
    )


def _segment(rng: np.random.Generator, number: int) -> Segment:
    return Segment(
        name=f"segment{number}",
        share=0.3,
        patience=float(rng.choice([1.0, 0.5, 1.5])),
        tries_bot=float(rng.choice([1.0, 0.5, 0.0])),
    )


def _cumulated(rng: np.random.Generator, shape: tuple[int, int, int]) -> Floats:
    """Return cumulated shares along the last axis that reach at most one."""
    parts = rng.dirichlet(np.full(shape[2] + 1, 2.0), shape[:2])
    return np.asarray(np.cumsum(parts[..., :-1], axis=-1))
