"""A roster as a chart: persons down, days across."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.report.chart_theme import themed

if TYPE_CHECKING:
    import altair as alt

    from sim.planning.roster import Roster

OFF = "off"
LEAVE = "leave"
ROW = 22
"""Height (pixels) of a person."""


def calendar_cells(roster: Roster) -> list[dict[str, str]]:
    """Return a cell for each person and day: ``person, day, shift, time``.

    Parameters
    ----------
    roster : Roster
    """
    cells = []
    rows = {(row["person"], row["index"]): row for row in roster.rows()}
    for person in roster.problem.persons:
        for day in range(roster.problem.days):
            row = rows.get((person.name, day))
            free = LEAVE if day in person.leave else OFF
            cells.append(
                {
                    "person": person.name,
                    "day": roster.problem.date(day).isoformat(),
                    "shift": row["shift"] if row else free,
                    "time": f"{row['start']}-{row['end']}" if row and row["start"] else "",
                }
            )
    return cells


def calendar_chart(roster: Roster) -> alt.Chart:
    """Draw the shift of each person and day.

    Parameters
    ----------
    roster : Roster

    Returns
    -------
    altair.Chart
    """
    import altair as alt
    import pandas as pd

    names = [shift.name for shift in roster.problem.shifts]
    data = pd.DataFrame(calendar_cells(roster))
    chart: alt.Chart = (
        alt.Chart(data)
        .mark_rect(stroke="white")
        .encode(
            x=alt.X("day:O", title=None),
            y=alt.Y("person:N", title=None, sort=[one.name for one in roster.problem.persons]),
            color=alt.Color("shift:N", title=None, sort=[*names, LEAVE, OFF]),
            tooltip=["person", "day", "shift", "time"],
        )
        .properties(width="container", height=ROW * len(roster.problem.persons))
    )
    return themed(chart)
