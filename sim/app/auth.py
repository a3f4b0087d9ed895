"""The door: where a login is set up, nobody comes in without it."""

from __future__ import annotations


def login_passed() -> bool:
    """Tell whether pages may be shown; draw the login, or the way out of it."""
    import streamlit as st

    logged_in = st.user.get("is_logged_in")  # None where no login is set up
    if logged_in is None:
        return True
    if logged_in:
        with st.sidebar:
            st.button("Log out", icon=":material/logout:", on_click=st.logout, key="door:out")
        return True
    st.title("ccplan")
    st.write("This planner is for a team. Log in to see your workspace.")
    st.button("Log in", type="primary", icon=":material/login:", on_click=st.login, key="door:in")
    return False
