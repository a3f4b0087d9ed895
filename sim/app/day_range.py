"""Choice of days of a file: the first, the last, and those that are left out."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from sim.app.scenario_picker import show_problems


def day_range(
    slot: str, days: Sequence[dt.date], may_leave_out: bool = False
) -> tuple[dt.date | None, dt.date | None, list[str]]:
    """Draw the choice of days, of which only those of the file can be chosen.

    Parameters
    ----------
    slot : str
        Identifies the fields.
    days : sequence of date
        Of the file, ascending.
    may_leave_out : bool
        Whether single days may be left out too.

    Returns
    -------
    (date or None, date or None, list of str)
        First and last day, None for that of the file, and days that are left out. A first day
        after the last one is reported, and for the caller to refuse.
    """
    import streamlit as st

    if not days:
        return None, None, []
    of = f"{slot}:{days[0]}:{days[-1]}:{len(days)}"
    last_at = len(days) - 1
    fields = st.columns(3)
    with fields[0]:
        first = st.selectbox("From", days, format_func=_shown, key=f"{of}:first")
    with fields[1]:
        last = st.selectbox("To", days, last_at, format_func=_shown, key=f"{of}:last")
    without: list[dt.date] = []
    if may_leave_out:
        with fields[2]:
            without = st.multiselect(
                "Leave out days", [day for day in days if first <= day <= last],
                format_func=_shown, key=f"{of}:without", placeholder="none",
                help="Such as days with an outage.",
            )  # fmt: skip
    if first > last:
        show_problems([f"From: {first} is after {last}; allowed: a day up to it"])
    return (
        None if first == days[0] else first,
        None if last == days[-1] else last,
        [day.isoformat() for day in without],
    )


def _shown(day: dt.date) -> str:
    return f"{day:%a} {day.isoformat()}"
