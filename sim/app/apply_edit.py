"""Apply a change that a page has computed: unsaved, as a variant, or in the scenario."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.app.changes_bar import run_and_report, save_variant, write_into_scenario
from sim.app.unsaved_edits import Unsaved, add_edit
from sim.app.workspace import as_text
from sim.units import BadInputError

if TYPE_CHECKING:
    from sim.app.scenario_picker import ScenarioChoice
    from sim.scenario.what_if import Edit


def apply_edit(choice: ScenarioChoice, edit: Edit, label: str, key: str) -> None:
    """Draw a button that opens a menu of ways to apply a change.

    Parameters
    ----------
    choice : ScenarioChoice
        Its scenario is the one that the change was made for.
    edit : Edit
    label : str
        Of the button, such as "Apply required agents".
    key : str
        Identifies the button among several on a page.
    """
    import streamlit as st

    with st.popover(label, icon=":material/layers:", key=f"{key}:open"):
        st.markdown(f"**{as_text(edit.words)}**")
        if st.button("Add as unsaved change", key=f"{key}:add", width="stretch", type="primary"):
            add_edit(choice.base, choice.place, edit)
            st.toast(as_text(f"{edit.words}: added."), icon=":material/add:")
            st.rerun()
        with st.form(f"{key}:form", border=False):
            name = st.text_input("Variant name", max_chars=60)
            pressed = st.form_submit_button("Save as variant", width="stretch")
        if pressed:
            run_and_report(lambda: save_variant(choice, _with(choice, edit), name.strip(), ""))
        if st.button("Apply to the scenario", key=f"{key}:write", width="stretch"):
            run_and_report(lambda: write_into_scenario(choice, _with(choice, edit)))


def _with(choice: ScenarioChoice, edit: Edit) -> Unsaved:
    """Return the unsaved changes with one more."""
    try:
        changed = choice.scenario.with_(**edit.changes)
    except BadInputError as error:
        return Unsaved(choice.scenario, choice.unsaved, (str(error),))
    return Unsaved(changed, (*choice.unsaved, edit.words), ())
