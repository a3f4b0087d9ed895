"""The first difference between two engines, if there is one; for tests and `make verify`."""

from __future__ import annotations

from collections import Counter
from itertools import islice
from typing import Any

import numpy as np

from sim.engine import simulate_replication
from sim.experiment.kernel_tallies import KernelTallier
from sim.log import Log, LogTable
from sim.metrics import tally_log
from sim.model import Model
from sim.tape import draw_tape


def first_difference(
    model: Model, seed: int, replication: int, logs: tuple[Log, Log] | None = None
) -> str | None:
    """Return what the engines tell differently first in time, None when nothing."""
    one, other = logs or (
        simulate_replication(model, seed, replication, "reference"),
        simulate_replication(model, seed, replication, "kernel"),
    )
    found = []
    for name in ("legs", "states", "presences"):
        found += _differences(name, getattr(one, name), getattr(other, name))
    if one.unstable != other.unstable:
        found.append((np.inf, f"unstable: {one.unstable} and {other.unstable}"))
    if not found:
        return None
    instant, text = min(found)
    return f"the logs first part at {instant:.6f} s: {text}"


def sums_difference(log: Log, antithetic: bool = False) -> str | None:
    """Return the first sum that compiled code makes otherwise than from the log, None if none."""
    tape = draw_tape(log.model, log.seed, log.replication, antithetic)
    mine, yours = tally_log(log), KernelTallier(log.model).tally(tape)
    if mine.unstable != yours.unstable:
        return f"unstable: {mine.unstable} of the log, {yours.unstable} summed"
    for name in ("legs", "issues", "time", "longest", "waits", "completions", "journeys"):
        one, other = getattr(mine, name), getattr(yours, name)
        if not np.array_equal(one, other):
            at = tuple(int(k[0]) for k in np.nonzero(one != other))
            return f"{name}{list(at)}: {one[at]!r} of the log, {other[at]!r} summed"
    return None


def _differences(name: str, one: LogTable, other: LogTable) -> list[tuple[Any, str]]:
    """Return each row that differs: when it began, and what it says in both logs.

    Rows in another order differ too; they are reported by the position where that begins.
    """
    mine, yours = _rows(one), _rows(other)
    fewer, more = Counter(mine) - Counter(yours), Counter(yours) - Counter(mine)
    only = [("reference", row) for row in fewer] + [("kernel", row) for row in more]
    if not only:
        moved = (row for row, its in zip(mine, yours, strict=True) if row != its)
        only = [("reference at this place", row) for row in islice(moved, 1)]
    names = list(one.columns())
    at = names.index("enter" if name == "legs" else "start")
    return [
        (row[at], f"{name}, only the {who}: {dict(zip(names, row, strict=True))}")
        for who, row in only
    ]


def _rows(table: LogTable) -> list[tuple[float | str, ...]]:
    columns = [np.asarray(c, dtype=float).tolist() for c in table.columns().values()]
    return [tuple("none" if x != x else x for x in row) for row in zip(*columns, strict=True)]
