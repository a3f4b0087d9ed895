"""Save a result under a name, and export it as a command or a workbook."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from sim.app import result_components
from sim.app.scenario_picker import ScenarioChoice, show_problems
from sim.app.workspace import SavedResult, as_text, workspace
from sim.units import BadInputError

if TYPE_CHECKING:
    from sim.app.start_fields import SimulationInputs
    from sim.experiment import Result
    from sim.scenario import Scenario


def save_result(
    words: tuple[str, ...], title: str, scenario: Scenario, result: Result, key: str = "keep"
) -> None:
    """Draw a button that opens a form, in which a result gets a name and is saved.

    Parameters
    ----------
    words : tuple of str
        Every change of the scenario file, in words.
    title : str
        Suggested name.
    scenario : Scenario
    result : Result
    key : str
        Identifies the form among several on a page.
    """
    import streamlit as st

    done = st.session_state.setdefault(f"{key}:done", 0)  # fresh fields after each that was saved
    with (
        st.popover("Save result", icon=":material/bookmark_add:", key=f"{key}:open:{done}"),
        st.form(key, border=False),
    ):
        name = st.text_input(
            "Name", value=workspace().free_name(title), max_chars=60, key=f"{key}:{done}:{title}"
        )
        note = st.text_input(
            "Note", placeholder="optional", max_chars=200, key=f"{key}:note:{done}"
        )
        pressed = st.form_submit_button(
            "Save result",
            type="primary",
            width="stretch",
            help="Saved results can be compared on page Results and shown on page Report.",
        )
        if pressed:
            one = SavedResult(name.strip(), note.strip(), scenario, words, result)
            if _try(
                lambda: workspace().save_result(one), f"Saved as {as_text(name)}. See page Results."
            ):
                st.session_state[f"{key}:done"] = done + 1
                st.rerun()


def export(choice: ScenarioChoice, fields: SimulationInputs, result: Result) -> None:
    """Draw the command line and the workbook of a result."""
    import streamlit as st

    with st.expander("Export"):
        st.caption("Same results on the command line:")
        st.code(result_components.command(choice.source, fields), language=None, wrap_lines=True)
        st.download_button(
            "Workbook with all metrics (XLSX)",
            data=lambda: result_components.workbook(result),
            file_name=f"{result_components.file_name(choice.scenario.name)}.xlsx",
            icon=":material/download:",
            on_click="ignore",
        )


def _try(act: Callable[[], None], done: str) -> bool:
    """Do something and confirm it, or show what is wrong."""
    import streamlit as st

    try:
        act()
    except BadInputError as error:
        show_problems(error)
        return False
    st.toast(done, icon=":material/bookmark:")
    return True
