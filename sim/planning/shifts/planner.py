"""Planning shifts: covering a requirement, or straight from the goals, and simulating the plan."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.planning.shifts.cover_plan import cover_plan
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
    requirement: str | Path | None = None,
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
        Cover the requirement of the formulas, or search for the cheapest shifts whose simulation
        reaches the goals; with "both" the plan is the cheaper one that reaches them.
    requirement : path, optional
        Table of requirements to cover instead of that of the formulas.
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
        Takes what is done and what is planned.
    **table
        For tables: ``interval``, ``sheet``, ``header_row``; of interval rows also ``target``,
        ``patience``, ``shrinkage``, ``aht``, ``columns`` and ``dates``, as for
        :func:`sim.planning.staff`.

    Returns
    -------
    ShiftSchedule

    Raises
    ------
    BadInputError
        When an option, a pattern or a table cannot be used.
    """
    from sim.planning.shifts.goal_plan import GoalRequest, goals_plan, simulated

    began = time.monotonic()
    if method not in METHODS:
        raise BadInputError(f"method: {method!r} is unknown; allowed: {', '.join(METHODS)}")
    limit = duration(time_limit)
    if limit <= 0:
        raise BadInputError(f"time-limit: {time_limit!r} is not above zero; allowed: such as 60s")
    options = {
        "requirement": requirement, "understaffing": understaffing, "overstaffing": overstaffing,
        "seats": seats, "cyclic": cyclic, **table,
    }  # fmt: skip
    inputs = read_inputs(center, patterns, options)
    request = GoalRequest(tuple(goals), per, days_met, runs, seed, workers, progress)
    if method == "cover":
        plan = cover_plan(inputs, time.monotonic() + limit)
        plan = simulated(plan, request) if simulate else plan
    else:
        plan = goals_plan(inputs, request, limit, is_compared=method == "both")
    return replace(plan, seconds=time.monotonic() - began)
