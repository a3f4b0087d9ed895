"""Shifts straight from the goals: cutting planes whose variables are the shifts.

A requirement that is computed first and covered second can be far from the best, because where an
agent helps depends on what else the shifts give (Avramidis, Chan, Gendreau, L'Ecuyer and Pisacane,
Optimizing daily agent scheduling in a multiskill call center, European Journal of Operational
Research 200, 2010). The search has three steps:

1. The requirement of the formulas is scaled until the shifts that cover it just reach the goals.
2. Simulated plans that miss a goal add a row: what it lacks, plus the effect of each agent more,
   must not be negative (Cezik and L'Ecuyer 2008). As one agent more helps less than the one before,
   this cuts off no plan that reaches the goals where the service is concave. The cheapest plan by
   these rows, near the best so far, is simulated next.
3. Single shifts are taken away or replaced by cheaper ones while all goals hold.

The plan is then simulated on days that the search has not seen. If it misses a goal there, the
cheapest of the plans that exceed the goals by more is taken instead.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.planning.shifts.cover_model import CoverModel, build_cover, coverage_matrix
from sim.planning.shifts.goal_effects import ShiftSimulator
from sim.planning.shifts.interruption import look, note_interruption, was_interrupted
from sim.planning.shifts.linear_model import FOUND
from sim.planning.shifts.place_breaks import planned_shifts
from sim.planning.shifts.scaled_requirement import scale_requirement, scaled
from sim.planning.shifts.shift_scenario import shift_tables
from sim.planning.shifts.simulated_shifts import GoalPlan
from sim.planning.shifts.single_shifts import cheaper_plans
from sim.planning.shifts.solve_cover import solve_cover
from sim.units import BadInputError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sim.array_types import Floats, Ints
    from sim.planning.plan_goals import PlanGoal
    from sim.planning.shifts.possible_shifts import ShiftTypes
    from sim.planning.shifts.shift_inputs import ShiftInputs
    from sim.planning.shifts.shift_requirement import ShiftRequirement

LEAST_DAYS, MOST_DAYS = 20, 100
SIMULATIONS = 200
"""Plans whose simulation should fit into the time."""
FRESH_DAYS = 100
"""Days, not seen by the search, on which a plan must hold."""
MOST_CHECKED = 7
"""Plans that are simulated on those days."""
SOLVING_S = 3.0
"""Longest time (s) for one linear model."""
SCALING, CUTTING = 0.2, 0.75
"""Shares of the time after which the first and the second step end."""
NEAR = 2.0, 0.2
"""Plans are near when they differ by this many agents, or by this share, in an interval."""
SMALL = 1e-6


class GoalSearch:
    """A search for the cheapest shifts that reach goals.

    Parameters
    ----------
    inputs : ShiftInputs
        With a scenario.
    goals : sequence of PlanGoal
    types : ShiftTypes
    seed : int
    """

    def __init__(
        self,
        inputs: ShiftInputs,
        goals: Sequence[PlanGoal],
        types: ShiftTypes,
        seed: int,
    ) -> None:
        assert inputs.scenario is not None
        self.inputs, self.goals, self.types = inputs, goals, types
        self.simulator = ShiftSimulator(inputs.scenario, goals, seed)
        self.fresh = ShiftSimulator(inputs.scenario, goals, seed + 1)
        self.model = self._cover()
        self.columns = len(self.model.linear.costs)
        self.days = range(1, LEAST_DAYS + 1)
        self.plans: list[GoalPlan] = []
        self.bound = 0.0
        self.verified = False
        self._limits = self.model.linear.copy()
        self._weights: list[tuple[int, int, Floats]] = []
        self._seen: dict[bytes, GoalPlan] = {}
        self._names = {one.name: k for k, one in enumerate(self.simulator.model.groups)}
        self._coverage = {
            name: self._by_interval(coverage_matrix(self.model, inputs.requirement, name))
            for name in inputs.requirement.agents
        }

    def _cover(self) -> CoverModel:
        """Return the model of shifts and their limits that requires no agents."""
        planning = self.inputs.planning.model_copy(update={"overstaffing": 0.0})
        nothing = scaled(self.inputs.requirement, 0.0)
        return build_cover(nothing, self.inputs.patterns, self.types, planning, is_soft=False)

    def _by_interval(self, matrix: Any) -> Any:
        """Return the mean agents on duty by interval from those by slot."""
        from scipy.sparse import csr_array

        grid = self.inputs.requirement.grid
        times = round(grid.interval_s / self.types.slot_s)
        rows = np.repeat(np.arange(grid.intervals), times)
        mean = csr_array((np.full(rows.size, 1 / times), (rows, np.arange(rows.size))))
        return (mean @ matrix).tocsr()

    # Plans ---------------------------------------------------------------------------------------

    @property
    def best(self) -> GoalPlan | None:
        """The cheapest simulated plan that reaches the goals on the days of the search."""
        return self.cheapest(0.0)

    def cheapest(self, margin: float) -> GoalPlan | None:
        """Return the cheapest simulated plan that exceeds the goals by a margin."""
        reaching = [plan for plan in self.plans if plan.missed(margin) <= SMALL]
        return min(reaching, key=lambda plan: plan.cost, default=None)

    def tables(self, values: Floats) -> dict[str, list[dict[str, Any]]]:
        """Return the shifts of a plan as a scenario writes them."""
        assert self.inputs.scenario is not None
        planned = list(planned_shifts(self.model, values))
        found = shift_tables(self.inputs.scenario, self.inputs.requirement, self.model, planned)
        if found is None:
            raise BadInputError("method: goals needs weeks that are alike; allowed: one week")
        return found

    def evaluate(self, values: Floats) -> GoalPlan:
        """Simulate a plan, unless it was simulated before."""
        key = values.tobytes()
        if key not in self._seen:
            self._seen[key] = self._simulated(self.simulator, values, self.days)
            self.plans.append(self._seen[key])
        return self._seen[key]

    def _simulated(self, simulator: ShiftSimulator, values: Floats, days: range) -> GoalPlan:
        service = simulator.simulate(simulator.model_of(self.tables(values)), days)
        cost = float(np.asarray(self.model.linear.costs) @ values)
        size = [one.by_period(one.bottom).mean(axis=0) for one in service.sums]
        return GoalPlan(values, cost, service, service.judged(), size)

    def choose_days(self, values: Floats, seconds: float) -> None:
        """Choose how many days are simulated, so that many plans fit into the time."""
        self._simulated(self.simulator, values, self.days)  # also compiles where that is needed
        began = time.monotonic()
        self._simulated(self.simulator, values, self.days)
        day = (time.monotonic() - began) / len(self.days)
        count = int(seconds / SIMULATIONS / max(day, 1e-5))
        self.days = range(1, min(max(count, LEAST_DAYS), MOST_DAYS) + 1)

    # The search ----------------------------------------------------------------------------------

    def run(self, first: Floats, seconds: float) -> GoalPlan | None:
        """Search from a plan that covers the requirement of the formulas.

        Parameters
        ----------
        first : ndarray of float, shape (columns,)
        seconds : float
            Longest time, without compiling.

        Returns
        -------
        GoalPlan or None
            The cheapest plan that reaches the goals; None when none was found.
        """
        try:
            self.choose_days(first, seconds)
            began = time.monotonic()
            self.evaluate(first)
            scale_requirement(
                self.inputs.requirement, self._reaches, self.best is not None,
                began + SCALING * seconds, began + CUTTING * seconds,
            )  # fmt: skip
            self.cut_and_solve(began + CUTTING * seconds)
            self.take_away(began + seconds)
        except KeyboardInterrupt:
            if not was_interrupted():  # else the solver has noted it
                note_interruption()
            self.evaluate(first)
        return self.verify()

    def _reaches(self, requirement: ShiftRequirement) -> bool:
        """Simulate the shifts that cover a requirement; return whether they reach the goals."""
        planning = self.inputs.planning.model_copy(
            update={"overstaffing": 0.0, "understaffing": None}
        )
        until = time.monotonic() + SOLVING_S / 2
        cover = solve_cover(requirement, self.inputs.patterns, self.types, planning, until)
        return self.evaluate(cover.solution.values[: self.columns]).missed(0.0) <= SMALL

    def cut_and_solve(self, deadline: float) -> None:
        """Add rows for plans that miss goals, and simulate the cheapest plan near the best."""
        center = self.best
        missing = [plan for plan in self.plans if plan.missed(0.0) > SMALL]
        if missing:
            self.cut(max(missing, key=lambda plan: plan.margin()))
        reach = 1.0
        while center is not None and time.monotonic() < deadline and reach > 0.2:
            look()
            near = self.model.linear.copy()
            for row in self._near(center, reach):
                near.row(*row)
            solution = near.solve(time.monotonic() + SOLVING_S)
            if solution.status != FOUND or solution.bound >= center.cost - SMALL:
                break
            plan = self.evaluate(solution.values)
            if plan.missed(0.0) > SMALL:
                reach *= 0.8
                self.cut(plan)
            elif plan.cost < center.cost - SMALL:
                center = plan
            else:
                break
        self._set_bound()

    def _set_bound(self) -> None:
        """Take the bound of the model with all rows, wherever plans may be."""
        found = self.model.linear.solve(time.monotonic() + SOLVING_S)
        if np.isfinite(found.bound):
            self.bound = max(found.bound, 0.0)

    def _near(
        self, center: GoalPlan, reach: float
    ) -> Iterator[tuple[Sequence[int], Sequence[float], float, float]]:
        """Yield rows that keep the agents on duty near those of a plan."""
        for matrix in self._coverage.values():
            there = matrix @ center.values
            far = reach * np.maximum(NEAR[0], NEAR[1] * there)
            for k in range(matrix.shape[0]):
                inside = slice(matrix.indptr[k], matrix.indptr[k + 1])
                if matrix.indices[inside].size:
                    columns, values = matrix.indices[inside].tolist(), matrix.data[inside].tolist()
                    yield columns, values, there[k] - far[k], there[k] + far[k]

    def cut(self, plan: GoalPlan) -> None:
        """Add a row for each goal and period: level + effects of the agents more >= 0."""
        model = self.simulator.model_of(self.tables(plan.values))
        places: dict[int, Ints] = {
            self._names[name]: np.flatnonzero(np.diff(matrix.indptr) > 0)
            for name, matrix in self._coverage.items()
        }
        effects = self.simulator.effects(model, plan.service, self.days, places)
        self._weights = []
        for goal, (level, effect) in enumerate(zip(plan.levels, effects, strict=True)):
            for period in np.flatnonzero(np.isfinite(level)).tolist():
                weights = self._by_column(effect[period])
                self._weights.append((goal, period, weights))
                self._row(plan.values, float(level[period]), weights)

    def _by_column(self, effect: Floats) -> Floats:
        """Return what one more in each column changes, from the effect by group and interval."""
        assert self.inputs.scenario is not None
        weights = np.zeros(self.columns)
        for name, matrix in self._coverage.items():
            present = 1 - self.inputs.scenario.group[name].shrinkage
            weights += present * (matrix.T @ effect[self._names[name]])
        return weights

    def _row(self, values: Floats, level: float, weights: Floats) -> None:
        columns = np.flatnonzero(weights)
        if columns.size:
            scale = float(np.abs(weights).max())
            low = (float(weights @ values) - level) / scale
            self.model.linear.row(
                columns.tolist(), (weights[columns] / scale).tolist(), low=low - SMALL
            )

    # Single shifts -------------------------------------------------------------------------------

    def take_away(self, deadline: float) -> None:
        """Take single shifts away, or replace them by cheaper ones, while all goals hold."""
        best = self.best
        while best is not None and time.monotonic() < deadline:
            look()
            better = next(self._better(best, deadline), None)
            if better is None:
                break
            best = better

    def _better(self, best: GoalPlan, deadline: float) -> Iterator[GoalPlan]:
        """Yield cheaper plans that reach the goals, the most promising tried first."""
        for values in sorted(
            cheaper_plans(self.model, best.values), key=lambda one: self._promise(best, one)
        ):
            if time.monotonic() >= deadline:
                return
            look()
            if values.tobytes() in self._seen or not self._is_allowed(values):
                continue
            plan = self.evaluate(values)
            if plan.missed(0.0) <= SMALL:
                yield plan

    def _promise(self, best: GoalPlan, values: Floats) -> tuple[float, float]:
        """Return what goals would lack by the effects last measured, and the cost; low is good."""
        change = values - best.values
        lacking = sum(
            max(-(best.levels[goal][period] + float(weights @ change)), 0.0)
            for goal, period, weights in self._weights
        )
        return lacking, float(np.asarray(self.model.linear.costs) @ change)

    def _is_allowed(self, values: Floats) -> bool:
        """Tell whether the rules of shifts, breaks and tours hold."""
        rows = self._limits.matrix() @ values
        low, high = np.asarray(self._limits.low), np.asarray(self._limits.high)
        return bool(((rows >= low - SMALL) & (rows <= high + SMALL)).all())

    # Days that the search has not seen -----------------------------------------------------------

    def verify(self) -> GoalPlan | None:
        """Return the cheapest plan that also reaches the goals on other days."""
        margin, tried = 0.0, 0
        plan = self.cheapest(margin)
        while plan is not None:
            days = range(1, FRESH_DAYS + 1)
            fresh = self._simulated(self.fresh, plan.values, days)
            self.verified = fresh.missed(0.0) <= SMALL
            tried += 1
            if self.verified or tried >= MOST_CHECKED or was_interrupted():
                return plan
            margin = max(margin, plan.margin()) - min(fresh.margin(), 0.0) + SMALL
            dearer = self.cheapest(margin)
            if dearer is None:
                return plan
            plan = dearer
        return None
