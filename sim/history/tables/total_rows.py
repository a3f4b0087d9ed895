"""Rows of totals, which reports write below their rows."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sim.fileio import is_missing

TOTALS = frozenset({
    "total", "totals", "grand total", "overall total", "sum", "summary", "gesamt", "gesamtsumme",
    "summe", "insgesamt", "totaal", "totale", "total general",
})  # fmt: skip
"""First words of such a row, in lower case."""
LEFT_OUT = "left out as totals"


def is_row_of_totals(cells: Iterable[Any]) -> bool:
    """Return whether the first cell of a row that is filled says that the others are totals."""
    first = next((cell for cell in cells if not is_missing(cell)), None)
    return isinstance(first, str) and first.strip().rstrip(":").casefold() in TOTALS
