"""All that a call log says about a center, estimator by estimator."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from sim.array_types import Bools, Floats, Ints
from sim.history.calibration.estimated_values import EstimatedValue, estimated
from sim.history.calibration.experience_estimates import (
    ExperienceEstimates,
    estimate_experience,
)
from sim.history.calibration.experience_rows import experience_rows
from sim.history.calibration.issue_history import transferred_from
from sim.history.calibration.log_parts import pooled_small_queues, present_of
from sim.history.calibration.queue_order import QueueOrder, estimate_order
from sim.history.calibration.state_estimates import (
    StateEstimates,
    estimate_states,
    ready_after,
    state_value_rows,
    with_state_presences,
    without_states,
)
from sim.history.call_log import CallLog, CallOutcome
from sim.history.estimation.agent_differences import AgentDifferences, agent_speeds
from sim.history.estimation.agent_skills import agent_skills
from sim.history.estimation.arrival_rates import (
    ArrivalTable,
    UnusualDay,
    arrival_table,
    counts_by_interval,
    unusual_days,
)
from sim.history.estimation.day_bootstrap import DayBootstrap, DayEstimate
from sim.history.estimation.day_variation import (
    DayVariation,
    correlation,
    shared_part,
    talk_variation,
    volume_variation,
)
from sim.history.estimation.duration_models import DurationModel, duration_model, durations_by
from sim.history.estimation.expected_retrials import expected_retrials
from sim.history.estimation.free_spans import AGES, FreeSpans
from sim.history.estimation.gap_after_contact import GapEstimate, gap_estimate, waiting_gaps
from sim.history.estimation.missed_contacts import missed_contacts
from sim.history.estimation.patience_curve import PatienceCurve, patience_curve
from sim.history.estimation.presences import (
    PRESENCE_GAP,
    AgentPresences,
    GapSensitivity,
    gap_sensitivity,
    lengthened,
    presence_ends,
    presences,
)
from sim.history.estimation.queue_states import Waiting
from sim.history.estimation.quiet_readiness import (
    QuietReadiness,
    break_length,
    quiet_readiness,
)
from sim.history.estimation.repeat_calls import RepeatCalls, repeat_calls
from sim.units import HOUR, BadInputError

INTERVAL_MINUTES = 30
LONGEST_GAP = 900.0
LEAST_BREAK = 10.0
GAP_OVER = 0.05
"""Gaps are over where at most such a share is left."""
MOST_QUIET = 0.95
FEWEST_RECORDS = 100
FEWEST_DAYS = 5
SMALL_GROUP = 0.05
"""Groups with a smaller share of the answered contacts join the one most like them."""
HARDLY_DIFFERENT = 0.2
"""Share of the contacts in queues that only one of two groups serves."""
RETRIES_FROM = 0.05
"""Share of known customers below which retrials are not modelled."""
LEAST_SHARE = 0.005
OUTAGE_KINDS = ("silence", "abandonment", "no contacts")

Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class QueueEstimates:
    """Estimates of one queue.

    Attributes
    ----------
    name : str
    first_calls : ndarray, shape (days, intervals)
        Contacts without the expected retrials, which a scenario adds itself.
    arrivals : ArrivalTable
        Of the first calls.
    patience : PatienceCurve or None
    talk : DurationModel or None
    talk_by_hour : ndarray, shape (24,)
        Mean talk by hour of the day as a ratio to the mean, drawn towards 1.
    wrap : DurationModel or None
    repeats : RepeatCalls or None
    """

    name: str
    first_calls: Floats
    arrivals: ArrivalTable
    patience: PatienceCurve | None
    talk: DurationModel | None
    talk_by_hour: Floats
    wrap: DurationModel | None
    repeats: RepeatCalls | None

    @property
    def retry_share(self) -> float:
        """Share of the abandoned who call again, 0 where too few customers are known."""
        return _retry_share(self.repeats)


@dataclass(frozen=True)
class GroupEstimates:
    """Estimates of one group of agents.

    Attributes
    ----------
    name : str
    agents : int64
        Codes of its agents.
    skills : bool, shape (queues,)
    present : ndarray, shape (days, intervals)
        Agents present, presences lengthened at both ends.
    """

    name: str
    agents: Ints
    skills: Bools
    present: Floats


@dataclass(frozen=True)
class InferredBreaks:
    """Breaks that agents take while no customer waits.

    Attributes
    ----------
    share : float
        As in a scenario: an agent who becomes free takes a break with it, and later at a rate that
        would make it the share of agents on a break if no contact ever came.
    length : float
        Mean (s).
    """

    share: float
    length: float

    @classmethod
    def of(cls, not_ready: float, free: float, length: float) -> InferredBreaks:
        """Return the breaks that make a share of the free agents not ready.

        A break is not interrupted, so that it counts longer than the time until a contact comes:
        the share s solves s length + s / (1 - s) (1 - p) free = p free, where p is the share not
        ready; left is the time on breaks between two contacts.

        Parameters
        ----------
        not_ready : float
        free : float
            Mean time (s) between two contacts after the gap.
        length : float
        """
        breaks = not_ready * free
        total = length + free
        root = max(total**2 - 4 * length * breaks, 0.0) ** 0.5
        return cls(min((total - root) / (2 * length), MOST_QUIET), length)


NO_BREAKS = InferredBreaks(0.0, 0.0)


@dataclass(frozen=True)
class CenterEstimates:
    """Estimates of a whole center.

    Attributes
    ----------
    log : CallLog
        With small queues together.
    usable : bool, shape (days,)
        Days that are used, without outages.
    unusual : tuple of UnusualDay
    queues : tuple of QueueEstimates
    groups : tuple of GroupEstimates
    volume : DayVariation
    shared : DayEstimate
    talk_days : DayVariation
        Of talk from day to day, which agents work included.
    talk_days_of_same_agents : DayEstimate
        Its coefficient of variation without that part.
    talk_with_volume : DayEstimate
    presences : AgentPresences
        Not lengthened.
    present : AgentPresences
        Lengthened at both ends.
    sensitivity : tuple of GapSensitivity
    gap : GapEstimate or None
    readiness : QuietReadiness or None
    quiet_breaks : InferredBreaks
    order : QueueOrder or None
        In which order waiting contacts of different queues are served.
    speeds : AgentDifferences
    missing : tuple of str
        What could not be estimated, and why.
    rows : tuple of EstimatedValue
    experience : ExperienceEstimates or None
        Issues and satisfaction.
    states : StateEstimates or None
        What recorded states of agents say: it goes before what gaps between contacts say.
    """

    log: CallLog
    usable: Bools
    unusual: tuple[UnusualDay, ...]
    queues: tuple[QueueEstimates, ...]
    groups: tuple[GroupEstimates, ...]
    volume: DayVariation
    shared: DayEstimate
    talk_days: DayVariation
    talk_days_of_same_agents: DayEstimate
    talk_with_volume: DayEstimate
    presences: AgentPresences
    present: AgentPresences
    sensitivity: tuple[GapSensitivity, ...]
    gap: GapEstimate | None
    readiness: QuietReadiness | None
    quiet_breaks: InferredBreaks
    order: QueueOrder | None
    speeds: AgentDifferences
    missing: tuple[str, ...]
    rows: tuple[EstimatedValue, ...] = field(default=(), repr=False)
    experience: ExperienceEstimates | None = None
    states: StateEstimates | None = None


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
    def missed(self) -> Floats:
        """Contacts that the agent of each contact is expected to have missed before it."""
        log, calls = self.log, _calls(self)
        found = np.zeros(len(log))
        found[calls] = missed_contacts(
            log.agent[calls], log.answer[calls], self.work_end[calls], log.queue[calls],
            log.instant, log.queue, PRESENCE_GAP,
        )  # fmt: skip
        return found


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
    unusual, usable = _usable_days(log, counts)
    log = log.of_days(usable)
    work = _Work(log, DayBootstrap(log.day), usable, [])
    report(1, steps)
    queues = tuple(_queue(work, at) for at in range(len(log.queues)))
    report(2, steps)
    expected = _expected_talk(log, queues)
    answered = np.flatnonzero(log.answered & np.isfinite(log.talk))
    speeds = agent_speeds(
        log.agent[answered], log.day[answered], log.talk[answered], expected[answered]
    )
    day_totals = np.sum([queue.first_calls.sum(axis=1) for queue in queues], axis=0)
    volume = volume_variation(day_totals, log.weekday, usable)
    # Who works differs from day to day, and in a scenario does not: that is part of the factor.
    talk_days = talk_variation(log.day[answered], log.talk[answered], expected[answered], usable)
    by_agent = expected[answered] / _speeds_of(speeds, log.agent[answered], len(log.agents))
    same_agents = talk_variation(log.day[answered], log.talk[answered], by_agent, usable)
    report(3, steps)
    found, longer = _presences(work)
    sensitivity = _sensitivity(work)
    groups = _groups(work, longer)
    report(4, steps)
    gap = _gap(work, groups)
    states = estimate_states(log, work.work_end, gap, work.bootstrap, work.missing)
    readiness, quiet_breaks = (
        _readiness(work, groups, gap)
        if states is None or not states.has_details
        else (None, NO_BREAKS)
    )
    report(5, steps)
    experience = estimate_experience(log, work.bootstrap)
    work.missing += experience.missing
    estimates = CenterEstimates(
        log, usable, unusual, queues, groups, volume, _shared(log, queues, usable), talk_days,
        same_agents.cv,
        correlation(volume, talk_days), found, longer, sensitivity, gap, readiness, quiet_breaks,
        estimate_order(log, _skills(log, groups), work.bootstrap, work.missing), speeds,
        tuple(work.missing), experience=experience, states=states,
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


def _usable_days(log: CallLog, counts: Floats) -> tuple[tuple[UnusualDay, ...], Bools]:
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


def _queue(work: _Work, at: int) -> QueueEstimates:
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
    served = np.flatnonzero(mine & log.answered & np.isfinite(log.talk))
    talk = duration_model(log.talk[served], served, bootstrap)
    if talk is None:
        work.missing.append(f"talk of {name}: no talk above zero")
    wrap = None
    if log.wrap is not None:
        known = np.flatnonzero(mine & log.answered & np.isfinite(log.wrap))
        wrap = duration_model(log.wrap[known], known, bootstrap) if known.size else None
    return QueueEstimates(
        name, first_calls, arrivals, patience, talk, _by_hour(work, served), wrap, repeats
    )


def _retry_share(repeats: RepeatCalls | None) -> float:
    if repeats is None or not repeats.abandoned.delay_text:
        return 0.0
    share = repeats.beyond_served.value
    known = repeats.abandoned.identified.value >= RETRIES_FROM
    return share if known and share > LEAST_SHARE else 0.0


def _first_calls(log: CallLog, new: Bools, mine: Bools, repeats: RepeatCalls | None) -> Floats:
    """Return the new contacts of a queue by day and interval without the expected retrials."""
    counts = counts_by_interval(log.day[new], log.offered[new], log.days, INTERVAL_MINUTES)
    if repeats is None or not (share := _retry_share(repeats)):
        return counts
    gone = mine & log.abandoned
    soon = repeats.abandoned.delays[repeats.abandoned.delays <= HOUR]
    left = log.instant[gone] + log.wait[gone]
    return counts - expected_retrials(left, share, soon, log.days, INTERVAL_MINUTES)


def _by_hour(work: _Work, served: Ints) -> Floats:
    """Return mean talk by hour as a ratio to the mean, drawn towards 1 where there is little."""
    log = work.log
    flat = np.ones(24)
    if served.size < FEWEST_RECORDS:
        return flat
    hour = np.minimum(log.offered[served] // HOUR, 23).astype(np.int64)
    table = durations_by(log.talk[served], hour, 24, served, work.bootstrap)
    if table.cells.size < 2:
        return flat
    means = table.shrunk_mean()
    overall = float((means * table.count).sum() / table.count.sum())
    return np.clip(means / overall, 0.25, 4.0)


def _expected_talk(log: CallLog, queues: tuple[QueueEstimates, ...]) -> Floats:
    means = np.array([q.talk.mean.value if q.talk else 1.0 for q in queues])
    by_hour = np.stack([q.talk_by_hour for q in queues])
    hour = np.minimum(log.offered // HOUR, 23).astype(np.int64)
    return np.asarray(means[log.queue] * by_hour[log.queue, hour])


def _speeds_of(speeds: AgentDifferences, agent: Ints, agents: int) -> Floats:
    """Return the speed of the agent of each contact, 1 where it is not known."""
    found = np.ones(agents + 1)
    known = np.isfinite(speeds.value) & (speeds.value > 0)
    found[speeds.agent[known]] = speeds.value[known]
    return np.asarray(found[agent])


def _shared(log: CallLog, queues: tuple[QueueEstimates, ...], usable: Bools) -> DayEstimate:
    if len(queues) < 2:
        return DayEstimate(1.0)
    totals = np.stack([queue.first_calls.sum(axis=1) for queue in queues], axis=1)
    return shared_part(totals, log.weekday, usable)


def _calls(work: _Work) -> Ints:
    return np.flatnonzero(work.log.answered & (work.log.agent >= 0) & np.isfinite(work.log.talk))


def _presences(work: _Work) -> tuple[AgentPresences, AgentPresences]:
    log, calls = work.log, _calls(work)
    if not calls.size:
        raise BadInputError(
            "the log has no agents; allowed: a column with agents (--column agent=TITLE)"
        )
    agent, start, end = log.agent[calls], log.answer[calls], work.work_end[calls]
    found = presences(agent, start, end, PRESENCE_GAP, work.missed[calls])
    longer = lengthened(found, presence_ends(agent, start, end, found))
    return with_state_presences(found, log, work.work_end), with_state_presences(
        longer, log, work.work_end
    )


def presences_of(log: CallLog) -> AgentPresences:
    """Return the presences of a log, lengthened at both ends."""
    return _presences(_Work(log, DayBootstrap(log.day), log.day_used, []))[1]


def _sensitivity(work: _Work) -> tuple[GapSensitivity, ...]:
    """Return what gap rules make of the agents whose states are not recorded."""
    log, calls = work.log, without_states(work.log)
    if not calls.size:
        return ()
    return gap_sensitivity(
        log.agent[calls], log.answer[calls], work.work_end[calls], log.days, INTERVAL_MINUTES,
        missed=work.missed[calls],
    )  # fmt: skip


def _groups(work: _Work, longer: AgentPresences) -> tuple[GroupEstimates, ...]:
    log, calls = work.log, _calls(work)
    found = agent_skills(log.agent[calls], log.queue[calls], len(log.agents), len(log.queues))
    total = found.calls.sum(axis=0)
    group, skills = _large_groups(
        found.group, found.group_skills, found.calls.sum(axis=1), total / max(int(total.sum()), 1)
    )
    names = _group_names(skills)
    return tuple(
        GroupEstimates(
            names[at], np.flatnonzero(group == at), skills[at],
            present_of(longer, np.flatnonzero(group == at), log.days, INTERVAL_MINUTES),
        )
        for at in range(len(skills))
    )  # fmt: skip


def _large_groups(group: Ints, skills: Bools, calls: Ints, share: Floats) -> tuple[Ints, Bools]:
    """Let groups that hardly differ, and small ones, join a larger one.

    Groups hardly differ where the queues that only one of them serves are a small share of the
    contacts. The skills of joined groups are those that most of their contacts came from.

    Parameters
    ----------
    group : int64, shape (agents,)
    skills : bool, shape (groups, queues)
    calls : int64, shape (agents,)
    share : ndarray, shape (queues,)
        Of the answered contacts.
    """
    weight = np.bincount(group[group >= 0], calls[group >= 0], len(skills))
    kept: list[int] = []
    places = np.full(len(skills), -1)
    for one in np.argsort(-weight, kind="stable").tolist():
        apart = [float(share[skills[one] != skills[other]].sum()) for other in kept]
        near = int(np.argmin(apart)) if kept else -1
        small = weight[one] < SMALL_GROUP * weight.sum()
        if kept and (small or apart[near] < HARDLY_DIFFERENT):
            places[one] = near
        else:
            places[one] = len(kept)
            kept.append(one)
    joined = np.where(group >= 0, places[group], -1)
    votes = np.zeros((len(kept), skills.shape[1]))
    np.add.at(votes, places, weight[:, None] * skills)
    total = np.bincount(places, weight, len(kept))
    found = votes > 0.5 * total[:, None]
    found[0] |= ~found.any(axis=0)
    return joined, found


def _group_names(skills: Bools) -> list[str]:
    return ["team" if len(skills) == 1 else f"team {at + 1}" for at in range(len(skills))]


def _skills(log: CallLog, groups: tuple[GroupEstimates, ...]) -> Bools:
    """Return which queues each agent serves; shape (agents, queues)."""
    skills = np.zeros((len(log.agents), len(log.queues)), dtype=bool)
    for one in groups:
        skills[one.agents] = one.skills
    return skills


def _gap(work: _Work, groups: tuple[GroupEstimates, ...]) -> GapEstimate | None:
    log, skills = work.log, _skills(work.log, groups)
    gaps = waiting_gaps(
        log.instant, log.wait, np.where(log.answered & np.isfinite(log.talk), log.agent, -1),
        work.work_end, LONGEST_GAP, log.queue, skills, ready_after(log, work.work_end),
    )  # fmt: skip
    enough = gaps.rows.size >= 30
    found = gap_estimate(gaps.by_customers(), work.bootstrap, LONGEST_GAP) if enough else None
    if found is None:
        work.missing.append("gap after contacts: too few contacts ended while customers waited")
    return found


def _readiness(
    work: _Work, groups: tuple[GroupEstimates, ...], gap: GapEstimate | None
) -> tuple[QuietReadiness | None, InferredBreaks]:
    log, calls = work.log, _calls(work)
    spans = FreeSpans.of(log.agent[calls], log.answer[calls], work.work_end[calls], PRESENCE_GAP)
    rows, free = _met_agents(log, groups, spans)
    left = np.zeros(AGES.size) if gap is None else gap.left_at(AGES, LONGEST_GAP)
    ended = calls[spans.contact]
    # Agents who are ready are soon no longer free: of those still free, more are in the gap.
    free_so_long = spans.left_at(log.instant[ended] > spans.start, LONGEST_GAP)
    in_gap = np.minimum(left / np.maximum(free_so_long, 1e-9), 1.0)
    found = quiet_readiness(free, log.wait[rows] > 0, rows, work.bootstrap, in_gap)
    if found is None:
        work.missing.append("readiness when quiet: too few contacts met free agents")
        return None, NO_BREAKS
    # Only agents whose gap is over are on a break.
    over = float(AGES[left <= GAP_OVER].min(initial=LONGEST_GAP))
    number = free.sum(axis=1)
    met = (log.wait[rows] > 0) & (number > 0) & (free[:, over > AGES].sum(axis=1) == 0)
    since = np.full(len(log), np.inf)
    since[calls[spans.contact]] = spans.start
    waits = rows[met]
    length = break_length(
        log.wait[waits], number[met], since[waits] < log.instant[waits], waits, work.bootstrap
    )
    mean = float(np.clip(np.nan_to_num(length.value), LEAST_BREAK, LONGEST_GAP))
    quiet = (log.wait[ended] == 0) | (log.instant[ended] > spans.start + over)
    idle = (spans.end - spans.start)[quiet]
    gaps = 0.0 if gap is None else gap.mean.value
    after_gap = max(float(idle.mean()) - gaps, 0.0) if idle.size else 0.0
    return found, InferredBreaks.of(found.not_ready.value, after_gap, mean)


def _met_agents(
    log: CallLog, groups: tuple[GroupEstimates, ...], spans: FreeSpans
) -> tuple[Ints, Ints]:
    """Return contacts that met no customer waiting, and free agents who serve their queue."""
    rows, free = [], []
    for at in range(len(log.queues)):
        mine = np.flatnonzero((log.queue == at) & (log.outcome != CallOutcome.BLOCKED))
        mine = mine[Waiting.of(log.instant[mine], log.wait[mine]).before(log.instant[mine]) == 0]
        able = np.zeros(len(log.agents), dtype=bool)
        for group in groups:
            able[group.agents] = group.skills[at]
        rows.append(mine)
        free.append(spans.by_age(log.instant[mine], able))
    order = np.argsort(np.concatenate(rows), kind="stable")
    return np.concatenate(rows)[order], np.concatenate(free)[order]


def rows_of(estimates: CenterEstimates) -> tuple[EstimatedValue, ...]:
    """Return all estimates as rows."""
    rows: list[EstimatedValue] = [
        estimated("busyness_cv", "center", estimates.volume.cv, "share",
                  "variance of day totals beyond Poisson", "center.busyness.cv"),
        estimated("busyness_memory", "center", estimates.volume.memory, "ratio",
                  "correlation of following days", "center.busyness.memory"),
        estimated("busyness_shared", "center", estimates.shared, "share",
                  "covariance of day totals of queues", "center.busyness.shared"),
        estimated("talk_day_cv", "center", estimates.talk_days.cv, "share",
                  "variance of day means beyond sampling", "center.talk_variation.cv"),
        estimated("talk_day_cv_same_agents", "center", estimates.talk_days_of_same_agents, "share",
                  "the same, without which agents work"),
        estimated("talk_day_memory", "center", estimates.talk_days.memory, "ratio",
                  "correlation of following days", "center.talk_variation.memory"),
        estimated("talk_with_volume", "center", estimates.talk_with_volume, "ratio",
                  "correlation of day factors", "center.talk_variation.correlation"),
        estimated("agent_speed_cv", "center", estimates.speeds.spread, "share",
                  "spread of agents beyond sampling error, shrunk", "group.persons"),
    ]  # fmt: skip
    rows += [*_gap_rows(estimates), *state_value_rows(estimates.states)]
    for queue in estimates.queues:
        rows += _queue_rows(queue, estimates.log)
    rows += () if estimates.order is None else estimates.order.rows()
    rows += experience_rows(estimates.experience)
    return tuple(row for row in rows if np.isfinite(row.value))


def _gap_rows(estimates: CenterEstimates) -> list[EstimatedValue]:
    rows = []
    if (gap := estimates.gap) is not None:
        states = estimates.states
        how = "gaps begun while customers waited, Kaplan-Meier"
        if states is not None and states.has_details:
            how = "recorded states after contacts that ended while customers waited, Kaplan-Meier"
        rows += [
            estimated("gap_mean", "center", gap.mean, "s", how, "group.gap"),
            estimated("gap_median", "center", gap.median, "s", how, "group.gap"),
            estimated("gap_zero", "center", gap.zero, "share", how, "group.gap"),
        ]
    if (ready := estimates.readiness) is not None:
        how = "who waits although agents are free, gaps taken off"
        rows.append(
            estimated("not_ready_when_quiet", "center", ready.not_ready, "share", how,
                      "group.breaks_when_quiet")
        )  # fmt: skip
    return rows


def _retrial_method(repeats: RepeatCalls) -> str:
    seen = repeats.beyond_served.low > 0
    return "same customer, beyond those served" + (
        "" if seen else "; none seen beyond random variation"
    )


def _queue_rows(queue: QueueEstimates, log: CallLog) -> list[EstimatedValue]:
    scope = f"queue.{queue.name}"
    from_states = log.states is not None and log.states.gives_wrap
    rows = []
    for name, model in (("talk", queue.talk), ("wrap", queue.wrap)):
        if model is not None:
            how = "mean of a measured curve" if model.best == "points" else f"mean of {model.best}"
            how += ", recorded states" if name == "wrap" and from_states else ""
            field_path = f"{scope}.{name}"
            rows += [
                estimated(f"{name}_mean", scope, model.mean, "s", how, field_path),
                estimated(f"{name}_cv", scope, model.cv, "ratio", how, field_path),
                estimated(f"{name}_zero", scope, model.zero, "share", how, field_path),
            ]
    if (patience := queue.patience) is not None:
        how = "Kaplan-Meier, answered cut off"
        rows += [
            estimated("patience_median", scope, patience.median, "s", how, f"{scope}.patience"),
            estimated("balking", scope, patience.balk, "share", how, f"{scope}.balk"),
        ]
        rows += [
            estimated(f"patience_beyond_{at:g}s", scope, found, "share", how, f"{scope}.patience")
            for at, found in patience.survival.items()
        ]
    if (repeats := queue.repeats) is not None:
        rows += [
            estimated("retrial_within_hour", scope, repeats.beyond_served, "share",
                      _retrial_method(repeats), f"{scope}.retry.share"),
            estimated("identified_abandoned", scope, repeats.abandoned.identified, "share",
                      "customer known"),
        ]  # fmt: skip
    return rows
