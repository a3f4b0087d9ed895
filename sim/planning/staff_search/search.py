"""The search for the cheapest plan whose goals hold on simulated days.

A surface is fitted to simulated plans (:mod:`sim.planning.staff_search.response_surface`) and
searched; what it foresees is simulated, and the surface moved there. The surface only proposes:
a plan counts as good when its own simulation says so.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np

from sim.array_types import Floats, Ints
from sim.planning.staff_search.goal_periods import GoalPeriods
from sim.planning.staff_search.plan_space import Plan, PlanSpace
from sim.planning.staff_search.plan_tally import PlanTally
from sim.planning.staff_search.response_surface import Surface, fit_surface
from sim.planning.staff_search.simulated_plans import SimulatedPlans
from sim.planning.staff_search.surface_search import search_surface

CAUTION = 0.15
LEAST_CAUTION = 0.01
PATIENCE = 6
"""Rounds without a cheaper plan after which a search at one precision ends."""
FEW_ROUNDS = 3
KICKS = 2000
"""Most attempts to improve a plan on the surface."""


@dataclass(frozen=True, eq=False)
class StaffProgress:
    """How far a search is.

    Attributes
    ----------
    plan : Plan
        The best one so far.
    last : Plan
        The one simulated last.
    cost, hours : float
        Of the best one.
    met : bool
        Whether its goals hold on the days simulated.
    shortfall : float
        How much is missing, of what is counted; 0 when met.
    plans, runs : int
        Plans simulated, and replications of each at this stage.
    seconds : float
        Since the start.
    """

    plan: Plan
    last: Plan
    cost: float
    hours: float
    met: bool
    shortfall: float
    plans: int
    runs: int
    seconds: float


Report = Callable[[StaffProgress], None]


@dataclass
class StaffSearch:
    """A search among the plans of a scenario.

    Attributes
    ----------
    space : PlanSpace
    periods : GoalPeriods
    cells : SimulatedPlans
    margin : ndarray, shape (conditions,)
        Slack that each condition must have; below zero for goals that no staff can reach.
    report : callable or None
    best : Plan or None
    runs : int
        Replications of each plan at present.
    surface : Surface or None
        The one fitted last.
    hurried : bool
        Whether the time decided something, so that with more of it another plan may be found.
    """

    space: PlanSpace
    periods: GoalPeriods
    cells: SimulatedPlans
    margin: Floats
    report: Report | None = None
    best: Plan | None = None
    runs: int = 0
    surface: Surface | None = None
    hurried: bool = False
    began: float = field(default_factory=time.monotonic)

    def shortfall(self, cell: PlanTally) -> float:
        """Return how much conditions miss their margin, of what is counted in each."""
        slack = self.periods.slack(cell) - self.margin
        return float((np.maximum(-slack, 0.0) / self.periods.size(cell)).sum())

    def simulate(self, plans: list[Plan]) -> list[PlanTally]:
        """Simulate plans at the present precision, and remember the best."""
        found = self.cells.simulate(plans, self.runs)
        for plan, cell in zip(plans, found, strict=True):
            self._consider(plan, cell)
        return found

    def _consider(self, plan: Plan, cell: PlanTally) -> None:
        if self.best is None or self._rank(plan, cell) < self._rank(
            self.best, self.cells.cells[self.best]
        ):
            self.best = plan
        if self.report is not None:
            best = self.cells.cells[self.best]
            short = self.shortfall(best)
            self.report(
                StaffProgress(
                    self.best,
                    plan,
                    self.space.cost_of(self.best),
                    self.space.hours_of(self.best),
                    short == 0.0,
                    short,
                    len(self.cells.cells),
                    self.runs,
                    time.monotonic() - self.began,
                )  # fmt: skip
            )

    def _rank(self, plan: Plan, cell: PlanTally) -> tuple[float, float, float, Plan]:
        """Return what orders plans, whatever the order in which they were simulated."""
        slack = (self.periods.slack(cell) - self.margin) / self.periods.size(cell)
        return self.shortfall(cell), round(self.space.cost_of(plan), 9), -float(slack.min()), plan

    def restart(self, runs: int, plan: Plan, margin: Floats | None = None) -> None:
        """Begin at another precision (or with another margin) from a plan."""
        self.runs = runs
        self.margin = self.margin if margin is None else margin
        self.best = plan if plan in self.cells.cells else None
        self.simulate([plan])
        for known, cell in self.cells.cells.items():
            if cell.runs >= runs and self._rank(known, cell) < self._rank(
                self.best or plan, self.cells.cells[self.best or plan]
            ):
                self.best = known

    def scale(self, fractional: Floats, plan: Plan) -> None:
        """Find the least multiple of a requirement that meets the goals, and begin there."""
        low, high = 0.4, 2.5
        factor = 1.0
        tried = plan
        for _ in range(7):
            (cell,) = self.simulate([tried])
            if self.shortfall(cell) > 0:
                low = factor
                factor = factor * 1.15 if high == 2.5 else (low + high) / 2
            else:
                high = factor
                factor = factor * 0.92 if low == 0.4 else (low + high) / 2
            if high - low < 0.03 or not low <= factor <= high:
                break
            tried = self.space.at_least(self.space.from_table(np.rint(fractional * factor)))

    def improve(self, radius: int, until: float, refit: int = 0, patience: int = PATIENCE) -> None:
        """Improve the best plan at the present precision.

        Parameters
        ----------
        radius : int
            Most agents by which a block changes at a time.
        until : float
            Instant of :func:`time.monotonic` at which to end, after some rounds at least.
        refit : int
            Rounds after which slopes are estimated anew; 0 takes those of before.
        patience : int
            Rounds without a better plan after which to end.
        """
        assert self.best is not None
        if refit or self.surface is None:
            surface = self.fitted(self.best)
        else:
            surface = self.surface.at(self.best, self.cells.cells[self.best])
        caution, stuck, rounds = CAUTION, 0, 0
        while stuck < patience:
            if rounds >= FEW_ROUNDS and time.monotonic() > until:
                self.hurried = True
                return
            rounds += 1
            before = self._rank(self.best, self.cells.cells[self.best])
            careful = self._proposed(surface, radius, caution, rounds)
            bold = self._proposed(surface, radius, caution / 3, rounds, careful)
            if not careful and not bold and caution <= LEAST_CAUTION:
                return  # nothing cheaper is foreseen, however little caution is taken
            if not careful and not bold:
                caution, stuck = caution / 2, stuck + 1
                continue
            found = self.simulate([*careful, *bold])
            self._combine_days([*careful, *bold])
            after = self._rank(self.best, self.cells.cells[self.best])
            stuck = 0 if after[:2] < before[:2] else stuck + 1
            at = self.best
            if bold and self.shortfall(found[-1]) == 0:
                caution = max(caution / 2, LEAST_CAUTION)
            elif careful and self.shortfall(found[0]) > 0:
                caution = min(caution * 1.5, 1.0)
                at = careful[0] if stuck <= patience // 2 else at
            if refit and rounds % refit == 0:
                surface = self.fitted(at)
            else:
                surface = surface.at(at, self.cells.cells[at])

    def _combine_days(self, plans: list[Plan]) -> None:
        """Simulate the plan with the best of some plans for each day: days hardly affect others."""
        days = self.space.model.days
        condition_day = self.periods.days(days)
        if days == 1 or condition_day is None or not plans:
            return
        assert self.best is not None
        day = self.space.first // (self.periods.intervals // days)
        combined, ranks = np.array(self.best), self._day_ranks(self.best, condition_day, day)
        for plan in plans:
            for d, rank in enumerate(self._day_ranks(plan, condition_day, day)):
                if rank < ranks[d]:
                    ranks[d] = rank
                    combined[day == d] = np.array(plan)[day == d]
        chosen = tuple(int(n) for n in combined)
        if chosen not in {self.best, *plans}:
            self.simulate([chosen])

    def _day_ranks(self, plan: Plan, condition_day: Ints, day: Ints) -> list[tuple[float, float]]:
        """Return by day what orders plans: shortfall, then cost."""
        cell = self.cells.cells[plan]
        level = (self.periods.slack(cell) - self.margin) / self.periods.size(cell)
        cost = self.space.block_costs(plan)
        return [
            (float(np.maximum(-level[condition_day == d], 0.0).sum()), float(cost[day == d].sum()))
            for d in range(self.space.model.days)
        ]

    def fitted(self, plan: Plan) -> Surface:
        """Return the surface around a plan."""
        short = self.shortfall(self.simulate([plan])[0]) > 0
        self.surface = fit_surface(
            self.space, self.periods, plan, 1 if short else -1,
            lambda plans: self.cells.simulate(plans, self.runs),
        )  # fmt: skip
        return self.surface

    def _proposed(
        self,
        surface: Surface,
        radius: int,
        caution: float,
        seed: int,
        others: Sequence[Plan] = (),
    ) -> list[Plan]:
        """Return the cheapest plan that the surface foresees to be good, if it is a new one."""
        self.cells.check_time()
        assert self.best is not None
        short = self.shortfall(self.cells.cells[self.best]) > 0
        size = self.periods.size(self.cells.cells[surface.plan])
        kicks = min(KICKS, 8 * self.space.blocks)
        known = {plan for plan, cell in self.cells.cells.items() if cell.runs >= self.runs}
        found = search_surface(
            self.space, surface, size, radius, self.margin, caution, kicks, seed,
            frozenset(known.union(others)), self.cells.deadline, short,
        )  # fmt: skip
        limit = np.inf if short else self.space.cost_of(self.best)
        return [plan for cost, plan in found[:1] if cost < limit + 1e-9]
