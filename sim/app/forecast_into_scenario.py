"""The volumes of a forecast in the draft of the current scenario."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from sim.app.scenario_draft import ScenarioDraft, change, current, draft_of, validated
from sim.app.scenario_picker import current_choice, show_problems
from sim.app.uploaded_files import temporary_files
from sim.app.workspace import as_text

if TYPE_CHECKING:
    from sim.history.forecast_history import HistoryForecast

PLACE = "forecast"
NOTES = "forecast:written"


def forecast_into_scenario(found: HistoryForecast) -> None:
    """Draw the button that writes volumes and busyness into the current scenario."""
    import streamlit as st

    choice = current_choice()
    if choice is None:
        return
    if st.button(
        f"Write volumes into {as_text(choice.title)}", icon=":material/edit_note:",
        key="forecast:write",
        help="Volumes and busyness of the current scenario become those of the forecast, as with "
        "--scenario in the command line; queues are matched by name. Undo it on page Scenario.",
    ):  # fmt: skip
        draft_of(choice)
        notes: list[str] = []
        is_written = change(lambda draft: with_volumes(draft, found, notes), PLACE)
        problem = current().refused.get(PLACE)
        if problem:
            show_problems([problem])
        if is_written:
            st.session_state[NOTES] = notes
            st.rerun()
    if (written := st.session_state.pop(NOTES, None)) is not None:
        st.success("\n\n".join(["Volumes written.", *map(as_text, written)]))


def with_volumes(draft: ScenarioDraft, found: HistoryForecast, notes: list[str]) -> ScenarioDraft:
    """Return a draft with the volumes and busyness of a forecast.

    Parameters
    ----------
    draft : ScenarioDraft
    found : HistoryForecast
    notes : list of str
        What a reader should know is added here.

    Raises
    ------
    BadInputError
        When the forecast does not fit the scenario.
    """
    from sim.history.scenario_volumes import scenario_volumes

    contents = {**draft.files, draft.name: draft.text.encode()}
    with temporary_files(contents) as path:
        volumes = scenario_volumes(path(draft.name), found.intervals, found.busyness())
    files = draft.files | {volumes.table.name: volumes.content.encode()}
    changed = validated(replace(draft, text=volumes.text, files=files))
    notes += volumes.notes
    return changed
