"""Choice of one day of a scenario of several."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import TYPE_CHECKING

from sim.app.workspace import recall, remember

if TYPE_CHECKING:
    from sim.app.scenario_picker import ScenarioChoice

ALL_DAYS = "All days"


def pick_day(choice: ScenarioChoice, days: Sequence[str]) -> str | None:
    """Draw the choice of a day where there are several, and return its date; None for all.

    Parameters
    ----------
    choice : ScenarioChoice
        The day is remembered for it, on all pages.
    days : sequence of str
        Dates, such as ``2026-01-05``.
    """
    import streamlit as st

    if len(days) < 2:
        return None
    key = recall(f"day:{choice.key}", ALL_DAYS, [ALL_DAYS, *days])
    st.selectbox(
        "Day", [ALL_DAYS, *days], key=key, width=260, format_func=_words,
        help="One day, or all of them; type to search.",
    )  # fmt: skip
    day = str(remember(key))
    return None if day == ALL_DAYS else day


def _words(day: str) -> str:
    return day if day == ALL_DAYS else f"{dt.date.fromisoformat(day):%a %d %b %Y}"
