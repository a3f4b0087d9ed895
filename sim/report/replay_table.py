"""One day of a log as a table by quarter of an hour."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from sim.log import State
from sim.report.cumulative import Running, running
from sim.report.replay import QUARTER, STATES, Window
from sim.units import show_clock

if TYPE_CHECKING:
    from sim.log import Log
    from sim.model import Model


def quarter_rows(log: Log, window: Window) -> list[dict[str, str | int]]:
    """Return who waits and what agents do, every quarter of an hour.

    Parameters
    ----------
    log : Log
    window : Window

    Returns
    -------
    list of dict
        One row for each quarter of an hour; columns that are zero all day are left out.
    """
    instants = np.arange(window.start, window.end + 1, QUARTER)
    now = running(log, instants, window.day)
    columns = _columns(log.model, now)
    kept = {name: values for name, values in columns.items() if values.any()}
    table = []
    for k, instant in enumerate(instants):
        clock = show_clock(float(instant) - window.day, "minute")
        row: dict[str, str | int] = {"Time": clock}
        row |= {name: int(values[k]) for name, values in kept.items()}
        level = now.level[k]
        row["In time so far"] = "-" if np.isnan(level) else f"{level:.1%}".replace("%", " %")
        table.append(row)
    return table


def _columns(model: Model, now: Running) -> dict[str, npt.NDArray[np.int64]]:
    waiting = {f"Waiting: {q.name}": now.waiting[k] for k, q in enumerate(model.queues)}
    agents = {f"Agents {STATES[state][0]}": now.agents[state] for state in State}
    return {
        **waiting,
        "In self-service": now.inside,
        **agents,
        "Arrived so far": now.offered,
        "Answered so far": now.answered,
        "Left so far": now.left,
        "Contained so far": now.contained,
    }
