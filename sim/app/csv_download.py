"""Rows as CSV that a spreadsheet program reads."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any


def csv_bytes(rows: Sequence[Mapping[str, Any]]) -> bytes:
    """Return rows as CSV that a spreadsheet program reads."""
    import pandas as pd

    from sim.fileio.spreadsheet_formulas import escape_formula

    safe = pd.DataFrame(rows).map(escape_formula)
    return safe.to_csv(index=False).encode("utf-8-sig")
