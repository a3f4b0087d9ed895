"""The volumes of a forecast in the draft of the current scenario."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from sim.app.option_words import in_app_words
from sim.app.scenario_draft import ScenarioDraft, change, current, draft_of, validated
from sim.app.scenario_picker import ScenarioChoice, pick_scenario, show_problems
from sim.app.uploaded_files import temporary_files
from sim.app.workspace import as_text

if TYPE_CHECKING:
    from sim.history.forecast_history import HistoryForecast

PLACE = "forecast"
NOTES = "forecast:written"


def forecast_into_scenario(found: HistoryForecast) -> None:
    """Draw the choice of a scenario, and the button that writes volumes and busyness into it."""
    import streamlit as st

    with st.expander("Write volumes into a scenario", icon=":material/edit_note:"):
        st.caption(
            "Volumes and busyness of the scenario become those of the forecast; queues are matched "
            "by name. Without a scenario of your own, use *Open as new scenario* above."
        )
        choice = pick_scenario(with_changes=False, with_new=False)
        if isinstance(choice, ScenarioChoice):
            _write(found, choice)
        else:
            show_problems(choice)


def _write(found: HistoryForecast, choice: ScenarioChoice) -> None:
    """Draw the option and the button, and what came of it."""
    import streamlit as st

    all_days = st.checkbox(
        "Simulate all days of the forecast", key="forecast:all_days",
        help="The scenario then simulates all days of the forecast, each with the agents and "
        "times that it has on that weekday. Otherwise its number of days stays.",
    )  # fmt: skip
    if st.button("Write volumes", key="forecast:write", help="Undo it on page Scenario."):
        draft_of(choice)
        notes: list[str] = []
        is_written = change(lambda draft: with_volumes(draft, found, notes, all_days), PLACE)
        problem = current().refused.get(PLACE)
        if problem:
            show_problems([problem])
        if is_written:
            st.session_state[NOTES] = notes
            st.rerun()
    if (written := st.session_state.pop(NOTES, None)) is not None:
        st.success(
            "\n\n".join(["Volumes written.", *(as_text(in_app_words(one)) for one in written)])
        )


def with_volumes(
    draft: ScenarioDraft, found: HistoryForecast, notes: list[str], all_days: bool = False
) -> ScenarioDraft:
    """Return a draft with the volumes and busyness of a forecast.

    Parameters
    ----------
    draft : ScenarioDraft
    found : HistoryForecast
    notes : list of str
        What a reader should know is added here.
    all_days : bool
        Whether the scenario is to simulate all days of the forecast.

    Raises
    ------
    BadInputError
        When the forecast does not fit the scenario.
    """
    from sim.history.scenario_volumes import scenario_volumes
    from sim.scenario import ScenarioError

    contents = {**draft.files, draft.name: draft.text.encode()}
    with temporary_files(contents) as path:
        file = path(draft.name)
        try:
            volumes = scenario_volumes(file, found.intervals, found.busyness(), all_days)
        except ScenarioError as error:
            problems = [replace(problem, file=draft.name) for problem in error.problems]
            raise ScenarioError(problems) from None
    files = draft.files | {volumes.table.name: volumes.content.encode()}
    changed = validated(replace(draft, text=volumes.text, files=files))
    notes += volumes.notes
    return changed
