"""Random queues: demand, patience, self-service and what may follow a contact."""

from __future__ import annotations

import math

import numpy as np

from sim.distributions import Deterministic
from sim.model import (
    NEVER,
    AtClose,
    Bot,
    Callback,
    Demand,
    Floats,
    Queue,
    Repeat,
    Retry,
    Rule,
    TalkChange,
    Transfer,
)
from verification.random_models.draws import (
    DAY,
    Frame,
    bernoulli,
    distribution,
    duration,
    patience,
    share,
    small,
)

CHANNELS = ("chat", "email", "messaging", "voice")


def random_queue(
    rng: np.random.Generator, frame: Frame, number: int, count: int, deferred: bool,
    mean: float, volume: float,
) -> Queue:  # fmt: skip
    """Return a random queue.

    Parameters
    ----------
    rng : numpy.random.Generator
    frame : Frame
    number, count : int
        Place among the queues, and how many there are.
    deferred : bool
        Work that waits, such as e-mail.
    mean : float
        Mean handle time (s).
    volume : float
        Expected contacts of the horizon.
    """
    whole = frame.whole
    hours = _hours(rng, frame, deferred)
    live = [AtClose.SERVE, AtClose.SEND_AWAY, AtClose.CARRY_OVER]
    closing = AtClose.CARRY_OVER if deferred else live[int(rng.integers(3))]
    channel = "email" if deferred else str(rng.choice([c for c in CHANNELS if c != "email"]))
    never = deferred and bernoulli(rng, 0.8)
    resolved = float(rng.uniform(0.4, 1)) if bernoulli(rng, 0.4) else math.nan
    return Queue(
        name=f"q{number}",
        channel=channel,
        deferred=deferred,
        demand=_demand(rng, frame, hours, mean, volume),
        hours=hours,
        at_close=closing,
        talk=distribution(rng, 0.75 * mean, whole),
        hold=small(rng, 0.1 * mean, whole, 0.3),
        wrap=small(rng, 0.25 * mean, whole, 0.6),
        patience=NEVER if never else patience(rng, whole),
        balk=float(rng.choice([0.0, 0.0, 0.0, 0.3])),
        lines=float(rng.integers(2, 12)) if bernoulli(rng, 0.15) else math.inf,
        shares_lines=channel == "voice" and bernoulli(rng, 0.4),
        limit=float(rng.integers(0, 8)) if bernoulli(rng, 0.15) else math.inf,
        longest_wait=duration(rng, 60, 1800, whole) if bernoulli(rng, 0.15) else math.inf,
        priority=int(rng.integers(0, 3)),
        weight=float(rng.choice([1.0, 1.0, 2.0, 0.5])),
        threshold=float(rng.choice([0.0, 20.0, 60.0])),
        due=3600.0 * float(rng.integers(1, 30)) if deferred and bernoulli(rng, 0.5) else math.inf,
        start_over=deferred and bernoulli(rng, 0.3),
        rule=Rule(int(rng.integers(0, 4))),
        resolved=resolved,
        bot=_bot(rng, frame) if bernoulli(rng, 0.3) else None,
        retry=_retry(rng, whole, number, count) if bernoulli(rng, 0.5) else None,
        repeat=_repeat(rng, whole, number, count) if resolved == resolved else None,
        transfers=_transfers(rng, number, count),
        callback=_callback(rng, whole) if not deferred and bernoulli(rng, 0.3) else None,
    )


def _demand(
    rng: np.random.Generator, frame: Frame, hours: Floats, mean: float, volume: float
) -> Demand:
    """Return expected, exact or recorded arrivals, mostly within the opening hours."""
    starts = np.arange(frame.intervals) * frame.interval_s
    inside = (starts[:, None] >= hours[:, 0]) & (starts[:, None] < hours[:, 1])
    expected = inside.any(axis=1) * rng.uniform(0.3, 1.7, frame.intervals)
    expected *= volume / max(expected.sum(), 1e-9)
    backlog = int(rng.integers(1, 9)) if bernoulli(rng, 0.25) else 0
    traced = bernoulli(rng, 0.9 if frame.whole else 0.3)
    if not traced:
        exact = bernoulli(rng, 0.4)
        return Demand(np.floor(expected + 0.5) if exact else expected, exact, backlog=backlog)
    instants = _arrival_times(rng, frame, hours, round(volume))
    talk = np.array([duration(rng, 0.3 * mean, 2 * mean, frame.whole) for _ in instants])
    talk[rng.random(talk.size) < 0.2] = math.nan
    patience = np.array([duration(rng, 20, 900, frame.whole) for _ in instants])
    patience[rng.random(patience.size) < 0.3] = math.nan
    counts = np.bincount((instants // frame.interval_s).astype(int), minlength=frame.intervals)
    return Demand(
        counts.astype(float),
        True,
        instants,
        talk if bernoulli(rng, 0.6) else None,
        patience if bernoulli(rng, 0.3) else None,
        backlog,
    )


def _arrival_times(rng: np.random.Generator, frame: Frame, hours: Floats, count: int) -> Floats:
    lengths = hours[:, 1] - hours[:, 0]
    where = rng.choice(len(hours), count, p=lengths / lengths.sum())
    instants = hours[where, 0] + rng.random(count) * lengths[where]
    if frame.whole:
        minutes = rng.random(count) < 0.6
        instants = np.where(minutes, np.floor(instants / 60) * 60, np.floor(instants))
    if bernoulli(rng, 0.1):  # a few come when it is closed
        instants[: count // 10] = np.floor(rng.random(count // 10) * frame.days * frame.day_s)
    return np.sort(instants)


def random_change(rng: np.random.Generator) -> TalkChange:
    """Return a change of talk, or none."""
    changes = (TalkChange(), TalkChange(0.5), TalkChange(1.0, 30.0), TalkChange(1.0, -60.0))
    return changes[int(rng.integers(4))]


def _bot(rng: np.random.Generator, frame: Frame) -> Bot:
    left = float(rng.choice([0.0, 0.1]))
    out = np.empty((0, 2))
    if bernoulli(rng, 0.3):
        start = frame.hours[0, 0] + 600
        out = np.array([[start, start + 900], [start + 1200, start + 1500]])
    return Bot(
        tried=share(rng),
        session=distribution(rng, duration(rng, 10, 120, frame.whole), frame.whole),
        left=left,
        contained=float(rng.uniform(0, 0.9)),
        resolved=share(rng),
        comes_back=share(rng),
        comes_back_after=distribution(rng, duration(rng, 60, 3600, frame.whole), frame.whole),
        handover=random_change(rng),
        residual=float(rng.choice([1.0, 1.3])),
        comeback=float(rng.choice([1.0, 0.5])),
        outage=out,
        name="bot",
    )


def _retry(rng: np.random.Generator, whole: bool, number: int, count: int) -> Retry:
    delay = distribution(rng, duration(rng, 10, 1800, whole), whole)
    at = number if bernoulli(rng, 0.8) else int(rng.integers(count))
    most = int(rng.integers(1, 5))
    return Retry(share(rng), share(rng), delay, most, at, bernoulli(rng, 0.5))


def _repeat(rng: np.random.Generator, whole: bool, number: int, count: int) -> Repeat | None:
    if bernoulli(rng, 0.3):
        return None
    delay = distribution(rng, duration(rng, 60, 7200, whole), whole)
    at = number if bernoulli(rng, 0.7) else int(rng.integers(count))
    return Repeat(share(rng), delay, int(rng.integers(1, 4)), at, random_change(rng))


def _transfers(rng: np.random.Generator, number: int, count: int) -> tuple[Transfer, ...]:
    if count == 1 or bernoulli(rng, 0.65):
        return ()
    others = [k for k in range(count) if k != number]
    to = sorted(rng.choice(others, min(len(others), int(rng.integers(1, 3))), replace=False))
    share = float(rng.uniform(0.05, 0.5))
    return tuple(Transfer(int(k), share, bernoulli(rng, 0.5), random_change(rng)) for k in to)


def _callback(rng: np.random.Generator, whole: bool) -> Callback:
    after, kept = bernoulli(rng, 0.6), bernoulli(rng, 0.5)
    later = distribution(rng, duration(rng, 60, 1800, whole), whole)
    return Callback(
        offer_after=duration(rng, 10, 300, whole) if after else math.inf,
        offer_at=0 if after and bernoulli(rng, 0.7) else int(rng.integers(1, 5)),
        accepted=share(rng),
        answered=share(rng),
        tries=int(rng.integers(1, 4)),
        keeps_place=kept,
        delay=Deterministic(0.0) if kept else later,
        dial=small(rng, 20, whole, 0.9),
        again=distribution(rng, duration(rng, 60, 1800, whole), whole),
    )


def _hours(rng: np.random.Generator, frame: Frame, deferred: bool) -> Floats:
    """Return a queue's own hours: the center's, round the clock, or a little shorter."""
    if frame.day_s < DAY:
        return frame.hours
    if deferred and bernoulli(rng, 0.6):
        return np.array([[0.0, frame.days * DAY]])
    if bernoulli(rng, 0.7):
        return frame.hours
    hours = frame.hours.copy()
    hours[:, 1] -= min(frame.interval_s, 1800.0) if frame.interval_s <= 1800 else 0.0
    return hours
