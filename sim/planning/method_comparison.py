"""The plan that was found, checked on fresh days and compared with the plans of formulas."""

from __future__ import annotations

import time
from dataclasses import replace
from itertools import count

import numpy as np

from sim import units
from sim.model.build_model import build_model
from sim.planning.plan_goals import TIMES
from sim.planning.simulated_goals import (
    GoalRow,
    all_met,
    may_all_hold,
    missed_by,
    simulate_goals_until,
)
from sim.planning.simulated_staffing import MethodRow, SimulatedStaffing
from sim.planning.staff_search.formula_plans import FORMULAS, FormulaPlan
from sim.planning.staff_search.marginal_effects import marginal_effects
from sim.planning.staff_search.plan_space import Plan, shown
from sim.planning.staff_search.repair_plan import ATTEMPTS, cheapest_between, repaired
from sim.planning.staff_search.simulated_plans import SimulatedPlans
from sim.planning.staff_search.single_agents import single_agents
from sim.planning.staff_search.solve import CHECK, FEWEST, FRESH, LONGER, StaffingSolver

NAMES = {
    "erlang_c": "Erlang C",
    "erlang_a": "Erlang A",
    "modified_offered_load": "modified offered load",
}
LEAST_S = 2.0
"""Time (s) that the comparison has at least, also when the search took all of the limit."""
HURRIED_S = 3.0
"""Time (s) that it has after an interruption."""
REPAIRED = 3_000_003
"""Added to the seed for days on which a plan is changed to hold."""
REPORTED = 5_000_003
"""Added to the seed for days on which nothing is decided: those that are reported."""
REPORTS = 3
"""Most plans that are simulated there: one that misses a goal is changed, others decide anew."""
REPAIR_PART = 0.5
"""Part of the time of the comparison in which that is done, where a goal is missed."""
SURE = (0.0, 0.5, 1.0, 1.5, 2.0, 3.0)
"""Standard errors of slack that a changed plan must have there, until it holds on the others."""
REPAIRED_NOTE = "the search ended with a goal missed on fresh days: agents were added or moved"
CHOSEN_NOTE = (
    "no time was left for days that the choice of the plan has not used: its values are a little "
    "too good"
)
FORMULA_NOTE = "the plan is that of"
FORMULA_PART = 0.35
"""Part of the time of the comparison in which formulas are computed."""
GOALS_PART = 0.7
"""Part of what is left then in which all plans are simulated; the rest is for single agents."""


class MethodComparison:
    """Check and comparison of the plan of a search, within its time limit.

    Parameters
    ----------
    solver : StaffingSolver
        After its search.
    """

    def __init__(self, solver: StaffingSolver) -> None:
        self.solver, self.space = solver, solver.space
        self.search, self.options = solver.search, solver.options
        self.notes = list(solver.notes)
        now = time.monotonic()
        self._until = max(solver.began + self.options.time_limit_s, now + LEAST_S)
        if solver.stopped == "interrupted":
            self._until = now + HURRIED_S

    def result(self) -> SimulatedStaffing:
        """Return the result."""
        search, space, solver, options = self.search, self.space, self.solver, self.options
        formulas = self._formulas()
        plan = solver.best
        seed, planned = solver.check or (options.seed + FRESH, options.runs or CHECK)
        rows, days = self._first_rows(plan, seed, planned, 2 * len(formulas) + 3)
        found, its_rows, of_formulas = self._changed(plan, rows, formulas, seed, days)
        plan, rows, reported = self._reported(found, its_rows, formulas, days)
        methods = [self._method(f.method, f.plan, f, rows if f.plan == plan else its_rows)
                   for f, its_rows in zip(formulas, of_formulas, strict=True)]  # fmt: skip
        methods.append(self._method("simulation", plan, None, rows))
        proven = solver.proven if plan == solver.best and all_met(rows) else None
        effects = self._effects(plan)
        self._note_days(days, planned)
        self._note_unstaffed(plan)
        return SimulatedStaffing(
            name=solver.scenario.name,
            staffing=[dict(row) for row in shown(space, plan)],
            goals=tuple(rows),
            methods=tuple(methods),
            effects=effects,
            hours=space.hours_of(plan),
            cost=space.cost_of(plan),
            paid=space.paid,
            bound=self._bound(plan) if proven is None else proven,
            bound_is="heuristic" if proven is None else "proven",
            days=reported,
            search_days=search.runs,
            seconds=time.monotonic() - solver.began,
            seed=options.seed,
            stopped=solver.stopped,
            notes=tuple(self.notes),
            staffed=space.scenario_of(plan),
            interval_s=space.model.interval_s,
            plans=len(search.cells.cells),
        )

    def _left(self) -> float:
        return max(self._until - time.monotonic(), 0.0)

    def _formulas(self) -> list[FormulaPlan]:
        """Return the plans of the formulas for which there is time."""
        until = time.monotonic() + FORMULA_PART * self._left()
        found = []
        for method in FORMULAS:
            one = self.solver.formula(method, until)
            if one is not None:
                found.append(one)
            elif method in self.solver.formulas:
                self.notes.append(f"{NAMES[method]}: no number of agents reaches a target by it")
            else:
                self.notes.append(f"{NAMES[method]}: not computed, the time limit was too short")
        return found

    def _repaired(
        self, plan: Plan, rows: list[GoalRow], seed: int, days: int
    ) -> tuple[Plan, list[GoalRow]]:
        """Return a plan that misses goals, changed on other days until it holds on the fresh ones.

        Of changed plans of which none holds, the one that misses least.
        """
        search, solver, before = self.search, self.solver, plan
        if all_met(rows) or search.surface is None or solver.stopped == "interrupted":
            return plan, rows
        part = REPAIR_PART * self._left()
        each = max(search.cells.seconds(1), 1e-6)
        enough = int(np.clip(part / (2 * ATTEMPTS * each), FEWEST, max(days, FEWEST)))
        task = replace(search.cells.task, seed=self.options.seed + REPAIRED)
        cells = SimulatedPlans(task, self.options.workers, time.monotonic() + part)
        unreached, tried = np.minimum(search.margin, 0.0), plan
        for sure in SURE:
            changed = repaired(self.space, search.surface, cells, tried, enough, unreached, sure)
            if changed == tried:
                continue
            found, tried = self._rows(changed, seed, days), changed
            if found and missed_by(found) < missed_by(rows):
                plan, rows = changed, found
            if all_met(rows) or time.monotonic() > cells.deadline:
                break
        cells.close()
        if plan != before and REPAIRED_NOTE not in self.notes:
            self.notes.append(REPAIRED_NOTE)
        return plan, rows

    def _first_rows(
        self, plan: Plan, seed: int, days: int, plans: int
    ) -> tuple[list[GoalRow], int]:
        """Return the goals of the plan, and the days that there is time for with every method."""
        until = time.monotonic() + GOALS_PART * self._left() / plans
        return self._simulated(plan, seed, days, until, min(FEWEST, days))

    def _simulated(
        self, plan: Plan, seed: int, days: int, until: float, fewest: int
    ) -> tuple[list[GoalRow], int]:
        """Return the goals, simulated from the scenario as it is written."""
        model = build_model(self.space.scenario_of(plan))
        goals, workers = self.solver.goals, self.options.workers
        return simulate_goals_until(model, goals, days, seed, until, fewest, workers)

    def _rows(self, plan: Plan, seed: int, days: int) -> list[GoalRow]:
        """Return the goals on the same fresh days; none without the time for them."""
        if self._left() <= 0:
            return []
        rows, simulated = self._simulated(plan, seed, days, self._until, 1)
        return rows if simulated == days else []

    def _method(
        self, method: str, plan: Plan, formula: FormulaPlan | None, rows: list[GoalRow]
    ) -> MethodRow:
        worst = max(rows, key=lambda row: row.shortfall, default=None)
        if not rows:
            self.notes.append(f"{NAMES[method]}: not simulated, the time limit was too short")
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
            sum(row.met for row in rows) if rows else None,
            "not simulated" if worst is None else _worst_text(worst), tuple(rows),
            [dict(row) for row in shown(self.space, plan)],
        )  # fmt: skip

    def _cheapest(
        self,
        plan: Plan,
        rows: list[GoalRow],
        formulas: list[FormulaPlan],
        of_formulas: list[list[GoalRow]],
    ) -> tuple[Plan, list[GoalRow]]:
        """Return the plan of a formula instead, where that costs less and its goals hold too."""
        self.notes = [one for one in self.notes if not one.startswith(FORMULA_NOTE)]
        found = ""
        limit = self.space.cost_of(plan) - 1e-9 if all_met(rows) else np.inf
        for formula, its_rows in zip(formulas, of_formulas, strict=True):
            cost = self.space.cost_of(formula.plan)
            if its_rows and all_met(its_rows) and cost < limit:
                limit, plan, rows, found = cost, formula.plan, its_rows, formula.method
        if found:
            self.notes.append(
                f"{FORMULA_NOTE} {NAMES[found]}: its goals hold on the fresh days, "
                "and the search found none that is cheaper"
            )
        return plan, rows

    def _between(
        self, plan: Plan, more: Plan, rows: list[GoalRow], seed: int, days: int
    ) -> tuple[Plan, list[GoalRow]]:
        """Return the cheapest plan that is found between one that misses goals and another."""
        if not all_met(rows):
            return more, rows
        found = {more: rows}

        def holds(one: Plan) -> bool | None:
            found[one] = self._rows(one, seed, days)
            return all_met(found[one]) if found[one] else None

        best = cheapest_between(plan, more, holds)
        if best is None or self.space.cost_of(best) >= self.space.cost_of(more):
            return more, rows
        self.notes = [one for one in self.notes if not one.startswith(FORMULA_NOTE)]
        if REPAIRED_NOTE not in self.notes:
            self.notes.append(REPAIRED_NOTE)
        return best, found[best]

    def _changed(
        self,
        plan: Plan,
        rows: list[GoalRow],
        formulas: list[FormulaPlan],
        seed: int,
        days: int,
    ) -> tuple[Plan, list[GoalRow], list[list[GoalRow]]]:
        """Return the plan to take, from days on which one was simulated, and what formulas give.

        A plan that misses goals gets agents; that of a formula is taken where it is cheaper.
        """
        repaired_plan, its_rows = self._repaired(plan, rows, seed, days)
        of_formulas = [self._rows(one.plan, seed, days) for one in formulas]
        found, its_rows = self._cheapest(repaired_plan, its_rows, formulas, of_formulas)
        if found != plan and not all_met(rows):
            found, its_rows = self._between(plan, found, its_rows, seed, days)
        return found, its_rows, of_formulas

    def _reported(
        self, plan: Plan, rows: list[GoalRow], formulas: list[FormulaPlan], days: int
    ) -> tuple[Plan, list[GoalRow], int]:
        """Return the plan with its goals on days that no decision has used, and their number.

        A plan looks better than it is on the days on which it was chosen. Where it misses a goal
        on others, and on more of them if not clearly, it is changed, and simulated on others again.
        """
        if not all_met(rows):
            return plan, rows, days
        seeds = count(self.options.seed + REPORTED)
        for attempt in range(REPORTS):
            seed = next(seeds)
            found = self._rows(plan, seed, days)
            if not found:
                self.notes.append(CHOSEN_NOTE)
                break
            rows = found
            if not all_met(rows) and may_all_hold(rows):
                other = next(seeds)
                if found := self._rows(plan, other, LONGER * days):
                    rows, seed, days = found, other, LONGER * days
            if all_met(rows) or attempt == REPORTS - 1:
                break
            changed, its_rows, _ = self._changed(plan, rows, formulas, seed, days)
            if changed == plan:
                break
            plan, rows = changed, its_rows
        return plan, rows, days

    def _bound(self, plan: Plan) -> float | None:
        """Return a heuristic bound, from the slopes of the search; None without any."""
        surface, tally = self.search.surface, self.search.cells.cells.get(plan)
        if surface is None or tally is None:
            return None
        return marginal_effects(self.space, surface, plan, tally).bound(self.space, plan)

    def _effects(self, plan: Plan) -> list[dict[str, object]]:
        """Return what one agent more or fewer does, from days simulated with both plans."""
        found = single_agents(self.search.cells.task, plan, self.options.workers, self._until)
        if found is None:
            self.notes.append(
                "what single agents change was not simulated: the time limit was too short"
            )
            return []
        return found.records(self.space)

    def _note_days(self, days: int, planned: int) -> None:
        if len(self.search.cells.cells) <= 1 and self.solver.stopped:
            self.notes.insert(
                0, "nothing was searched: the time was up when the first plan was simulated"
            )
        if self.search.hurried and not self.solver.stopped:
            self.notes.append(
                "the time limit shortened the search: with more time a cheaper plan may be found"
            )
        if days < planned:
            self.notes.append(
                f"there was time for {days} fresh days instead of {planned}: "
                "values are less precise"
            )

    def _note_unstaffed(self, plan: Plan) -> None:
        """Say in which intervals contacts are planned and no agent is on duty."""
        on_duty = self.space.by_interval(np.array(plan)).sum(axis=0)
        model = self.space.model
        volume = sum((q.demand.expected for q in model.queues if not q.deferred),
                     np.zeros(model.intervals))  # fmt: skip
        empty = [model.starts[k] for k in np.flatnonzero((on_duty == 0) & (volume > 0))]
        if empty:
            shown_first = ", ".join(empty[:4]) + (" …" if len(empty) > 4 else "")
            self.notes.append(
                f"in {len(empty)} intervals with contacts no agent is on duty ({shown_first}): "
                "goals over a day can be met by the others; with --per interval every one counts"
            )


def _worst_text(row: GoalRow) -> str:
    """Return what a goal gives beside its target."""
    share = row.metric not in TIMES
    value = (
        "no value"
        if row.value is None
        else (units.show_share(row.value) if share else f"{row.value:.1f} s")
    )
    at = "" if row.worst is None else f" at {row.worst.replace('T', ' ')}"
    return f"{row.text}: {value}{at if row.per == 'interval' else ''}"
