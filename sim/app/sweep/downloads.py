"""Downloads of a sweep: workbook, page and table."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from sim.app.csv_download import csv_bytes
from sim.app.result_components import file_name

MIME = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "html": "text/html",
    "csv": "text/csv",
}

if TYPE_CHECKING:
    from sim.app.sweep.saved_sweeps import SavedSweep
    from sim.experiment.sweep.worker import CellResult


def sweep_downloads(
    saved: SavedSweep, cells: Mapping[int, CellResult], rows: Sequence[Mapping[str, Any]]
) -> None:
    """Draw the downloads of a sweep: a table of what is finished, all else at its end.

    Parameters
    ----------
    kept : Kept
    cells : mapping of int to CellResult
        The finished cells.
    rows : sequence of mapping
        The table that is shown.
    """
    import streamlit as st

    name, ended = file_name(saved.name), saved.is_finished
    later = None if ended else "Available when all variants are finished."
    files: tuple[tuple[str, str, Callable[[], bytes | str], str, bool], ...] = (
        (
            "Workbook (XLSX)", "xlsx", lambda: workbook(saved),
            later or "All variants with metrics, a chart, sensitivity and definitions.", ended,
        ),
        (
            "Report (HTML)", "html", lambda: page(saved),
            later or "The report of the sweep as a self-contained page.", ended,
        ),
        (
            "Table (CSV)", "csv", lambda: csv_bytes(rows),
            f"The {len(cells)} finished variants as shown in the table.", True,
        ),
    )  # fmt: skip
    with st.container(horizontal=True):
        for title, ending, content, words, ready in files:
            st.download_button(
                title,
                data=content,
                file_name=f"{name}.{ending}",
                mime=MIME[ending],
                icon=":material/download:",
                on_click="ignore",
                disabled=not ready,
                help=words,
                key=f"sweep:{ending}",
            )


def workbook(saved: SavedSweep) -> bytes:
    """Return the workbook of a finished sweep."""
    from sim.report.sweep.workbook import write_book

    with TemporaryDirectory(prefix="ccplan-") as folder:
        file = Path(folder) / "sweep.xlsx"
        write_book(file, saved.result)
        return file.read_bytes()


def page(saved: SavedSweep) -> str:
    """Return the page of a finished sweep."""
    from sim.report.sweep import page

    return page.page(saved.result)
