"""Rows of a file as a log: sorted by time, with codes that names do not decide."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from sim.array_types import Bools, Floats, Ints
from sim.history.call_log import cleaning as clean
from sim.history.call_log.cleaning import Cleaning
from sim.history.call_log.contact_records import CallLog
from sim.units import DAY

FIRST_DATE = dt.date(1970, 1, 1)
"""From here days and instants are counted."""
DAY_STEPS = ("missing days", "nearly empty days")
"""Steps of cleaning that count days."""


@dataclass
class LogRows:
    """The columns of a file as numbers, with one value per row."""

    instant: Floats
    wait: Floats
    outcome: Ints
    talk: Floats
    others: dict[str, Any]

    def keep(self, rows: Bools | Ints) -> None:
        """Keep some of the rows, in the order of a mask or of places."""
        for name in ("instant", "wait", "outcome", "talk"):
            setattr(self, name, getattr(self, name)[rows])
        self.others = {name: column[rows] for name, column in self.others.items()}


def sorted_log(
    rows: LogRows,
    names: tuple[list[str], list[str]],
    channel_of: Mapping[str, str],
    bounds: tuple[dt.date | None, dt.date | None],
) -> CallLog:
    """Return the log in an order that neither rows nor names of the file decide.

    Parameters
    ----------
    rows : LogRows
    names : tuple of list of str
        Of queues, and of agents.
    channel_of : mapping of str to str
        Channel by queue, where it is known.
    bounds : tuple of date or None
        First and last day asked for.
    """
    others = rows.others
    queues, others["queue"] = _by_size(names[0], others["queue"])
    others["agent"] = _by_first(others["agent"], rows)
    talk = np.nan_to_num(rows.talk, nan=-1.0)
    priority = np.nan_to_num(others["priority"], nan=-1.0)
    order = order_of_rows(
        (others["agent"], priority, talk, rows.outcome, rows.wait, others["queue"], rows.instant)
    )
    rows.keep(order)
    others = rows.others
    day = (rows.instant // DAY).astype(np.int64)
    first = int(day[0]) if bounds[0] is None else (bounds[0] - FIRST_DATE).days
    last = int(day[-1]) if bounds[1] is None else (bounds[1] - FIRST_DATE).days
    first_day = FIRST_DATE + dt.timedelta(days=first)
    counts = np.bincount(day - first, minlength=last - first + 1)
    weekday = (first_day.weekday() + np.arange(counts.size)) % 7
    return CallLog(
        first_day=first_day,
        day=day - first,
        offered=rows.instant - day * DAY,
        queue=others["queue"],
        queues=queues,
        wait=rows.wait,
        outcome=rows.outcome,
        talk=rows.talk,
        agent=others["agent"],
        agents=tuple(f"agent {at + 1}" for at in range(int(others["agent"].max()) + 1)),
        customer=_in_order(others["customer"]),
        priority=others["priority"],
        day_used=clean.used_days(counts, weekday)[0],
        wrap=others.get("wrap"),
        resolved=others.get("resolved"),
        survey=others.get("survey"),
        issue=_in_order(others["issue"]) if "issue" in others else None,
        contact=_in_order(others["contact"]) if "contact" in others else None,
        channels=tuple(channel_of.get(name, "") for name in queues) if channel_of else (),
    )


def order_of_rows(keys: Sequence[Floats | Ints]) -> Ints:
    """Return what :func:`numpy.lexsort` returns: fast where few values of the last key are equal.

    Parameters
    ----------
    keys : sequence of ndarray, shape (rows,)
        The last one decides first; none is NaN.
    """
    order = np.argsort(keys[-1], kind="stable")
    first = keys[-1][order]
    same = first[1:] == first[:-1]
    tied = np.flatnonzero(np.append(same, False) | np.insert(same, 0, False))
    among = order[tied]
    order[tied] = among[np.lexsort([key[among] for key in keys])]
    return order


def _by_size(names: list[str], codes: Ints) -> tuple[tuple[str, ...], Ints]:
    """Return names in the order of their number of contacts, and codes for them."""
    counts = np.bincount(codes, minlength=len(names))
    order = sorted(
        (at for at in range(len(names)) if counts[at]), key=lambda at: (-counts[at], names[at])
    )
    places = np.full(len(names), -1, dtype=np.int64)
    places[order] = np.arange(len(order))
    return tuple(names[at] for at in order), places[codes]


def _by_first(codes: Ints, rows: LogRows) -> Ints:
    """Return codes in the order of the first contact of each, then of number and sum of talks."""
    known = codes >= 0
    size = int(codes.max()) + 1 if codes.size else 0
    first = np.full(size, np.inf)
    np.minimum.at(first, codes[known], (rows.instant + rows.wait)[known])
    count = np.bincount(codes[known], minlength=size)
    talk = np.bincount(codes[known], np.nan_to_num(rows.talk[known]), minlength=size)
    order = np.lexsort((talk, -count, first))
    order = order[count[order] > 0]
    places = np.full(size + 1, -1, dtype=np.int64)  # the last one is for unknown
    places[order] = np.arange(order.size)
    return places[codes]


def _in_order(codes: Ints) -> Ints:
    """Return codes numbered by their first appearance; -1 stays."""
    known = np.flatnonzero(codes >= 0)
    found = np.full(codes.size, -1, dtype=np.int64)
    if known.size:
        _, first, inverse = np.unique(codes[known], return_index=True, return_inverse=True)
        rank = np.empty(first.size, dtype=np.int64)
        rank[np.argsort(first)] = np.arange(first.size)
        found[known] = rank[inverse]
    return found


def flag_days(log: CallLog, steps: Cleaning) -> None:
    """Add missing and nearly empty days to the steps of cleaning."""
    counts = np.bincount(log.day, minlength=log.days)
    _, missing, near_empty = clean.used_days(counts, log.weekday)
    for name, days in zip(DAY_STEPS, (missing, near_empty), strict=True):
        shown = ", ".join(str(log.date(day)) for day in np.flatnonzero(days)[:8])
        more = int(days.sum()) - 8
        shown += f" and {more} more" if more > 0 else ""
        steps.add(name, days, f"not used: {shown}" if shown else "none")
