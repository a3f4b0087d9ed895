"""The workspace of a session, and the values of its fields."""

from __future__ import annotations

from collections.abc import Callable, Container
from pathlib import Path
from typing import Any

from sim.app.workspace.session_workspace import home, keep_address, mark
from sim.app.workspace.storage import Workspace, open_workspace
from sim.app.workspace.visitors import MOST_BYTES, admit, is_visitor
from sim.units import BadInputError


def workspace() -> Workspace:
    """Return the workspace of the session."""
    import streamlit as st

    if "workspace" not in st.session_state:
        st.session_state["workspace"] = _opened(home(), mark())
    keep_address()
    found: Workspace = st.session_state["workspace"]
    return found


def _opened(folder: Path, name: str) -> Workspace:
    """Return a workspace; that of a visitor without a login has limits."""
    import streamlit as st

    if not is_visitor(name):
        return open_workspace(folder / name)
    try:
        admit(folder, name)
    except BadInputError as error:
        st.error(str(error), icon=":material/error:")
        st.stop()
    return open_workspace(folder / name, MOST_BYTES)


def recall(
    key: str, default: Any, allowed: Container[Any] | Callable[[Any], bool] | None = None
) -> str:
    """Give a field its last value before it is drawn, and return its key.

    Streamlit forgets the value of a field once another page is shown, even where that page
    has a field of the same key.

    Parameters
    ----------
    key : str
    default : object
        The value of a field that was never drawn.
    allowed : container or callable, optional
        What the field takes; another value, such as one of a damaged file, gives way to the
        default.
    """
    import streamlit as st

    drawn, page = st.session_state.setdefault("page:drawn", {}), st.session_state.get("page:shown")
    if key not in st.session_state or drawn.get(key, page) != page:
        stored = workspace().values.get(key, default)
        st.session_state[key] = stored if _is_like(stored, default) else default
    drawn[key] = page
    if allowed is not None and not _is_allowed(st.session_state[key], allowed):
        st.session_state[key] = default
    return key


def _is_like(value: Any, default: Any) -> bool:
    """Tell whether a stored value can stand in place of another; files may be damaged."""
    if default is None:
        return True
    number = isinstance(default, int | float) and not isinstance(default, bool)
    return isinstance(value, int | float if number else type(default))


def _is_allowed(value: Any, allowed: Container[Any] | Callable[[Any], bool]) -> bool:
    try:
        return allowed(value) if callable(allowed) else value in allowed
    except TypeError:
        return False


def remember(key: str) -> Any:
    """Store the value of a field after it was drawn, and return it."""
    import streamlit as st

    value = st.session_state[key]
    workspace().set_value(key, value)
    return value
