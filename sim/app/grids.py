"""Grids that are typed into: the browser keeps what is typed, and it is saved all at once."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sim.app.polling import polled

PENDING, GRIDS = "grids:drawn", "grids"
LOOK_S = 1.0
"""Time after which what was typed reaches the server, so that going to another page keeps it."""


@dataclass
class _Grid:
    """What the session knows of a grid: what it was drawn of, its number, what was saved of it."""

    content: object
    number: int = 0
    saved: object = None
    typed: dict[str, Any] = field(default_factory=dict)
    """What was typed when it was last looked at; a change of page clears the grid's own state."""


@dataclass(frozen=True)
class _Drawn:
    """A grid of the page as it was last drawn."""

    name: str
    key: str
    save: Callable[[Mapping[str, Any]], bool]
    content: Callable[[], object]
    keeps_typing: bool


def grid(
    data: Any,
    name: str,
    content: Callable[[], object],
    save: Callable[[Mapping[str, Any]], bool],
    **options: Any,
) -> None:
    """Draw a grid, and a button that saves what was typed into it.

    Typing does not run the page again, so nothing is redrawn under the hands of who types. The
    key of the grid stays as long as what it shows was changed by nothing but the grid itself.

    Parameters
    ----------
    data : pandas.DataFrame
    name : str
        Tells grids apart.
    content : callable
        Returns what the grid is drawn of; when that changed elsewhere, the grid begins anew.
    save : callable
        Given the changes as ``st.data_editor`` reports them: ``edited_rows``, ``added_rows`` and
        ``deleted_rows``; returns whether they were taken.
    **options
        Of ``st.data_editor``.
    """
    import streamlit as st

    known: dict[str, _Grid] = st.session_state.setdefault(GRIDS, {})
    one = known.setdefault(name, _Grid(content()))
    if one.content != (now := content()):
        known[name] = one = _Grid(now, one.number + 1)
    key = f"grid:{name}:{one.number}"
    st.data_editor(data, key=key, on_change="ignore", **options)
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button(
            "Save table", key=f"save:{name}", icon=":material/save:", type="primary",
            on_click=save_typed,
        )  # fmt: skip
        polled(lambda: _unsaved(one, key), LOOK_S)
        _load_editors()
    # A grid of fixed rows takes new values under what was typed; others must begin anew.
    fixed = options.get("num_rows", "fixed") == "fixed"
    drawn = st.session_state.setdefault(PENDING, {})
    drawn[name] = _Drawn(name, key, save, content, fixed)


def _load_editors() -> None:
    """Have the browser load the editors of cells before the first key is pressed.

    Streamlit loads them when the first cell is opened; keys pressed meanwhile would be lost.
    """
    import streamlit as st

    files = Path(st.__file__).parent / "static" / "static" / "js"
    names = sorted(file.name for file in files.glob("*overlay-editor*.js"))
    loads = "".join(f'import(new URL("static/js/{name}", document.baseURI));' for name in names)
    st.html(f"<script>{loads}</script>", unsafe_allow_javascript=True)


def _unsaved(one: _Grid, key: str) -> None:
    """Say how much was typed and is not saved."""
    import streamlit as st

    one.typed = typed = _typed(key)
    count = sum(len(found) for found in typed.values())
    if not count or typed == one.saved:
        st.caption("What you type is saved with *Save table*, and when you go on to another part.")
    else:
        st.caption(f"**Not saved yet:** {'one row' if count == 1 else f'{count} rows'}.")


def _typed(key: str) -> dict[str, Any]:
    """Return what was typed into a grid: a copy, without rows in which nothing stands."""
    import streamlit as st

    found = deepcopy(dict(st.session_state.get(key) or {}))
    rows = [row for row in found.get("added_rows", ()) if any(row.values())]
    return found | {"added_rows": rows} if found else {}


def save_typed() -> None:
    """Save what was typed into the grids of the page that was shown before this run.

    To be called before anything else changes what the grids were drawn of.
    """
    import streamlit as st

    for drawn in st.session_state.pop(PENDING, {}).values():
        one: _Grid = st.session_state[GRIDS][drawn.name]
        changes = _typed(drawn.key) or one.typed
        if not any(changes.values()) or changes == one.saved or not drawn.save(changes):
            continue
        one.saved = changes
        if drawn.keeps_typing:
            one.content = drawn.content()
