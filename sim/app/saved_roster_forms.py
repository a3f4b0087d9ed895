"""Saved rosters in the app: save one under a name, compare them, show one, remove one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.app.roster_files import source_files
from sim.app.scenario_picker import show_problems
from sim.app.workspace import as_text, workspace
from sim.app.workspace.names import free
from sim.app.workspace.saved_rosters import SavedRoster, save_roster, saved_rosters
from sim.units import BadInputError

if TYPE_CHECKING:
    from sim.planning.roster import Roster


def save_form(source: str, roster: Roster) -> None:
    """Draw a button that opens a form, in which a roster gets a name and is saved.

    Parameters
    ----------
    source : str
        Name of the roster file, as :func:`sim.app.roster_files.roster_names` returns it.
    roster : Roster
    """
    import streamlit as st

    folder = workspace().folder
    done = st.session_state.setdefault("roster:saved", 0)  # fresh fields after each
    with (
        st.popover("Save roster", icon=":material/bookmark_add:", key=f"roster:open:{done}"),
        st.form("roster:save", border=False),
    ):
        wish = free(roster.problem.name, saved_rosters(folder))
        name = st.text_input("Name", value=wish, max_chars=60, key=f"roster:name:{done}")
        note = st.text_input(
            "Note", placeholder="optional", max_chars=200, key=f"roster:note:{done}"
        )
        pressed = st.form_submit_button(
            "Save roster", type="primary", width="stretch",
            help="Saved rosters are compared below and on page Results.",
        )  # fmt: skip
        if not pressed:
            return
        try:
            save_roster(folder, name.strip(), note.strip(), roster, source_files(source))
        except BadInputError as error:
            show_problems(error)
            return
        st.toast(f"Saved as {as_text(name)}.", icon=":material/bookmark:")
        st.session_state["roster:saved"] = done + 1
        st.rerun()


def compared_rosters() -> list[SavedRoster]:
    """Draw the saved rosters side by side, where there are any; return them."""
    import streamlit as st

    from sim.report.roster_comparison import comparison_rows

    found = list(saved_rosters(workspace().folder).values())
    if not found:
        return found
    st.subheader("Saved rosters", divider="gray")
    rows = comparison_rows([(one.name, one.document) for one in found])
    st.dataframe(rows, hide_index=True, width="stretch", alt="Saved rosters side by side")
    if len(found) > 1:
        st.caption(
            "Nights and weekends: the fewest and the most of a person. Shifts that differ: days of "
            "persons on which a roster differs from the first one."
        )
    return found


def saved_roster_list() -> None:
    """Draw the comparison, and for each saved roster buttons that show and remove it."""
    import streamlit as st

    for one in compared_rosters():
        left, middle, right = st.columns([6, 2, 2], vertical_alignment="center")
        note = f"  \n{as_text(one.note)}" if one.note else ""
        left.markdown(f"**{as_text(one.name)}**{note}")
        middle.button(
            "Show", key=f"roster:show:{one.place}", icon=":material/visibility:",
            width="stretch", on_click=_show, args=(one.name,),
        )  # fmt: skip
        with right.popover("Remove", icon=":material/delete:", width="stretch"):
            st.caption("This cannot be undone.")
            st.button(
                f"Remove {as_text(one.name)}", key=f"roster:remove:{one.place}",
                on_click=workspace().folder.remove, args=(one.place,),
            )  # fmt: skip


def _show(name: str) -> None:
    import streamlit as st

    st.session_state["roster:shown"] = name
