"""What page Staffing shows of staff found by simulation: the plan, its goals, single agents."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.report.formatting import show
from sim.scenario.calendar import day_of
from sim.scenario.what_if import Edit, headcounts

if TYPE_CHECKING:
    from sim.planning import Staffing
    from sim.planning.simulated_staffing import SimulatedStaffing
    from sim.planning.staff_search.plan_space import PlanSpace
    from sim.planning.staff_search.search import StaffProgress
    from sim.scenario import Scenario


@dataclass(frozen=True, slots=True)
class PlannedInterval:
    """Agents on duty in an interval by the simulation, and what else there is to compare.

    Attributes
    ----------
    interval, day : str
    agents : float
        On duty in the plan that was found, or in the best plan so far.
    other : float
        Required by formula, or on duty in the plan that was simulated last.
    """

    interval: str
    day: str
    agents: float
    other: float


@dataclass(frozen=True, slots=True)
class MethodInterval:
    """Agents on duty in an interval by each method.

    Attributes
    ----------
    interval, day : str
    agents : dict of str to float
        By name of the method, the simulation last.
    """

    interval: str
    day: str
    agents: dict[str, float]


def method_intervals(found: SimulatedStaffing, group: str | None = None) -> list[MethodInterval]:
    """Return agents on duty by Erlang C, Erlang A, modified offered load and simulation.

    Parameters
    ----------
    found : SimulatedStaffing
    group : str, optional
        All groups together unless given.
    """
    from sim.report.goal_view import METHODS

    by_method = {
        METHODS[row.method]: _summed(row.staffing, "on_duty", group, "group")
        for row in found.methods
        if row.staffing
    }
    times = sorted({when for sums in by_method.values() for when in sums})
    return [
        MethodInterval(t, day_of(t), {name: sums.get(t, 0.0) for name, sums in by_method.items()})
        for t in times
    ]


def planned_intervals(
    found: SimulatedStaffing, formula: Staffing, group: str | None = None
) -> list[PlannedInterval]:
    """Return agents on duty by simulation and required by formula, interval by interval.

    Parameters
    ----------
    found : SimulatedStaffing
    formula : Staffing
        Of the same scenario.
    group : str, optional
        All groups together unless given.
    """
    agents = _summed(found.staffing, "on_duty", group, "group")
    other = _summed(formula.of("group"), "required", group, "name")
    return [
        PlannedInterval(when, day_of(when), agents.get(when, 0.0), other.get(when, 0.0))
        for when in sorted({*agents, *other})
    ]


def _summed(
    rows: Sequence[Mapping[str, Any]], value: str, group: str | None, key: str
) -> dict[str, float]:
    sums: dict[str, float] = {}
    for row in rows:
        if group in (None, row[key]):
            when = str(row["interval"])
            sums[when] = sums.get(when, 0.0) + float(row[value] or 0.0)
    return sums


def progress_intervals(progress: StaffProgress, space: PlanSpace) -> list[PlannedInterval]:
    """Return agents on duty of the best plan so far and of the one simulated last."""
    best, last = (
        space.by_interval(np.array(plan)).sum(axis=0) for plan in (progress.plan, progress.last)
    )
    starts = space.model.starts
    return [
        PlannedInterval(when, day_of(when), float(a), float(b))
        for when, a, b in zip(starts, best, last, strict=True)
        if a or b
    ]


def progress_words(progress: StaffProgress) -> str:
    """Return the best plan so far in words."""
    met = "its goals are met" if progress.met else "not all of its goals are met yet"
    return (
        f"Best plan so far: {show(progress.hours, 'h')}, {met}; {progress.plans:,} plans "
        f"simulated, {progress.runs:,} replications each"
    )


def staffing_cards(found: SimulatedStaffing) -> list[tuple[str, str, str]]:
    """Return what is shown of a plan: name, value and meaning of each."""
    unit = "money" if found.paid else "h"
    met = sum(row.met for row in found.goals)
    return [
        ("Agent-hours", show(found.hours, "h"), "Scheduled, planned shrinkage included."),
        ("Cost", show(found.cost, unit),
         "Pay at the wages of the groups." if found.paid else "Hours: not every group has a wage."),
        ("Bound", show(found.bound, unit), f"The least cost that seems possible "
         f"({found.bound_is})."),
        ("Above the bound", show(found.gap, "share"), "Part of the cost above the bound."),
        ("Goals met", f"{met} of {len(found.goals)}",
         f"On {found.days:,} replications that the search did not use."),
    ]  # fmt: skip


def effect_table(found: SimulatedStaffing, group: str | None = None) -> list[dict[str, str]]:
    """Return by interval and group which goal binds, and what one agent more or less changes."""
    agents = {(row["group"], row["interval"]): row["on_duty"] for row in found.staffing}
    metrics = {row.text: row for row in found.goals}
    rows = []
    for one in found.effects:
        if group not in (None, one["group"]):
            continue
        goal = metrics.get(str(one["goal"]))
        rows.append(
            {
                "Interval": str(one["interval"]).replace("T", " "),
                "Group": str(one["group"]),
                "On duty": f"{agents.get((one['group'], one['interval']), 0):g}",
                "Binding goal": "-" if goal is None else _short(goal.record()),
                "One agent more": _change(one, "one_more", goal),
                "One agent fewer": _change(one, "one_less", goal),
            }
        )
    return rows


def _short(goal: Mapping[str, Any]) -> str:
    from sim.report.goal_view import goal_words

    return goal_words(goal).partition(" in every ")[0]


def _change(effect: Mapping[str, Any], name: str, goal: Any) -> str:
    """Return an effect with its bounds: of a share in points, of a wait in parts of its target."""
    if goal is None:
        return "-"
    low, value, high = (100 * float(effect[f"{name}{end}"]) for end in ("_low", "", "_high"))
    unit = "% of the target" if goal.metric.endswith("_s") else "pp"
    return f"{value:+.2f} {unit} ({low:+.2f} to {high:+.2f})"


def plan_edit(scenario: Scenario, found: SimulatedStaffing) -> Edit:
    """Return the change that schedules the agents of a plan, instead of any shifts.

    Parameters
    ----------
    scenario : Scenario
        The one that the plan was made for.
    found : SimulatedStaffing
    """
    grid = scenario.center.grid
    stationary = scenario.center.length is not None
    numbers: dict[str, list[float]] = {}
    places = {} if stationary else {grid.label(k): k for k in range(grid.intervals)}
    for row in found.staffing:
        column = numbers.setdefault(
            str(row["group"]), [0.0] * (1 if stationary else grid.intervals)
        )
        column[0 if stationary else places[str(row["interval"])]] = float(row["agents"])
    return headcounts(scenario, numbers, f"Agents by simulation, {show(found.hours, 'h')}")
