"""Fields of an uploaded file: which sheet is read, and how its dates are written."""

from __future__ import annotations

from collections.abc import Sequence

DATE_FORMATS = {
    "guess": "As the dates show",
    "year first": "Year first: 2026-01-31",
    "day first": "Day first: 31/01/2026",
    "month first": "Month first: 01/31/2026",
}
"""Words for each of :data:`sim.fileio.dates.ORDERS`."""


def sheet_field(of: str, sheets: Sequence[str]) -> str | None:
    """Draw the choice of the sheet of a workbook; None where there is no choice.

    Parameters
    ----------
    of : str
        Identifies the fields of the file.
    sheets : sequence of str
        Titles, that of the sheet which is read without a choice first; empty for other files.
    """
    import streamlit as st

    if len(sheets) < 2:
        return None
    chosen: str = st.selectbox("Sheet", sheets, key=f"{of}:sheet")
    return chosen


def date_format_field(of: str, known: str | None = None) -> str:
    """Draw how dates such as 05/01/2026 are written; return one of the keys of DATE_FORMATS.

    Parameters
    ----------
    of : str
        Identifies the fields of the file.
    known : {"day-first", "month-first"}, optional
        Filled in at first.
    """
    import streamlit as st

    from sim.fileio.dates import order_named

    formats = list(DATE_FORMATS)
    return st.selectbox(
        "Date format", formats, formats.index(order_named(known)),
        format_func=DATE_FORMATS.__getitem__, key=f"{of}:order",
        help="Matters only for ambiguous dates such as 05/01/2026 (January or May).",
    )  # fmt: skip
