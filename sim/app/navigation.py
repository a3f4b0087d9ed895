"""Addresses of pages, and how one page leads to another."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, NoReturn

if TYPE_CHECKING:
    from streamlit.navigation.page import StreamlitPage

START, NEW_SCENARIO = "", "new_scenario"
"""Addresses of pages that others lead to."""
MOVED = {"compare": "results", "believe": "validation", "learn": "classroom", "figures": "metrics"}
"""Present addresses of pages by their former ones."""
WITHOUT_SCENARIO = (
    "classroom", "class_view", "free_play", "metrics", "roster", "forecast", "calibrate",
    NEW_SCENARIO, *MOVED,
)  # fmt: skip
"""Addresses of pages that show no scenario of the user's."""
PAGES = "page:all"
"""Session key of the pages by address."""


def set_pages(sections: Mapping[str, Iterable[StreamlitPage]]) -> None:
    """Set the pages of the session, which :func:`go_to` finds by their addresses."""
    import streamlit as st

    st.session_state[PAGES] = {page.url_path: page for some in sections.values() for page in some}


def go_to(address: str) -> NoReturn:
    """Go to another page, by its address."""
    import streamlit as st

    st.switch_page(st.session_state[PAGES][address])


def redirect(address: str) -> NoReturn:
    """Go from a former address to the present one, in the workspace that the address names."""
    from sim.app.workspace import workspace

    workspace()
    go_to(address)
