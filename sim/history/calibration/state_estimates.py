"""Presences, breaks and readiness of the agents whose states are recorded."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from sim.array_types import Bools, Floats, Ints
from sim.history.calibration.estimated_values import EstimatedValue, estimated
from sim.history.call_log import AgentState, AgentStates, CallLog
from sim.history.estimation.agent_skills import agent_skills
from sim.history.estimation.day_bootstrap import DayBootstrap, DayEstimate
from sim.history.estimation.gap_after_contact import GapEstimate
from sim.history.estimation.presences import AgentPresences
from sim.history.estimation.queue_states import WaitingForAgents
from sim.history.estimation.quiet_break_times import (
    AfterContacts,
    HiddenGap,
    QuietBreakEstimates,
    quiet_breaks,
)
from sim.history.estimation.state_times import (
    Contacts,
    StateRows,
    StateTimes,
    on_duty_until,
    presences_of_states,
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

    def is_in(*kinds: AgentState) -> Bools:
        return np.isin(states.state, [int(one) for one in kinds])

    return StateRows(
        states.agent, states.start, states.end, is_in(AgentState.AVAILABLE),
        is_in(AgentState.BUSY), is_in(AgentState.WRAP_UP),
        is_in(AgentState.NOT_READY, AgentState.BREAK), is_in(AgentState.BREAK),
    )  # fmt: skip


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
    return times_of_states(state_rows(log.states), contacts, _waiting(log)), contacts


def _waiting(log: CallLog) -> WaitingForAgents:
    """Return who waits for whom, by the queues that agents took contacts from."""
    known = np.flatnonzero(log.answered & (log.agent >= 0))
    found = agent_skills(log.agent[known], log.queue[known], len(log.agents), len(log.queues))
    skills = found.has | (found.unknown & found.group_skills[found.group])
    return WaitingForAgents.of(log.instant, log.wait, log.queue, skills)


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


def stays_until(log: CallLog, work_end: Floats) -> Floats | None:
    """Return until when the agent of each contact was on duty after it; None without states.

    NaN where the states of the agent are not recorded that day.
    """
    if log.states is None or not log.states.has_details:
        return None
    rows = np.flatnonzero(log.answered & (log.agent >= 0) & np.isfinite(work_end))
    rows = rows[log.states.says(log.agent[rows], log.day[rows])]
    until = np.full(len(log), np.nan)
    present = presences_of_states(*state_times_of(log, work_end))
    until[rows] = on_duty_until(present, log.agent[rows], work_end[rows])
    return until


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
        after = _Endings.of(log, work_end, found, contacts)
        hidden = HiddenGap(None if gap is None else gap.curve, after.hidden)
        quiet = quiet_breaks(found, contacts, after.in_quiet(gap), hidden, bootstrap)
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


@dataclass(frozen=True)
class _Endings:
    """Contacts after which agents stayed, by the record of their states.

    Attributes
    ----------
    log : CallLog
    rows : ndarray of int
        Contacts after which agents stayed for long enough to see the end of a break.
    end, ready : ndarray
        When work on each ended, and when the agent was available (s).
    waiting : WaitingForAgents
    hidden : float
        Share of the time in gaps in which agents were recorded as available.
    """

    log: CallLog
    rows: Ints
    end: Floats
    ready: Floats
    waiting: WaitingForAgents
    hidden: float

    @classmethod
    def of(cls, log: CallLog, work_end: Floats, found: StateTimes, contacts: Contacts) -> _Endings:
        """Return them for the contacts of a log."""
        order = np.lexsort((log.answer, log.agent))
        following = np.full(len(log), -1)
        same = log.agent[order][1:] == log.agent[order][:-1]
        following[order[:-1]] = np.where(same, order[1:], -1)
        known = np.flatnonzero((log.agent >= 0) & np.isfinite(work_end))
        next_answer = np.full(len(log), np.inf)
        has_next = known[following[known] >= 0]
        next_answer[has_next] = np.maximum(log.answer[following[has_next]], work_end[has_next])
        ready = np.minimum(ready_after_contact(found.rows, log.agent, work_end), next_answer)
        until = on_duty_until(presences_of_states(found, contacts), log.agent, work_end)
        with np.errstate(invalid="ignore"):
            stays = until - work_end >= found.longest_quiet
            rows = np.flatnonzero(stays & (ready - work_end <= found.longest_quiet))
        # Gaps seen to their end: the next customer already waited when work ended.
        met = rows[following[rows] >= 0]
        met = met[log.instant[following[met]] < work_end[met]]
        whole, shown = (float((one - work_end)[met].sum()) for one in (next_answer, ready))
        return cls(
            log, rows, work_end[rows], ready[rows], _waiting(log),
            1 - shown / whole if whole > 0 else 0.0,
        )  # fmt: skip

    def in_quiet(self, gap: GapEstimate | None) -> AfterContacts:
        """Return what followed the contacts that ended while no customer waited for the agent."""
        agent, day = self.log.agent[self.rows], self.log.day[self.rows]
        quiet = self.waiting.before(agent, self.end) == 0
        agent, day, end, ready = agent[quiet], day[quiet], self.end[quiet], self.ready[quiet]
        if gap is None:
            return AfterContacts(day, ready - end, np.ones(end.size))
        later = [gap.curve.quantile((k + 0.5) / GAP_POINTS) for k in range(GAP_POINTS)]
        # Of agents who are still away: who is back has taken those who waited.
        shares = []
        for one in later:
            away = ready - end >= one * (1 - self.hidden)
            if np.isfinite(one) and away.any():
                waiting = self.waiting.before(agent[away], end[away] + one)
                shares.append(float(np.mean(waiting == 0)))
        share = float(np.mean(shares)) if shares else 1.0
        shown = (1 - self.hidden) * gap.mean.value
        return AfterContacts(day, ready - end - shown, np.full(end.size, share))


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
        share = f"{how}; {100 * quiet.as_simulated:.3g} % simulated as breaks after contacts too"
        yield estimated("not_ready_when_quiet", "center", quiet.share, "share", share, field)
        yield estimated("quiet_break_mean", "center", quiet.length, "s", how, field)


def without_states(log: CallLog) -> Ints:
    """Return the answered contacts of agents whose states are not recorded that day."""
    rows = np.flatnonzero(log.answered & (log.agent >= 0) & np.isfinite(log.talk))
    return rows if log.states is None else rows[~log.states.says(log.agent[rows], log.day[rows])]
