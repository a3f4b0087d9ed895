"""The table of a forecast on its way to page New scenario."""

from __future__ import annotations

from typing import TYPE_CHECKING, NoReturn

if TYPE_CHECKING:
    from sim.fileio import Table

TABLE = "new:forecast"
"""Session key of the name and the text of the table."""


def open_as_new_scenario(name: str, text: str) -> NoReturn:
    """Go to page New scenario with a table.

    Parameters
    ----------
    name : str
        Of the table.
    text : str
        CSV.
    """
    import streamlit as st

    from sim.app.navigation import NEW_SCENARIO, go_to

    st.session_state[TABLE] = (name, text)
    go_to(NEW_SCENARIO)


def forecast_table() -> Table | None:
    """Return the table that page Forecast passed on, with a button that removes it; else None."""
    import streamlit as st

    from sim.fileio import table_from_text

    if TABLE not in st.session_state:
        return None
    name, text = st.session_state[TABLE]
    with st.container(horizontal=True, vertical_alignment="center"):
        st.info("These are the volumes of your forecast.", icon=":material/trending_up:")
        st.button("Use another table", key="new:other", on_click=_remove)
    return table_from_text(name, text)


def _remove() -> None:
    import streamlit as st

    st.session_state.pop(TABLE, None)
