"""Deferred work spread over the hours that have capacity for it, within its due time."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim.model import Bools, Floats

_HALVINGS = 60
_TINY = 1e-9


@dataclass(frozen=True)
class DeferredPlan:
    """Where deferred work is done.

    Attributes
    ----------
    done : ndarray, shape (intervals,)
        Work done (s at full speed).
    in_idle_time : ndarray, shape (intervals,)
        The part of it done in room there was anyway.
    carried : float
        Work left at the end: what came after the last hour in which anybody serves it.
    """

    done: Floats
    in_idle_time: Floats
    carried: float

    @property
    def beyond(self) -> Floats:
        """Return the part of the work for which further agents are needed."""
        return np.asarray(self.done - self.in_idle_time)


def spread(
    work: Floats, backlog: float, idle: Floats, per_agent: Floats, due: float
) -> DeferredPlan:
    """Plan deferred work in idle time first, and the rest with as few extra agents as possible.

    Work is done in the order in which it came, as soon as there is capacity. Beyond idle
    time comes the lowest constant level of further capacity with which all is on time; a
    level rather than a peak, because agents work for hours.

    Parameters
    ----------
    work : ndarray, shape (intervals,)
        Work that comes (s at full speed).
    backlog : float
        Work that waits already when the horizon begins.
    idle : ndarray, shape (intervals,)
        Work that can be done in idle time.
    per_agent : ndarray, shape (intervals,)
        Work that one further agent would do in an interval; 0 where no agent could work.
    due : float
        Time from arrival to be finished in, in intervals; infinite where there is none.

    Returns
    -------
    DeferredPlan
        ``backlog + sum(work) = sum(done) + carried``. Work that would be due while no agent
        serves it is planned to be done in the first interval after.
    """
    came = backlog + np.cumsum(work)
    by = _deadlines((idle > 0) | (per_agent > 0), due)
    last, wanted = by[by >= 0], came[by >= 0]

    def finished(level: float) -> Floats:
        can = np.cumsum(idle + level * per_agent)
        return np.asarray(can + np.minimum(np.minimum.accumulate(came - can), 0.0))

    def late(level: float) -> bool:
        return bool(np.any(finished(level)[last] < wanted * (1 - _TINY) - _TINY))

    level = _least(
        late, float(came[-1]) / max(float(per_agent[per_agent > 0].min(initial=np.inf)), _TINY)
    )
    total = np.maximum.accumulate(np.maximum(finished(level), 0.0))
    done = np.diff(total, prepend=0.0)
    return DeferredPlan(done, np.minimum(done, idle), float(came[-1] - total[-1]))


def _least(late: object, most: float) -> float:
    """Return the least level that is not late, to rounding."""
    assert callable(late)
    if not late(0.0) or not np.isfinite(most):
        return 0.0
    low, high = 0.0, max(most, _TINY)
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        low, high = (middle, high) if late(middle) else (low, middle)
    return high


def _deadlines(serves: Bools, due: float) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """Return the last interval in which work of each interval may be done, -1 for carried."""
    count = len(serves)
    opens = np.flatnonzero(serves)
    if not len(opens):
        return np.full(count, -1)
    at = np.arange(count)
    after = int(np.floor(due + _TINY)) - 1 if np.isfinite(due) else count
    limit = np.minimum(at + max(after, 0), count - 1)
    before = np.searchsorted(opens, limit, side="right") - 1  # last opening up to the limit
    first = np.searchsorted(opens, at)  # first opening at all
    chosen = np.maximum(before, first)
    return np.where(first < len(opens), opens[np.minimum(chosen, len(opens) - 1)], -1)
