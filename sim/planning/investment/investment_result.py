"""The result of an investment search: levers alone, the best mix, frontier, tornado, advice."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sim.extras import need
from sim.result_output import Output, reports

if TYPE_CHECKING:
    import pandas as pd

    from sim.scenario import Scenario

Row = dict[str, Any]


@dataclass(frozen=True, repr=False)
class Investment(Output):
    """Where money helps most.

    Attributes
    ----------
    name : str
        Of the scenario.
    budget : float or None
        Money a month; None without a limit.
    objective, unit : str
    better : {"largest", "smallest"}
    base : dict
        ``value, low, high, service_level`` of the scenario without levers.
    best : dict
        ``levers, cost, value, low, high, difference, difference_low, difference_high,
        service_level_difference, costs, payback_months, changes``.
    recommended : dict
        The cheapest mix that cannot be told apart from the best, or has nearly its effect, or the
        best itself.
    levers : list of dict
        Each alone: ``name, title, level, cost, difference, low, high,
        service_level_difference``, and agents that it saves.
    frontier : list of dict
        Mixes that no other beats in cost and objective, the cheapest first.
    tornado : list of dict
        Assumptions, the one of most effect first.
    advice : list of str
    undecided : list of dict
        Mixes that could not be told apart from the best.
    naive : list of dict
        Rules of thumb, simulated, with the reasons why they are wrong.
    what_would_it_take : dict or None
    runs, seed, simulated : int
        Replications of each mix, the seed, and how many scenarios were simulated.
    horizon_days, days_a_month : float
    stopped : {"", "time", "interrupted"}
    notes : tuple of str
    seconds : float
    invested : Scenario
        The scenario with the best mix, without levers.
    """

    name: str
    budget: float | None
    objective: str
    unit: str
    better: str
    base: Row
    best: Row
    recommended: Row
    levers: list[Row]
    frontier: list[Row]
    tornado: list[Row]
    advice: list[str]
    undecided: list[Row]
    naive: list[Row]
    what_would_it_take: Row | None
    runs: int
    seed: int
    simulated: int
    horizon_days: float
    days_a_month: float
    stopped: str
    notes: tuple[str, ...]
    seconds: float
    invested: Scenario = field(compare=False)

    def __repr__(self) -> str:
        """Return the result in one line."""
        used = [one["name"] for one in self.best["levers"]]
        return f"Investment({self.name!r}, {self.objective}: {used or 'nothing'})"

    def text(self) -> str:
        """Return what the command line shows."""
        return str(reports("investment_text").investment_text(self))

    def table(self) -> pd.DataFrame:
        """Return the levers alone as a table."""
        need("table", "pandas")
        import pandas as pd

        rows = [{key: row[key] for key in TABLE} for row in self.levers]
        return pd.DataFrame(rows, columns=list(TABLE))

    def document(self) -> Row:
        """Return what the command line writes as JSON."""
        from sim import __version__

        return {
            "budget": self.budget,
            "objective": self.objective,
            "unit": self.unit,
            "better": self.better,
            "base": self.base,
            "best": self.best,
            "recommended": self.recommended,
            "levers": self.levers,
            "frontier": self.frontier,
            "tornado": self.tornado,
            "advice": self.advice,
            "undecided": self.undecided,
            "naive": self.naive,
            "what_would_it_take": self.what_would_it_take,
            "runs": self.runs,
            "seed": self.seed,
            "simulated": self.simulated,
            "horizon_days": self.horizon_days,
            "days_a_month": self.days_a_month,
            "stopped": self.stopped,
            "notes": list(self.notes),
            "seconds": self.seconds,
            "version": __version__,
        }

    def to_json(self) -> str:
        """Return the document as JSON text; metrics that are not known are null."""
        return json.dumps(self.document(), indent=1, allow_nan=False)


TABLE = (
    "name", "title", "level", "cost", "difference", "low", "high", "service_level_difference",
    "source",
)  # fmt: skip
"""Columns of the table of levers."""
