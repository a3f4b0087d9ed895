"""Presences, breaks and readiness of the agents whose states are recorded."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from sim.array_types import Floats, Ints
from sim.history.calibration.estimated_values import EstimatedValue, estimated
from sim.history.call_log import AgentState, AgentStates, CallLog
from sim.history.estimation.day_bootstrap import DayBootstrap, DayEstimate
from sim.history.estimation.gap_after_contact import GapEstimate
from sim.history.estimation.presences import AgentPresences
from sim.history.estimation.queue_states import Waiting
from sim.history.estimation.state_times import (
    LONGEST_QUIET,
    Contacts,
    QuietBreakEstimates,
    StateRows,
    StateTimes,
    logged_in_until,
    presences_of_states,
    quiet_breaks,
    ready_after_contact,
    times_of_states,
)
from sim.units import DAY

GAP_POINTS = 10
"""Quantiles of the gap at which it is looked up whether customers wait."""


@dataclass(frozen=True)
class StateEstimates:
    """What recorded states of agents say.

    Attributes
    ----------
    agents, of_agents : int
        Agents with states, and all agents of the log.
    contacts : float
        Share of the answered contacts that these agents took.
    has_details : bool
        Whether states say when agents were available, not only when they were logged in.
    on_break, not_ready, other_work : DayEstimate
        Shares of the time logged in: on a break, during which agents do not count as present; not
        ready at all, breaks and gaps included; busy without a contact of the log.
    quiet : QuietBreakEstimates or None
        Breaks while no customer waits.
    """

    agents: int
    of_agents: int
    contacts: float
    has_details: bool
    on_break: DayEstimate
    not_ready: DayEstimate
    other_work: DayEstimate
    quiet: QuietBreakEstimates | None


def state_rows(states: AgentStates) -> StateRows:
    """Return recorded states as estimators take them."""
    kinds = (AgentState.AVAILABLE, AgentState.BUSY, AgentState.WRAP_UP, AgentState.NOT_READY)
    return StateRows(
        states.agent, states.start, states.end, *(states.state == int(one) for one in kinds)
    )


def state_times_of(log: CallLog, work_end: Floats) -> tuple[StateTimes, Contacts]:
    """Return the recorded times of a log that has states, and the contacts of their agents.

    Parameters
    ----------
    log : CallLog
    work_end : ndarray, shape (contacts,)
        When the work on each contact ended, wrap-up included.
    """
    assert log.states is not None
    rows = np.flatnonzero(log.answered & (log.agent >= 0) & np.isfinite(work_end))
    rows = rows[log.states.says(log.agent[rows], log.day[rows])]
    contacts = Contacts.of(log.agent[rows], log.answer[rows], work_end[rows])
    waiting = Waiting.of(log.instant, log.wait)
    return times_of_states(state_rows(log.states), contacts, waiting), contacts


def with_state_presences(found: AgentPresences, log: CallLog, work_end: Floats) -> AgentPresences:
    """Return presences with those of agents whose states are recorded in their place."""
    if log.states is None:
        return found
    exact = presences_of_states(*state_times_of(log, work_end))
    kept = ~log.states.says(found.agent, (found.start // DAY).astype(np.int64))
    columns = (
        np.concatenate([getattr(found, name)[kept], getattr(exact, name)])
        for name in ("agent", "start", "end", "calls")
    )
    agent, start, end, calls = columns
    first, last = (
        np.concatenate([getattr(found, name)[kept], getattr(exact, name)])
        for name in ("first_call", "last_call")
    )
    return AgentPresences(agent, start, end, calls, found.gap, first, last)


def ready_after(log: CallLog, work_end: Floats) -> Floats | None:
    """Return when the agent of each contact was ready again; None where no states say it."""
    if log.states is None or not log.states.has_details:
        return None
    return ready_after_contact(state_rows(log.states), log.agent, work_end)


def estimate_states(
    log: CallLog,
    work_end: Floats,
    gap: GapEstimate | None,
    bootstrap: DayBootstrap,
    missing: list[str],
) -> StateEstimates | None:
    """Return what states say; None without them."""
    states = log.states
    if states is None:
        return None
    found, contacts = state_times_of(log, work_end)
    rows = found.rows
    day = np.minimum(rows.start // DAY, log.days - 1).astype(np.int64)

    def by_day(values: Floats) -> Floats:
        return np.asarray(np.bincount(day, values, log.days)[bootstrap.days])

    whole = by_day(rows.length)
    off = rows.not_ready & ~found.on_duty
    on_break, not_ready, other_work = (
        bootstrap.ratio(by_day(rows.length * mask), whole, "logit", int(np.count_nonzero(mask)))
        for mask in (off, rows.not_ready, found.other_work)
    )
    quiet = None
    if states.has_details:
        quiet = quiet_breaks(found, contacts, _times_to_ready(log, work_end, gap), bootstrap)
        if quiet is None:
            missing.append(
                "breaks when quiet: fewer than 30 recorded that began while no customer waited"
            )
    answered = log.answered & (log.agent >= 0)
    known = states.says(log.agent[answered], log.day[answered])
    share = float(known.mean()) if answered.any() else 0.0
    return StateEstimates(
        int(states.has_states.sum()), len(log.agents), share, states.has_details, on_break,
        not_ready, other_work, quiet,
    )  # fmt: skip


def _times_to_ready(log: CallLog, work_end: Floats, gap: GapEstimate | None) -> Floats:
    """Return day, time to ready beyond the mean gap, and the probability of quiet after it.

    They are of contacts that ended while no customer waited.
    """
    ready = ready_after(log, work_end)
    assert ready is not None
    order = np.lexsort((log.answer, log.agent))
    following = np.full(len(log), np.inf)
    same = log.agent[order][1:] == log.agent[order][:-1]
    following[order[:-1]] = np.where(same, log.answer[order][1:], np.inf)
    time = np.minimum(ready, np.maximum(following, work_end)) - work_end
    assert log.states is not None
    until = logged_in_until(state_rows(log.states), log.agent, work_end)
    rows = np.flatnonzero((time <= LONGEST_QUIET) & (until - work_end >= LONGEST_QUIET))
    waiting = Waiting.of(log.instant, log.wait)
    rows = rows[waiting.before(work_end[rows]) == 0]
    if gap is None:
        return np.stack([log.day[rows].astype(float), time[rows], np.ones(rows.size)], axis=1)
    later = [gap.curve.quantile((k + 0.5) / GAP_POINTS) for k in range(GAP_POINTS)]
    # Of agents who are still away: who is back has taken those who waited.
    away = [(rows[time[rows] >= one], one) for one in later if np.isfinite(one)]
    quiet = [np.mean(waiting.before(work_end[some] + one) == 0) for some, one in away if some.size]
    share = np.full(rows.size, float(np.mean(quiet)) if quiet else 1.0)
    return np.stack([log.day[rows].astype(float), time[rows] - gap.mean.value, share], axis=1)


def state_value_rows(found: StateEstimates | None) -> Iterator[EstimatedValue]:
    """Yield what states say as rows."""
    if found is None:
        return
    how = "recorded states, of the time logged in"
    yield estimated("break_share", "center", found.on_break, "share", how, "group.agents")
    yield estimated("not_ready_share", "center", found.not_ready, "share", how)
    if found.other_work.value > 0:
        yield estimated("other_work_share", "center", found.other_work, "share", how)
    if (quiet := found.quiet) is not None:
        how, field = "recorded states while no customer waits", "group.breaks_when_quiet"
        yield estimated("not_ready_when_quiet", "center", quiet.share, "share", how, field)
        yield estimated("quiet_break_mean", "center", quiet.length, "s", how, field)


def without_states(log: CallLog) -> Ints:
    """Return the answered contacts of agents whose states are not recorded that day."""
    rows = np.flatnonzero(log.answered & (log.agent >= 0) & np.isfinite(log.talk))
    return rows if log.states is None else rows[~log.states.says(log.agent[rows], log.day[rows])]
