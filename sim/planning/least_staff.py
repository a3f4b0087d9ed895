"""The least staff that keeps its goals in simulation, of one day or several."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from sim import units
from sim.model.build_model import build_model
from sim.planning.goal_sums import planned_intervals
from sim.planning.plan_goals import PlanGoal, own_goals, parse_goals
from sim.planning.simulated_goals import GoalRow, simulate_goals_until
from sim.planning.simulated_staffing import MethodRow, SimulatedStaffing
from sim.planning.staff_search.formula_plans import FormulaPlan
from sim.planning.staff_search.marginal_effects import MarginalEffects, marginal_effects
from sim.planning.staff_search.plan_space import Plan, PlanSpace, shown
from sim.planning.staff_search.search import StaffProgress
from sim.planning.staff_search.solve import (
    CHECK,
    FEWEST,
    FRESH,
    SEARCH,
    SearchOptions,
    StaffingSolver,
)
from sim.scenario.size import expected_contacts, refuse_too_large
from sim.units import BadInputError

if TYPE_CHECKING:
    from sim.model import Model
    from sim.scenario import Scenario

DAY_S = 60.0
"""Time limit (s) for each day of the horizon, unless another is given."""


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
        Of search and comparison together (s or text); a minute for each day of the horizon
        unless given. A quarter of it is left for the comparison on fresh days.
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
    solver = StaffingSolver(center, wanted, options)
    with solver.searched():
        return _Comparison(solver).result()


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


class _Comparison:
    """The plan that was found, checked on fresh days and compared with those of formulas."""

    def __init__(self, solver: StaffingSolver) -> None:
        self.solver, self.space = solver, solver.space
        self.search, self.options = solver.search, solver.options

    def result(self) -> SimulatedStaffing:
        """Return the result."""
        search, space, options, plan = self.search, self.space, self.options, self.solver.best
        hurried = self.solver.stopped == "interrupted"
        seed, planned = self._check(hurried)
        rows, days = self._first_rows(plan, seed, planned)
        methods = [self._method(f.method, f.plan, f, self._rows(f.plan, seed, days))
                   for f in self.solver.formulas]  # fmt: skip
        methods.append(self._method("simulation", plan, None, rows))
        effects = self._effects(plan)
        missed = not all(row.met for row in rows)
        cost, proven = space.cost_of(plan), None if missed else self.solver.proven
        bound = None if effects is None else effects.bound(space, plan)
        return SimulatedStaffing(
            name=self.solver.scenario.name,
            staffing=[dict(row) for row in shown(space, plan)],
            goals=tuple(rows),
            methods=tuple(methods),
            effects=[] if effects is None else self._effect_rows(effects),
            hours=space.hours_of(plan),
            cost=cost,
            paid=space.paid,
            bound=bound if proven is None else proven,
            bound_is="heuristic" if proven is None else "proven",
            days=days,
            search_days=search.runs,
            seconds=time.monotonic() - self.solver.began,
            seed=options.seed,
            stopped=self.solver.stopped,
            notes=tuple(self._notes(plan, days, planned)),
            staffed=space.scenario_of(plan),
            interval_s=space.model.interval_s,
        )

    def _check(self, hurried: bool) -> tuple[int, int]:
        """Return seed and replications of the check: those that decided, or few when stopped."""
        if self.solver.check is not None:
            return self.solver.check
        seed = self.options.seed + FRESH
        if self.options.runs is not None and not hurried:
            return seed, self.options.runs
        each = max(self.search.cells.seconds(1), 1e-6)
        share = 0.02 if hurried else 0.1
        days = share * self.options.time_limit_s / (4 * each)
        return seed, int(np.clip(days, FEWEST, CHECK))

    def _first_rows(self, plan: Plan, seed: int, days: int) -> tuple[list[GoalRow], int]:
        """Return the goals of the plan, and the days that there is time for with every method."""
        now, limit = time.monotonic(), self.options.time_limit_s
        left = max(self.solver.began + limit - now, (1 - SEARCH) * limit)
        until = now + left / (len(self.solver.formulas) + 1)
        model = build_model(self.space.scenario_of(plan))
        goals, workers = self.solver.goals, self.options.workers
        return simulate_goals_until(model, goals, days, seed, until, FEWEST, workers)

    def _rows(self, plan: Plan, seed: int, days: int) -> list[GoalRow]:
        """Return the goals on fresh days, simulated from the scenario as it is written."""
        model = build_model(self.space.scenario_of(plan))
        until, workers = np.inf, self.options.workers
        return simulate_goals_until(model, self.solver.goals, days, seed, until, days, workers)[0]

    def _method(
        self, method: str, plan: Plan, formula: FormulaPlan | None, rows: list[GoalRow]
    ) -> MethodRow:
        worst = max(rows, key=lambda row: row.shortfall)
        fractional = None
        if formula is not None:
            space = self.space
            parts = [
                formula.fractional[g, first:last].mean()
                for g, first, last in zip(space.group, space.first, space.last, strict=True)
            ]
            fractional = float(np.array(parts) @ space.hours)
        return MethodRow(
            method, self.space.hours_of(plan), self.space.cost_of(plan), fractional,
            sum(row.met for row in rows), _worst_text(worst), tuple(rows),
        )  # fmt: skip

    def _effects(self, plan: Plan) -> MarginalEffects | None:
        """Return what single agents do, from the slopes of the search; None without any."""
        surface, tally = self.search.surface, self.search.cells.cells.get(plan)
        if surface is None or tally is None:
            return None
        return marginal_effects(self.space, surface, plan, tally)

    def _effect_rows(self, effects: MarginalEffects) -> list[dict[str, object]]:
        space, binding = self.space, effects.binding()
        rows = []
        for b in range(space.blocks):
            p = binding[b]
            goal = self.solver.goals[self.solver.periods.goal[p]]
            rows.append(
                {
                    "group": space.model.groups[space.group[b]].name,
                    "interval": space.model.starts[space.first[b]],
                    "goal": str(goal),
                    "one_more": float(effects.more[b, p] / effects.size[p]),
                    "one_less": float(effects.less[b, p] / effects.size[p]),
                }
            )
        return rows

    def _notes(self, plan: Plan, days: int, planned: int) -> list[str]:
        notes = list(self.solver.notes)
        if days < planned:
            notes.append(
                f"the time limit left time for {days} fresh days instead of {planned}: "
                "values are less precise"
            )
        empty = self._unstaffed(plan)
        if empty:
            shown_first = ", ".join(empty[:4]) + (" …" if len(empty) > 4 else "")
            notes.append(
                f"in {len(empty)} intervals with contacts no agent is on duty ({shown_first}): "
                "goals over a day can be met by the others; with --per interval every one counts"
            )
        return notes

    def _unstaffed(self, plan: Plan) -> list[str]:
        """Return the intervals in which contacts are planned and no agent is on duty."""
        on_duty = self.space.by_interval(np.array(plan)).sum(axis=0)
        model = self.space.model
        volume = sum((q.demand.expected for q in model.queues if not q.deferred),
                     np.zeros(model.intervals))  # fmt: skip
        return [model.starts[k] for k in np.flatnonzero((on_duty == 0) & (volume > 0))]


def _worst_text(row: GoalRow) -> str:
    """Return what a goal gives beside its target."""
    share = row.metric not in ("asa_s", "mean_wait_all_s")
    value = (
        "no value"
        if row.value is None
        else (units.show_share(row.value) if share else f"{row.value:.1f} s")
    )
    at = "" if row.worst is None else f" at {row.worst.replace('T', ' ')}"
    return f"{row.text}: {value}{at if row.per == 'interval' else ''}"
