"""The form of the satisfaction model on page Scenario, and the button that adds it."""

from __future__ import annotations

from dataclasses import replace

from sim.app.scenario_draft import ScenarioDraft, change
from sim.app.scenario_forms import form, own_problems, problems, remove


def satisfaction_form(draft: ScenarioDraft) -> None:
    """Draw the coefficients of the satisfaction model, or a button that adds it."""
    import streamlit as st

    from sim.scenario.editing import written

    try:
        is_written = written(draft.text, "satisfaction") is not None
    except ValueError:
        st.info("The text is not valid TOML; correct it under Text.")
        return
    path = "satisfaction"
    problems(replace(draft, problems=own_problems(draft, path)), path)
    if not is_written:
        st.caption(
            "No satisfaction model yet. With one, simulations have the metrics of customer "
            "experience, which page Experience shows."
        )
        st.button(
            "Add a satisfaction model", key=f"add:{draft.number}:satisfaction", type="primary",
            on_click=_add_satisfaction, args=(draft.number,),
        )  # fmt: skip
        return
    st.caption(
        "Empty coefficients have published or made-up defaults: uncalibrated. Write a number, or "
        '`{ value = 0.5, low = 0.4, high = 0.6, source = "own survey" }`.'
    )
    form(draft, "satisfaction")
    st.button(
        "Remove the satisfaction model", key=f"drop:{draft.number}:satisfaction",
        on_click=remove, args=("satisfaction", draft.number), icon=":material/delete:",
    )  # fmt: skip


def _add_satisfaction(number: int) -> None:
    from sim.scenario.editing import put

    change(
        lambda draft: replace(draft, text=put(draft.text, "satisfaction", {})),
        "satisfaction", number,
    )  # fmt: skip
