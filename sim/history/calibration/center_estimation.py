"""Estimate a center from a call log, estimator by estimator."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from sim.array_types import Bools, Floats, Ints
from sim.history.calibration.agent_groups import estimate_groups, hour_of, skills_of_agents
from sim.history.calibration.center_estimates import (
    INTERVAL_MINUTES,
    NO_BREAKS,
    CenterEstimates,
    GroupEstimates,
    InferredBreaks,
    QueueEstimates,
    retry_share,
)
from sim.history.calibration.experience_estimates import (
    estimate_experience,
)
from sim.history.calibration.issue_history import transferred_from
from sim.history.calibration.log_parts import pooled_small_queues
from sim.history.calibration.queue_order import estimate_order
from sim.history.calibration.state_estimates import (
    estimate_states,
    stays_until,
    with_state_presences,
    without_states,
)
from sim.history.calibration.talk_estimates import TalkEstimates, estimate_talk
from sim.history.call_log import CallLog, CallOutcome
from sim.history.estimation.agent_skills import able_of
from sim.history.estimation.arrival_rates import (
    UnusualDay,
    arrival_table,
    counts_by_interval,
    unusual_days,
)
from sim.history.estimation.day_bootstrap import DayBootstrap, DayEstimate
from sim.history.estimation.day_variation import (
    correlation,
    shared_part,
    volume_variation,
)
from sim.history.estimation.duration_models import duration_model
from sim.history.estimation.expected_retrials import expected_retrials
from sim.history.estimation.free_agents import free_agents
from sim.history.estimation.free_spans import FreeSpans
from sim.history.estimation.gap_after_contact import (
    GapEstimate,
    WaitingGaps,
    gap_estimate,
    waiting_gaps,
)
from sim.history.estimation.gap_curve import GapCurve
from sim.history.estimation.gaps_and_pauses import GapsAndPauses, gaps_and_pauses, pause_share
from sim.history.estimation.patience_curve import patience_curve
from sim.history.estimation.pauses import pauses, share_left_out, without_pauses
from sim.history.estimation.presence_rule import (
    AnsweredContacts,
    PresenceRule,
    presence_rule,
)
from sim.history.estimation.presences import (
    LONGEST,
    PRESENCE_GAP,
    AgentPresences,
    GapSensitivity,
    gap_sensitivity,
    lengthened,
    presence_ends,
    presences,
)
from sim.history.estimation.quiet_readiness import (
    QuietReadiness,
    breaks_within,
    quiet_readiness,
)
from sim.history.estimation.repeat_calls import RepeatCalls, repeat_calls
from sim.history.estimation.time_to_answer import time_to_answer
from sim.history.estimation.volume_trend import VolumeTrend, volume_trend
from sim.units import HOUR, BadInputError

LONGEST_GAP = 900.0
FEWEST_GAPS = 30
FEWEST_RECORDS = 100
FEWEST_DAYS = 5
OUTAGE_KINDS = ("silence", "outage", "abandonment", "no contacts")

Progress = Callable[[int, int], None]


@dataclass
class _Work:
    """A log on its way, with what several estimators share."""

    log: CallLog
    bootstrap: DayBootstrap
    usable: Bools
    missing: list[str]

    @cached_property
    def transferred_from(self) -> Ints:
        """Record of another queue from which each was transferred; -1 none."""
        return transferred_from(self.log)

    @property
    def work_end(self) -> Floats:
        """When the work on each contact ended, wrap-up included."""
        end = self.log.end
        return end if self.log.wrap is None else end + np.nan_to_num(self.log.wrap)

    @cached_property
    def rule(self) -> PresenceRule:
        """When an agent is taken to have left; its times are those of all contacts."""
        log, calls = self.log, _calls(self)
        able = np.zeros((len(log.agents), len(log.queues)), dtype=bool)
        seen = able_of(log.agent[calls], log.queue[calls], log.queue)
        able[: seen.shape[0], : seen.shape[1]] = seen
        found = presence_rule(AnsweredContacts(
            log.agent[calls], log.answer[calls], self.work_end[calls], calls, log.instant,
            log.queue, able,
        ))  # fmt: skip
        overdue = np.full(len(log), -np.inf)
        overdue[calls] = found.overdue
        return replace(found, overdue=overdue)


def estimate_center(log: CallLog, progress: Progress | None = None) -> CenterEstimates:
    """Estimate everything that a call log shows.

    Parameters
    ----------
    log : CallLog
    progress : callable, optional
        Called with the steps done and all steps.

    Raises
    ------
    BadInputError
        When there are too few contacts or days.
    """
    report = progress or (lambda done, steps: None)
    steps = 6
    report(0, steps)
    _check_size(log)
    log = pooled_small_queues(log)
    counts = counts_by_interval(log.day, log.offered, log.days, INTERVAL_MINUTES)
    unusual, usable = usable_days(log, counts)
    log = log.of_days(usable)
    work = _Work(log, DayBootstrap(log.day), usable, [])
    report(1, steps)
    there = _presences(work)
    groups = estimate_groups(log, _calls(work), there.present)
    talk = estimate_talk(log, groups, work.bootstrap, usable)
    queues = tuple(_queue(work, at, talk) for at in range(len(log.queues)))
    work.missing += talk.missing
    report(2, steps)
    day_totals = np.sum([queue.first_calls.sum(axis=1) for queue in queues], axis=0)
    trend = volume_trend(day_totals, log.weekday, usable)
    queue_trends = _queue_trends(log, queues, usable)
    volume = volume_variation(
        day_totals, log.weekday, usable, trend.factor if trend.certain else None
    )
    report(3, steps)
    sensitivity = _sensitivity(work)
    report(4, steps)
    gap, apart = _gap(work, groups, there.found)
    _note_time_to_answer(work)
    states = estimate_states(log, work.work_end, gap, work.bootstrap, work.missing)
    inferred = states is None or not states.has_details
    readiness, quiet_breaks = (
        _readiness(work, groups, there.found, gap) if inferred else (None, NO_BREAKS)
    )
    report(5, steps)
    experience = estimate_experience(log, work.bootstrap)
    work.missing += experience.missing
    estimates = CenterEstimates(
        log, usable, unusual, queues, groups, volume,
        _shared(log, queues, usable, trend, queue_trends), talk.days,
        talk.days_of_same_agents,
        correlation(volume, talk.days), there.found, there.present, there.working, sensitivity,
        gap, readiness, quiet_breaks,
        estimate_order(log, skills_of_agents(log, groups), work.bootstrap, work.missing),
        talk.speeds, tuple(work.missing), experience=experience, states=states, pauses=apart,
        trend=trend, queue_trends=queue_trends, talk_level=talk.level,
        busy=_busy(log, there.working), unseen_pauses=there.unseen_pauses,
    )  # fmt: skip
    report(6, steps)
    return estimates


def _check_size(log: CallLog) -> None:
    days = int(log.day_used.sum())
    if len(log) < FEWEST_RECORDS or days < FEWEST_DAYS or not log.answered.any():
        raise BadInputError(
            f"the log has {len(log):,} contacts on {days} days, {int(log.answered.sum()):,} "
            f"answered; allowed: at least {FEWEST_RECORDS} on {FEWEST_DAYS} days"
        )


def usable_days(log: CallLog, counts: Floats) -> tuple[tuple[UnusualDay, ...], Bools]:
    """Return the days that are unlike others, and which days are used: those without an outage.

    Parameters
    ----------
    log : CallLog
    counts : ndarray, shape (days, intervals)
        Contacts offered.
    """
    total = np.bincount(log.day, minlength=log.days)
    left = np.bincount(log.day, log.abandoned, log.days)
    with np.errstate(invalid="ignore", divide="ignore"):
        abandoned = np.where(total > 0, left / total, np.nan)
    unusual = unusual_days(counts, log.weekday, abandoned)
    usable = log.day_used.copy()
    for one in unusual:
        if one.kind in OUTAGE_KINDS or one.kind == "few contacts":
            usable[one.day] = False
    if usable.sum() < FEWEST_DAYS:  # a center whose days are all unlike one another
        usable = log.day_used.copy()
    return unusual, usable


def _queue(work: _Work, at: int, talk: TalkEstimates) -> QueueEstimates:
    log, bootstrap = work.log, work.bootstrap
    name = log.queues[at]
    mine = log.queue == at
    repeats = repeat_calls(
        log.customer[mine], log.instant[mine],
        np.where(log.answered, log.end, log.answer)[mine], log.abandoned[mine],
        DayBootstrap(log.day[mine]),
    ) if mine.any() else None  # fmt: skip
    new = mine & (work.transferred_from < 0)  # the others come by transfer
    first_calls = _first_calls(log, new, mine, repeats)
    arrivals = arrival_table(first_calls, log.weekday, work.usable, INTERVAL_MINUTES)
    # Everyone who waited or left; whoever was served at once says nothing about patience.
    waited = np.flatnonzero(
        mine & ((log.wait > 0) | log.abandoned) & (log.outcome != CallOutcome.BLOCKED)
    )
    patience = None
    if int(log.abandoned[waited].sum()) >= 10:
        patience = patience_curve(log.wait[waited], log.abandoned[waited], waited, bootstrap)
    else:
        work.missing.append(f"patience of {name}: fewer than 10 abandoned; taken as unlimited")
    if talk.models[at] is None:
        work.missing.append(f"talk of {name}: no talk above zero")
    wrap = None
    if log.wrap is not None:
        known = np.flatnonzero(mine & log.answered & np.isfinite(log.wrap))
        wrap = duration_model(log.wrap[known], known, bootstrap) if known.size else None
    return QueueEstimates(
        name, first_calls, arrivals, patience, talk.models[at], talk.by_hour[at],
        talk.by_hour_of_same_agents[at], wrap, repeats,
    )  # fmt: skip


def _first_calls(log: CallLog, new: Bools, mine: Bools, repeats: RepeatCalls | None) -> Floats:
    """Return the new contacts of a queue by day and interval without the expected retrials."""
    counts = counts_by_interval(log.day[new], log.offered[new], log.days, INTERVAL_MINUTES)
    if repeats is None or not (share := retry_share(repeats)):
        return counts
    gone = mine & log.abandoned
    soon = repeats.abandoned.delays[repeats.abandoned.delays <= HOUR]
    left = log.instant[gone] + log.wait[gone]
    return counts - expected_retrials(left, share, soon, log.days, INTERVAL_MINUTES)


def _queue_trends(
    log: CallLog, queues: tuple[QueueEstimates, ...], usable: Bools
) -> tuple[VolumeTrend, ...]:
    """Return the trend of each queue; nothing where there is only one."""
    if len(queues) < 2:
        return ()
    return tuple(
        volume_trend(queue.first_calls.sum(axis=1), log.weekday, usable, len(queues))
        for queue in queues
    )


def _shared(
    log: CallLog, queues: tuple[QueueEstimates, ...], usable: Bools, trend: VolumeTrend,
    queue_trends: tuple[VolumeTrend, ...],
) -> DayEstimate:  # fmt: skip
    if len(queues) < 2:
        return DayEstimate(1.0)
    totals = np.stack([queue.first_calls.sum(axis=1) for queue in queues], axis=1)
    certain = [own if own.certain else trend for own in queue_trends]
    trends = [one.factor if one.certain else None for one in certain]
    return shared_part(totals, log.weekday, usable, trends)


def _calls(work: _Work) -> Ints:
    return np.flatnonzero(work.log.answered & (work.log.agent >= 0) & np.isfinite(work.log.talk))


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


def _presences(work: _Work) -> PresencesOfLog:
    log, calls = work.log, _calls(work)
    if not calls.size:
        raise BadInputError(
            "the log has no agents; allowed: a column with agents (--column agent=TITLE)"
        )
    agent, start, end = log.agent[calls], log.answer[calls], work.work_end[calls]
    rule = work.rule
    found = presences(agent, start, end, PRESENCE_GAP, rule.overdue[calls], rule.longest)
    longer = lengthened(found, presence_ends(agent, start, end, found))
    if log.states is not None:
        exact, longer = (with_state_presences(one, log, work.work_end) for one in (found, longer))
        return PresencesOfLog(exact, longer, longer, np.nan)
    queue, hour = log.queue[calls], hour_of(start)
    paused = pauses(agent, start, end, queue, log.instant, log.wait, log.queue, hour=hour)
    working = without_pauses(longer, paused)
    gaps = _waiting_gaps(work, able_of(agent, queue, log.queue, hour), found)
    unseen = np.nan
    if gaps.rows.size >= FEWEST_GAPS:
        unseen = max(pause_share(gaps.by_customers()) - share_left_out(longer, working), 0.0)
    return PresencesOfLog(found, longer, working, unseen)


def _waiting_gaps(work: _Work, skills: Bools, found: AgentPresences) -> WaitingGaps:
    """Return the gaps that began while customers waited.

    Where states are not recorded, what follows a contact within a presence is a gap or a pause, so
    that pauses that count as presence are simulated.
    """
    log, inferred = work.log, work.log.states is None
    return waiting_gaps(
        log.instant, log.wait, np.where(log.answered & np.isfinite(log.talk), log.agent, -1),
        work.work_end, LONGEST if inferred else LONGEST_GAP, log.queue, skills,
        stays_until(log, work.work_end), _calls(work)[found.last_call] if inferred else None,
    )  # fmt: skip


def _busy(log: CallLog, working: AgentPresences) -> float:
    """Return the share of the time of agents that is talk and wrap-up."""
    known = log.answered & (log.agent >= 0) & np.isfinite(log.talk)
    work = float(log.talk[known].sum())
    if log.wrap is not None:
        work += float(np.nansum(log.wrap[known]))
    time = float(np.sum(working.end - working.start))
    return min(work / time, 1.0) if time > 0 else 1.0


def has_agents(log: CallLog) -> bool:
    """Return whether a log knows the agent and the talk of any contact."""
    return bool((log.answered & (log.agent >= 0) & np.isfinite(log.talk)).any())


def presences_of(log: CallLog) -> PresencesOfLog:
    """Return when the agents of a log were there."""
    return _presences(_Work(log, DayBootstrap(log.day), log.day_used, []))


def _sensitivity(work: _Work) -> tuple[GapSensitivity, ...]:
    """Return what gap rules make of the agents whose states are not recorded."""
    log, calls = work.log, without_states(work.log)
    if not calls.size:
        return ()
    return gap_sensitivity(
        log.agent[calls], log.answer[calls], work.work_end[calls], log.days, INTERVAL_MINUTES,
        overdue=work.rule.overdue[calls], longest_overdue=work.rule.longest,
    )  # fmt: skip


def _gap(
    work: _Work, groups: tuple[GroupEstimates, ...], found: AgentPresences
) -> tuple[GapEstimate | None, GapsAndPauses | None]:
    """Return the gap as it is simulated, and apart from pauses where the log tells them apart."""
    gaps = _waiting_gaps(work, skills_of_agents(work.log, groups), found)
    enough, gaps = gaps.rows.size >= FEWEST_GAPS, gaps.by_customers()
    apart = gaps_and_pauses(gaps, work.bootstrap) if enough else None
    longest = LONGEST if work.log.states is None else LONGEST_GAP
    lengths = None if apart is None else apart.lengths
    gap = gap_estimate(gaps, work.bootstrap, longest, lengths) if enough else None
    if gap is None:
        work.missing.append("gap after contacts: too few contacts ended while customers waited")
        return None, None
    if apart is None:
        work.missing.append(
            "pauses apart from gaps after contacts: not seen; the gap holds what there is of them"
        )
    return gap, apart


def _note_time_to_answer(work: _Work) -> None:
    """Say that contacts ring before they are answered, where they do."""
    log, calls = work.log, _calls(work)
    found = time_to_answer(
        log.agent[calls], log.instant[calls], log.answer[calls], work.work_end[calls]
    )
    if found is not None:
        work.missing.append(
            f"time to answer: of {found.contacts:,} contacts that met a free agent, eight in ten "
            f"waited {found.low:.1f} to {found.high:.1f} s, and half more than {found.median:.1f} "
            "s; the simulation answers at once when an agent is free, so its ASA is up to that "
            "much too low, and its patience a little too long"
        )


def _readiness(
    work: _Work, groups: tuple[GroupEstimates, ...], found: AgentPresences, gap: GapEstimate | None
) -> tuple[QuietReadiness | None, InferredBreaks]:
    log, calls = work.log, _calls(work)
    spans = FreeSpans.of(log.agent[calls], log.answer[calls], work.work_end[calls], LONGEST)
    spans = spans.without(found.first_call)
    asked = np.flatnonzero(log.outcome != CallOutcome.BLOCKED)
    able = skills_of_agents(log, groups)
    agents = free_agents(
        spans, calls, able, log.instant, log.wait, log.queue, asked, work.rule
    )  # fmt: skip
    ready = quiet_readiness(agents, log.instant, log.wait, GapCurve.of(gap), work.bootstrap)
    if ready is None:
        work.missing.append("readiness when quiet: too few contacts met free agents")
        return None, NO_BREAKS
    if not ready.not_ready.value > 0:
        return ready, NO_BREAKS
    # Until a contact that came meanwhile, without the gap: what breaks are a share of.
    idle = (spans.end - spans.start)[log.instant[calls[spans.contact]] > spans.start]
    free = float(idle.mean()) - (0.0 if gap is None else gap.mean.value) if idle.size else 0.0
    breaks = breaks_within(
        ready.not_ready.value, ready.length.value, agents.latest - agents.start
    )  # fmt: skip
    return ready, InferredBreaks.estimated(*breaks, max(free, 0.0))
