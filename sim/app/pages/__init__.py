"""The pages of the app, in the order of the navigation."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from sim.app.navigation import MOVED, NEW_SCENARIO, redirect

if TYPE_CHECKING:
    from collections.abc import Callable

    from streamlit.navigation.page import StreamlitPage

SECTIONS = ("Simulate", "Data", "Plan", "Compare", "Experience", "Learn")
"""Sections in the order of a planner's work; one without pages is not shown."""


def pages() -> dict[str, list[StreamlitPage]]:
    """Return the pages by section."""
    by_section = _by_section()
    return {name: by_section[name] for name in SECTIONS if by_section.get(name)}


def _by_section() -> dict[str, list[StreamlitPage]]:
    import streamlit as st

    from sim.app.pages import (
        calibrate,
        experience,
        forecast,
        invest,
        metrics,
        new_scenario,
        report,
        results,
        roster,
        scenario,
        self_service,
        shifts,
        staffing,
        start,
        sweeps,
        validation,
        watch,
    )
    from sim.app.pages.classroom import class_view, free_play, lessons

    def add(page: Callable[[], None], title: str, icon: str, path: str) -> StreamlitPage:
        return st.Page(page, title=title, icon=f":material/{icon}:", url_path=path)

    return {
        "Simulate": [
            st.Page(start.page, title="Start", icon=":material/tune:", default=True),
            add(watch.page, "Watch", "slow_motion_video", "watch"),
            add(self_service.page, "Self-service", "smart_toy", "self_service"),
        ],
        "Data": [
            add(forecast.page, "Forecast", "trending_up", "forecast"),
            add(calibrate.page, "Calibrate", "tune", "calibrate"),
            add(validation.page, "Validation", "verified", "validation"),
        ],
        "Plan": [
            add(scenario.page, "Scenario", "edit_note", "scenario"),
            add(new_scenario.page, "New scenario", "table_view", NEW_SCENARIO),
            add(staffing.page, "Staffing", "groups", "staffing"),
            add(shifts.page, "Shifts", "view_timeline", "shifts"),
            add(roster.page, "Roster", "calendar_month", "roster"),
            add(invest.page, "Invest", "savings", "invest"),
        ],
        "Compare": [
            add(results.page, "Results", "compare_arrows", "results"),
            add(sweeps.page, "Sweeps", "grid_on", "sweeps"),
            add(report.page, "Report", "description", "report"),
        ],
        "Experience": [
            add(experience.page, "Experience", "sentiment_satisfied", "experience"),
        ],
        "Learn": [
            add(lessons.page, "Classroom", "school", "classroom"),
            add(class_view.page, "Class view", "co_present", "class_view"),
            add(free_play.page, "Free play", "sports_esports", "free_play"),
            add(metrics.page, "About the metrics", "menu_book", "metrics"),
        ],
    }


def moved_pages() -> list[StreamlitPage]:
    """Return hidden pages that lead from former addresses to the present ones."""
    import streamlit as st

    return [
        st.Page(partial(redirect, new), title=new, url_path=old, visibility="hidden")
        for old, new in MOVED.items()
    ]
