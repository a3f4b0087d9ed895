"""Shifts: the shifts of a day over the requirement, edited in a table and simulated."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sim.app import result_components
from sim.app.apply_edit import apply_edit
from sim.app.background_jobs import SimulationTask
from sim.app.cache import cached
from sim.app.chart_display import draw_chart
from sim.app.csv_download import csv_bytes
from sim.app.editable_grids import load_editors
from sim.app.occupancy_field import occupancy_field
from sim.app.queue_verdicts import ICONS
from sim.app.save_result import save_result
from sim.app.scenario_picker import ScenarioChoice, pick_scenario, show_problems
from sim.app.shift_planner import planned_shifts
from sim.app.simulation_jobs import simulate_all
from sim.app.start_fields import FEW, REPLICATIONS, RUNS, SEED
from sim.app.workspace import as_text, recall, remember
from sim.units import BadInputError

if TYPE_CHECKING:
    from sim.experiment import Result
    from sim.planning import Staffing
    from sim.report.shift_view import ShiftTables
    from sim.scenario import Scenario
    from sim.scenario.what_if import Edit

SLOT = "shifts"
ALL = "All groups"


def page() -> None:
    """Draw the page."""
    import streamlit as st

    with st.sidebar:
        choice = pick_scenario()
        if isinstance(choice, ScenarioChoice):
            key = recall("runs", FEW, RUNS)
            st.select_slider("Replications", RUNS, key=key, help=REPLICATIONS)
            runs = int(remember(key))
            key = recall("seed", choice.scenario.experiment.seed)
            st.number_input("Random seed", min_value=0, max_value=2**31, step=1, key=key, help=SEED)
            seed = int(remember(key))
    st.title("Shifts")
    if not isinstance(choice, ScenarioChoice):
        st.write("Choose a scenario in the sidebar to see its shifts over the requirement.")
        show_problems(choice)
        return
    if choice.scenario.center.length is not None:
        st.info("A stationary simulation has no times of day, so it has no shifts.")
        return
    st.caption(
        f"{as_text(choice.heading)}. Change the table, and the day is drawn and simulated with "
        "your shifts."
    )
    _shifts(choice, runs, seed)


def _shifts(choice: ScenarioChoice, runs: int, seed: int) -> None:
    """Draw the day, the table of shifts, and what simulation says of them."""
    import streamlit as st

    from sim.report.shift_view import shift_tables, shifts_edit, tables_of

    most = occupancy_field(choice.key)
    found = planned_shifts(choice.scenario, runs, seed, most)
    day = st.container()
    tables = shift_tables(choice.scenario)
    mark = choice.scenario.fingerprint[:12]
    if found is not None:
        # Groups for which none are planned keep theirs.
        tables = tables | {name: rows for name, rows in found.shift_tables.items() if rows}
        mark = f"{mark}:{id(found)}"
    rows = _editor(choice.scenario, tables, mark)
    try:
        edit = shifts_edit(choice.scenario, tables_of(rows))
        scenario = choice.scenario.with_(**edit.changes) if edit.changes else choice.scenario
        staffing = cached(
            ("staff", scenario.fingerprint, None, "erlang_a", most),
            lambda: _staff(scenario, most),
        )
    except BadInputError as error:
        show_problems(error)
        return
    with day:
        _day(scenario, staffing, most)
    _simulated(choice, scenario, edit, runs, seed)


def _staff(scenario: Scenario, most: str | None) -> Staffing:
    from sim.planning import staff

    return staff(scenario, simulate=False, target=None, by="erlang_a", max_occupancy=most)


def _editor(scenario: Scenario, tables: ShiftTables, mark: str) -> list[dict[str, Any]]:
    """Draw the table of shifts and return its rows."""
    import pandas as pd
    import streamlit as st

    from sim.report.shift_view import COLUMNS, shift_rows

    st.subheader("Shifts", divider="gray")
    rows = pd.DataFrame(shift_rows(tables), columns=list(COLUMNS))
    if rows.empty:
        st.info(
            "No group of this scenario has shifts; their agents are scheduled by interval. A shift "
            "that you enter takes the place of the headcount of its group."
        )
    column = st.column_config
    edited = st.data_editor(
        rows,
        key=f"shifts:table:{mark}",
        num_rows="dynamic",
        hide_index=True,
        width="stretch",
        column_config={
            "group": column.SelectboxColumn("Group", options=list(scenario.group), required=True),
            "name": column.TextColumn("Name"),
            "agents": column.NumberColumn("Agents", min_value=0, step=1, required=True),
            "start": column.TextColumn("Start", help="Time of day such as 08:00.", required=True),
            "length": column.TextColumn(
                "Length", help="Such as 8h or 7h 30min, breaks included.", required=True
            ),
            "breaks": column.TextColumn(
                "Breaks", help="Separated by commas: 15min at 10:00, 30min after 4h.", width="large"
            ),
            "days": column.TextColumn("Days", help="Such as mon-fri; empty: every open day."),
        },
        alt="Shifts of the scenario, to be edited",
    )
    load_editors()
    return [{str(key): value for key, value in row.items()} for row in edited.to_dict("records")]


def _day(scenario: Scenario, found: Staffing, most: str | None) -> None:
    """Draw the bars of a day over required and on duty, with the hours of both."""
    import streamlit as st

    from sim.report.formatting import show
    from sim.report.shift_charts import (
        alt_text_duty,
        alt_text_shifts,
        duty_chart,
        shift_chart,
    )
    from sim.report.shift_view import duty_steps, shift_bars
    from sim.report.staffing_view import balance, slots

    left, right = st.columns(2)
    group = ALL
    if len(scenario.group) > 1:
        with left:
            key = recall("shifts:group", ALL, (ALL, *scenario.group))
            st.selectbox("Group", [ALL, *scenario.group], key=key)
            group = str(remember(key))
    one = None if group == ALL else group
    rows = slots(found, one)
    days = list(dict.fromkeys(row.day for row in rows))
    number = 0
    if scenario.center.days > 1:
        grid = scenario.center.grid
        names = [f"{grid.date(k):%a %d %b %Y}" for k in range(grid.days)]
        with right:
            key = recall("shifts:day", names[0], names)
            st.selectbox("Day", names, key=key)
            number = names.index(str(remember(key)))
    date = scenario.center.grid.date(number).isoformat() if any(days) else ""
    sums = balance([row for row in rows if row.day == date], found.interval_s)
    cards = (
        ("Required", sums.required_h, "Agent-hours required by formula."),
        ("On duty", sums.on_duty_h, "Net of breaks, shrinkage and absence."),
        ("Understaffed", sums.under_h, "Agent-hours missing, each group and interval on its own."),
        ("Overstaffed", sums.over_h, "Agent-hours above the requirement."),
    )
    with st.grid(min_column_width=150, gap="small"):
        for name, hours, text in cards:
            st.metric(name, show(hours, "h"), border=True, help=text, height="stretch")
    bars = shift_bars(scenario, number, one)
    steps = duty_steps(rows, found.interval_s, date)
    where = "all groups" if one is None else one
    if bars:
        draw_chart(shift_chart(bars, steps, f"Shifts, {where}"), alt=alt_text_shifts(bars))
    draw_chart(
        duty_chart(bars, steps, f"Agents on duty and required, {where}"), alt=alt_text_duty(steps)
    )
    limit = f", at most {most} occupancy" if most else ""
    st.caption(
        f"Required: by formula, each queue's target in each interval{limit}. On duty: shifts net "
        "of breaks, and headcounts of groups without shifts, both net of shrinkage and absence."
    )


def _simulated(
    choice: ScenarioChoice, scenario: Scenario, edit: Edit, runs: int, seed: int
) -> None:
    """Draw whether targets are met with these shifts, what they change, and how to keep them."""
    import streamlit as st

    from sim.report.queue_verdicts import queue_verdicts

    st.subheader("Simulated service level", divider="gray")
    before = [SimulationTask(choice.scenario, runs, seed)] if edit.changes else []
    try:
        results = simulate_all(
            [SimulationTask(scenario, runs, seed), *before], "Simulating these shifts", SLOT
        )
    except BadInputError as error:
        show_problems(error)
        return
    if results is None:
        return
    for one in queue_verdicts(results[0]):
        st.markdown(f"{ICONS[one.verdict]} {as_text(one.words)}")
    if edit.changes:
        _compared(results[1], results[0])
    with st.container(horizontal=True):
        words = (*choice.words, *((edit.words,) if edit.changes else ()))
        title = f"{choice.title}: shifts" if edit.changes else choice.title
        save_result(words, title, scenario, results[0], "shifts:keep")
        if edit.changes:
            apply_edit(choice, edit, "Apply these shifts", "shifts:apply")
        st.download_button(
            "Shifts (CSV)",
            data=lambda: _csv(scenario),
            file_name=f"{result_components.file_name(scenario.name)}-shifts.csv",
            icon=":material/download:",
            on_click="ignore",
        )


def _compared(before: Result, after: Result) -> None:
    """Draw what the edited shifts change, on the same simulated days."""
    import streamlit as st

    from sim.experiment import Comparison
    from sim.report.result_views import main_differences

    comparison = Comparison((before, after), ("before", "with these shifts"))
    rows = [
        row for row in main_differences(comparison, "with these shifts") if row.scope == "total"
    ]
    result_components.difference_rows(rows, comparison, "Differences that the edited shifts make")
    st.caption(
        "Compared with the scenario before the change, on the same simulated days; both have "
        f"{before.runs} replications."
    )


def _csv(scenario: Scenario) -> bytes:
    from sim.report.shift_view import shift_rows, shift_tables

    return csv_bytes(shift_rows(shift_tables(scenario)))
