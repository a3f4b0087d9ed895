"""The numbers per interval of a scenario, to be edited and pasted."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from sim.app.draft import Draft, change, sound
from sim.app.forms import problems
from sim.app.workspace import as_text

if TYPE_CHECKING:
    from sim.scenario import Scenario
    from sim.scenario.by_interval import ByInterval

PLACE = "by interval"


def interval_editor(draft: Draft, scenario: Scenario) -> None:
    """Draw volumes and headcounts by interval as a table that takes a paste."""
    import pandas as pd
    import streamlit as st

    from sim.scenario.by_interval import by_interval

    table = by_interval(scenario)
    if not table.columns:
        st.info("No volume and no headcount of this scenario is given per interval.")
        return
    st.caption(
        "Click a cell and type, or copy cells from a spreadsheet and paste them here. A number "
        "that held all day becomes a list with its first change; numbers of a CSV file are "
        "changed in that file, cell by cell."
    )
    config: dict[str, Any] = {
        one.title: st.column_config.NumberColumn(
            one.title, min_value=0, help=_help(one.source, one.path)
        )
        for one in table.columns
    }
    config["start"] = st.column_config.TextColumn(
        "Start", help="Start of the interval", pinned=True
    )
    key = f"intervals:{draft.version}"
    st.data_editor(
        pd.DataFrame(table.records()),
        key=key,
        hide_index=True,
        width="stretch",
        height=520,
        disabled=["start"],
        column_config=config,
        on_change=_changed,
        args=(key, table),
        alt="Volumes and agents by interval, to be edited",
    )
    problems(draft, PLACE)
    _rates(scenario, table)


def _help(source: str, path: str) -> str:
    return f"{path}, from {source}" if source else path


def _rates(scenario: Scenario, table: ByInterval) -> None:
    """Say which queues have no numbers per interval."""
    import streamlit as st

    known = {one.path for one in table.columns}
    left = [name for name in scenario.queue if f"queue.{name}.volume" not in known]
    if left:
        st.caption(
            f"Not in the table, as they come at a rate or were recorded one by one: "
            f"{as_text(', '.join(left))}."
        )


def _changed(key: str, table: ByInterval) -> None:
    import streamlit as st

    from sim.scenario.by_interval import change_cells

    edited = st.session_state[key].get("edited_rows", {})

    def act(draft: Draft) -> Draft:
        text, files = change_cells((draft.text, draft.files), table, edited)
        return sound(replace(draft, text=text, files=files))

    change(act, PLACE)
