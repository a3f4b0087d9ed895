"""Login: where one is set up, pages are shown only after it."""

from __future__ import annotations


def login_passed() -> bool:
    """Return whether pages may be shown; draw the login or logout button."""
    import streamlit as st

    logged_in = st.user.get("is_logged_in")  # None where no login is set up
    if logged_in is None:
        return True
    if logged_in:
        with st.sidebar:
            st.button("Log out", icon=":material/logout:", on_click=st.logout, key="auth:out")
        return True
    st.title("ccplan")
    st.write("Log in to see your workspace.")
    st.button("Log in", type="primary", icon=":material/login:", on_click=st.login, key="auth:in")
    return False
