"""Text that a spreadsheet must not take for a formula."""

from __future__ import annotations

import re
from typing import Any

TEXT_ONLY = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
"""Options by which xlsxwriter takes text as text: no formulas, no links."""
IN_MEMORY = {"in_memory": True}
"""Option by which xlsxwriter leaves no temporary files behind when it is stopped half-way."""
_IGNORED = r"\s\x00-\x1f\u00ad\u200b-\u200f\u2060\ufeff"
"""Blanks and signs without a shape, which spreadsheets skip at the beginning of a cell."""
_FORMULA = re.compile(f"[{_IGNORED}]*[=+\\-@\uff1d\uff0b\uff0d\uff20]|[\t\r]")
_PLAIN_NUMBER = re.compile(r"[+-]?\d+(?:[.,]\d+)?\s?%?")


def escape_formula(value: Any) -> Any:
    """Return a value that no spreadsheet runs when it opens a CSV file.

    Parameters
    ----------
    value : object
        Text that begins like a formula, also after blanks, gets ``'`` before it; plain numbers
        such as ``-5.2 %`` and everything that is not a text stay as they are.
    """
    if isinstance(value, str) and _FORMULA.match(value) and not _PLAIN_NUMBER.fullmatch(value):
        return f"'{value}"
    return value
