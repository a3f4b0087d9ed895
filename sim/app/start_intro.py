"""Introduction of page Start: an example, or the user's own scenario and its assumptions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.app.scenario_picker import (
    MINE,
    is_borrowed,
    new_button,
    unsaved_prefix,
    with_unsaved,
)
from sim.app.workspace import as_text, workspace

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sim.app.scenario_picker import ScenarioChoice
    from sim.scenario import Scenario

ASSUMED = "assumed"
"""Suffix of the key, after that of the fields of page Start, of what was assumed for a scenario."""


def remember_assumptions(key: str, scenario: Scenario, notes: Iterable[str]) -> None:
    """Save what was assumed for a new scenario, with the fingerprint it then had.

    Parameters
    ----------
    key : str
        Of the scenario in the workspace.
    scenario : Scenario
    notes : iterable of str
        Sentences.
    """
    workspace().set_value(unsaved_prefix(key) + ASSUMED, [scenario.fingerprint, *notes])


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
    _assumptions(choice)


def _assumptions(choice: ScenarioChoice) -> None:
    """Show what was assumed when a scenario was created, and whether it is still the same one."""
    import streamlit as st

    stored = workspace().values.get(unsaved_prefix(choice.key) + ASSUMED)
    if not isinstance(stored, list) or not all(isinstance(one, str) for one in stored):
        return
    fingerprint, *notes = stored or [""]
    if not notes:
        return
    now = with_unsaved(choice).scenario
    with st.expander("Assumptions when this scenario was created", icon=":material/info:"):
        if now.fingerprint != fingerprint:
            st.caption(
                "The scenario has been changed since, so some of them may no longer apply. Page "
                "*Scenario* shows its present values."
            )
        st.markdown("\n".join(f"- {as_text(note)}" for note in notes))
