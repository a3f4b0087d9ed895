"""Addresses of pages, and how one page leads to another."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, NoReturn

if TYPE_CHECKING:
    from streamlit.navigation.page import StreamlitPage

START, NEW_SCENARIO = "", "new_scenario"
"""Addresses of pages that others lead to."""
WITHOUT_SCENARIO = ("learn", "class_view", "free_play", "figures", NEW_SCENARIO)
"""Addresses of pages that show no scenario of the user's."""
PAGES = "page:all"
"""Where the session has the pages by address."""


def set_pages(sections: Mapping[str, Iterable[StreamlitPage]]) -> None:
    """Set the pages of the session, which :func:`go_to` finds by their addresses."""
    import streamlit as st

    st.session_state[PAGES] = {page.url_path: page for some in sections.values() for page in some}


def go_to(address: str) -> NoReturn:
    """Leave the page that is drawn for another one, by its address."""
    import streamlit as st

    st.switch_page(st.session_state[PAGES][address])
