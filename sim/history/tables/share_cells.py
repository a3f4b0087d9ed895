"""Cells that hold shares: 0.8, 80 or 80%, one way of writing for a whole column."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from sim.history.tables.interval_reader import amount
from sim.units import BadInputError

if TYPE_CHECKING:
    from sim.fileio import Numbers, Table

SHARES = ("level", "shrinkage")
"""Meanings of columns whose cells are shares."""


def columns_in_percent(raw: Table, places: Mapping[str, int]) -> dict[str, bool]:
    """Return by column of shares whether its plain numbers are percent: some is above 1.

    Parameters
    ----------
    raw : Table
    places : mapping of str to int
        Place of the column by meaning.
    """
    found = {}
    for key in SHARES:
        if key in places:
            found[key] = any(_plain(cell, raw.numbers) > 1 for cell in raw.cells(places[key]))
    return found


def _plain(cell: Any, written: Numbers) -> float:
    try:
        return amount(cell, written)
    except BadInputError:
        return 0.0


def share_of_cell(value: Any, percent: bool, written: Numbers) -> float:
    """Return the share of a cell.

    Parameters
    ----------
    value : object
    percent : bool
        Whether plain numbers of the column are percent.
    written : Numbers
        How the table writes numbers.

    Raises
    ------
    BadInputError
        When it is not a share from 0 to 1.
    """
    if isinstance(value, str) and value.rstrip().endswith("%"):
        number = amount(value.rstrip()[:-1].strip(), written) / 100
    else:
        number = amount(value, written) / (100 if percent else 1)
    if number > 1:
        raise BadInputError(f"{value!r} is more than 100%; allowed: 0.8, 80 or 80%")
    return number
