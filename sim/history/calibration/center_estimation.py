"""Estimate a center from a call log, estimator by estimator."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from sim.array_types import Bools, Floats
from sim.history.calibration.agent_groups import estimate_groups, skills_of_agents
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
from sim.history.calibration.log_parts import pooled_small_queues
from sim.history.calibration.log_presences import (
    FEWEST_GAPS,
    LogWork,
    PresencesOfLog,
    busy_share,
    gaps_while_waiting,
    presences_and_pauses,
)
from sim.history.calibration.queue_order import estimate_order
from sim.history.calibration.state_estimates import (
    estimate_states,
    without_states,
)
from sim.history.calibration.talk_estimates import TalkEstimates, estimate_talk
from sim.history.calibration_stages import ESTIMATING, STEPS
from sim.history.call_log import CallLog, CallOutcome
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
    gap_estimate,
)
from sim.history.estimation.gap_curve import GapCurve
from sim.history.estimation.gap_sensitivity import GapSensitivity, gap_sensitivity
from sim.history.estimation.gaps_and_pauses import GapsAndPauses, gaps_and_pauses
from sim.history.estimation.patience_curve import patience_curve
from sim.history.estimation.presences import (
    LONGEST,
    AgentPresences,
)
from sim.history.estimation.quiet_readiness import (
    QuietReadiness,
    breaks_within,
    quiet_readiness,
)
from sim.history.estimation.repeat_calls import RepeatCalls, repeat_calls
from sim.history.estimation.time_to_answer import time_to_answer
from sim.history.estimation.volume_trend import VolumeTrend, volume_trend
from sim.units import HOUR, BadInputError, counted

FEWEST_RECORDS = 100
FEWEST_DAYS = 5
OUTAGE_KINDS = ("silence", "outage", "abandonment", "no contacts")

Progress = Callable[[int, int], None]


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
    steps = len(STEPS[ESTIMATING])
    report(0, steps)
    _check_size(log)
    log = pooled_small_queues(log)
    counts = counts_by_interval(log.day, log.offered, log.days, INTERVAL_MINUTES)
    unusual, usable = usable_days(log, counts)
    log = log.of_days(usable)
    work = LogWork(log, DayBootstrap(log.day), usable, [])
    report(1, steps)
    there = presences_and_pauses(work)
    groups = estimate_groups(log, work.calls, there.present)
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
    sensitivity = _sensitivity(work, there)
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
        talk.speeds, work.concurrency, tuple(work.missing), experience=experience,
        states=states, pauses=apart, trend=trend, queue_trends=queue_trends, talk_level=talk.level,
        busy=busy_share(work, there.working), unseen_pauses=there.unseen_pauses,
    )  # fmt: skip
    report(6, steps)
    return estimates


def _check_size(log: CallLog) -> None:
    days = int(log.day_used.sum())
    if len(log) < FEWEST_RECORDS or days < FEWEST_DAYS or not log.answered.any():
        raise BadInputError(
            f"the log has {counted(len(log), 'contact')} on {counted(days, 'day')}, "
            f"{int(log.answered.sum()):,} answered; allowed: at least {FEWEST_RECORDS} on "
            f"{FEWEST_DAYS} days"
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


def _queue(work: LogWork, at: int, talk: TalkEstimates) -> QueueEstimates:
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


def _sensitivity(work: LogWork, there: PresencesOfLog) -> tuple[GapSensitivity, ...]:
    """Return what gap rules make of the agents whose states are not recorded."""
    log, calls = work.log, without_states(work.log)
    if not calls.size:
        return ()
    rule = replace(work.rule, overdue=work.rule.overdue[calls])
    contacts = replace(
        work.answered, agent=log.agent[calls], start=log.answer[calls], end=work.work_end[calls],
        contact=calls,
    )  # fmt: skip
    known = (there.found, there.present) if log.states is None else None
    return gap_sensitivity(contacts, log.days, INTERVAL_MINUTES, rule, known)


def _gap(
    work: LogWork, groups: tuple[GroupEstimates, ...], found: AgentPresences
) -> tuple[GapEstimate | None, GapsAndPauses | None]:
    """Return the gap as it is simulated, and apart from pauses where the log tells them apart."""
    gaps = gaps_while_waiting(work, skills_of_agents(work.log, groups), found)
    enough, gaps = gaps.rows.size >= FEWEST_GAPS, gaps.by_customers()
    apart = gaps_and_pauses(gaps, work.bootstrap) if enough else None
    lengths = None if apart is None else apart.lengths
    gap = gap_estimate(gaps, work.bootstrap, work.longest_gap, lengths) if enough else None
    if gap is None:
        work.missing.append("gap after contacts: too few contacts ended while customers waited")
        return None, None
    if apart is None:
        work.missing.append(
            "pauses apart from gaps after contacts: not seen; the gap holds what there is of them"
        )
    return gap, apart


def _note_time_to_answer(work: LogWork) -> None:
    """Say that contacts ring before they are answered, where they do."""
    log, calls = work.log, work.calls
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
    work: LogWork,
    groups: tuple[GroupEstimates, ...],
    found: AgentPresences,
    gap: GapEstimate | None,
) -> tuple[QuietReadiness | None, InferredBreaks]:
    log, calls = work.log, work.calls
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
