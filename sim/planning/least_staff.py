"""The least staff that keeps its goals in simulation, of one day or several."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from sim import units
from sim.model.build_model import build_model
from sim.planning.goal_sums import planned_intervals
from sim.planning.method_comparison import MethodComparison
from sim.planning.plan_goals import PlanGoal, own_goals, parse_goals
from sim.planning.simulated_staffing import SimulatedStaffing
from sim.planning.staff_search.compile_search import compile_search
from sim.planning.staff_search.plan_space import PlanSpace
from sim.planning.staff_search.search import StaffProgress
from sim.planning.staff_search.solve import FEWEST, SearchOptions, StaffingSolver
from sim.scenario.size import expected_contacts, refuse_too_large
from sim.units import BadInputError

if TYPE_CHECKING:
    from sim.model import Model
    from sim.scenario import Scenario

DAY_S = 50.0
"""Time limit (s) for each day of the horizon, unless another is given."""
LONG_COMPILING_S = 5.0
"""Time (s) of compiling from which on it is mentioned."""


def staff_by_simulation(
    center: Scenario | str | Path,
    goals: Sequence[str | PlanGoal] = (),
    *,
    per: str = "day",
    days_met: float | str | None = None,
    time_limit: float | str | None = None,
    runs: int | None = None,
    seed: int | None = None,
    workers: int | None = None,
    report: Callable[[StaffProgress, PlanSpace], None] | None = None,
    stop: Callable[[], bool] | None = None,
    resume: str | Path | None = None,
    allow_large: bool = False,
) -> SimulatedStaffing:
    """Find the agents by interval and group at least cost whose goals hold in simulation.

    Parameters
    ----------
    center : Scenario, or path
        A scenario, the path of one, or the name of a shipped one. Groups with shifts are
        staffed by headcounts.
    goals : sequence of str or PlanGoal
        Such as ``"total=80/20"`` (:mod:`sim.planning.plan_goals`); the scenario's own targets
        unless given.
    per : {"interval", "day", "horizon"}
        The time over which goals given as texts must hold.
    days_met : float or str, optional
        Share of simulated days on which they must hold, such as ``"90%"``; on average of all
        days unless given.
    time_limit : float or str, optional
        Of formulas, search and comparison together (s or text); 50 s for each day of the horizon
        unless given. Compiling, which only a first search takes, is not counted. A quarter
        of it is left for the comparison on fresh days.
    runs : int, optional
        Replications of each plan at the end of the search, and at least of the check.
    seed : int, optional
        The scenario's own unless given.
    workers : int, optional
        Processes; one for each core unless given.
    report : callable, optional
        Called with the progress and the space of plans after each simulated plan.
    stop : callable, optional
        Whether to stop with the best plan so far; asked often.
    resume : str or Path, optional
        Folder for simulated plans: a search that was stopped goes on from it.
    allow_large : bool
        As for :func:`sim.experiment.simulate`.

    Returns
    -------
    SimulatedStaffing
        Also when the time is up or the search is interrupted: then with the best plan so far.

    Raises
    ------
    BadInputError
        When a goal or an option does not fit.
    sim.scenario.ScenarioError
        When the file is not a valid scenario.
    """
    if isinstance(center, (str, Path)):
        from sim.scenario import load

        center = load(center)
    if not allow_large:
        refuse_too_large(expected_contacts(center), center.name)
    model = build_model(center)
    texts = [goal for goal in goals if isinstance(goal, str)]
    parsed = [goal for goal in goals if isinstance(goal, PlanGoal)]
    wanted = (*parsed, *parse_goals(model, texts, per, days_met)) if goals else ()
    wanted = wanted or own_goals(center, model, per, days_met)
    _refuse_without_value(model, wanted)
    limit = DAY_S * model.days if time_limit is None else _limit(time_limit)
    if limit <= 0:
        raise BadInputError(f"time-limit: {time_limit} must be above 0 s")
    if runs is not None and not FEWEST <= runs <= 100_000:
        raise BadInputError(f"runs: {runs} must be from {FEWEST} to 100,000")
    options = SearchOptions(
        limit, runs, model.seed if seed is None else seed, workers, report, stop,
        None if resume is None else Path(resume),
    )  # fmt: skip
    compiling_s = compile_search(center, wanted)
    solver = StaffingSolver(center, wanted, options)
    if compiling_s > LONG_COMPILING_S:
        solver.notes.append(
            f"compiling took {compiling_s:.0f} s, which the time limit does not count: "
            "only the first search after an installation takes it"
        )
    with solver.searched():
        return MethodComparison(solver).result()


def _refuse_without_value(model: Model, goals: Sequence[PlanGoal]) -> None:
    """Refuse a goal about contacts none of which are planned in the time that is measured."""
    for goal in goals:
        if not planned_intervals(model, goal).any():
            raise BadInputError(
                f"goal: {goal.where} has no contacts in the time that is measured, "
                f"so {goal.metric} has no value"
            )


def _limit(time_limit: float | str) -> float:
    try:
        return units.duration(time_limit)
    except ValueError as error:
        raise BadInputError(f"time-limit: {error}") from None
