"""Conflicts with changes of another window, and earlier versions of a scenario."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from sim.app.scenario_draft import ScenarioDraft, change, choose
from sim.app.scenario_picker import MINE, ScenarioChoice, show_problems
from sim.app.workspace import as_text, workspace
from sim.units import BadInputError

if TYPE_CHECKING:
    from sim.app.workspace.history import Version
    from sim.scenario.merging import Conflict

LONGEST = 200
"""Letters of a value that are shown."""


def conflicts(draft: ScenarioDraft) -> None:
    """Draw each field that two windows changed, with both values to choose from."""
    import streamlit as st

    for k, one in enumerate(draft.conflicts):
        with st.container(border=True):
            st.warning(
                f"**{as_text(one.path or 'The text')}** was also changed in another window. "
                "The other value applies until you choose.",
                icon=":material/call_split:",
            )
            left, right = st.columns(2)
            for column, value, label, mine in (
                (left, one.mine, "Yours", True),
                (right, one.theirs, "Other window", False),
            ):
                column.markdown(f"{label}: **{as_text(_short(one, value))}**")
                column.button(
                    "Use this", key=f"conflict:{k}:{mine}", on_click=choose, args=(one, mine)
                )


def _short(conflict: Conflict, value: Any) -> str:
    from sim.scenario.editing import as_words

    if conflict.is_file:
        return "the file removed" if value is None else f"{len(value):,} bytes"
    words = as_words(value) or "nothing"
    return words if len(words) <= LONGEST else f"{words[:LONGEST]} …"


def earlier_versions(choice: ScenarioChoice) -> None:
    """Draw the choice of an earlier version of a scenario of the user's own."""
    import streamlit as st

    name = choice.key.removeprefix(MINE)
    found = workspace().versions(name) if choice.key.startswith(MINE) else []
    if not found:
        return
    with st.popover("Versions", icon=":material/history:"):
        st.caption(f"The last {len(found)} versions. Restoring one can be undone.")
        number = st.selectbox(
            "Version (last used)",
            [one.number for one in found],
            format_func={one.number: _when(one) for one in found}.__getitem__,
            key=f"versions:{name}",
        )
        one = next(one for one in found if one.number == number)
        st.markdown(as_text("Changed since: " + _difference(one, choice)))
        st.button("Restore", key="versions:restore", on_click=_restore, args=(name, one))


def _when(one: Version) -> str:
    try:
        until = dt.datetime.fromisoformat(one.until)
    except ValueError:
        return str(one.number)
    return f"{until:%Y-%m-%d %H:%M:%S} UTC"


def _difference(one: Version, choice: ScenarioChoice) -> str:
    from sim.scenario.merging import changed_paths

    paths = changed_paths(one.text, choice.scenario.written.text)
    return ", ".join(paths[:8]) + (" …" if len(paths) > 8 else "") if paths else "comments or files"


def _restore(name: str, one: Version) -> None:
    try:
        text, files = workspace().version_content(name, one)
    except BadInputError as error:
        show_problems(error)
        return
    change(lambda draft: replace(draft, text=text, files=files))
