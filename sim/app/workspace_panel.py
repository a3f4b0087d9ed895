"""The workspace as a user sees it: where it is, take it along, bring one in, what is damaged."""

from __future__ import annotations

from sim.app.scenario_picker import show_problems
from sim.app.workspace import as_text, workspace
from sim.app.workspace.archive import MOST_ZIP, packed, unpacked
from sim.units import BadInputError


def warn_of_damage() -> None:
    """Say which files of the workspace cannot be read; everything else goes on."""
    import streamlit as st

    damaged = workspace().damaged
    if not damaged:
        return
    listed = "\n".join(f"- {as_text(text)}" for text in damaged)
    st.warning(
        f"Some of your workspace cannot be read and is left as it is:\n{listed}",
        icon=":material/folder_off:",
    )


def workspace_panel() -> None:
    """Draw the workspace: what it holds, download, and bringing in what was downloaded."""
    import streamlit as st

    space = workspace()
    with st.expander("Workspace", icon=":material/folder:"):
        st.markdown(
            f"{len(space.saved_results)} saved results, {space.variant_count} variants and "
            f"{len(space.scenarios)} scenarios of your own, in plain files (TOML, CSV, Parquet) in "
            f"`{space.folder.root}`. They are still there after a restart."
        )
        if "workspace_mark" in st.session_state:
            st.caption(
                "The address of this page leads to your workspace: bookmark it, and give it only "
                "to those who may change your work."
            )
        left, right = st.columns(2, gap="medium")
        left.download_button(
            "Download the workspace (ZIP)",
            data=lambda: packed(space.folder),
            file_name="workspace.zip",
            mime="application/zip",
            icon=":material/download:",
            on_click="ignore",
            help="Everything you kept. It can be opened here or on another machine.",
        )
        with right:
            _upload()


def _upload() -> None:
    """Draw the upload of a zip, and add what it holds."""
    import streamlit as st

    count = st.session_state.get("brought", 0)
    file = st.file_uploader(
        "Open a downloaded workspace",
        type=["zip"],
        max_upload_size=MOST_ZIP // 1024**2,
        key=f"bring:{count}",
        help="What it holds is added to what is here; nothing here is overwritten.",
    )
    if message := st.session_state.pop("brought:told", ""):
        st.success(message, icon=":material/folder_open:")
    if file is None:
        return
    try:
        files = unpacked(workspace().folder, file.getvalue())
    except BadInputError as error:
        show_problems(error)
        return
    st.session_state["brought"] = count + 1  # an empty field for the next
    st.session_state["brought:told"] = f"{files} files were added to your workspace."
    st.rerun()
