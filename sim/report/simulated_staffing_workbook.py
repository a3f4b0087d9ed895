"""Staffing by simulation as a workbook."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sim.report.workbook import book

if TYPE_CHECKING:
    from sim.planning.simulated_staffing import SimulatedStaffing

AGENTS = ("group", "interval", "agents", "on_duty")
GOALS = (
    "text", "scope", "name", "metric", "per", "target", "value", "low", "high", "probability",
    "met", "worst", "periods", "periods_missed",
)  # fmt: skip
METHODS = ("method", "hours", "fractional_hours", "cost", "goals_met", "goals", "worst")
EFFECTS = (
    "group", "interval", "goal", "one_more", "one_more_low", "one_more_high", "one_less",
    "one_less_low", "one_less_high",
)  # fmt: skip


def write_simulated_staffing(path: str | Path, found: SimulatedStaffing) -> None:
    """Write sheets Agents, Goals, Methods, Single agents and Notes.

    Parameters
    ----------
    path : str or Path
    found : SimulatedStaffing

    Raises
    ------
    OutputError
        When the file cannot be written.
    """
    document = found.document()
    sheets = {
        "Agents": (AGENTS, document["staffing"]),
        "Goals": (GOALS, document["goals"]),
        "Methods": (METHODS, document["methods"]),
        "Single agents": (EFFECTS, document["effects"]),
    }
    summary = ("scenario", "hours", "cost", "cost_is", "met", "bound", "bound_is", "gap", "days",
               "seed", "stopped")  # fmt: skip
    with book(path) as out:
        for title, (head, rows) in sheets.items():
            out.sheet(title, head, ([row[key] for key in head] for row in rows))
        lines = [[key, document[key]] for key in summary]
        out.sheet("Notes", ("what", "value"), [*lines, *(["note", one] for one in found.notes)])
