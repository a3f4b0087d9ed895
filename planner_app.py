"""Entry of the planner: server and navigation, nothing else. Start it with `ccplan app`."""

import streamlit as st

from sim.app.auth import login_passed
from sim.app.changes_bar import changes_bar
from sim.app.editable_grids import save_typed
from sim.app.navigation import WITHOUT_SCENARIO, set_pages
from sim.app.pages import moved_pages, pages
from sim.app.server_security import middleware
from sim.app.theme import ICON, apply_theme


def main() -> None:
    """Set the frame up and show the page that was chosen."""
    st.set_page_config(page_title="ccplan", page_icon=ICON, layout="wide")
    apply_theme()
    if not login_passed():
        return
    sections = pages()
    set_pages(sections)
    page = st.navigation({**sections, "": moved_pages()}, position="top")
    save_typed()
    st.session_state["page:shown"] = page.url_path
    if page.url_path not in WITHOUT_SCENARIO:
        changes_bar()
    page.run()


# Streamlit imports this file once for the server, and runs it for each look at a page. Workers
# that simulate side by side import it under yet another name: they must do neither.
if __name__ == "__main__":
    main()
elif __name__ == "planner_app":
    app = st.App(__file__, middleware=middleware())
