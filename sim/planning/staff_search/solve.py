"""One search from beginning to end: start by formula, search, proof of small cases, check."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from sim.array_types import Floats, Ints
from sim.planning.plan_goals import PlanGoal
from sim.planning.staff_search.exhaustive import cheaper_plans, least_agents
from sim.planning.staff_search.formula_plans import (
    MODIFIED,
    FormulaPlan,
    formula_plan,
    load_plan,
)
from sim.planning.staff_search.goal_periods import goal_periods
from sim.planning.staff_search.plan_simulator import PlanTask
from sim.planning.staff_search.plan_space import Plan, PlanSpace, plan_space
from sim.planning.staff_search.plan_tally import PlanTally
from sim.planning.staff_search.response_surface import band_width
from sim.planning.staff_search.saved_plans import open_plans
from sim.planning.staff_search.search import PATIENCE, StaffProgress, StaffSearch
from sim.planning.staff_search.simulated_plans import SearchStopped, SimulatedPlans

if TYPE_CHECKING:
    from sim.scenario import Scenario

Report = Callable[[StaffProgress, PlanSpace], None]

FRESH = 1_000_003
"""Added to the seed for days that the search does not see."""
COARSE, FINE, CHECK = 60, 200, 400
"""Replications of a plan: at first, later, and of the check on fresh days."""
FEWEST = 10
STEPS = (200, 140, 100, 70, 50, 35, 25, 17, FEWEST)
"""Replications among which the time decides: few, so that it seldom decides differently."""
REFIT = 5
"""Rounds of the first search after which slopes are estimated anew."""
CHECKS = 24
"""Most checks on fresh days; while there is time the search goes on where a goal was missed."""
CLOSE, LONGER = 1.0, 4
"""Standard errors from its target within which a goal is simulated on so many times the days."""
SURER = 0.5
"""Standard errors that the margin of all goals grows by after each check that missed one."""
START = 0.15
"""Share of the time limit for the formula with which the search begins."""
SEARCH = 0.75
"""Share of the time limit for the search; the rest is for the comparison on fresh days."""
REACHED = 0.005
"""How far below what any staff reaches a goal is searched that no staff meets."""


@dataclass(frozen=True)
class SearchOptions:
    """Settings of a search; see :func:`staff_by_simulation`."""

    time_limit_s: float
    runs: int | None
    seed: int
    workers: int | None
    report: Report | None
    stop: Callable[[], bool] | None
    resume: Path | None


@dataclass
class StaffingSolver:
    """One search of a scenario.

    Attributes
    ----------
    scenario : Scenario
    goals : tuple of PlanGoal
    options : SearchOptions
    notes : list of str
        Goals that no staff reaches.
    stopped : {"", "time", "interrupted"}
    proven : float or None
        Cost below which every plan was simulated and misses a goal on the days of the search.
    check : (int, int) or None
        Seed and replications of the last check on fresh days.
    passed : bool
        Whether all goals that can be reached held there.
    formulas : dict of str to FormulaPlan or None
        Plans of the formulas that were computed; None of one that has no answer.
    """

    scenario: Scenario
    goals: tuple[PlanGoal, ...]
    options: SearchOptions
    notes: list[str] = field(default_factory=list)
    stopped: str = ""
    proven: float | None = None
    check: tuple[int, int] | None = None
    passed: bool = False
    formulas: dict[str, FormulaPlan | None] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.began = time.monotonic()
        self.space = _space(self.scenario, self.goals)
        self.periods = goal_periods(self.space.model, self.goals)
        self._start = self._first_plan()
        options, deadline = self.options, self.began + SEARCH * self.options.time_limit_s
        task = PlanTask(self.space, self.periods, options.seed)
        cells = SimulatedPlans(task, options.workers, deadline, options.stop)
        self.search = StaffSearch(
            self.space, self.periods, cells, np.zeros(self.periods.count), self._report
        )

    @property
    def start(self) -> FormulaPlan:
        """Return the plan by formula with which the search begins."""
        return replace(self._start, plan=self.space.at_least(self._start.plan))

    def _first_plan(self) -> FormulaPlan:
        """Return the plan of the modified offered load, or a simpler one where that takes long."""
        until = self.began + START * self.options.time_limit_s
        found = self.formula(MODIFIED, until)
        return load_plan(self.space, self.goals) if found is None else found

    def formula(self, method: str, until: float) -> FormulaPlan | None:
        """Return the plan of a formula; None where it has no answer, or none until an instant."""

        def check() -> None:
            if time.monotonic() > until:
                raise SearchStopped

        if method not in self.formulas:
            try:
                self.formulas[method] = formula_plan(self.space, self.goals, method, check)
            except SearchStopped:
                return None
        return self.formulas[method]

    @property
    def best(self) -> Plan:
        """Return the best plan so far."""
        return self.start.plan if self.search.best is None else self.search.best

    @contextmanager
    def searched(self) -> Iterator[None]:
        """Search, and keep worker processes and the folder of plans meanwhile."""
        cells, stop = self.search.cells, self.options.stop
        with open_plans(self.options.resume, self._identity(), cells):
            try:
                self._search()
            except SearchStopped:
                self.stopped = "interrupted" if stop is not None and stop() else "time"
                self.search.hurried = True
            except KeyboardInterrupt:
                self.stopped = "interrupted"
            cells.close()  # what follows has both cores
            try:
                yield
            finally:
                cells.close()

    def _report(self, progress: StaffProgress) -> None:
        if self.options.report is not None:
            self.options.report(progress, self.space)

    def _identity(self) -> dict[str, object]:
        """Return what simulated plans depend on."""
        from sim import __version__

        return {
            "version": __version__,
            "scenario": self.scenario.fingerprint,
            "goals": [str(goal) for goal in self.goals],
            "seed": self.options.seed,
        }

    # -- the search ------------------------------------------------------------------------------

    def _search(self) -> None:
        search, limit = self.search, SEARCH * self.options.time_limit_s
        start = self.start
        search.runs = FEWEST
        search.simulate([start.plan])
        runs = self.options.runs
        fine = self.affordable(0.1, FINE) if runs is None else runs
        coarse = min(fine, COARSE if runs is not None else self.affordable(0.06, COARSE))
        search.restart(coarse, start.plan)
        self._relax_unreachable(start)
        search.scale(start.fractional, start.plan)
        radius = max(3, int(0.1 * np.mean(start.plan)))
        search.improve(radius, self.began + 0.3 * limit, refit=REFIT)
        if search.best is not None:
            search.restart(fine, search.best)
            search.improve(2, self.began + 0.55 * limit, refit=2 * PATIENCE)
            self._exhaust()
            self._check()

    def affordable(self, share: float, most: int) -> int:
        """Return the replications with which one fit of the surface takes that share of the time.

        Parameters
        ----------
        share : float
            Of the time limit.
        most : int
        """
        plans = len(self.space.model.groups) * min(band_width(self.space), self.space.blocks) + 1
        each = max(self.search.cells.seconds(1), 1e-6)
        found = share * self.options.time_limit_s / (plans * each)
        if found >= most:
            return most
        self.search.hurried = True
        return next((step for step in STEPS if step <= found), FEWEST)

    def _relax_unreachable(self, start: FormulaPlan) -> None:
        """Lower the aim of goals that the largest staff does not reach, and say so."""
        search, space = self.search, self.space
        plenty = tuple(int(n) for n in np.minimum(3 * np.array(start.plan) + 10, space.most))
        (cell,) = search.cells.simulate([plenty], search.runs)
        level = self.periods.slack(cell) / self.periods.size(cell)
        helped = np.array([g.at_least == (g.metric != "occupancy") or g.metric != "occupancy"
                           for g in self.goals])[self.periods.goal]  # fmt: skip
        short = (level < 0) & helped
        if not short.any():
            return
        margin = np.where(short, (level - REACHED) * self.periods.size(cell), 0.0)
        search.restart(search.runs, start.plan, margin)
        for number in dict.fromkeys(self.periods.goal[short].tolist()):
            mine = short & (self.periods.goal == number)
            self.notes.append(
                f"{self.goals[number]}: no staff reaches it; with three times the agents it is "
                f"still missed by {_points(self.goals[number], -level[mine].min())}"
                + (f" in {int(mine.sum())} periods" if mine.sum() > 1 else "")
            )

    def _exhaust(self) -> None:
        """Simulate every cheaper plan of a small case."""
        search = self.search
        if search.best is None or search.shortfall(search.cells.cells[search.best]) > 0:
            return

        def holds(plan: Plan) -> bool:
            return search.shortfall(search.simulate([plan])[0]) == 0

        least = least_agents(self.space, search.best, holds)
        if least is None:
            return
        cheaper = cheaper_plans(self.space, search.best, least)
        if cheaper is None or search.cells.seconds(search.runs) * len(cheaper) > (
            0.5 * self.options.time_limit_s
        ):
            return
        for first in range(0, len(cheaper), 16):
            search.simulate(cheaper[first : first + 16])
            if self.space.cost_of(search.best) <= self.space.cost_of(cheaper[first]) + 1e-9:
                break
        if (search.margin <= 0).all():
            self.proven = self.space.cost_of(search.best)

    def _check(self) -> None:
        """Simulate the plan on fresh days; where a goal is missed, go on with more replications.

        Where no goal is missed clearly, and one is close to its target, more days decide.
        """
        search, runs = self.search, max(self.search.runs, min(CHECK, 2 * self.search.runs))
        until = self.began + 0.9 * SEARCH * self.options.time_limit_s
        for attempt in range(CHECKS):
            assert search.best is not None
            if search.shortfall(search.cells.cells[search.best]) > 0:
                search.improve(2, until, refit=PATIENCE)
            seen = self.periods.slack(search.cells.cells[search.best])
            seed = self.options.seed + FRESH + attempt
            fresh = self._fresh_slack(search.best, runs, seed)
            self.check = seed, runs
            missed = fresh < np.minimum(self._unreached(), 0.0)
            if not missed.any():
                self.passed = True
                return
            tally = search.cells.cells[search.best]
            spread = tally.surplus.std(axis=0, ddof=1) / np.sqrt(tally.runs)
            more = np.where(missed, np.maximum(seen - fresh, 0.0), 0.0)
            more = np.maximum(search.margin + more, SURER * (attempt + 1) * spread)
            margin = np.where(search.margin < 0, search.margin, more)
            search.restart(int(1.25 * search.runs), search.best, margin)
            search.improve(1, until, patience=2)
            self._exhaust()

    def _unreached(self) -> Floats:
        """Return the margin of goals that no staff reaches, 0 of others."""
        return np.minimum(self.search.margin, 0.0)

    def _fresh_slack(self, plan: Plan, runs: int, seed: int) -> Floats:
        task = PlanTask(self.space, self.periods, seed)
        cells = SimulatedPlans(task, 1, self.search.cells.deadline, self.options.stop)
        (cell,) = cells.simulate([plan], runs)
        if self._is_close(cell):
            (cell,) = cells.simulate([plan], LONGER * runs)
        return self.periods.slack(cell)

    def _is_close(self, cell: PlanTally) -> bool:
        """Return whether no goal is missed clearly, and one neither missed nor met clearly."""
        slack = self.periods.slack(cell) - self._unreached()
        error = CLOSE * cell.surplus.std(axis=0, ddof=1) / np.sqrt(cell.runs)
        return bool((slack >= -error).all() and (slack < error).any())


def _space(scenario: Scenario, goals: Sequence[PlanGoal]) -> PlanSpace:
    """Return the plans of a scenario, with room for some times the agents of its load."""
    small = plan_space(scenario, 1)
    load = load_plan(small, goals).fractional
    space = plan_space(scenario, int(4 * load.max()) + 40)
    return replace(space, least=_least(space, goals, load))


def _least(space: PlanSpace, goals: Sequence[PlanGoal], load: Floats) -> Ints:
    """Return an agent at the highest load of each group without which a goal has no value."""
    least = np.zeros(space.blocks, np.int64)
    work = np.array([load[g, first] for g, first in zip(space.group, space.first, strict=True)])
    for goal in goals:
        if goal.definition.base == "time":
            mine = np.flatnonzero(np.isin(space.group, goal.members(space.model)))
            if mine.size:
                least[mine[np.argmax(work[mine])]] = 1
    return least


def _points(goal: PlanGoal, level: float) -> str:
    if goal.definition.unit == "share":
        return f"{100 * level:.1f} points"
    return f"{level * goal.target:.1f} s"
