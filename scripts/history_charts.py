"""Pictures of the first half of docs/tutorial-planning.md."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from scripts.history_page import NAMES, PERIODS
from scripts.tutorial_charts import save
from sim.report.chart_layers import title_of


def save_charts(
    folder: Path, results: Mapping[str, Any], intervals: Sequence[Mapping[str, Any]]
) -> None:
    """Draw the errors of forecasts, of the simulation and Erlang A, and waits by time of day.

    Parameters
    ----------
    folder : Path
    results : mapping
        As in docs/tutorial/history.json.
    intervals : sequence of mapping
        Rows of ``ccplan validate --json``.
    """
    save(forecast_chart(results["forecast"]), folder / "history-forecast.svg")
    save(error_chart(results["validation"]["errors"]), folder / "history-errors.svg")
    save(day_chart(profile(intervals)), folder / "history-day.svg")


def forecast_chart(found: Mapping[str, Any]) -> Any:
    """Draw the error of each method by horizon."""
    import altair as alt
    import pandas as pd

    return (
        alt.Chart(pd.DataFrame(found["back_test"]))
        .mark_bar()
        .encode(
            y=alt.Y("method:N", sort=None, title=None),
            yOffset=alt.YOffset("horizon:N", sort=None),
            x=alt.X("wape:Q", title="WAPE of half hours", axis=alt.Axis(format="%")),
            color=alt.Color("horizon:N", sort=None),
        )
        .properties(title=title_of("Errors of the back-test", "five-minute counts of a bank"))
    )


def error_chart(rows: Sequence[Mapping[str, Any]]) -> Any:
    """Draw the errors of simulation and Erlang A as multiples of the random error."""
    import altair as alt
    import pandas as pd

    bars = [
        {
            "what": f"{NAMES[row['metric']]}, {PERIODS[row['period']]}",
            "by": name,
            "error": row[key] / row["random_error"],
        }
        for row in rows
        for name, key in (("simulation", "error"), ("Erlang A", "formula_error"))
    ]
    subtitle = "1: a simulated day in the place of the actual one"
    return (
        alt.Chart(pd.DataFrame(bars))
        .mark_bar()
        .encode(
            y=alt.Y("what:N", sort=None, title=None, axis=alt.Axis(labelLimit=240)),
            yOffset=alt.YOffset("by:N", sort=None),
            x=alt.X("error:Q", title="mean error ÷ random error"),
            color=alt.Color("by:N", sort=None, title=None),
        )
        .properties(title=title_of("Errors on days not seen", subtitle))
    )


def profile(intervals: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return the mean ASA by time of day, weighted by answered contacts."""
    rows = [
        row for row in intervals
        if (row["queue"], row["metric"]) == ("all queues", "asa_s") and row["simulated"] is not None
    ]  # fmt: skip
    found = []
    for clock in sorted({time_of(row) for row in rows}):
        mine = [row for row in rows if time_of(row) == clock]
        weight = np.array([row["weight"] for row in mine], dtype=np.float64)
        if weight.sum() > 0:
            for name, key in (("actual", "recorded"), ("simulated", "simulated")):
                mean = float(np.average([row[key] for row in mine], weights=weight))
                found.append({"hour": int(clock[:2]) + int(clock[3:]) / 60, "by": name, "s": mean})
    return found


def time_of(row: Mapping[str, Any]) -> str:
    """Return the time of day of an interval."""
    return str(row["interval"]).rpartition("T")[2]


def day_chart(rows: Sequence[Mapping[str, Any]]) -> Any:
    """Draw the mean wait by time of day, actual and simulated."""
    import altair as alt
    import pandas as pd

    return (
        alt.Chart(pd.DataFrame(list(rows)))
        .mark_line(point=True)
        .encode(
            x=alt.X("hour:Q", title="hour of the day"),
            y=alt.Y("s:Q", title="ASA (s)"),
            color=alt.Color("by:N", sort=None, title=None),
        )
        .properties(title=title_of("Mean wait in March and April", "all days and queues"))
    )
