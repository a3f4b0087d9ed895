"""Random issues and segments of customers."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from sim.distributions import Exponential
from sim.model import (
    Context,
    Floats,
    Group,
    IssueKind,
    Journeys,
    Model,
    Queue,
    Resolution,
    Segment,
    Touchpoint,
)
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


def with_context(rng: np.random.Generator, model: Model) -> Model:
    """Return half the models with hand-overs that lose context, and agents who differ."""
    if bernoulli(rng, 0.5):
        return model
    queues = tuple(_with_context(rng, queue) for queue in model.queues)
    groups = tuple(_with_tenure(rng, group) for group in model.groups)
    return replace(model, queues=queues, groups=groups)


def _with_context(rng: np.random.Generator, queue: Queue) -> Queue:
    repeat, bot = queue.repeat, queue.bot
    resolution = Resolution(
        float(rng.choice([1.0, 0.7])), float(rng.choice([1.0, 0.8])),
        float(rng.choice([30.0, 120.0, np.inf])), 0.5,
    )  # fmt: skip
    return replace(
        queue,
        resolution=resolution,
        repeat=None if repeat is None else replace(repeat, context=_context(rng)),
        bot=None if bot is None else replace(bot, context=_context(rng)),
        transfers=tuple(replace(each, context=_context(rng)) for each in queue.transfers),
    )


def _context(rng: np.random.Generator) -> Context:
    carried = float(rng.choice([np.nan, 0.0, 0.5, 0.5, 1.0]))
    return Context(carried, random_change(rng))


def with_speeds(rng: np.random.Generator, model: Model) -> Model:
    """Return a model, sometimes with agents of random speeds, but for the first."""
    groups = tuple(
        replace(each, speed_spread=0.4, persons=2, person_gaps=(Exponential(30.0), None))
        if bernoulli(rng, 0.3)
        else each
        for each in model.groups
    )
    return replace(model, groups=groups)


def _with_tenure(rng: np.random.Generator, group: Group) -> Group:
    if bernoulli(rng, 0.5):
        return group
    factors = np.array([(1.0, 1.0), (0.5, 0.8), (2.0, 1.2)])
    return replace(group, agent_factors=factors[rng.integers(0, 3, group.agents)])


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
