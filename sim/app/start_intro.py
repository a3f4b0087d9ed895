"""Introduction of page Start: an example, or the user's own scenario and its assumptions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.app.scenario_picker import MINE, is_borrowed, new_button
from sim.app.workspace import as_text

if TYPE_CHECKING:
    from sim.app.scenario_picker import ScenarioChoice

ASSUMED = "new:assumed"
"""Session key of the assumptions of a new scenario: its key, and sentences."""


def intro(choice: ScenarioChoice) -> None:
    """Say that a scenario is an example, or what was assumed for a new one."""
    import streamlit as st

    if not choice.key.startswith(MINE):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(
                "**ccplan** simulates contact centers and plans their staff. This is an example; "
                "load your own data.",
                width="stretch",
            )
            new_button("start", "Load your own data")
        return
    if is_borrowed(choice.scenario.text):
        st.info(
            "This is a copy of an example. Give it its own name and question on page *Scenario*.",
            icon=":material/edit_note:",
        )
    source, notes = st.session_state.get(ASSUMED, ("", ()))
    if source == choice.key and notes:
        with st.expander("Assumptions of this scenario", icon=":material/info:"):
            st.markdown("\n".join(f"- {as_text(note)}" for note in notes))
