"""The pages of the planner, in the order of the navigation."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.app.navigation import NEW_SCENARIO

if TYPE_CHECKING:
    from streamlit.navigation.page import StreamlitPage


def pages() -> dict[str, list[StreamlitPage]]:
    """Return the pages by section; a section without a name stands first."""
    import streamlit as st

    from sim.app.pages import (
        compare,
        metrics,
        new_scenario,
        report,
        scenario,
        self_service,
        staffing,
        start,
        validation,
        watch,
    )
    from sim.app.pages.classroom import class_view, free_play, lessons

    return {
        "Plan": [
            st.Page(start.page, title="Start", icon=":material/tune:", default=True),
            st.Page(
                new_scenario.page,
                title="New scenario",
                icon=":material/table_view:",
                url_path=NEW_SCENARIO,
            ),
            st.Page(
                scenario.page, title="Scenario", icon=":material/edit_note:", url_path="scenario"
            ),
            st.Page(
                staffing.page,
                title="Staffing",
                icon=":material/groups:",
                url_path="staffing",
            ),
            st.Page(
                compare.page, title="Compare", icon=":material/compare_arrows:", url_path="compare"
            ),
            st.Page(
                self_service.page,
                title="Self-service",
                icon=":material/smart_toy:",
                url_path="self_service",
            ),
        ],
        "Look": [
            st.Page(
                watch.page, title="Watch", icon=":material/slow_motion_video:", url_path="watch"
            ),
            st.Page(
                validation.page, title="Believe it", icon=":material/verified:", url_path="believe"
            ),
            st.Page(report.page, title="Report", icon=":material/description:", url_path="report"),
        ],
        "Learn": [
            st.Page(lessons.page, title="Classroom", icon=":material/school:", url_path="learn"),
            st.Page(
                class_view.page,
                title="Class view",
                icon=":material/co_present:",
                url_path="class_view",
            ),
            st.Page(
                free_play.page,
                title="Free play",
                icon=":material/sports_esports:",
                url_path="free_play",
            ),
            st.Page(
                metrics.page,
                title="About the figures",
                icon=":material/menu_book:",
                url_path="figures",
            ),
        ],
    }
