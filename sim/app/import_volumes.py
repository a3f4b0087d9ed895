"""Taking the volumes of an uploaded table into the scenario."""

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

    st.caption("Volumes of a spreadsheet or an export become the volumes of this scenario.")
    found = uploaded_table("volumes", scenario, ("volumes-sample.csv", sample(scenario)), WANTED)
    problems(draft, PLACE)
    if found is None:
        return
    recording, queues = found
    try:
        volumes = volumes_of(recording, scenario, queues)
    except BadInputError as error:
        show_table_problems(error)
        return
    st.subheader("What the table gives", divider="gray")
    for note in volumes.notes:
        st.info(as_text(note[:1].upper() + note[1:]) + ".", icon=":material/info:")
    st.dataframe(
        pd.DataFrame(volumes.rows), hide_index=True, width="stretch",
        alt="Contacts and handle time of each queue, now and in the table",
    )  # fmt: skip
    with st.container(horizontal=True):
        st.button(
            "Take these volumes", type="primary", icon=":material/check:", on_click=_import_volumes,
            args=(volumes, False),
            help="Writes volumes.csv beside the scenario and names it in the queues. Talk times "
            "stay as they are.",
        )  # fmt: skip
        st.button(
            "Take volumes and handle times", icon=":material/checklist:", on_click=_import_volumes,
            args=(volumes, True), disabled=not volumes.talks,
            help="Talk is made longer or shorter so that talk, hold and wrap together have the "
            "mean of the table. Its law and its spread stay.",
        )  # fmt: skip


def _import_volumes(volumes: Volumes, with_talk: bool) -> None:
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
        what = "The volumes and handle times are" if with_talk else "The volumes are"
        st.toast(f"{what} in the scenario.", icon=":material/check:")
