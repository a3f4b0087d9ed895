"""Editable grids: the browser holds what is typed, and it is saved all at once."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sim.app.polling import polled

PENDING, GRIDS = "grids:drawn", "grids"
SPARE_ROWS, SPARE_IN_VIEW = 100, 4
"""Empty rows below those of a table that can grow, and how many of them are seen at first."""
ROW_PX = 33
"""Height of a row as Streamlit draws it."""
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
    rows: int | None
    save: Callable[[Mapping[str, Any]], bool]
    content: Callable[[], object]


def grid(
    data: Any,
    name: str,
    content: Callable[[], object],
    save: Callable[[Mapping[str, Any]], bool],
    grows: bool = False,
    **options: Any,
) -> None:
    """Draw a grid, and a button that saves what was typed into it.

    Typing does not run the page again, so nothing is redrawn while the user types. The
    key of the grid stays as long as what it shows was changed by nothing but the grid itself.

    Parameters
    ----------
    data : pandas.DataFrame
    name : str
        Identifies the grid.
    content : callable
        Returns what the grid is drawn of; when that changed elsewhere, the grid begins anew.
    save : callable
        Given the changes as ``st.data_editor`` reports them: ``edited_rows``, ``added_rows`` and
        ``deleted_rows``; returns whether they were taken.
    grows : bool
        Whether rows can be added and removed. Empty rows stand below the others to be typed
        into: where Streamlit adds a row itself, the click that adds it moves the open cell to
        the first row, and what is typed then overwrites that.
    **options
        Of ``st.data_editor``.
    """
    import streamlit as st

    known: dict[str, _Grid] = st.session_state.setdefault(GRIDS, {})
    one = known.setdefault(name, _Grid(content()))
    if one.content != (now := content()):
        known[name] = one = _Grid(now, one.number + 1)
    key = f"grid:{name}:{one.number}"
    rows = len(data) if grows else None
    if grows:
        data = data.reindex(range(len(data) + SPARE_ROWS))
        height = ROW_PX * (len(data) - SPARE_ROWS + SPARE_IN_VIEW + 1) + 2
        options = {"num_rows": "delete", "height": height} | options
    st.data_editor(data, key=key, on_change="ignore", **options)
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button(
            "Save table", key=f"save:{name}", icon=":material/save:", type="primary",
            on_click=save_typed,
        )  # fmt: skip
        polled(lambda: _unsaved(one, key, rows), LOOK_S)
        load_editors()
    drawn = st.session_state.setdefault(PENDING, {})
    drawn[name] = _Drawn(name, key, rows, save, content)


def load_editors() -> None:
    """Have the browser load the editors of cells before the first key is pressed.

    Streamlit loads them when the first cell is opened; keys pressed meanwhile would be lost.
    """
    import streamlit as st

    files = Path(st.__file__).parent / "static" / "static" / "js"
    names = sorted(file.name for file in files.glob("*overlay-editor*.js"))
    loads = "".join(f'import(new URL("static/js/{name}", document.baseURI));' for name in names)
    st.html(f"<script>{loads}</script>", unsafe_allow_javascript=True)


def _unsaved(one: _Grid, key: str, rows: int | None) -> None:
    """Say how much was typed and is not saved."""
    import streamlit as st

    one.typed = _typed(key, rows)
    count = _count(one)
    if not count:
        st.caption("Saved with *Save table*, or when you switch to another tab or page.")
    else:
        st.caption(f"**Not saved yet:** {'one row' if count == 1 else f'{count} rows'}.")


def _count(one: _Grid) -> int:
    """Return the rows of a grid that were typed into and are not saved."""
    return 0 if one.typed == one.saved else sum(len(found) for found in one.typed.values())


def rows_not_saved() -> int:
    """Return the rows of all tables of the page that were typed into and are not saved."""
    import streamlit as st

    count = 0
    for drawn in st.session_state.get(PENDING, {}).values():
        one: _Grid = st.session_state[GRIDS][drawn.name]
        one.typed = _typed(drawn.key, drawn.rows) or one.typed
        count += _count(one)
    return count


def _typed(key: str, rows: int | None) -> dict[str, Any]:
    """Return what was typed into a grid.

    Parameters
    ----------
    key : str
    rows : int or None
        Rows that the table had: what is typed below them is a new row, unless nothing stands in
        it. None for a table that does not grow.
    """
    import streamlit as st

    found = deepcopy(dict(st.session_state.get(key) or {}))
    if rows is None or not found:
        return found
    edited = {int(number): cells for number, cells in found.get("edited_rows", {}).items()}
    new = [edited[number] for number in sorted(edited) if number >= rows]
    return {
        "edited_rows": {number: cells for number, cells in edited.items() if number < rows},
        "added_rows": [row for row in new if any(row.values())],
        "deleted_rows": [number for number in found.get("deleted_rows", ()) if number < rows],
    }


def save_typed() -> None:
    """Save what was typed into the grids of the page that was shown before this run.

    To be called before anything else changes what the grids were drawn of.
    """
    import streamlit as st

    for drawn in st.session_state.pop(PENDING, {}).values():
        one: _Grid = st.session_state[GRIDS][drawn.name]
        changes = _typed(drawn.key, drawn.rows) or one.typed
        if not any(changes.values()) or changes == one.saved or not drawn.save(changes):
            continue
        one.saved = changes
        if drawn.rows is None:  # the cells take new values under what was typed
            one.content = drawn.content()
