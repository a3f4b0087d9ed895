"""New scenario: from a table of contacts to a first result."""

from __future__ import annotations

from pathlib import PurePath
from typing import TYPE_CHECKING, Any, NoReturn

from sim.app.column_mapping import preview, raw_table, show_table_problems
from sim.app.forecast_table import forecast_table
from sim.app.import_layout import read_columns
from sim.app.import_queue_fields import queue_inputs, show_queue_problems
from sim.app.occupancy_field import LABEL, OCCUPANCY, occupancy_key
from sim.app.scenario_picker import MINE, show_problems
from sim.app.start_intro import remember_assumptions
from sim.app.uploads import GeneratedFile, Upload, scenario_from_files
from sim.app.workspace import workspace
from sim.scenario import ScenarioError
from sim.units import BadInputError, counted

if TYPE_CHECKING:
    import datetime as dt

    from sim.history.tables.actuals import Actuals
    from sim.planning.import_queues import QueueInput
    from sim.planning.table_scenario import TableScenario

SLOT = "new"
MOST_WEEKS = 5
"""Weeks that are all used by default; of longer tables only the last one is."""


def page() -> None:
    """Draw the page."""
    import streamlit as st

    from sim.planning.table_scenario import SAMPLE

    st.title("New scenario from a table")
    st.write(
        "Paste or upload contacts by interval. ccplan creates a scenario with the agents required "
        "for its targets; you can change everything later. Your other scenarios stay as they are."
    )
    raw = forecast_table()
    if raw is None:
        raw = raw_table(SLOT, ("contacts-sample.csv", SAMPLE))
    if raw is None:
        return
    try:
        found = read_columns(SLOT, raw)
    except BadInputError as error:
        show_table_problems(error)
        found = None
    if found is None:
        preview(raw, {})
        return
    actuals, mapping = found
    preview(raw, mapping)
    mark = f"{SLOT}:{hash((raw.name, raw.header))}"
    _details(mark, PurePath(raw.name).stem, actuals)


def _details(mark: str, stem: str, actuals: Actuals) -> None:
    """Draw the other inputs of the scenario, and the button that creates it."""
    import streamlit as st

    from sim.planning.occupancy_limit import DEFAULT

    st.subheader("Queues", divider="gray")
    queues = queue_inputs(mark, actuals)
    st.subheader("Scenario", divider="gray")
    left, middle, right, last = st.columns([3, 4, 2, 2])
    name = left.text_input("Name", stem.replace("_", " ").replace("-", " "), key=f"{mark}:name",
                           max_chars=60)  # fmt: skip
    question = middle.text_input(
        "Question", key=f"{mark}:question", max_chars=200,
        placeholder="e.g. How many agents do we need on Mondays?",
        help="The question the scenario answers; shown on page Start and in reports.",
    )  # fmt: skip
    shrinkage = right.text_input(
        "Shrinkage", key=f"{mark}:shrinkage", placeholder="0%",
        help="Share of paid time in which agents are not available, such as 30%.",
    )  # fmt: skip
    occupancy = last.text_input(
        LABEL, DEFAULT, key=f"{mark}:occupancy", placeholder="no limit",
        help=f"{OCCUPANCY} 85 to 90% is common; {DEFAULT} is used unless you change it.",
    )  # fmt: skip
    days = _days(mark, actuals)
    inputs = {"name": name, "question": question, "shrinkage": shrinkage, "days": days}
    inputs["max_occupancy"] = occupancy
    asked = (tuple(queues), *inputs.values())
    if st.button("Create and simulate", type="primary", icon=":material/play_arrow:"):
        try:
            _create(actuals, list(queues), inputs)
        except ScenarioError as error:
            st.session_state[f"{mark}:wrong"] = (asked, error.problems)
        except BadInputError as error:
            show_problems(error)
    before, problems = st.session_state.get(f"{mark}:wrong", (None, ()))
    if before == asked:  # inputs changed since are not marked
        show_queue_problems(queues, problems)


def _days(mark: str, actuals: Actuals) -> tuple[dt.date, dt.date] | None:
    """Draw the choice of days where the table has several."""
    import streamlit as st

    from sim.planning.import_queues import days_of, weeks_of

    days, weeks = days_of(actuals), weeks_of(actuals)
    if len(days) < 2:
        return None
    periods = [(days[0], days[-1]), *(weeks if len(weeks) > 1 else ()), *((d, d) for d in days)]
    labels = [f"All {counted(len(days), 'day')} with contacts", *map(_period, periods[1:])]
    many = len(weeks) > MOST_WEEKS
    picked = st.selectbox(
        "Days", range(len(labels)), index=len(weeks) if many else 0, key=f"{mark}:days",
        format_func=lambda k: labels[k],
        help="All days, a single week or a single day; type to search.",
    )  # fmt: skip
    return periods[picked] if picked else None


def _period(days: tuple[dt.date, dt.date]) -> str:
    first, last = days
    one = f"{first:%a %d %b %Y}"
    return one if first == last else f"{one} to {last:%a %d %b %Y}"


def _create(actuals: Actuals, queues: list[QueueInput], inputs: dict[str, Any]) -> NoReturn:
    """Create the scenario, save it, and show it on page Start.

    Raises
    ------
    BadInputError
        With what is wrong.
    """
    import streamlit as st

    from sim.app.navigation import START, go_to
    from sim.planning.table_scenario import scenario_from_table

    with st.spinner("Computing the required agents"):
        made = scenario_from_table(actuals, queues, **inputs)
        place = _save(made, inputs["name"])
    st.session_state["scenario:next"] = place
    workspace().set_value(occupancy_key(place), inputs["max_occupancy"].strip())
    remember_assumptions(place, workspace().scenarios[place.removeprefix(MINE)], made.notes)
    go_to(START)


def _save(made: TableScenario, name: str) -> str:
    """Save the scenario in the workspace, and return its key there."""
    files: list[Upload] = [GeneratedFile("scenario.toml", made.text.encode())]
    files += [GeneratedFile(file, content) for file, content in made.files.items()]
    return MINE + workspace().add_scenario(scenario_from_files(files), name)
