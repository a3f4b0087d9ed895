"""Planning shifts: covering a requirement, or straight from the goals, and simulating the plan."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.planning.shifts.interruption import interruptible
from sim.planning.shifts.shift_inputs import read_inputs
from sim.planning.shifts.shift_schedule import ShiftSchedule
from sim.units import BadInputError, duration

if TYPE_CHECKING:
    from sim.scenario import Scenario

METHODS = ("cover", "goals", "both")
Progress = Callable[[int, int], None]


def plan_shifts(
    center: Scenario | str | Path,
    *,
    patterns: str | Path | Mapping[str, Any] | None = None,
    method: str = "cover",
    requirement: str | Path = "formula",
    goals: Sequence[str] = (),
    per: str = "day",
    days_met: float | str | None = None,
    time_limit: float | str = 60.0,
    understaffing: float | None = None,
    overstaffing: float | None = None,
    seats: int | None = None,
    cyclic: bool | None = None,
    simulate: bool = False,
    runs: int | None = None,
    seed: int = 1,
    workers: int | None = None,
    progress: Progress | None = None,
    **table: Any,
) -> ShiftSchedule:
    """Plan the shifts that cover a requirement, or reach goals, at least cost.

    Parameters
    ----------
    center : Scenario, or path
        A scenario, the path of one, the name of a shipped one, a CSV or XLSX file of requirements
        (columns ``interval`` and ``agents``, optional ``group``) or of interval rows as for
        :func:`sim.planning.staff`.
    patterns : path or mapping, optional
        Shift patterns: a TOML file with tables ``[pattern.NAME]``, or patterns by name. By default
        those of the scenario, and without any a full-time and a part-time pattern.
    method : {"cover", "goals", "both"}
        Cover a requirement, or search for the cheapest shifts whose simulation reaches the goals;
        with "both" the plan is the cheapest one that reaches them.
    requirement : {"formula", "simulation"}, or path
        Whether the requirement of the formulas is covered, or that of simulation (half of the time
        is for its search, and the plan that covers the formulas is in ``methods`` too), or a table
        of requirements.
    goals, per, days_met
        As for :func:`sim.planning.plan_goals.parse_goals`; the targets of the scenario unless
        given.
    time_limit : float or str
        Longest time (s or text) for the search, after the requirement was computed; the best plan
        so far is returned.
    understaffing, overstaffing : float, optional
        Price of an agent hour too few or too many; by default as in ``shift_planning``.
    seats : int, optional
        Most agents on duty at the same time.
    cyclic : bool, optional
        Whether the end of the horizon is followed by its beginning; by default on one day or whole
        weeks with agents required on both sides of midnight.
    simulate : bool
        Whether to simulate the plan and report the goals.
    runs, seed, workers : optional
        Of the simulation; replications are those of the scenario unless given.
    progress : callable, optional
        Takes what is done and what is planned, several times a second. When it raises
        KeyboardInterrupt, the best plan so far is returned.
    **table
        For tables: ``interval``, ``sheet``, ``header_row``; of interval rows also ``patience``,
        ``shrinkage``, ``aht``, ``columns`` and ``dates``, and of scenarios too ``target`` and
        ``max_occupancy``, as for :func:`sim.planning.staff`.

    Returns
    -------
    ShiftSchedule

    Raises
    ------
    BadInputError
        When an option, a pattern or a table cannot be used.
    KeyboardInterrupt
        When interrupted before there is any plan.
    """
    from sim.planning.shifts.compared_methods import Ways, planned
    from sim.planning.shifts.goal_plan import GoalRequest

    began = time.monotonic()
    if method not in METHODS:
        raise BadInputError(f"method: {method!r} is unknown; allowed: {', '.join(METHODS)}")
    limit = duration(time_limit)
    if limit <= 0:
        raise BadInputError(f"time-limit: {time_limit!r} is not above zero; allowed: such as 60s")
    by_simulation = requirement == "simulation"
    options = {
        "requirement": None if by_simulation or requirement == "formula" else requirement,
        "understaffing": understaffing, "overstaffing": overstaffing,
        "seats": seats, "cyclic": cyclic, **table,
    }  # fmt: skip
    inputs = read_inputs(center, patterns, options)
    request = GoalRequest(tuple(goals), per, days_met, runs, seed, workers, progress)
    start = time.monotonic()

    def watch() -> None:
        if progress is not None:
            progress(min(round(time.monotonic() - start), round(limit)), round(limit))

    with interruptible(watch) as interruption:
        plan = planned(inputs, request, Ways(method, by_simulation, simulate), limit)
    stopped = "interrupted" if interruption.happened else ""
    return replace(plan, seconds=time.monotonic() - began, stopped=stopped)
