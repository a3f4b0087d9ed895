"""Random groups: skills, headcounts and shifts."""

from __future__ import annotations

import numpy as np

from sim.model import Floats, Group, Ints, Queue, Shift, Skill
from verification.random_models.draws import DAY, Frame, bernoulli


def random_groups(
    rng: np.random.Generator, frame: Frame, queues: list[Queue], work: float
) -> list[Group]:
    """Return one to three groups; together they have about the agents that the work needs.

    Parameters
    ----------
    rng : numpy.random.Generator
    frame : Frame
    queues : list of Queue
    work : float
        Handle time (s) of all contacts.
    """
    count = int(rng.integers(1, 4))
    open_s = float((frame.hours[:, 1] - frame.hours[:, 0]).sum())
    agents = work / open_s * rng.uniform(0.6, 1.6) + 1
    shares = rng.dirichlet(np.full(count, 3.0)) * agents
    served = [sorted(_served(rng, len(queues))) for _ in range(count)]
    for k in range(len(queues)):  # nearly every queue is staffed
        if not any(k in each for each in served) and bernoulli(rng, 0.95):
            served[k % count] = sorted([*served[k % count], k])
    return [
        _group(rng, frame, queues, k, served[k], max(1, round(float(shares[k]))))
        for k in range(count)
    ]


def _served(rng: np.random.Generator, count: int) -> set[int]:
    return set(rng.choice(count, int(rng.integers(1, count + 1)), replace=False).tolist())


def _group(
    rng: np.random.Generator, frame: Frame, queues: list[Queue], number: int,
    served: list[int], size: int,
) -> Group:  # fmt: skip
    later = bernoulli(rng, 0.25)
    skills = tuple(_skill(rng, frame.whole, k, not later) for k in served)
    shifts: tuple[Shift, ...] = ()
    headcount = None
    if frame.day_s == DAY and bernoulli(rng, 0.4):
        shifts = _shifts(rng, frame, size)
        scheduled = np.array([_planned(shifts, frame, i) for i in range(frame.intervals)])
    else:
        headcount = _headcount(rng, frame, size)
        scheduled = headcount.astype(np.float64)
    return Group(
        name=f"g{number}",
        skills=skills,
        scheduled=scheduled,
        headcount=headcount,
        shifts=shifts,
        agents=size if headcount is None else int(headcount.max(initial=0)),
        absent=float(rng.choice([0.0, 0.0, 0.2])),
        wrap_when_idle=later,
        hands_back=bernoulli(rng, 0.4),
        mixes=_mixes(rng, [queues[k].channel for k in served]),
        interrupts=_interrupts(rng, queues, served),
    )


def _skill(rng: np.random.Generator, whole: bool, queue: int, several: bool) -> Skill:
    at_once = int(rng.integers(2, 5)) if several and bernoulli(rng, 0.35) else 1
    first = float(rng.choice([1.0, 1.0, 0.5, 2.0, 1.25]))
    falls = rng.choice([1.0, 0.75, 0.5], at_once - 1) if whole else rng.uniform(0.4, 1, at_once - 1)
    speed = first * np.concatenate([[1.0], np.cumprod(falls)])
    return Skill(
        queue=queue,
        level=int(rng.integers(1, 4)),
        take=int(rng.integers(1, 4)),
        after=float(rng.choice([0.0, 0.0, 0.0, 20.0, 60.0, 120.0])),
        speed=speed,
        at_once=at_once,
        reserve=int(rng.choice([0, 0, 0, 0, 1, 2])),
        resolves=float(rng.choice([1.0, 0.8])),
    )


def _mixes(rng: np.random.Generator, channels: list[str]) -> frozenset[tuple[str, str]]:
    names = sorted(set(channels))
    pairs = [(a, b) for i, a in enumerate(names) for b in names[i + 1 :] if bernoulli(rng, 0.4)]
    return frozenset(pairs) | frozenset((b, a) for a, b in pairs)


def _interrupts(
    rng: np.random.Generator, queues: list[Queue], served: list[int]
) -> frozenset[tuple[int, int]]:
    works = [k for k in served if queues[k].deferred]
    live = [k for k in served if not queues[k].deferred]
    return frozenset((w, k) for w in works for k in live if bernoulli(rng, 0.6))


def _headcount(rng: np.random.Generator, frame: Frame, size: int) -> Ints:
    """Return a headcount that rises and falls, sometimes to zero, mostly in opening hours."""
    noise = np.repeat(rng.uniform(0.3, 1.5, frame.intervals), int(rng.integers(1, 4)))
    heads = np.rint(size * noise[: frame.intervals]).astype(np.int64)
    heads[rng.random(frame.intervals) < 0.05] = 0
    open_now = frame.is_open
    if bernoulli(rng, 0.3):  # one interval longer than the opening hours
        open_now = open_now | np.concatenate([[False], open_now[:-1]])
    on_duty: Ints = heads * open_now
    return on_duty


def _shifts(rng: np.random.Generator, frame: Frame, size: int) -> tuple[Shift, ...]:
    """Return shifts of some hours, or of a whole day, each following on the one before."""
    found = []
    grain = 900.0 if frame.whole else 1.0
    whole_days = bernoulli(rng, 0.5 if frame.days > 1 else 0.1)
    for agent in range(size):
        begin = frame.hours[0, 0] % DAY + grain * round(rng.uniform(-1800, 3600) / grain)
        length = grain * round(rng.uniform(3600, 4 * 3600) / grain)
        if whole_days:
            begin, length = max(0.0, begin), DAY
        for day in range(frame.days):
            if day and bernoulli(rng, 0.2):
                continue
            start = max(0.0, day * DAY + begin)
            found.append(Shift(agent, day, start, start + length, _breaks(rng, start, length)))
    return tuple(sorted(found, key=lambda s: (s.day, s.start, s.agent)))


def _breaks(rng: np.random.Generator, start: float, length: float) -> Floats:
    """Return up to two breaks within a shift, one after the other."""
    count = int(rng.integers(0, 3))
    gap = length / max(count, 1)
    begin = [
        start + gap * k + 300 * float(rng.integers(0, int(gap / 600) + 1)) for k in range(count)
    ]
    pairs = [(b, float(rng.choice([300.0, 600.0, 900.0]))) for b in begin]
    return np.array(
        [(b, min(s, start + gap * (k + 1) - b)) for k, (b, s) in enumerate(pairs)], np.float64
    ).reshape(-1, 2)


def _planned(shifts: tuple[Shift, ...], frame: Frame, interval: int) -> float:
    """Return the mean number of persons in a shift over an interval."""
    begin = interval * frame.interval_s
    end = begin + frame.interval_s
    inside = sum(max(0.0, min(end, s.end) - max(begin, s.start)) for s in shifts)
    return inside / frame.interval_s
