"""When agents were there, from the gaps between their calls."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from sim.array_types import Floats, Ints
from sim.units import DAY

PRESENCE_GAP = 900.0
"""An agent without a contact for longer than this (s) is taken to have left."""
MOST_MISSED = 3.0
"""Who is expected to have missed more contacts was not ready: a choice at random among the free
leaves an agent without a contact for so long with probability exp(-3)."""
_ROUNDING = 1e-9
LONGEST = 3600.0
"""Gaps longer than this (s) end a presence, even if hardly a contact arrived."""


@dataclass(frozen=True)
class AgentPresences:
    """Times from the first to the last call of an agent without a long gap in between.

    Attributes
    ----------
    agent : ndarray of int, shape (presences,)
    start, end : ndarray, shape (presences,)
        Seconds since the start of the first day.
    calls : ndarray of int, shape (presences,)
    gap : float
        Calls that are farther apart (s) belong to different presences.
    first_call, last_call : ndarray of int, shape (presences,)
        Positions of the first and last call in the arrays that were passed.
    """

    agent: Ints
    start: Floats
    end: Floats
    calls: Ints
    gap: float
    first_call: Ints
    last_call: Ints

    @property
    def hours(self) -> float:
        """Agent hours."""
        return float(np.sum(self.end - self.start)) / 3600


@dataclass(frozen=True)
class PresenceEnds:
    """What presences miss at both ends.

    Attributes
    ----------
    before, after : ndarray, shape (presences,)
        Expected times (s) from the log-in to the first call, and from the end of the last call to
        the log-out.
    """

    before: Floats
    after: Floats


def presences(
    agent: Ints, start: Floats, end: Floats, gap: float = PRESENCE_GAP,
    overdue: Floats | None = None, longest_overdue: float = 0.0,
) -> AgentPresences:  # fmt: skip
    """Return the presences of agents.

    Parameters
    ----------
    agent : ndarray of int, shape (calls,)
        Below 0: unknown, left out.
    start, end : ndarray, shape (calls,)
        When work on each call began and ended, wrap-up included: seconds since the start of the
        first day, so that presences may pass midnight. Calls of one agent may overlap; calls
        without an end are left out.
    gap : float
        Seconds.
    overdue : ndarray, shape (calls,), optional
        For how long (s) the agent had been expected to have missed too many contacts
        (:class:`sim.history.estimation.presence_rule.PresenceRule`): up to `longest_overdue`, a
        gap longer than `gap` does not end a presence.
    longest_overdue : float
    """
    order = agent_order(agent, start, end)
    who, begins = agent[order], start[order]
    ends = latest_ends(who, end[order])
    if order.size == 0:
        nothing = np.empty(0, dtype=np.int64)
        return AgentPresences(nothing, np.empty(0), np.empty(0), nothing, gap, nothing, nothing)
    apart = begins[1:] - ends[:-1]
    long = apart > gap
    if overdue is not None:
        long &= (overdue[order][1:] > longest_overdue) | (apart > max(gap, LONGEST))
    parted = (np.diff(who) != 0) | long
    first = np.concatenate(([0], np.flatnonzero(parted) + 1))
    last = np.concatenate((first[1:] - 1, [order.size - 1]))
    return AgentPresences(
        who[first], begins[first], ends[last], last - first + 1, gap, order[first], order[last]
    )


def agent_order(agent: Ints, start: Floats, end: Floats) -> Ints:
    """Return the positions of calls with agent and end, by agent and start."""
    order = np.lexsort((start, agent))
    return order[(agent[order] >= 0) & np.isfinite(end[order])]


def latest_ends(agent: Ints, end: Floats) -> Floats:
    """Return the latest end of an agent's calls so far; calls are in order by agent."""
    if agent.size == 0:
        return end
    span = float(end.max() - end.min()) + 1
    return np.asarray(np.maximum.accumulate(end + agent * span) - agent * span)


def lengthened(found: AgentPresences, ends: PresenceEnds) -> AgentPresences:
    """Return presences made longer at both ends, as far as those of the same agent leave space."""
    order = np.lexsort((found.start, found.agent))
    agent, start, end = found.agent[order], found.start[order], found.end[order]
    before, after = ends.before[order], ends.after[order]
    space = np.where(np.diff(agent) == 0, start[1:] - end[:-1], np.inf)
    part = np.minimum(1.0, space / np.maximum(after[:-1] + before[1:], 1e-9))
    before[1:] *= part
    after[:-1] *= part
    new_start, new_end = np.empty_like(start), np.empty_like(end)
    new_start[order], new_end[order] = np.maximum(start - before, 0.0), end + after
    return replace(found, start=new_start, end=new_end)


def agents_present(found: AgentPresences, days: int, interval_minutes: float = 30.0) -> Floats:
    """Return the mean number of agents present by day and interval, weighted by time.

    Parameters
    ----------
    found : AgentPresences
    days : int
    interval_minutes : float

    Returns
    -------
    ndarray, shape (days, intervals of 24 h)
    """
    length = 60 * interval_minutes
    bins = round(days * DAY / length)
    until = _time_since(found.start, length, bins) - _time_since(found.end, length, bins)
    present = np.diff(until).reshape(days, -1) / length
    # Differences of large sums: rounding is left where no agent is there.
    return np.where(present < _ROUNDING, 0.0, present)


def _time_since(moment: Floats, length: float, bins: int) -> Floats:
    """Return the time since each moment that has passed, summed, at all ends of intervals."""
    place = np.clip(np.ceil(moment / length).astype(np.int64), 0, bins + 1)
    count = np.bincount(place, minlength=bins + 2)[: bins + 1].cumsum()
    total = np.bincount(place, moment, bins + 2)[: bins + 1].cumsum()
    return np.asarray(count * np.arange(bins + 1) * length - total)
