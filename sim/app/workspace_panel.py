"""The workspace panel: location, download, upload, and damaged files."""

from __future__ import annotations

from sim.app.scenario_picker import show_problems
from sim.app.workspace import as_text, workspace
from sim.app.workspace.archive import MOST_ZIP, packed, unpacked
from sim.units import BadInputError


def warn_of_damage() -> None:
    """Warn about files of the workspace that cannot be read."""
    import streamlit as st

    damaged = workspace().damaged
    if not damaged:
        return
    listed = "\n".join(f"- {as_text(text)}" for text in damaged)
    st.warning(
        f"Some files of your workspace cannot be read; they are not changed:\n{listed}",
        icon=":material/folder_off:",
    )


def workspace_panel() -> None:
    """Draw the workspace: its content, download and upload."""
    import streamlit as st

    space = workspace()
    with st.expander("Workspace", icon=":material/folder:"):
        st.markdown(
            f"{len(space.saved_results)} saved results, {space.variant_count} variants and "
            f"{len(space.scenarios)} scenarios of your own, in plain files (TOML, CSV, Parquet) in "
            f"`{space.folder.root}`."
        )
        if "workspace_mark" in st.session_state:
            st.caption(
                "The address of this page opens your workspace: bookmark it, and share it only "
                "with people who may change your work."
            )
        left, right = st.columns(2, gap="medium")
        left.download_button(
            "Download workspace (ZIP)",
            data=lambda: packed(space.folder),
            file_name="workspace.zip",
            mime="application/zip",
            icon=":material/download:",
            on_click="ignore",
            help="All your work, to open here or on another machine.",
        )
        with right:
            _upload()


def _upload() -> None:
    """Draw the upload of a zip, and add what it holds."""
    import streamlit as st

    count = st.session_state.get("brought", 0)
    file = st.file_uploader(
        "Upload a workspace",
        type=["zip"],
        max_upload_size=MOST_ZIP // 1024**2,
        key=f"bring:{count}",
        help="Its content is added to your workspace; nothing is overwritten.",
    )
    if message := st.session_state.pop("import:message", ""):
        st.success(message, icon=":material/folder_open:")
    if file is None:
        return
    try:
        files = unpacked(workspace().folder, file.getvalue())
    except BadInputError as error:
        show_problems(error)
        return
    st.session_state["brought"] = count + 1  # an empty field for the next
    st.session_state["import:message"] = f"{files} files added to your workspace."
    st.rerun()
