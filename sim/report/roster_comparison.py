"""Rosters side by side: cost, broken rules, coverage, and how fairly nights and weekends fall."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sim.report.formatting import show
from sim.units import show_number

Document = Mapping[str, Any]
"""A roster as the command line writes it as JSON."""


def comparison_rows(rosters: Sequence[tuple[str, Document]]) -> list[dict[str, str]]:
    """Return a row for each roster.

    Parameters
    ----------
    rosters : sequence of (str, mapping)
        Name and document of each; shifts that differ are those from the first one.
    """
    first = rosters[0][1] if rosters else {}
    return [
        {
            "Saved as": name,
            "Roster": str(one["roster"]),
            "Cost": show_number(one["cost"]),
            "Above the bound": "-" if one["bound"] is None else show(one["gap"], "share"),
            "Hard rules broken": str(sum(bool(row["hard"]) for row in one["violations"])),
            "Soft rules broken": _soft(one),
            "Agents missing": str(sum(row["short"] for row in one["uncovered"])),
            "Paid hours": show(sum(row["hours"] for row in one["persons"]), "h"),
            "Nights": _range(one, "nights"),
            "Weekends": _range(one, "weekends"),
            "Shifts that differ": "-" if one is first else str(changed_shifts(first, one)),
        }
        for name, one in rosters
    ]


def changed_shifts(first: Document, second: Document) -> int:
    """Return on how many days of persons two rosters differ."""
    ours, theirs = (
        {(row["person"], row["day"]): row["shift"] for row in one["assignments"]}
        for one in (first, second)
    )
    return sum(ours.get(key) != theirs.get(key) for key in ours.keys() | theirs.keys())


def _soft(one: Document) -> str:
    rows = [row for row in one["violations"] if not row["hard"]]
    return f"{len(rows)} at {show_number(sum(row['price'] for row in rows))}" if rows else "0"


def _range(one: Document, key: str) -> str:
    """Return the fewest and the most of a person: ``1 to 3``."""
    counts = [int(row[key]) for row in one["persons"]]
    low, high = min(counts, default=0), max(counts, default=0)
    return str(low) if low == high else f"{low} to {high}"
