"""Import of volumes from an uploaded table into the scenario."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from sim.app.column_mapping import show_table_problems, uploaded_table
from sim.app.scenario_draft import KEY, ScenarioDraft, change, validated
from sim.app.scenario_forms import problems
from sim.app.workspace import as_text
from sim.units import BadInputError

if TYPE_CHECKING:
    from sim.planning.import_volumes import Volumes
    from sim.scenario import Scenario

WANTED = ("start", "date", "queue", "channel", "offered", "answered", "abandoned", "aht", "total")
PLACE = "upload"


def upload(draft: ScenarioDraft, scenario: Scenario) -> None:
    """Draw upload, mapping, preview and what would change."""
    import pandas as pd
    import streamlit as st

    from sim.planning.import_volumes import sample, volumes_of

    st.caption("Import volumes from a spreadsheet or an export.")
    found = uploaded_table("volumes", scenario, ("volumes-sample.csv", sample(scenario)), WANTED)
    problems(draft, PLACE)
    if found is None:
        return
    actuals, queues = found
    try:
        volumes = volumes_of(actuals, scenario, queues)
    except BadInputError as error:
        show_table_problems(error)
        return
    st.subheader("Volumes in the table", divider="gray")
    for note in volumes.notes:
        st.info(as_text(note[:1].upper() + note[1:]) + ".", icon=":material/info:")
    st.dataframe(
        pd.DataFrame(volumes.rows), hide_index=True, width="stretch",
        alt="Contacts and handle time of each queue, now and in the table",
    )  # fmt: skip
    with st.container(horizontal=True):
        st.button(
            "Import volumes", type="primary", icon=":material/check:", on_click=_imported,
            args=(volumes, False),
            help="Writes volumes.csv next to the scenario file and refers to it in the queues. "
            "Talk times stay unchanged.",
        )  # fmt: skip
        st.button(
            "Import volumes and handle times", icon=":material/checklist:", on_click=_imported,
            args=(volumes, True), disabled=not volumes.talks,
            help="Scales talk time so that talk, hold and wrap-up together have the mean of the "
            "table. The distribution keeps its shape.",
        )  # fmt: skip


def _imported(volumes: Volumes, with_talk: bool) -> None:
    import streamlit as st

    from sim.planning.import_volumes import FILE
    from sim.scenario.editing import put

    def act(draft: ScenarioDraft) -> ScenarioDraft:
        text = draft.text
        for path, value in (volumes.fields | (volumes.talks if with_talk else {})).items():
            text = put(text, path, value)
        return validated(replace(draft, text=text, files=draft.files | {FILE: volumes.content}))

    change(act, PLACE)
    if not st.session_state[KEY].refused:
        what = "Volumes and handle times" if with_talk else "Volumes"
        st.toast(f"{what} imported.", icon=":material/check:")
