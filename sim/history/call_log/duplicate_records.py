"""Records that a log has twice."""

from __future__ import annotations

import numpy as np

from sim.array_types import Bools, Ints
from sim.history.call_log.log_table import CodedTable
from sim.history.call_log.sorted_log import LogRows, order_of_rows


def duplicate_records(table: CodedTable, rows: LogRows) -> Bools:
    """Return which records are identical in every column of the file to an earlier one.

    Only records whose agent, customer or contact is known count: an agent cannot answer two
    contacts in the same second, but two unknown customers may give up in the same second.

    Parameters
    ----------
    table : CodedTable
    rows : LogRows
        All rows of the table.

    Returns
    -------
    ndarray of bool, shape (rows,)
    """
    known = np.isfinite(rows.instant)
    known &= np.logical_or.reduce(
        [rows.others[name] >= 0 for name in ("agent", "customer", "contact") if name in rows.others]
    )
    at = np.flatnonzero(known)
    keys = [rows.talk, rows.wait, rows.others["agent"].astype(float), rows.instant]
    order = at[order_of_rows([np.nan_to_num(key[at], nan=-1.0) for key in keys])]
    same = np.ones(max(order.size - 1, 0), dtype=bool)
    for key in keys:
        plain = np.nan_to_num(key[order], nan=-1.0)
        same &= plain[1:] == plain[:-1]
    alike = np.concatenate([same, [False]]) | np.concatenate([[False], same])
    suspects = np.sort(order[alike[: order.size]])
    found = np.zeros(rows.instant.size, dtype=bool)
    if suspects.size:  # only then are the other columns looked at
        columns = (_codes(table, title) for title in table.titles if title)
        cells = np.stack([codes[suspects] for codes in columns if codes is not None])
        _, first = np.unique(cells, axis=1, return_index=True)
        found[suspects] = True
        found[suspects[first]] = False
    return found


def _codes(table: CodedTable, title: str) -> Ints | None:
    """Return a code for each row of a column; None for columns of lists, which parquet may have."""
    try:
        return table.column(title).codes
    except (NotImplementedError, TypeError, ValueError):
        return None
