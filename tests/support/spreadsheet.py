"""Evaluates the formulas of a workbook, as far as the ones written here need it."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import openpyxl
from scipy import stats

CELL = re.compile(r"(?:'([^']+)'!|\b([A-Za-z]+)!)?\$?\b([A-Z]{1,2})\$?([1-9]\d*)\b")
ROWS = re.compile(r"ROW\(\$1:\$(\d+)\)")


def gamma_dist(x: Any, alpha: Any, beta: float, cumulative: bool) -> Any:
    """Return density or distribution of the gamma distribution, as GAMMA.DIST does."""
    law = stats.gamma(alpha, scale=beta)
    return law.cdf(x) if cumulative else law.pdf(x)


def roundup(x: float, digits: int) -> float:
    """Round away from zero."""
    return float(np.sign(x) * np.ceil(abs(x) * 10**digits) / 10**digits)


FUNCTIONS: dict[str, Any] = {
    "GAMMA_DIST": gamma_dist,
    "EXP": np.exp,
    "SQRT": np.sqrt,
    "INT": np.floor,
    "MAX": lambda *values: max(values),
    "MIN": lambda *values: min(values),
    "MEDIAN": lambda *values: float(np.median(values)),
    "SUMPRODUCT": np.sum,
    "IF": lambda test, yes, no="": yes if test else no,
    "AND": lambda *values: all(values),
    "OR": lambda *values: any(values),
    "NA": lambda: np.nan,
    "IFERROR": lambda value, other: value if np.isfinite(value) else other,
    "ROUND": lambda x, digits: round(float(x), digits),
    "ROUNDUP": roundup,
    "TRUE": True,
    "FALSE": False,
}


class Recalculated:
    """A workbook whose inputs may be changed, and whose cells are computed when asked for.

    Parameters
    ----------
    path : path of a workbook
    """

    def __init__(self, path: Any) -> None:
        self.book = openpyxl.load_workbook(path)
        self.known: dict[tuple[str, str], Any] = {}

    def set(self, sheet: str, cell: str, value: float) -> None:
        """Type a number into a cell."""
        assert not isinstance(self.book[sheet][cell].value, str), "an input holds a number"
        self.book[sheet][cell].value = value
        self.known.clear()

    def value(self, sheet: str, cell: str) -> Any:
        """Return what a cell shows."""
        key = (sheet, cell)
        if key not in self.known:
            content = self.book[sheet][cell].value
            if isinstance(content, str) and content.startswith("="):
                content = self._computed(sheet, content[1:])
            self.known[key] = content
        return self.known[key]

    def _computed(self, sheet: str, formula: str) -> Any:
        names: dict[str, Any] = {}

        def named(match: re.Match[str]) -> str:
            other = match[1] or match[2] or sheet
            name = f"c_{len(names)}"
            found = self.value(other, match[3] + match[4])
            names[name] = np.float64(found) if isinstance(found, (int, float)) else found
            return name

        text = ROWS.sub(r"np_rows(\1)", formula.replace("_xlfn.", ""))
        text = CELL.sub(named, text.replace("GAMMA.DIST", "GAMMA_DIST").replace("--(", "1*("))
        text = re.sub(r"(?<![<>=])=(?!=)", "==", text.replace("^", "**"))
        space = FUNCTIONS | names | {"np_rows": lambda n: np.arange(1.0, n + 1)}
        with np.errstate(all="ignore"):
            return eval(text, {"__builtins__": {}}, space)
