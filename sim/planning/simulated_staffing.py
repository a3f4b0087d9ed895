"""Result of staffing by simulation: the plan, what it keeps, and what formulas would give."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sim.extras import need
from sim.planning.simulated_goals import GoalRow
from sim.result_output import Output, reports

if TYPE_CHECKING:
    import pandas as pd

    from sim.scenario import Scenario


@dataclass(frozen=True, slots=True)
class MethodRow:
    """The requirement by one method, and what it really gives.

    Attributes
    ----------
    method : {"erlang_c", "erlang_a", "modified_offered_load", "simulation"}
    hours, cost : float
        Of the agents to schedule; the cost is in hours where wages are not known.
    fractional_hours : float or None
        Agents on duty before rounding up; None for the simulation, which has whole agents only.
    goals_met : int or None
        How many goals hold when the plan is simulated; None where there was no time for it.
    worst : str
        The goal that is missed most, or else nearest to a miss, with what it gives.
    goals : tuple of GoalRow
    staffing : list of dict
        Rows of ``group, interval, agents, on_duty``.
    """

    method: str
    hours: float
    cost: float
    fractional_hours: float | None
    goals_met: int | None
    worst: str
    goals: tuple[GoalRow, ...]
    staffing: list[dict[str, Any]] = field(default_factory=list)

    def record(self) -> dict[str, Any]:
        """Return it as the command line writes it as JSON."""
        return {
            "method": self.method,
            "hours": self.hours,
            "cost": self.cost,
            "fractional_hours": self.fractional_hours,
            "goals_met": self.goals_met,
            "goals": len(self.goals),
            "worst": self.worst,
        }


@dataclass(frozen=True, repr=False)
class SimulatedStaffing(Output):
    """The least staff that was found whose goals hold in simulation.

    Attributes
    ----------
    name : str
    staffing : list of dict
        Rows of ``group``, ``interval``, ``agents`` to schedule (as a scenario writes them) and
        ``on_duty``, net of planned shrinkage.
    goals : tuple of GoalRow
        On days on which nothing was decided.
    methods : tuple of MethodRow
        Requirement, hours, cost and simulated service of each formula and of the simulation.
    effects : list of dict
        Rows of ``group``, ``interval``, ``goal``, and what one agent more (``one_more``) or
        fewer (``one_less``) changes of it: of a share in its unit, of a wait in parts of its
        target; with the bounds of 95 % confidence intervals (``one_more_low`` …). Empty where
        there was no time to simulate them.
    hours, cost : float
        Scheduled; the cost is in hours where not every group has a wage.
    paid : bool
        Whether the cost is money.
    bound : float or None
        The least cost that seems possible.
    bound_is : {"proven", "heuristic"}
        Proven: every cheaper plan was simulated, on the days of the search.
    days : int
        Replications behind the goals; 0 when the search was stopped before these.
    plans : int
        Simulated by the search.
    search_days : int
        Replications of each plan at the end of the search.
    seconds : float
    seed : int
    stopped : {"", "time", "interrupted"}
        Why the search ended early.
    notes : tuple of str
    staffed : Scenario
        The scenario with the plan as headcounts.
    interval_s : float
    """

    name: str
    staffing: list[dict[str, Any]] = field(repr=False)
    goals: tuple[GoalRow, ...]
    methods: tuple[MethodRow, ...]
    effects: list[dict[str, Any]] = field(repr=False)
    hours: float
    cost: float
    paid: bool
    bound: float | None
    bound_is: str
    days: int
    search_days: int
    seconds: float
    seed: int
    stopped: str
    notes: tuple[str, ...]
    staffed: Scenario = field(repr=False)
    interval_s: float
    plans: int = 0

    @property
    def met(self) -> bool:
        """Return whether all goals hold on the days that the search did not see."""
        return all(row.met for row in self.goals)

    @property
    def gap(self) -> float | None:
        """Return the part of the cost that lies above the bound."""
        if self.bound is None:
            return None
        return (self.cost - self.bound) / self.cost if self.cost > 0 else 0.0

    @property
    def searched(self) -> bool:
        """Return whether more than the first plan was simulated."""
        return self.plans > 1

    def __repr__(self) -> str:
        """Return the staffing in one line."""
        described = f"hours={self.hours:g}, cost={self.cost:g}, met={self.met}, days={self.days}"
        return f"SimulatedStaffing({self.name!r}, {described})"

    def table(self) -> pd.DataFrame:
        """Return the plan as a table of group, interval, agents and on_duty."""
        need("table", "pandas")
        import pandas as pd

        return pd.DataFrame(self.staffing)

    def text(self) -> str:
        """Return plan, goals and methods as text; goals that are missed come first."""
        return str(reports("simulated_staffing_text").simulated_staffing_text(self))

    def document(self) -> dict[str, Any]:
        """Return what the command line writes as JSON."""
        from sim import __version__

        return {
            "scenario": self.name,
            "method": "simulation",
            "hours": self.hours,
            "cost": self.cost,
            "cost_is": "money" if self.paid else "hours",
            "met": self.met,
            "bound": self.bound,
            "bound_is": self.bound_is,
            "gap": self.gap,
            "days": self.days,
            "search_days": self.search_days,
            "plans": self.plans,
            "seconds": round(self.seconds, 3),
            "seed": self.seed,
            "stopped": self.stopped,
            "version": __version__,
            "interval_s": self.interval_s,
            "goals": [row.record() for row in self.goals],
            "staffing": self.staffing,
            "methods": [row.record() for row in self.methods],
            "effects": self.effects,
            "notes": list(self.notes),
        }

    def to_json(self) -> str:
        """Return the document as JSON text; what is not known is null."""
        return json.dumps(self.document(), indent=1, allow_nan=False)
