"""Pictures of docs/tutorial-planning.md, drawn by the charts of the app."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import ccplan
from scripts.tutorial_page import steps
from sim.report.chart_theme import FACES, themed
from sim.report.shift_charts import shift_chart
from sim.report.shift_view import shift_bars
from sim.report.simulated_staffing_charts import planned_chart
from sim.report.simulated_staffing_view import planned_intervals

if TYPE_CHECKING:
    from sim.experiment import Result
    from sim.planning import Roster, ShiftSchedule
    from sim.planning.simulated_staffing import SimulatedStaffing

WIDTH = 720
"""Width (pixels) of a picture without its margins."""
SHOWN = "cards"
"""The group whose shifts and persons are shown one by one."""


def save_charts(
    folder: Path,
    found: SimulatedStaffing,
    plan: ShiftSchedule,
    result: Result,
    roster: Roster,
    results: Mapping[str, Any],
) -> None:
    """Draw all pictures.

    Parameters
    ----------
    folder : Path
    found : SimulatedStaffing
    plan : ShiftSchedule
        Straight from the goals.
    result : Result
        Of that plan, simulated.
    roster : Roster
    results : mapping
        As in planning.json.
    """
    formula = ccplan.staff("retail_monday", simulate=False, by="erlang_c")
    compared = planned_intervals(found, formula)
    title = "Agents on duty, all groups"
    save(
        planned_chart(compared, title, "simulation", "Erlang C"),
        folder / "planning-requirement.svg",
    )
    assert plan.scenario is not None
    title = f"Shifts of group {SHOWN}, straight from the goals"
    bars = shift_bars(plan.scenario, 0, SHOWN)
    save(shift_chart(bars, [], title), folder / "planning-shifts.svg")
    save(result.plot("service_level"), folder / "planning-service.svg")
    save(roster.plot("calendar", skill=SHOWN), folder / "planning-roster.svg")
    save(steps_chart(list(steps(results))), folder / "planning-cost.svg")


def steps_chart(rows: Sequence[Mapping[str, Any]]) -> Any:
    """Draw the paid hours of each step as bars, with hours and cost at their ends."""
    import altair as alt
    import pandas as pd

    from sim.report.chart_layers import title_of

    longest = max(row["hours"] for row in rows)
    scale = alt.Scale(domain=[0, 1.25 * longest], nice=False)  # room for the words
    axis = alt.Axis(tickCount=6)
    base = alt.Chart(pd.DataFrame(list(labelled(rows)))).encode(
        y=alt.Y("step:N", title=None, sort=None, axis=alt.Axis(labelLimit=320)),
        x=alt.X("hours:Q", title="agent hours a day", scale=scale, axis=axis),
    )
    layers = [
        base.mark_bar(),
        base.mark_text(align="left", dx=6).encode(text="label:N"),
    ]
    title = title_of("From work to contracts", "hours · cost a day")
    return alt.layer(*layers).properties(title=title, height=34 * len(rows))


def labelled(rows: Sequence[Mapping[str, Any]]) -> Iterator[dict[str, Any]]:
    """Yield the bars with the words at their ends."""
    for row in rows:
        cost = "" if row["cost"] is None else f" · {row['cost']:,.0f}"
        yield {"step": row["step"], "hours": row["hours"], "label": f"{row['hours']:,.1f} h{cost}"}


def save(chart: Any, file: Path) -> None:
    """Write a chart as SVG, on the ground of a light page, with the same text at each time."""
    import vl_convert

    drawn = themed(chart.properties(width=WIDTH)).configure(background=FACES["light"].ground)
    file.write_text(vl_convert.vegalite_to_svg(drawn.to_dict()) + "\n", encoding="utf-8")


if __name__ == "__main__":
    raise SystemExit("python -m scripts.tutorial_planning draws the pictures")
