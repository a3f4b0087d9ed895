"""The numbers per interval of a scenario, to be edited and pasted."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from sim.app.editable_grids import grid
from sim.app.scenario_draft import ScenarioDraft, change, current, validated
from sim.app.scenario_forms import problems
from sim.app.workspace import as_text
from sim.numerals import write_number

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sim.scenario import Scenario
    from sim.scenario.by_interval import ByInterval

PLACE = "by interval"


def interval_editor(draft: ScenarioDraft, scenario: Scenario) -> None:
    """Draw volumes and headcounts by interval as a table that takes a paste."""
    import pandas as pd
    import streamlit as st

    from sim.scenario.by_interval import by_interval

    table = by_interval(scenario)
    if not table.columns:
        st.info("This scenario has no volume and no headcount per interval.")
        return
    st.caption(
        "Type into cells, or paste cells from a spreadsheet. A constant becomes a list of values "
        "when you change an interval; values from a CSV file are changed in that file."
    )
    config: dict[str, Any] = {
        one.title: st.column_config.TextColumn(
            one.title, help=_help(one.source, one.path), alignment="right"
        )
        for one in table.columns
    }
    config["start"] = st.column_config.TextColumn(
        "Start", help="Start of the interval", pinned=True
    )
    grid(
        pd.DataFrame(_as_text(table), dtype=str),
        f"{draft.number}:intervals",
        lambda: (current().text, current().files),
        lambda changes: _save(table, changes, draft.number),
        hide_index=True,
        width="stretch",
        height=520,
        disabled=["start"],
        column_config=config,
        alt="Volumes and agents by interval, to be edited",
    )
    problems(draft, PLACE)
    _rates(scenario, table)


def _as_text(table: ByInterval) -> list[dict[str, str]]:
    """Return the numbers as they are typed: a cell of text takes the first key at once."""
    return [{title: _typed(value) for title, value in row.items()} for row in table.records()]


def _typed(value: Any) -> str:
    if value is None:
        return ""
    return write_number(value) if isinstance(value, float) else str(value)


def _help(source: str, path: str) -> str:
    return f"{path}, from {source}" if source else path


def _rates(scenario: Scenario, table: ByInterval) -> None:
    """Say which queues have no numbers per interval."""
    import streamlit as st

    known = {one.path for one in table.columns}
    left = [name for name in scenario.queue if f"queue.{name}.volume" not in known]
    if left:
        st.caption(
            f"Not in the table, because they have a constant rate or individual arrival times: "
            f"{as_text(', '.join(left))}."
        )


def _save(table: ByInterval, changes: Mapping[str, Any], number: int) -> bool:
    from sim.scenario.by_interval import change_cells

    def act(draft: ScenarioDraft) -> ScenarioDraft:
        text, files = change_cells((draft.text, draft.files), table, changes["edited_rows"])
        same = (text, files) == (draft.text, draft.files)
        return draft if same else validated(replace(draft, text=text, files=files))

    return change(act, PLACE, number)
