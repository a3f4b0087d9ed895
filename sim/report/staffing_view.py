"""What a page shows of a staffing: required against scheduled, and what ±3 agents change."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from sim import erlang
from sim.planning.queue_agents import agents_for, no_formula
from sim.report.formatting import show
from sim.report.one_day import of_day
from sim.scenario.calendar import day_of
from sim.scenario.interval_times import mean_of
from sim.scenario.workload import agent_load, agent_time_of, hands_of
from sim.units import BadInputError

if TYPE_CHECKING:
    from sim.experiment import Result
    from sim.experiment.result import Estimate
    from sim.metrics import MetricRow
    from sim.planning import Staffing
    from sim.scenario import Scenario

MORE = (-3, -2, -1, 0, 1, 2, 3)
"""Agents more or fewer whose effect is shown."""
ALL = "All groups"


@dataclass(frozen=True, slots=True)
class StaffingInterval:
    """People of a group, or of all, in one interval.

    Attributes
    ----------
    interval, day : str
        Start, and the date when there are several days.
    required : float
        Agents that formulas ask for.
    to_schedule, scheduled : float
        People to schedule for it, and those scheduled in the scenario.
    on_duty : float
        Agents that these give, net of shrinkage, absence and breaks.
    net : float
        On duty less required: above zero over, below under.
    under, over : float
        Agents missing and agents too many, each group counted on its own: those of one group do
        not take the contacts of another.
    short_group : str
        The group that misses most; empty when none does.
    """

    interval: str
    day: str
    required: float
    to_schedule: float
    scheduled: float
    on_duty: float
    net: float
    under: float
    over: float
    short_group: str


def slots(
    found: Staffing, group: str | None = None, day: str | None = None
) -> list[StaffingInterval]:
    """Return required against scheduled, interval by interval.

    Parameters
    ----------
    found : Staffing
    group : str, optional
        All groups together unless given.
    day : str, optional
        Date; all days unless given. Intervals are then times of that day.
    """
    rows: dict[str, list[dict[str, Any]]] = {}
    for row in found.of("group"):
        if group in (None, row["name"]):
            rows.setdefault(row["interval"], []).append(row)
    found_rows = [_interval_of(when, groups) for when, groups in sorted(rows.items())]
    return found_rows if day is None else of_day(found_rows, day)


def _interval_of(when: str, groups: Sequence[Mapping[str, Any]]) -> StaffingInterval:
    nets = {row["name"]: float(row["net_staffing"] or 0.0) for row in groups}
    under = sum((max(-net, 0.0) for net in nets.values()), 0.0)

    def total(key: str) -> float:
        return sum((float(row[key] or 0.0) for row in groups), 0.0)

    return StaffingInterval(
        when,
        day_of(when),
        required=total("required"),
        to_schedule=total("scheduled"),
        scheduled=total("now_scheduled"),
        on_duty=total("now_net"),
        net=total("net_staffing"),
        under=under,
        over=sum((max(net, 0.0) for net in nets.values()), 0.0),
        short_group=min(nets, key=nets.__getitem__) if under > 0 else "",
    )


def slots_by_formula(
    scenario: Scenario, max_occupancy: str | None = None
) -> list[StaffingInterval]:
    """Return required against scheduled by formula; empty where no formula has an answer."""
    from sim.planning import staff

    try:
        return slots(staff(scenario, simulate=False, max_occupancy=max_occupancy))
    except BadInputError:
        return []


def slot_table(rows: Sequence[StaffingInterval]) -> list[dict[str, str | float]]:
    """Return slots as rows for a table."""
    return [
        {
            "Interval": row.interval.replace("T", " "),
            "Required": row.required,
            "To schedule (without breaks)": row.to_schedule,
            "Scheduled now": row.scheduled,
            "On duty now": round(row.on_duty, 1),
            "Overstaffed": round(row.over, 1),
            "Understaffed": round(row.under, 1),
        }
        for row in rows
    ]


@dataclass(frozen=True, slots=True)
class Balance:
    """Over- and understaffing over all intervals.

    Attributes
    ----------
    required_h, on_duty_h : float
        Agent-hours.
    under_h, over_h : float
        Hours missing and hours too many, each group and interval counted on its own.
    under, intervals : int
        Intervals that are short by half an agent or more, and all.
    worst : StaffingInterval or None
        The one that is shortest of agents.
    """

    required_h: float
    on_duty_h: float
    under_h: float
    over_h: float
    under: int
    intervals: int
    worst: StaffingInterval | None


def balance(rows: Sequence[StaffingInterval], interval_s: float) -> Balance:
    """Sum up how far agents are above and below the requirement."""
    hours = interval_s / 3600.0
    return Balance(
        required_h=sum(row.required for row in rows) * hours,
        on_duty_h=sum(row.on_duty for row in rows) * hours,
        under_h=sum(row.under for row in rows) * hours,
        over_h=sum(row.over for row in rows) * hours,
        under=sum(row.under >= 0.5 for row in rows),
        intervals=len(rows),
        worst=max(rows, key=lambda row: row.under, default=None),
    )


def agents_more(scenario: Scenario, group: str, more: int) -> Scenario:
    """Return a scenario with more or fewer agents in a group.

    Parameters
    ----------
    scenario : Scenario
    group : str
    more : int
        In every interval with people, or on each shift; never below zero.
    """
    if more == 0:
        return scenario
    fields = scenario.group[group]
    paths = [f"group.{group}.agents"] if fields.agents is not None else []
    paths += [f"group.{group}.shifts.{k}.agents" for k in range(len(fields.shifts))]
    return scenario.with_(**{path: f"{more:+d}" for path in paths})


def fewest(scenario: Scenario, group: str) -> int:
    """Return the largest number of agents that can be taken off a group everywhere, at most 3."""
    fields = scenario.group[group]
    if fields.agents is None:
        most = min((shift.agents for shift in fields.shifts), default=0)
    else:
        most = int(max(fields.agents.values or (fields.agents.each or 0.0,)))
    return min(most, max(MORE))


@dataclass(frozen=True, slots=True)
class AgentsOutcome:
    """Service level and occupancy with more or fewer agents, simulated and by formula.

    Attributes
    ----------
    more : int
        Agents more or fewer.
    level, occupancy : Estimate
        Simulated: service level of the queue, occupancy of the group.
    formula_level, formula_occupancy : float or None
        By Erlang A (Erlang C when no customer abandons), each interval for itself, added up by
        contacts and by agents; None without a formula.
    """

    more: int
    level: Estimate
    occupancy: Estimate
    formula_level: float | None
    formula_occupancy: float | None


Simulate = Callable[["Scenario", str], "Result"]


def neighbours(scenario: Scenario, group: str) -> dict[int, Scenario]:
    """Return a scenario with up to three agents less and more in a group, by their number."""
    least = fewest(scenario, group)
    return {more: agents_more(scenario, group, more) for more in MORE if more >= -least}


def plus_minus(
    scenario: Scenario, group: str, queue: str, simulate: Simulate
) -> list[AgentsOutcome]:
    """Return what up to 3 agents more or fewer change for a queue and its group.

    Parameters
    ----------
    scenario : Scenario
    group, queue : str
    simulate : callable
        Takes a scenario and what is being simulated in words; returns its result.
    """
    found = []
    for more, changed in neighbours(scenario, group).items():
        result = simulate(changed, f"Simulating {more:+d} agents")
        found.append(
            AgentsOutcome(
                more,
                result.estimate("service_level", "queue", queue),
                result.estimate("occupancy", "group", group),
                *by_formula(changed, result, queue),
            )
        )
    return found


def by_formula(scenario: Scenario, result: Result, queue: str) -> tuple[float | None, float | None]:
    """Return service level and occupancy of a queue by formula over all intervals.

    Parts of agents, of a group that serves several queues, lie between the whole numbers. The
    handle time is lengthened by the mean gap after a contact.

    Parameters
    ----------
    scenario : Scenario
    result : Result
        Of this scenario; its model says threshold and formula.
    queue : str

    Returns
    -------
    (float, float) or (None, None)
    """
    if no_formula(scenario, queue):
        return None, None
    load = np.array(agent_load(scenario, queue))
    agents = np.array(agents_for(scenario, queue))
    busy = load > 0
    if not busy.any():
        return None, None
    load, agents = load[busy], np.maximum(agents[busy], 0.0)
    low = np.floor(agents)
    levels, shares = _between(scenario, result, queue, load, low)
    more_levels, more_shares = _between(scenario, result, queue, load, low + 1)
    part = agents - low
    level = levels + part * (more_levels - levels)
    work = shares * low + part * (more_shares * (low + 1) - shares * low)
    # Occupancy leaves the gaps out on both sides: agents are neither busy nor ready.
    gaps = work.sum() * (1 - hands_of(scenario, queue) / agent_time_of(scenario, queue))
    ready = agents.sum() - gaps
    return float(load @ level / load.sum()), float((work.sum() - gaps) / ready) if ready else None


def _between(scenario: Scenario, result: Result, queue: str, load: Any, agents: Any) -> Any:
    """Return service levels and occupancies with whole numbers of agents; 0 and 1 for none."""
    promise = next(q for q in result.model.queues if q.name == queue)
    length = result.model.interval_s
    handle = agent_time_of(scenario, queue)
    arguments = (load * length / handle, length, handle, np.maximum(agents, 1.0).astype(int))
    mean = mean_of(scenario, queue, "patience")
    if np.isfinite(mean) and mean > 0:
        model: Any = erlang.a(*arguments, mean)
    else:
        model = erlang.c(*arguments)
    level = model.service_level(promise.threshold, promise.variant, promise.short)
    none = np.asarray(agents) < 1
    # The queue grows without limit: no contact is answered in time, all agents are busy.
    level = np.where(none, 0.0, np.nan_to_num(level, nan=0.0))
    return level, np.where(none, 1.0, np.nan_to_num(model.occupancy, nan=1.0))


def where_more(scenario: Scenario, group: str) -> str:
    """Return where a group has more or fewer agents, in words."""
    fields = scenario.group[group]
    if fields.agents is not None:
        return "in every interval"
    count = len(fields.shifts)
    return "on its shift" if count == 1 else f"on each of its {count} shifts"


def plus_minus_table(rows: Sequence[AgentsOutcome], where: str = "") -> list[dict[str, str]]:
    """Return the effect of more or fewer agents as rows of text."""
    return [
        {
            f"Agents {where}".strip(): f"{row.more:+d}" if row.more else "as scheduled (0)",
            "Service level": show(row.level.value, "share"),
            "95 % confidence interval": _bounds(row.level),
            "By formula": show(row.formula_level, "share"),
            "Occupancy": show(row.occupancy.value, "share"),
            "95 % confidence interval of occupancy": _bounds(row.occupancy),
            "Occupancy by formula": show(row.formula_occupancy, "share"),
        }
        for row in rows
    ]


def service_table(found: Staffing, now: Result) -> list[dict[str, str]]:
    """Return the service level of each queue with the required and the present staffing.

    Parameters
    ----------
    found : Staffing
        With its simulation.
    now : Result
        Of the scenario as it is.
    """
    seen = {(r.name, r.metric): r for r in now.rows if r.scope == "queue"}
    table = []
    for row in found.of("queue", whole=True):
        metric = "service_level" if row["by"] is not None else "on_time"
        present = seen.get((row["name"], metric))
        table.append(
            {
                "Queue": row["name"],
                "Judged by": "service level" if row["by"] is not None else "done on time",
                "Required agents, by formula": show(row["service_level_formula"], "share"),
                "Required agents, simulated": _range_text(
                    row["service_level_simulated"], row["low"], row["high"]
                ),
                "As scheduled now, simulated": "-" if present is None else _row_text(present),
            }
        )
    return table


def _row_text(row: MetricRow) -> str:
    return _range_text(row.value, row.low, row.high)


def _range_text(value: float | None, low: float | None, high: float | None) -> str:
    if value is None:
        return "-"
    if low is None or high is None:
        return f"{show(value, 'share')} (one replication)"
    return f"{show(value, 'share')} ({show(low, 'share')} to {show(high, 'share')})"


def _bounds(estimate: Estimate) -> str:
    if estimate.low is None or estimate.high is None:
        return "one replication"
    return f"{show(estimate.low, 'share')} to {show(estimate.high, 'share')}"
