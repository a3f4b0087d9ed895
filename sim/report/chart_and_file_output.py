"""Charts, notebook tables and files of a result, for :class:`sim.result_output.Output`."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from functools import singledispatch
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.experiment import Comparison, Result
from sim.experiment.sweep import SweepResult
from sim.fileio import escape_formula, replaced
from sim.planning import Roster, ShiftSchedule, SimulatedStaffing, Staffing
from sim.result_output import Output
from sim.scenario.problems import listed, nearest
from sim.units import BadInputError, show_number

if TYPE_CHECKING:
    import pandas as pd

MOST_ROWS = 60
"""Rows of a table that a notebook shows; the others are in ``table()``."""


def chart(result: Output, kind: str | None, options: Mapping[str, Any]) -> Any:
    """Draw a result.

    Parameters
    ----------
    result : Output
    kind : str or None
        One of the charts of the result; the first unless given.
    options : mapping of str to object

    Returns
    -------
    altair chart

    Raises
    ------
    BadInputError
        When the result has no such chart, or the chart no such option.
    """
    from sim.report.result_charts import CHARTS

    known: Mapping[str, Callable[..., Any]] = CHARTS[type(result)]
    if not known:
        raise BadInputError(f"plot: a {type(result).__name__.lower()} has no chart; use table()")
    name = next(iter(known)) if kind is None else kind
    if name not in known:
        raise BadInputError(f"plot: {_unknown(name, known)}")
    taken = list(inspect.signature(known[name]).parameters)[1:]
    for option in options:
        if option not in taken:
            raise BadInputError(f"plot({name!r}): {_unknown(option, taken)}")
    return known[name](result, **options)


def _unknown(name: str, allowed: Any) -> str:
    like = nearest(name, list(allowed))
    hint = f" (did you mean {like}?)" if like else ""
    return f"{name!r} is unknown{hint}; allowed: {listed(list(allowed)) or 'no options'}"


@singledispatch
def html(result: Output) -> str:
    """Return a result as a notebook shows it: one line, and a table below."""
    return _titled(repr(result), result.table())


@html.register(Result)
def _(result: Result) -> str:
    return _titled(repr(result), _metrics(result), result.notes)


@html.register(Comparison)
def _(comparison: Comparison) -> str:
    import pandas as pd

    from sim.report.coefficients import calibration_of
    from sim.report.result_views import difference_table, main_differences

    rows, calibration = [], calibration_of(comparison)
    for other in comparison.labels[1:]:
        found = difference_table(main_differences(comparison, other), calibration)
        rows += [{"Scenario": other, **row} for row in found]
    return _titled(repr(comparison), pd.DataFrame(rows), comparison.all_notes)


@html.register(Staffing)
def _(found: Staffing) -> str:
    shown = found.table().drop(columns=["scope"]).dropna(axis=1, how="all")
    return _titled(repr(found), shown[shown["interval"].isna()], found.notes)


def _metrics(result: Result) -> pd.DataFrame:
    """Return the metrics of the whole center, written as planners write numbers."""
    import pandas as pd

    from sim.metrics.metric_titles import metric_title
    from sim.report.formatting import show
    from sim.report.text import TOTAL

    of = {row.metric: row for row in result.rows if row.scope == "total"}
    rows = [of[metric] for metric in TOTAL if metric in of]
    return pd.DataFrame(
        {
            "Metric": metric_title(row.metric) + (f" ({row.note})" if row.note else ""),
            "Value": show(row.value, row.unit),
            "95 % from": show(row.low, row.unit),
            "to": show(row.high, row.unit),
        }
        for row in rows
        if row.value is not None
    )


def _titled(title: str, table: pd.DataFrame, notes: tuple[str, ...] = ()) -> str:
    body = table.head(MOST_ROWS).to_html(index=False, border=0, na_rep="")
    more = len(table) - MOST_ROWS
    rest = f"<p>… and {show_number(more)} more rows in table()</p>" if more > 0 else ""
    noted = "".join(f"<p>Note: {escape(note)}</p>" for note in notes)
    return f"<p><strong>{escape(title)}</strong></p>{body}{rest}{noted}"


def write_csv(result: Output, path: str | Path) -> None:
    """Write the table of a result as CSV, without anything a spreadsheet takes for a formula."""
    with replaced(path) as temporary:
        result.table().map(escape_formula).to_csv(
            temporary, index=False, date_format="%Y-%m-%d %H:%M"
        )


def write_parquet(result: Output, path: str | Path) -> None:
    """Write the table of a result as a Parquet file."""
    with replaced(path) as temporary:
        result.table().to_parquet(temporary, index=False)


@singledispatch
def write_xlsx(result: Output, path: str | Path) -> None:
    """Write a result as a workbook; results without one of their own get one sheet."""
    from sim.report.workbook import book

    table = result.table()
    cells = table.astype(object).where(table.notna(), None).to_numpy().tolist()
    with book(path) as out:
        out.sheet(type(result).__name__, list(table.columns), cells)


@write_xlsx.register(Result)
def _(result: Result, path: str | Path) -> None:
    from sim.report.workbook import write_result

    write_result(path, result)


@write_xlsx.register(Comparison)
def _(comparison: Comparison, path: str | Path) -> None:
    from sim.report.comparison_workbook import write_comparison

    write_comparison(path, comparison)


@write_xlsx.register(SweepResult)
def _(swept: SweepResult, path: str | Path) -> None:
    from sim.report.sweep.workbook import write_book

    write_book(path, swept)


@write_xlsx.register(Staffing)
def _(found: Staffing, path: str | Path) -> None:
    from sim.report.staffing_workbook import write_staffing

    write_staffing(found, path)


@write_xlsx.register(SimulatedStaffing)
def _(found: SimulatedStaffing, path: str | Path) -> None:
    from sim.report.simulated_staffing_workbook import write_simulated_staffing

    write_simulated_staffing(path, found)


@write_xlsx.register(ShiftSchedule)
def _(plan: ShiftSchedule, path: str | Path) -> None:
    from sim.report.shift_workbook import write_shift_schedule

    write_shift_schedule(plan, path)


@write_xlsx.register(Roster)
def _(roster: Roster, path: str | Path) -> None:
    from sim.report.roster_workbook import write_roster

    write_roster(path, roster)
