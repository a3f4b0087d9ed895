"""When the agents of a call log were there, and the gaps between their contacts."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from sim.array_types import Bools, Floats, Ints
from sim.history.calibration.agent_groups import hour_of
from sim.history.calibration.issue_history import transferred_from
from sim.history.calibration.log_concurrency import (
    concurrency_of,
    has_agent_and_talk,
    work_end_of,
)
from sim.history.calibration.state_estimates import stays_until, with_state_presences
from sim.history.call_log import CallLog
from sim.history.estimation.agent_skills import able_of
from sim.history.estimation.concurrency import Concurrency, busy_times, busy_until
from sim.history.estimation.day_bootstrap import DayBootstrap
from sim.history.estimation.gap_after_contact import WaitingGaps, waiting_gaps
from sim.history.estimation.gaps_and_pauses import pause_share
from sim.history.estimation.pauses import pauses, share_left_out, without_pauses
from sim.history.estimation.presence_ends import presence_ends
from sim.history.estimation.presence_rule import AnsweredContacts, PresenceRule, presence_rule
from sim.history.estimation.presences import (
    LONGEST,
    PRESENCE_GAP,
    AgentPresences,
    lengthened,
    presences,
)
from sim.units import HOUR, BadInputError

LONGEST_GAP = 900.0
"""Longest gap after a contact (s) where states of agents are recorded."""
FEWEST_GAPS = 30


@dataclass
class LogWork:
    """A log that a center is estimated from, with what several estimators share."""

    log: CallLog
    bootstrap: DayBootstrap
    usable: Bools
    missing: list[str]

    @cached_property
    def calls(self) -> Ints:
        """Records of answered contacts whose agent and talk are known."""
        return np.flatnonzero(has_agent_and_talk(self.log))

    @cached_property
    def concurrency(self) -> Concurrency:
        """How many contacts agents have at once."""
        return concurrency_of(self.log)

    @property
    def longest_gap(self) -> float:
        """Longest gap after a contact (s): what lasts longer is an absence.

        Where states are not recorded, all within a presence is a gap or a pause, so that pauses
        that count as presence are simulated.
        """
        return LONGEST if self.log.states is None else LONGEST_GAP

    @cached_property
    def transferred_from(self) -> Ints:
        """Record of another queue from which each was transferred; -1 none."""
        return transferred_from(self.log)

    @cached_property
    def work_end(self) -> Floats:
        """When the work on each contact ended, wrap-up included.

        Where agents have several at once, when they had ended all that they had begun by then: only
        after that are they free, or in the gap.
        """
        return _work_end(self.log, self.concurrency)

    @cached_property
    def answered(self) -> AnsweredContacts:
        """Contacts of :attr:`calls`, and all that were offered."""
        log, calls = self.log, self.calls
        able = np.zeros((len(log.agents), len(log.queues)), dtype=bool)
        seen = able_of(log.agent[calls], log.queue[calls], log.queue)
        able[: seen.shape[0], : seen.shape[1]] = seen
        return AnsweredContacts(
            log.agent[calls], log.answer[calls], self.work_end[calls], calls, log.instant,
            log.queue, able, self.concurrency.is_any,
        )  # fmt: skip

    @cached_property
    def rule(self) -> PresenceRule:
        """When an agent is taken to have left; its times are those of all contacts."""
        found = presence_rule(self.answered)
        overdue = np.full(len(self.log), -np.inf)
        overdue[self.calls] = found.overdue
        return replace(found, overdue=overdue)


@dataclass(frozen=True)
class PresencesOfLog:
    """When the agents of a log were there.

    Attributes
    ----------
    found : AgentPresences
        From the first to the last contact.
    present : AgentPresences
        These lengthened at both ends.
    working : AgentPresences
        These without the pauses that are seen.
    unseen_pauses : float
        Share of contacts that another pause follows; NaN where it is not known.
    """

    found: AgentPresences
    present: AgentPresences
    working: AgentPresences
    unseen_pauses: float


def presences_and_pauses(work: LogWork) -> PresencesOfLog:
    """Return when the agents of a log were there, as recorded or inferred.

    Raises
    ------
    BadInputError
        When no agent is known.
    """
    log, calls = work.log, work.calls
    if not calls.size:
        raise BadInputError(
            "the log has no agents; allowed: a column with agents (--column agent=TITLE)"
        )
    agent, start, end = log.agent[calls], log.answer[calls], work.work_end[calls]
    rule = work.rule
    found = presences(agent, start, end, PRESENCE_GAP, rule.overdue[calls], rule.longest)
    longer = lengthened(found, presence_ends(work.answered, found, rule.preference))
    if log.states is not None:
        exact, longer = (with_state_presences(one, log, work.work_end) for one in (found, longer))
        return PresencesOfLog(exact, longer, longer, np.nan)
    queue, hour = log.queue[calls], hour_of(start)
    paused = pauses(agent, start, end, queue, log.instant, log.wait, log.queue, hour=hour)
    working = without_pauses(longer, paused)
    gaps = gaps_while_waiting(work, able_of(agent, queue, log.queue, hour), found)
    unseen = np.nan
    if gaps.rows.size >= FEWEST_GAPS:
        unseen = max(pause_share(gaps.by_customers()) - share_left_out(longer, working), 0.0)
    return PresencesOfLog(found, longer, working, unseen)


def gaps_while_waiting(work: LogWork, skills: Bools, found: AgentPresences) -> WaitingGaps:
    """Return the gaps that began while customers waited.

    Parameters
    ----------
    work : LogWork
    skills : ndarray of bool, shape (agents, queues)
        Whom each agent can serve.
    found : AgentPresences
        Gaps do not go on beyond them where states are not recorded.
    """
    log, inferred = work.log, work.log.states is None
    return waiting_gaps(
        log.instant, log.wait, np.where(log.answered & np.isfinite(log.talk), log.agent, -1),
        work.work_end, work.longest_gap, log.queue, skills,
        stays_until(log, work.work_end), work.calls[found.last_call] if inferred else None,
    )  # fmt: skip


def busy_share(work: LogWork, working: AgentPresences) -> float:
    """Return the share of the time of agents that is talk and wrap-up."""
    log = work.log
    busy = work_hours(log, work.concurrency, np.ones_like(log.day_used))[0] * HOUR
    time = float(np.sum(working.end - working.start))
    return min(busy / time, 1.0) if time > 0 else 1.0


def work_hours(log: CallLog, found: Concurrency, days: Bools) -> tuple[float, int]:
    """Return the hours of talk and wrap-up, and the contacts, of all agents who are known.

    Where agents have several contacts at once, the hours in which they have any, and how often
    they begin.

    Parameters
    ----------
    log : CallLog
    found : Concurrency
    days : ndarray of bool, shape (days,)
        Days that count.
    """
    known = has_agent_and_talk(log) & days[log.day]
    if found.is_any:
        until = _work_end(log, found)
        times = busy_times(log.agent[known], log.answer[known], until[known])
        return float(times.sum()) / HOUR, times.size
    work = float(log.talk[known].sum())
    if log.wrap is not None:
        work += float(np.nansum(log.wrap[known]))
    return work / HOUR, int(known.sum())


def has_agents(log: CallLog) -> bool:
    """Return whether a log knows the agent and the talk of any contact."""
    return bool(has_agent_and_talk(log).any())


def presences_of(log: CallLog) -> PresencesOfLog:
    """Return when the agents of a log were there."""
    return presences_and_pauses(LogWork(log, DayBootstrap(log.day), log.day_used, []))


def _work_end(log: CallLog, found: Concurrency) -> Floats:
    end = work_end_of(log)
    if found.is_any:
        calls = np.flatnonzero(has_agent_and_talk(log))
        several = found.at_once[log.queue[calls]] > 1
        end[calls] = busy_until(log.agent[calls], log.answer[calls], end[calls], several)
    return end
