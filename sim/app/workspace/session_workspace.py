"""Workspace of a session: of the logged-in user, of this machine, or of a link."""

from __future__ import annotations

import hashlib
import secrets
from pathlib import Path

from sim.app.workspace.visitors import is_visitor
from sim.user_folders import data_folder

HERE = "local"
"""The workspace of this machine."""
KEY = "workspace"
"""Name in the address of the page."""
LOCAL = ("localhost", "127.0.0.1", "::1")


def home() -> Path:
    """Return the folder of all workspaces, in that of :func:`sim.user_folders.data_folder`."""
    return data_folder() / "workspaces"


def mark() -> str:
    """Return the name of the workspace of this session.

    A logged-in user has their own, whatever the address says. Where the app listens to this
    machine only there is one. Otherwise each browser window starts one, with a name that
    cannot be guessed, and the address of the page holds it.
    """
    import streamlit as st

    user = logged_in()
    if user:
        return user
    if listens_to_this_machine_only():
        return HERE
    found = st.query_params.get(KEY, "")
    if not is_visitor(found):
        found = str(st.session_state.get("workspace_mark") or secrets.token_hex(16))
        st.query_params[KEY] = found
    st.session_state["workspace_mark"] = found
    return found


def keep_address() -> None:
    """Put the name of the workspace back into the address, which a change of page clears."""
    import streamlit as st

    name = st.session_state.get("workspace_mark")
    if name and KEY not in st.query_params:
        st.query_params[KEY] = name


def logged_in() -> str:
    """Return an anonymous name of the logged-in user; empty without a login."""
    import streamlit as st

    if not st.user.get("is_logged_in", False):
        return ""
    who = f"{st.user.get('iss', '')} {st.user.get('sub') or st.user.get('email') or ''}"
    return f"user-{hashlib.sha256(who.encode()).hexdigest()[:32]}"


def listens_to_this_machine_only() -> bool:
    """Return whether the app can be reached from this machine alone."""
    from streamlit import config

    return config.get_option("server.address") in LOCAL
