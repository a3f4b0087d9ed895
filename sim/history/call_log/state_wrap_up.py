"""Wrap-up that recorded states show, as a column of the call log."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np

from sim.array_types import Floats
from sim.history.call_log.agent_states import AgentState, AgentStates
from sim.history.call_log.contact_records import CallLog
from sim.units import DAY

NEAR = 10.0
"""Wrap-up that begins this near (s) to the end of a talk belongs to it: clocks differ."""


def with_states(log: CallLog, states: AgentStates) -> CallLog:
    """Return a log with the states of its agents, and the wrap-up that they show.

    Wrap-up that the log itself has goes first.
    """
    wrap = _wrap_up(log, states)
    if wrap is None:
        return replace(log, states=states)
    if log.wrap is not None:
        return replace(log, states=states, wrap=np.where(np.isnan(log.wrap), wrap, log.wrap))
    return replace(log, states=replace(states, gives_wrap=True), wrap=wrap)


def _wrap_up(log: CallLog, states: AgentStates) -> Floats | None:
    """Return recorded wrap-up after each talk (s): 0 where there is none, NaN where not known."""
    wraps = np.flatnonzero(states.state == AgentState.WRAP_UP)
    if not wraps.size:
        return None
    found = np.full(len(log), math.nan)
    known = np.flatnonzero(log.answered & (log.agent >= 0) & np.isfinite(log.talk))
    known = known[states.says(log.agent[known], log.day[known])]
    # One axis for all agents: they are farther apart than the log is long.
    span = (log.days + 2) * DAY
    begins = states.agent[wraps] * span + states.start[wraps]
    end = log.agent[known] * span + log.end[known]
    place = np.searchsorted(begins, end - NEAR)
    inside = place < wraps.size
    near = inside & (np.append(begins, math.inf)[place] <= end + NEAR)
    until = np.append(states.end[wraps], 0.0)[np.minimum(place, wraps.size)]
    found[known] = np.where(near, np.maximum(until - log.end[known], 0.0), 0.0)
    return found
