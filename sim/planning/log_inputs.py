"""Arrivals and agents of a call log, as a scenario over its days takes them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.history.calibration.log_parts import present_of
from sim.history.calibration.log_presences import has_agents, presences_of
from sim.history.calibration.simulated_gap import with_unseen_pauses
from sim.history.estimation.arrival_rates import counts_by_interval
from sim.history.estimation.pauses import LONGEST_GAP_AT_WORK
from sim.history.tables.column_mapping import word
from sim.planning.finer_grid import fine_minutes, on_finer_grid
from sim.planning.headcounts import changed_headcounts
from sim.scenario.interval_series import rules_of

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping, Sequence

    from sim.array_types import Floats, Ints
    from sim.history.call_log import CallLog
    from sim.scenario import Scenario
    from sim.scenario.calendar import Grid

PAUSES_NOTE = (
    f"an agent for whom customers waited longer than {LONGEST_GAP_AT_WORK / 60:g} min counts as "
    "absent meanwhile; of longer gaps after contacts there are as many as on these days besides"
)
SLIPS = 0.02
"""Share of an agent's contacts that may be of any queue."""


@dataclass(frozen=True)
class LogInputs:
    """Arrivals and agents of the days of a call log, in shorter intervals than are compared.

    Attributes
    ----------
    first_day : date
    minutes : float
        Length of an interval.
    agents : dict of str to ndarray, shape (days, intervals of 24 h)
        Agents present by group, weighted by time.
    arrivals : dict of str to ndarray, shape (days, intervals of 24 h)
        Contacts offered by queue of the log.
    unseen_pauses : float or None
        Share of contacts that a pause follows in which the agent does not count as absent, NaN
        unknown; None where states are recorded.
    """

    first_day: dt.date
    minutes: float
    agents: dict[str, Floats]
    arrivals: dict[str, Floats]
    unseen_pauses: float | None

    def on(self, grid: Grid, table: Floats) -> Floats:
        """Return a table on the days of a grid, shape (days, intervals of 24 h)."""
        first = (grid.first - self.first_day).days
        return table[first : first + grid.days]

    def mean_agents(self, grid: Grid) -> dict[str, list[float]]:
        """Return the mean number of agents of each group in each interval of a grid."""
        return {
            name: self.on(grid, table).reshape(grid.intervals, -1).mean(axis=1).tolist()
            for name, table in self.agents.items()
        }


def log_inputs(log: CallLog, scenario: Scenario) -> LogInputs:
    """Return the arrivals of each queue, and the agents of each group who were present.

    Parameters
    ----------
    log : CallLog
    scenario : Scenario
    """
    minutes = fine_minutes(scenario.center.grid)
    used = log.used
    arrivals = {
        name: counts_by_interval(log.day[mine], log.offered[mine], log.days, round(minutes))
        for at, name in enumerate(log.queues)
        for mine in [(log.queue == at) & used]
    }
    agents, unseen = _agents_of_groups(log, scenario, minutes)
    return LogInputs(log.first_day, minutes, agents, arrivals, unseen)


def _agents_of_groups(
    log: CallLog, scenario: Scenario, minutes: float
) -> tuple[dict[str, Floats], float | None]:
    """Return the agents of each group who were present, and the share of unseen pauses."""
    if not has_agents(log):
        none = np.zeros((log.days, round(24 * 60 / minutes)))
        return dict.fromkeys(scenario.group, none), np.nan if log.states is None else None
    there = presences_of(log)
    group = _group_of_agents(log, scenario)
    agents = {
        name: present_of(there.working, np.flatnonzero(group == k), log.days, minutes)
        for k, name in enumerate(scenario.group)
    }
    return agents, there.unseen_pauses if log.states is None else None


def _group_of_agents(log: CallLog, scenario: Scenario) -> Ints:
    """Return the group of each agent: the one whose skills explain best what the agent took.

    An agent is taken to meet the queues of the group as often as they occur, and now and then
    (:data:`SLIPS`) others: so neither contacts that the group does not serve nor queues from which
    the agent takes none fit.
    """
    served = log.answered & (log.agent >= 0)
    took = np.zeros((len(log.agents), len(log.queues)))
    np.add.at(took, (log.agent[served], log.queue[served]), 1.0)
    names = [queue_named(scenario, name, len(log.queues)) for name in log.queues]
    serves = np.array(
        [[name in group.skills for name in names] for group in scenario.group.values()]
    )
    share = (took.sum(axis=0) + 1) / (took.sum() + len(log.queues))
    mine = serves * share / np.maximum((serves @ share)[:, None], 1e-300)
    likely = np.log((1 - SLIPS) * mine + SLIPS * share)
    return np.asarray((took @ likely.T).argmax(axis=1))


def queue_named(scenario: Scenario, name: str, queues: int) -> str:
    """Return the queue of a scenario that a log with so many queues calls by a name; else empty."""
    if queues == len(scenario.queue) == 1:
        return next(iter(scenario.queue))
    return {word(one): one for one in scenario.queue}.get(word(name), "")


def with_log_inputs(
    scenario: Scenario,
    inputs: LogInputs,
    taken: Sequence[str],
    names: Mapping[str, str],
    offered: Mapping[str, Floats],
    notes: list[str],
) -> Scenario:
    """Return a scenario with the arrivals and agents of a call log, in short intervals.

    Parameters
    ----------
    scenario : Scenario
        Over the recorded days.
    inputs : LogInputs
    taken : sequence of {"arrivals", "agents"}
    names : mapping of str to str
        Queue of the scenario by name in the log.
    offered : mapping of str to ndarray, shape (intervals of the scenario,)
        By queue of the scenario; NaN where nothing is compared, and nothing arrives.
    notes : list of str
    """
    own = scenario.center.grid
    scenario = on_finer_grid(scenario, inputs.minutes)
    center, grid = scenario.center, scenario.center.grid
    changes: dict[str, Any] = {}
    if "arrivals" in taken:
        counts = {name: np.zeros(grid.intervals) for name in offered}
        for name, table in inputs.arrivals.items():
            if names.get(name) in counts:
                counts[names[name]] += inputs.on(grid, table).ravel()
        for name, count in counts.items():
            known = np.repeat(~np.isnan(offered[name]), grid.per_day // own.per_day)
            opens = grid.open_intervals(rules_of(scenario.queue[name], center.open))
            exact = np.where(known, count, 0.0)[opens]
            changes[f"queue.{name}.volume"] = {"exact": exact.tolist()}
    if "agents" in taken:
        for name, table in inputs.agents.items():
            group = scenario.group[name]
            opens = grid.open_intervals(center.open if group.open is None else group.open)
            present = inputs.on(grid, table).ravel()[opens]
            changes[f"group.{name}.agents"] = changed_headcounts(present.tolist(), 0.0)
            if inputs.unseen_pauses is not None and group.gap.mean > 0:
                changes[f"group.{name}.gap"] = str(
                    with_unseen_pauses(group.gap, inputs.unseen_pauses)
                )
        if inputs.unseen_pauses is not None:
            notes.append(PAUSES_NOTE)
    return scenario.with_(**changes)
