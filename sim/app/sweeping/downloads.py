"""Downloads of a sweep: workbook, page and table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from sim.app.parts import file_name

if TYPE_CHECKING:
    from sim.app.sweeping.folder import Kept
    from sim.experiment.sweep.work import Lived


def sweep_downloads(
    kept: Kept, lived: Mapping[int, Lived], rows: Sequence[Mapping[str, Any]]
) -> None:
    """Draw the downloads of a sweep: a table of what is finished, all else at its end.

    Parameters
    ----------
    kept : Kept
    lived : mapping of int to Lived
        The finished cells.
    rows : sequence of mapping
        The table that is shown.
    """
    import streamlit as st

    name, ended = file_name(kept.name), kept.is_finished
    later = None if ended else "When all variants are finished."
    with st.container(horizontal=True):
        st.download_button(
            "Workbook (XLSX)",
            data=lambda: workbook(kept),
            file_name=f"{name}.xlsx",
            icon=":material/download:",
            on_click="ignore",
            disabled=not ended,
            help=later or "Every variant with its figures, a chart, sensitivity and definitions.",
            key="sweep:xlsx",
        )
        st.download_button(
            "Page (HTML)",
            data=lambda: page(kept),
            file_name=f"{name}.html",
            mime="text/html",
            icon=":material/download:",
            on_click="ignore",
            disabled=not ended,
            help=later or "The report of the sweep on one page that needs no network.",
            key="sweep:html",
        )
        st.download_button(
            "Table (CSV)",
            data=lambda: table(rows),
            file_name=f"{name}.csv",
            mime="text/csv",
            icon=":material/download:",
            on_click="ignore",
            help=f"The {len(lived)} finished variants as shown in the table.",
            key="sweep:csv",
        )


def workbook(kept: Kept) -> bytes:
    """Return the workbook of a finished sweep."""
    from sim.report.sweep_book import write_book

    with TemporaryDirectory(prefix="ccplan-") as folder:
        file = Path(folder) / "sweep.xlsx"
        write_book(file, kept.swept)
        return file.read_bytes()


def page(kept: Kept) -> str:
    """Return the page of a finished sweep."""
    from sim.report import sweep_page

    return sweep_page.page(kept.swept)


def table(rows: Sequence[Mapping[str, Any]]) -> bytes:
    """Return rows as CSV that a spreadsheet program reads."""
    import pandas as pd

    from sim.fileio.formulas import escape_formula

    safe = pd.DataFrame(rows).map(escape_formula)
    return safe.to_csv(index=False).encode("utf-8-sig")
