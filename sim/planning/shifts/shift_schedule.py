"""A plan of shifts: who works when, what it costs, and what it does not cover."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sim.extras import need
from sim.result_output import Output, reports

if TYPE_CHECKING:
    import pandas as pd

    from sim.planning.shifts.shift_inputs import ShiftInputs
    from sim.scenario import Scenario

SHIFT_COLUMNS = ("group", "pattern", "start", "end", "agents", "breaks")
COVERAGE_COLUMNS = ("group", "interval", "required", "agents", "over", "short")


@dataclass(frozen=True, repr=False)
class ShiftSchedule(Output):
    """Shifts that cover a requirement or reach goals.

    Attributes
    ----------
    name : str
    method : {"cover", "goals"}
        Whether a requirement is covered, or the shifts come straight from the goals.
    shifts : list of dict
        ``group, pattern, start, end, agents, breaks``, one for each shift with its breaks and
        day; ``breaks`` are dicts of ``start, end, paid``.
    coverage : list of dict
        ``group, interval, required, agents, over, short``: agents on duty net of breaks, the
        fewest at any moment of the interval; ``over`` on average, ``short`` at its largest.
    uncovered : list of dict
        ``group, interval, short`` where agents are missing.
    tours : list of dict
        ``group, pattern, week, days, shifts, people`` of weekly tours.
    hours, cost : float
        Paid hours; wages (or paid hours) with what over- and understaffing cost.
    cost_is : {"wages", "hours"}
    people : int
        Fewest persons for these shifts: of tours all, of other shifts those of the busiest day.
    bound, gap : float
        Least possible cost that is proven, and how far the cost lies above it, as a share of it.
    bound_is : {"proven", "heuristic"}
    reasons : tuple of str
        Why something is uncovered, and what would cover it.
    relaxations : list of dict
        ``rule, instead, cost, short_h``: changes of one rule that cover more, the best first.
    goals : list of dict
        The goals as simulated; empty when not simulated.
    methods : list of dict
        ``method, requirement, hours, cost, people, bound, gap, goals_met, goals`` of each way,
        where compared; ``requirement`` is "formula", "simulation" or "table" where one is covered.
    seconds : float
    stopped : {"", "interrupted"}
        Whether the search was interrupted: then this is the best plan until then.
    runs, seed : int
        Of the simulation; 0 runs when there was none.
    notes : tuple of str
    inputs : ShiftInputs
    scenario : Scenario or None
        The scenario with these shifts; None for a table, and where shifts cannot be written.
    shift_tables : dict of str to list of dict
        By group the shifts as the scenario file writes them.
    """

    name: str
    method: str
    shifts: list[dict[str, Any]] = field(repr=False)
    coverage: list[dict[str, Any]] = field(repr=False)
    uncovered: list[dict[str, Any]] = field(repr=False)
    tours: list[dict[str, Any]] = field(repr=False)
    hours: float
    cost: float
    cost_is: str
    people: int
    bound: float
    gap: float
    bound_is: str
    reasons: tuple[str, ...]
    relaxations: list[dict[str, Any]]
    seconds: float
    notes: tuple[str, ...]
    inputs: ShiftInputs
    scenario: Scenario | None
    shift_tables: dict[str, list[dict[str, Any]]] = field(default_factory=dict, repr=False)
    goals: list[dict[str, Any]] = field(default_factory=list)
    methods: list[dict[str, Any]] = field(default_factory=list)
    runs: int = 0
    seed: int = 1
    stopped: str = ""

    def __repr__(self) -> str:
        """Return the plan in one line."""
        counts = f"hours={self.hours:g}, cost={self.cost:g}, people={self.people}"
        return f"ShiftSchedule({self.name!r}, {counts}, gap={self.gap:.2%}, method={self.method!r})"

    @property
    def shift_count(self) -> int:
        """Number of shifts of single agents over the horizon."""
        return sum(int(row["agents"]) for row in self.shifts)

    @property
    def uncovered_hours(self) -> float:
        """Agent hours that are not covered, by the largest shortage of each interval."""
        interval = self.inputs.requirement.grid.interval_s
        return sum(float(row["short"]) for row in self.uncovered) * interval / 3600

    def table(self) -> pd.DataFrame:
        """Return the shifts as a table; breaks as ``10:00-10:15`` and so on."""
        need("table", "pandas")
        import pandas as pd

        rows = [row | {"breaks": breaks_as_text(row["breaks"])} for row in self.shifts]
        return pd.DataFrame(rows, columns=list(SHIFT_COLUMNS))

    def text(self) -> str:
        """Return the plan as text for a terminal."""
        return str(reports("shift_text").shift_text(self))

    def document(self) -> dict[str, Any]:
        """Return what the command line writes as JSON."""
        from sim import __version__

        return {
            "name": self.name,
            "method": self.method,
            "version": __version__,
            "hours": round(self.hours, 6),
            "cost": round(self.cost, 6),
            "cost_is": self.cost_is,
            "people": self.people,
            "bound": round(self.bound, 6),
            "bound_is": self.bound_is,
            "gap": round(self.gap, 9),
            "seconds": round(self.seconds, 3),
            "stopped": self.stopped,
            "shift_count": self.shift_count,
            "shifts": self.shifts,
            "uncovered": self.uncovered,
            "reasons": list(self.reasons),
            "relaxations": self.relaxations,
            "coverage": self.coverage,
            "tours": self.tours,
            "runs": self.runs,
            "seed": self.seed,
            "goals": self.goals,
            "methods": self.methods,
            "notes": list(self.notes),
        }

    def to_json(self) -> str:
        """Return the document as JSON text."""
        return json.dumps(self.document(), indent=1, allow_nan=False)


def breaks_as_text(breaks: Sequence[dict[str, Any]]) -> str:
    """Return breaks as ``10:00-10:15, 12:00-12:30 unpaid``, without dates."""
    return ", ".join(
        f"{_clock(one['start'])}-{_clock(one['end'])}{'' if one['paid'] else ' unpaid'}"
        for one in breaks
    )


def _clock(label: str) -> str:
    return label.rpartition("T")[2]
