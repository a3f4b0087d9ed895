"""Random models that mix every feature, small enough to simulate in some hundredths of a second.

The same state of the generator gives the same model. What a scenario file would refuse does
not occur. With ``whole_seconds`` nearly all times are whole seconds or minutes, so that events
often fall on the same instant.
"""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np

from sim.metrics import VARIANTS
from sim.model import Busyness, CommonTarget, Goal, Model, TalkVariation
from sim.units import show_clock
from verification.random_models.conditions import with_conditions
from verification.random_models.draws import DAY, Frame, bernoulli, duration
from verification.random_models.groups import random_groups
from verification.random_models.journeys import random_journeys, with_context, with_speeds
from verification.random_models.outbound import with_outbound
from verification.random_models.pauses import with_pauses
from verification.random_models.queues import random_queue
from verification.random_models.times import with_times_by_interval
from verification.random_models.waiting import with_waiting


def random_model(rng: np.random.Generator, whole_seconds: bool = False) -> Model:
    """Return a random model of 50 to some hundred contacts.

    Parameters
    ----------
    rng : numpy.random.Generator
    whole_seconds : bool
        Nearly all times are whole seconds or whole minutes.
    """
    frame = _frame(rng, whole_seconds)
    count = int(rng.integers(1, 5))
    deferred = [bernoulli(rng, 0.3) for _ in range(count)]
    handle = [duration(rng, 20, 400, whole_seconds) for _ in range(count)]
    volumes = rng.dirichlet(np.full(count, 2.0)) * rng.integers(50, 300)
    queues = [
        random_queue(rng, frame, k, count, deferred[k], handle[k], float(volumes[k]))
        for k in range(count)
    ]
    work = float(np.dot(volumes, handle))
    groups = random_groups(rng, frame, queues, work)
    starts = tuple(_label(frame, i) for i in range(frame.intervals))
    bounded = any(queue.shares_lines for queue in queues)
    found = Model(
        name="random",
        queues=tuple(queues),
        groups=tuple(groups),
        channels=tuple(sorted({queue.channel for queue in queues})),
        days=frame.days,
        day_s=frame.day_s,
        interval_s=frame.interval_s,
        starts=starts,
        horizon=frame.days * frame.day_s,
        measure_from=float(rng.choice([0.0, 0.0, 600.0, 1234.5])) if frame.day_s < DAY else 0.0,
        lines=float(rng.integers(3, 15)) if bounded else math.inf,
        busyness=_busyness(rng),
        runs=1,
        seed=1,
        fingerprint="random",
    )
    # Drawn last, so nothing else changes.
    found = replace(found, targets=_targets(rng, found))
    found = replace(found, journeys=random_journeys(rng, found))
    found = replace(found, queues=tuple(with_conditions(rng, frame, q) for q in found.queues))
    found = replace(found, queues=tuple(with_waiting(rng, frame, q) for q in found.queues))
    found = with_context(rng, found)
    found = replace(found, talk_variation=_talk_variation(rng))
    found = replace(found, busyness=replace(found.busyness, memory=float(rng.choice([0.0, 0.6]))))
    queues_by_interval = (with_times_by_interval(rng, frame, q) for q in found.queues)
    found = replace(found, queues=tuple(queues_by_interval))
    found = replace(found, groups=tuple(with_pauses(rng, frame, g) for g in found.groups))
    found = with_speeds(rng, found)
    found = replace(found, journeys=with_outbound(rng, frame, found))
    change, known = float(rng.choice([0.0, 0.0, 0.1])), int(rng.integers(0, 4))
    varied = replace(found.talk_variation, level_change=change, level_days=known)
    return replace(found, talk_variation=varied)


def _targets(rng: np.random.Generator, model: Model) -> tuple[CommonTarget, ...]:
    """Return none to two targets, with thresholds of their own, of a queue or none."""
    found = []
    for name in ("one", "two")[: int(rng.integers(0, 3))]:
        size = int(rng.integers(1, len(model.queues) + 1))
        members = np.sort(rng.choice(len(model.queues), size, replace=False)).tolist()
        own = model.queues[members[0]].threshold
        threshold = float(rng.choice([own, 15.0, 45.0, 90.0]))
        goal = Goal(threshold, 0.8, str(rng.choice(list(VARIANTS))))
        found.append(CommonTarget(name, tuple(members), goal if bernoulli(rng, 0.8) else None))
    return tuple(found)


def _busyness(rng: np.random.Generator) -> Busyness:
    cv = float(rng.choice([0.0, 0.0, 0.2]))
    return Busyness(cv, float(rng.choice([0.0, 0.5, 1.0])), bernoulli(rng, 0.5))


def _talk_variation(rng: np.random.Generator) -> TalkVariation:
    cv = float(rng.choice([0.0, 0.0, 0.3]))
    return TalkVariation(cv, float(rng.choice([0.0, -0.5, 0.4])), float(rng.choice([0.0, 0.5])))


def _frame(rng: np.random.Generator, whole: bool) -> Frame:
    if bernoulli(rng, 0.25):  # one day without a time of day
        day_s = float(rng.choice([3600.0, 5400.0, 7200.0]))
        return Frame(1, day_s, float(rng.choice([300.0, 900.0])), np.array([[0.0, day_s]]), whole)
    days = int(rng.choice([1, 1, 1, 2, 3]))
    interval_s = float(rng.choice([900.0, 1800.0, 3600.0]))
    opens = float(rng.integers(0, 16)) * 3600
    openings = [(opens, opens + float(rng.integers(1, 4)) * 3600)]
    if bernoulli(rng, 0.25):
        reopens = openings[0][1] + 3600 * float(rng.integers(1, 3))
        openings.append((reopens, reopens + 3600))
    if days > 1 and bernoulli(rng, 0.2):  # never closed
        return Frame(days, DAY, interval_s, np.array([[0.0, days * DAY]]), whole)
    pairs = [(d * DAY + a, d * DAY + b) for d in range(days) for a, b in openings]
    if days == 3 and bernoulli(rng, 0.4):  # closed on the second day
        pairs = [pair for pair in pairs if not DAY <= pair[0] < 2 * DAY]
    return Frame(days, DAY, interval_s, np.array(pairs), whole)


def _label(frame: Frame, interval: int) -> str:
    day, within = divmod(interval * frame.interval_s, frame.day_s)
    clock = show_clock(within)
    return clock if frame.days == 1 else f"2026-03-{2 + int(day):02d}T{clock}"
