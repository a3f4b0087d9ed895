"""Layout, columns and date format of a table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.app.column_mapping import NOTHING
from sim.app.file_fields import DATE_FORMATS
from sim.app.workspace import as_text

if TYPE_CHECKING:
    from sim.fileio import Table
    from sim.history.tables.actuals import Actuals

LABELS = {"long": "One row per queue and interval", "wide": "One column per queue"}
LONG = ("start", "date", "queue", "channel", "offered", "answered", "aht", "total")
TIMES = ("start", "date")
ORDERS = ("day first", "month first")
"""How ambiguous dates may be written."""


def read_columns(slot: str, raw: Table) -> tuple[Actuals, dict[str, str]] | None:
    """Draw layout, columns and the order of dates, guessed first, and read the table.

    Parameters
    ----------
    slot : str
        Identifies this table.
    raw : Table

    Returns
    -------
    (Actuals, dict) or None
        The contacts, and the title of each column that is used; None while it must be said
        whether day or month comes first.

    Raises
    ------
    BadInputError
        With every cell that cannot be read.
    """
    import streamlit as st

    from sim.history.tables.actuals import read_actuals
    from sim.history.tables.column_mapping import export_of
    from sim.history.tables.wide_table import (
        guess_interval_columns,
        layout_of,
        queue_columns,
        read_wide,
    )

    mark = f"{slot}:{hash((raw.name, raw.header))}"
    system = export_of(raw)
    seems = f" It looks like an export of {system}." if system not in ("", "interval rows") else ""
    st.caption(f"**{as_text(raw.name)}**: {len(raw.rows):,} rows.{seems}")
    guessed = guess_interval_columns(raw)
    layout = st.segmented_control(
        "Layout", list(LABELS), format_func=LABELS.__getitem__, default=layout_of(raw),
        required=True, key=f"{mark}:layout",
    )  # fmt: skip
    sure = "start" in guessed and ("offered" in guessed or layout == "wide")
    with st.expander("Columns", expanded=not sure, icon=":material/view_column:"):
        mapping = _pick_columns(mark, raw, guessed, LONG if layout == "long" else TIMES)
        columns: list[str] = []
        handle: dict[str, str] = {}
        if layout == "wide":
            numbers = queue_columns(raw)
            others = [t for t in raw.header if t and t not in numbers and t not in mapping.values()]
            columns = st.multiselect(
                "Contact columns, one per queue", [*numbers, *others], default=numbers,
                key=f"{mark}:columns",
            )  # fmt: skip
            handle = _handle_times(mark, raw, columns, [*mapping.values(), *columns])
    if layout == "wide":
        _show_left_out(raw, [*mapping.values(), *columns, *handle.values()])
    order = _order(mark, raw, mapping)
    if order is None:
        return None
    if layout == "wide":
        used = mapping | {f"queue {title}": title for title in columns}
        used |= {f"handle time {title}": column for title, column in handle.items()}
        return read_wide(raw, mapping, columns, handle=handle, order=order), used
    return read_actuals(raw, mapping, order=order), mapping


def _handle_times(mark: str, raw: Table, queues: list[str], used: list[str]) -> dict[str, str]:
    """Draw which column has the handle time of each queue, where columns are left for it."""
    import streamlit as st

    from sim.history.tables.column_mapping import MEANINGS
    from sim.history.tables.wide_table import handle_columns

    free = [title for title in raw.header if title and title not in used]
    guessed = handle_columns(raw, queues)
    if not free:
        return {}
    titles = [NOTHING, *free]
    picked: dict[str, str] = {}
    with st.grid(min_column_width=210, gap="small"):
        for queue in queues:
            known = guessed.get(queue, NOTHING)
            title = st.selectbox(
                f"Handle time of {as_text(queue)}", titles,
                index=titles.index(known) if known in titles else 0,
                help=MEANINGS["aht"].help, key=f"{mark}:handle:{queue}",
            )  # fmt: skip
            picked |= {} if title == NOTHING else {queue: title}
    return picked


def _show_left_out(raw: Table, used: list[str]) -> None:
    """Show which columns of the table are not used."""
    import streamlit as st

    left = [as_text(title) for title in raw.header if title and title not in used]
    if left:
        st.caption(f"Columns not used: {', '.join(left)}. Choose them under *Columns*.")


def _pick_columns(
    mark: str, raw: Table, guessed: dict[str, str], wanted: tuple[str, ...]
) -> dict[str, str]:
    """Draw which column each meaning has."""
    import streamlit as st

    from sim.history.tables.column_mapping import MEANINGS

    titles = [NOTHING, *filter(None, raw.header)]
    mapping = {}
    with st.grid(min_column_width=210, gap="small"):
        for key in wanted:
            meaning = MEANINGS[key]
            picked = st.selectbox(
                meaning.title, titles, index=titles.index(guessed.get(key, NOTHING)),
                help=meaning.help, key=f"{mark}:{key}",
            )  # fmt: skip
            mapping[key] = "" if picked == NOTHING else picked
    return mapping


def _order(mark: str, raw: Table, mapping: dict[str, str]) -> str | None:
    """Ask whether day or month comes first where dates are ambiguous; None until answered."""
    import streamlit as st

    from sim.history.tables.wide_table import is_order_open

    if not is_order_open(raw, mapping):
        return "guess"
    title = mapping.get("date") or mapping["start"]
    first = next(str(cells[raw.column(title)]) for _, cells in raw.rows)
    return st.radio(
        f"Dates such as {as_text(first)} are ambiguous. Which comes first?",
        ORDERS, format_func=DATE_FORMATS.__getitem__, index=None, horizontal=True,
        key=f"{mark}:order",
    )  # fmt: skip
