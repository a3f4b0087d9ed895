"""Talk by queue, hour, agent and day: what a scenario multiplies, and what is left beside it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim.array_types import Bools, Floats, Ints
from sim.history.calibration.center_estimates import GroupEstimates
from sim.history.call_log import CallLog
from sim.history.estimation.agent_differences import (
    AgentDifferences,
    agent_speeds,
    expected_of_hours,
)
from sim.history.estimation.day_bootstrap import DayBootstrap, DayEstimate
from sim.history.estimation.day_variation import DayVariation, talk_variation
from sim.history.estimation.duration_models import DurationModel, duration_model, durations_by
from sim.history.estimation.talk_level import TalkLevel, with_talk_level
from sim.units import HOUR

FEWEST_BY_HOUR = 100
"""With fewer contacts a queue has the same talk in all hours."""
_HOURS = 24


@dataclass(frozen=True)
class TalkEstimates:
    """Talk of a log.

    Attributes
    ----------
    models : tuple of (DurationModel or None)
        Of each queue; their variation is that of contacts of one agent, hour and day.
    by_hour : ndarray, shape (queues, 24)
        Ratio to the mean by hour of the day, drawn towards 1, with the speeds of groups taken off:
        the agents of a group who work then are part of it.
    by_hour_of_same_agents : ndarray, shape (queues, 24)
        The same with the speed of each agent taken off.
    speeds : AgentDifferences
    days : DayVariation
        From day to day, which agents of a group work included.
    level : TalkLevel or None
    days_of_same_agents : DayEstimate
        Coefficient of variation from day to day with the speed of each agent taken off.
    missing : tuple of str
        What could not be estimated, and why.
    """

    models: tuple[DurationModel | None, ...]
    by_hour: Floats
    by_hour_of_same_agents: Floats
    speeds: AgentDifferences
    days: DayVariation
    level: TalkLevel | None
    days_of_same_agents: DayEstimate
    missing: tuple[str, ...]


@dataclass(frozen=True)
class _Served:
    """Contacts with a known talk: positions in the log, codes and seconds."""

    rows: Ints
    queue: Ints
    queues: int
    agent: Ints
    group: Ints
    day: Ints
    hour: Ints
    talk: Floats

    def by_hour(self, expected: Floats, bootstrap: DayBootstrap) -> Floats:
        """Return talk over what is expected by queue and hour, its mean in each queue 1."""
        return np.stack([
            _by_hour(self.talk[mine], expected[mine], self.hour[mine], self.rows[mine], bootstrap)
            for mine in (np.flatnonzero(self.queue == at) for at in range(self.queues))
        ])  # fmt: skip


def estimate_talk(
    log: CallLog, groups: tuple[GroupEstimates, ...], bootstrap: DayBootstrap, usable: Bools
) -> TalkEstimates:
    """Estimate the talk of a log.

    Parameters
    ----------
    log : CallLog
    groups : tuple of GroupEstimates
    bootstrap : DayBootstrap
        Of the log.
    usable : ndarray of bool, shape (days,)

    Notes
    -----
    In a scenario talk is drawn from the distribution of the queue and multiplied by factors of
    hour and day, and divided by the speed of an agent. Each of them is what the others leave.
    Agents of a group are not those of the log there, and alike in all hours: talk by hour, and its
    variation from day to day, contain who of the group works, and nothing of how groups differ.
    The distribution is of talk over what the log expects of its hour, agent and day, each
    drawn towards the mean by how uncertain it is, so that what is left is not too little.
    """
    served = _served(log, groups)
    queue, talk, day = served.queue, served.talk, served.day
    count = np.bincount(queue, minlength=served.queues)
    total = np.bincount(queue, talk, served.queues)
    means = np.where(total > 0, total / np.maximum(count, 1), 1.0)[queue]
    speeds = _speeds(served, means)
    expected = means * speeds.group_factor_of(queue, served.group)
    hours = served.by_hour(expected, bootstrap)
    expected *= hours[queue, served.hour]
    days, level = with_talk_level(
        talk_variation(day, talk, expected, usable),
        np.bincount(day, expected, log.days).astype(float),
    )
    usual = means * speeds.queue_factor_of(queue)
    usual /= speeds.speed_of(served.agent, len(log.agents))
    hours_of_same = served.by_hour(usual, bootstrap)
    usual *= hours_of_same[queue, served.hour]
    same = talk_variation(day, talk, usual, usable)
    usual *= same.shrunk(log.days)[day]
    models = tuple(
        duration_model(talk[mine], served.rows[mine], bootstrap, expected=usual[mine])
        for mine in (np.flatnonzero(queue == at) for at in range(served.queues))
    )
    missing = (
        "differences in speed between agents of queues that no agents connect: taken for "
        "differences of the queues",
    ) if speeds.part.max(initial=0) > 0 else ()  # fmt: skip
    return TalkEstimates(models, hours, hours_of_same, speeds, days, level, same.cv, missing)


def _served(log: CallLog, groups: tuple[GroupEstimates, ...]) -> _Served:
    rows = np.flatnonzero(log.answered & np.isfinite(log.talk))
    group = np.full(len(log.agents) + 1, -1)
    for at, one in enumerate(groups):
        group[one.agents] = at
    hour = np.minimum(log.offered[rows] // HOUR, _HOURS - 1).astype(np.int64)
    agent = log.agent[rows]
    return _Served(
        rows, log.queue[rows], len(log.queues), agent, group[agent], log.day[rows], hour,
        log.talk[rows],
    )  # fmt: skip


def _speeds(served: _Served, means: Floats) -> AgentDifferences:
    """Return the speeds of agents against what queues and hours ask of whoever works then."""
    agent, queue, talk = served.agent, served.queue, served.talk
    expected = expected_of_hours(talk, means, agent, queue, served.hour)
    group = np.full(int(agent.max(initial=-1)) + 1, -1)
    known = agent >= 0
    group[agent[known]] = served.group[known]
    return agent_speeds(agent, served.day, talk, expected, queue=queue, group=group)


def _by_hour(
    talk: Floats, expected: Floats, hour: Ints, rows: Ints, bootstrap: DayBootstrap
) -> Floats:
    flat = np.ones(_HOURS)
    if talk.size < FEWEST_BY_HOUR:
        return flat
    table = durations_by(talk, hour, _HOURS, rows, bootstrap, expected)
    if table.cells.size < 2:
        return flat
    ratio = table.shrunk_mean()
    return np.clip(ratio / np.average(ratio, weights=table.weight), 0.25, 4.0)
