"""Planning of shifts on page Shifts: options, progress, and what the plan costs and covers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sim.app.planning_jobs import PlanningJob, finished_plan, forget_plan, start_plan
from sim.app.workspace import as_text, recall, remember

if TYPE_CHECKING:
    from sim.planning import ShiftSchedule
    from sim.scenario import Scenario

SLOT = "shifts"
LIMITS = (10, 30, 60, 120, 300)
"""Time limits of the search (s)."""


def planned_shifts(scenario: Scenario) -> ShiftSchedule | None:
    """Draw the search for shifts; return the schedule, or None where there is none.

    Parameters
    ----------
    scenario : Scenario
    """
    import streamlit as st

    with st.expander("Plan shifts", icon=":material/auto_fix_high:"):
        st.caption(_patterns(scenario))
        left, right = st.columns(2)
        with left:
            key = recall("shifts:limit", 30, LIMITS)
            st.select_slider(
                "Time limit of the search", LIMITS, key=key, format_func=lambda s: f"{s} s",
                help="The search ends earlier when no cheaper plan can exist.",
            )  # fmt: skip
            limit = int(remember(key))
        with right:
            key = recall("shifts:seats", 0, lambda n: isinstance(n, int) and n >= 0)
            st.number_input(
                "Seats", min_value=0, max_value=100_000, step=1, key=key,
                help="Most agents on duty at the same time; 0: no limit.",
            )  # fmt: skip
            seats = int(remember(key)) or None
        options = (scenario.fingerprint, limit, seats)
        if st.button("Plan shifts", type="primary", key="shifts:start", icon=":material/search:"):
            start_plan(SLOT, PlanningJob(options, "Planning shifts", _work(scenario, limit, seats),
                                         limit))  # fmt: skip
            st.rerun()
    found: ShiftSchedule | None = finished_plan(SLOT, options, str)
    if found is not None:
        _shown(found)
    return found


def _work(scenario: Scenario, limit: int, seats: int | None) -> Any:
    def work(job: PlanningJob) -> ShiftSchedule:
        from sim.planning import plan_shifts

        return plan_shifts(scenario, time_limit=float(limit), seats=seats)

    return work


def _patterns(scenario: Scenario) -> str:
    """Return from what shifts are planned."""
    names = ", ".join(scenario.pattern)
    own = (
        f"Patterns of the scenario: {as_text(names)}."
        if names
        else "The scenario has no shift patterns, so full-time shifts of 8 h 30 min and part-time "
        "shifts of 4 h are assumed; your own stand in the scenario as [pattern.NAME]."
    )
    return f"Finds the shifts that cover the requirement by formula at least cost. {own}"


def _shown(found: ShiftSchedule) -> None:
    """Draw cost and coverage of a schedule, its notes, and a button that discards it."""
    import streamlit as st

    from sim.report.formatting import show
    from sim.report.shift_view import schedule_cards, schedule_reasons

    with st.grid(min_column_width=150, gap="small"):
        for name, value, text in schedule_cards(found):
            st.metric(name, value, border=True, help=text, height="stretch")
    if found.uncovered:
        st.warning(
            "\n\n".join(
                [f"{show(found.uncovered_hours, 'h')} of the requirement are not covered.",
                 *map(as_text, schedule_reasons(found))]
            ),
            icon=":material/warning:",
        )  # fmt: skip
    with st.container(horizontal=True):
        st.download_button(
            "Workbook of the plan (XLSX)", data=lambda: _workbook(found),
            file_name="shifts.xlsx", icon=":material/download:", on_click="ignore",
        )  # fmt: skip
        st.button(
            "Discard the plan", icon=":material/undo:", on_click=forget_plan, args=(SLOT,),
            help="Shows the shifts of the scenario instead.",
        )  # fmt: skip
    if found.notes:
        with st.expander("Notes on the plan"):
            st.markdown("\n".join(f"- {as_text(note)}" for note in found.notes))


def _workbook(found: ShiftSchedule) -> bytes:
    from pathlib import Path
    from tempfile import TemporaryDirectory

    with TemporaryDirectory(prefix="ccplan-") as folder:
        file = Path(folder) / "shifts.xlsx"
        found.to_xlsx(file)
        return file.read_bytes()
