"""A small center whose parameters are known, and the log that it leaves.

It is written apart from the engines, so that estimators and engines cannot share an error. One
queue, agents of one group, days that do not touch each other.
"""

from __future__ import annotations

import heapq
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from sim.array_types import Bools, Floats, Ints


@dataclass(frozen=True)
class KnownCenter:
    """Parameters of the center; times in seconds."""

    days: int = 20
    opens: float = 8 * 3600.0
    hours: float = 8.0
    per_hour: float = 60.0
    volume_cv: float = 0.0
    talk_mean: float = 180.0
    talk_cv: float = 1.0
    talk_day_cv: float = 0.0
    patience_mean: float = 240.0
    balk: float = 0.0
    agents: int = 4
    speed_cv: float = 0.0
    gap_mean: float = 0.0
    gap_cv: float = 1.0
    gap_zero: float = 0.0
    head_start: float = 0.0
    preferred: float = 0.0


@dataclass(frozen=True)
class KnownLog:
    """The log, sorted by the time at which contacts arrived, and what was drawn.

    Attributes
    ----------
    day, offered, wait, abandoned, talk, agent, priority : ndarray, shape (contacts,)
        As in a call log; talk is NaN and the agent -1 where a contact was not answered.
    speeds : ndarray, shape (agents,)
    """

    day: Ints
    offered: Floats
    wait: Floats
    abandoned: Bools
    talk: Floats
    agent: Ints
    priority: Floats
    speeds: Floats

    @property
    def instant(self) -> Floats:
        """When contacts arrived, seconds since the start of the first day."""
        return self.day * 86_400.0 + self.offered

    @property
    def start(self) -> Floats:
        """When they were answered or abandoned."""
        return self.instant + self.wait

    @property
    def end(self) -> Floats:
        """When their talk ended."""
        return self.start + np.nan_to_num(self.talk)


def simulate_center(center: KnownCenter, seed: int) -> KnownLog:
    """Return the log of a center."""
    rng = np.random.default_rng(seed)
    sigma2 = np.log1p(center.speed_cv**2)
    speeds = np.exp(rng.normal(-sigma2 / 2, np.sqrt(sigma2), center.agents))
    days = [_day(center, rng, speeds, number) for number in range(center.days)]
    columns = [np.concatenate(column) for column in zip(*days, strict=True)]
    number, offered, wait, abandoned, talk, agent, priority = columns
    return KnownLog(
        number.astype(np.int64), offered, wait, abandoned.astype(bool), talk,
        agent.astype(np.int64), priority, speeds,
    )  # fmt: skip


def _factor(rng: np.random.Generator, cv: float) -> float:
    return float(rng.gamma(1 / cv**2, cv**2)) if cv else 1.0


def _lognormal(rng: np.random.Generator, mean: float, cv: float, size: int) -> Floats:
    s2 = np.log1p(cv**2)
    return np.asarray(rng.lognormal(np.log(mean) - s2 / 2, np.sqrt(s2), size))


def _day(
    center: KnownCenter, rng: np.random.Generator, speeds: Floats, number: int
) -> tuple[npt.NDArray[Any], ...]:
    length = 3600 * center.hours
    mean = center.per_hour * center.hours * _factor(rng, center.volume_cv)
    n = int(rng.poisson(mean))
    arrival = np.sort(rng.random(n)) * length
    talk = _lognormal(rng, center.talk_mean * _factor(rng, center.talk_day_cv), center.talk_cv, n)
    patience = rng.exponential(center.patience_mean, n)
    patience[rng.random(n) < center.balk] = 0.0
    gap = np.zeros(n)
    if center.gap_mean:
        gap = _lognormal(rng, center.gap_mean / (1 - center.gap_zero), center.gap_cv, n)
        gap[rng.random(n) < center.gap_zero] = 0.0
    preferred = rng.random(n) < center.preferred
    rank = arrival - center.head_start * preferred
    start, agent = _serve(
        arrival, patience, talk, gap, rank, rng.permutation(center.agents), speeds
    )
    abandoned = agent < 0
    talked = np.where(abandoned, np.nan, talk / speeds[agent])
    return (
        np.full(n, number), center.opens + arrival, start - arrival, abandoned, talked,
        agent, preferred.astype(float),
    )  # fmt: skip


def _serve(
    arrival: Floats, patience: Floats, talk: Floats, gap: Floats, rank: Floats, free: Ints,
    speeds: Floats,
) -> tuple[Floats, Ints]:  # fmt: skip
    """Return when each contact was answered or abandoned, and by whom (-1: abandoned).

    Agents who have been idle the longest are first. Events of one moment: who is ready, who
    arrives, who abandons.
    """
    idle = [int(one) for one in free]
    waiting: list[tuple[float, int]] = []
    gone = np.zeros(arrival.size, dtype=bool)
    start, agent = np.zeros(arrival.size), np.full(arrival.size, -1)
    events = [(float(t), 1, k) for k, t in enumerate(arrival)]
    heapq.heapify(events)

    def begin(contact: int, who: int, now: float) -> None:
        gone[contact], start[contact], agent[contact] = True, now, who
        # The gap of a contact follows it.
        free_at = now + talk[contact] / speeds[who] + gap[contact]
        heapq.heappush(events, (free_at, 0, who))

    while events:
        now, kind, number = heapq.heappop(events)
        if kind == 2:
            if not gone[number]:
                gone[number], start[number] = True, now
        elif kind == 1:
            if idle:
                begin(number, idle.pop(0), now)
            else:
                heapq.heappush(waiting, (float(rank[number]), number))
                heapq.heappush(events, (now + float(patience[number]), 2, number))
        else:
            while waiting and gone[waiting[0][1]]:
                heapq.heappop(waiting)
            if waiting:
                begin(heapq.heappop(waiting)[1], number, now)
            else:
                idle.append(number)
    return start, agent
