"""A roster as a chart: persons down, days across."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sim.report.chart_theme import themed
from sim.units import HOUR

if TYPE_CHECKING:
    from sim.planning.roster import Roster

OFF = "off"
LEAVE = "leave"
ROW = 22
"""Height (pixels) of a person."""
FREE = {LEAVE: "#c3c9ce", OFF: "#eef1f3"}
"""Colours of days without a shift."""
EARLY, LATE = "#fff3c4", "#5aa2e0"
"""Colours of the earliest and the latest start; black text can be read on both."""


def calendar_cells(roster: Roster, skill: str | None = None) -> list[dict[str, Any]]:
    """Return a cell for each person and day: ``person, day, shift, time, start, text``.

    Parameters
    ----------
    roster : Roster
    skill : str, optional
        Only persons who have it; all unless given.
    """
    cells = []
    rows = {(row["person"], row["index"]): row for row in roster.rows()}
    starts = {shift.name: shift.start for shift in roster.problem.shifts}
    for person in roster.problem.persons:
        if skill is not None and skill not in person.skills:
            continue
        for day in range(roster.problem.days):
            row = rows.get((person.name, day))
            free = LEAVE if day in person.leave else OFF
            start = starts[row["shift"]] if row else None
            timed = bool(row and row["start"])
            cells.append(
                {
                    "person": person.name,
                    "day": f"{roster.problem.date(day):%a %m-%d}",
                    "shift": row["shift"] if row else free,
                    "time": f"{row['start']}-{row['end']}" if row and timed else "",
                    "start": None if start is None else start / HOUR,
                    "text": (row["start"] if timed else row["shift"]) if row else "",
                }
            )
    return cells


def calendar_chart(roster: Roster, skill: str | None = None) -> Any:
    """Draw when the shift of each person and day begins.

    Parameters
    ----------
    roster : Roster
    skill : str, optional
        Only persons who have it; all unless given.

    Returns
    -------
    altair.LayerChart
    """
    import altair as alt
    import pandas as pd

    cells = calendar_cells(roster, skill)
    persons = list(dict.fromkeys(cell["person"] for cell in cells))
    days = list(dict.fromkeys(cell["day"] for cell in cells))
    base = alt.Chart(pd.DataFrame(cells)).encode(
        x=alt.X("day:O", title=None, sort=days, axis=alt.Axis(labelAngle=0, orient="top")),
        y=alt.Y("person:N", title=None, sort=persons),
        tooltip=["person", "day", "shift", "time"],
    )
    free = alt.Scale(domain=list(FREE), range=list(FREE.values()))
    begins = alt.Color("start:Q", title="start", scale=alt.Scale(range=[EARLY, LATE]), legend=None)
    layers = [
        base.transform_filter(f"datum.shift == '{LEAVE}' || datum.shift == '{OFF}'")
        .mark_rect(stroke="white")
        .encode(color=alt.Color("shift:N", title=None, scale=free)),
        base.transform_filter("isValid(datum.start)")
        .mark_rect(stroke="white")
        .encode(color=begins),
        base.mark_text(fontSize=11, color="black").encode(text="text:N"),
    ]
    layered = alt.layer(*layers).resolve_scale(color="independent")
    return themed(layered.properties(width="container", height=ROW * len(persons)))
