"""Planning of shifts on page Shifts: options, progress, and what the plan costs and covers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sim.app.planning_jobs import PlanningJob, finished_plan, forget_plan, start_plan
from sim.app.workspace import as_text, recall, remember

if TYPE_CHECKING:
    from sim.planning import ShiftSchedule
    from sim.scenario import Scenario

SLOT = "shifts"
METHODS = {
    "cover": "Cover the requirement",
    "simulation": "Cover the requirement by simulation",
    "goals": "Straight from the goals",
    "both": "Compare all",
}
BY_SIMULATION = ("simulation", "both")
"""Methods for which the requirement by simulation is searched too."""
LIMITS = (10, 30, 60, 120, 300)
"""Time limits of the search (s)."""
_Days = tuple[int, int]
"""Replications and seed."""
_Bounds = tuple[int | None, str | None]
"""Seats, and limit of occupancy."""


def planned_shifts(
    scenario: Scenario, runs: int, seed: int, max_occupancy: str | None = None
) -> ShiftSchedule | None:
    """Draw the search for shifts; return the schedule, or None where there is none.

    Parameters
    ----------
    scenario : Scenario
    runs, seed : int
        Of the simulation of goals.
    max_occupancy : str, optional
        Limit of occupancy of the requirement by formula.
    """
    import streamlit as st

    with st.expander("Plan shifts", icon=":material/auto_fix_high:"):
        st.caption(_patterns(scenario))
        key = recall("shifts:method", "cover", METHODS)
        st.segmented_control(
            "Method",
            METHODS,
            key=key,
            required=True,
            format_func=METHODS.__getitem__,
            help="Cover at least cost the requirement by formula, or that of simulation; or search "
            "for the cheapest shifts whose simulation reaches the targets, which may need fewer "
            "hours; or all three, compared.",
        )
        method = str(remember(key))
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
        options = (scenario.fingerprint, method, limit, seats, max_occupancy, runs, seed)
        if st.button("Plan shifts", type="primary", key="shifts:start", icon=":material/search:"):
            work = _work(scenario, method, limit, (seats, max_occupancy), (runs, seed))
            start_plan(SLOT, PlanningJob(options, "Planning shifts", work, limit))
            st.rerun()
    found: ShiftSchedule | None = finished_plan(SLOT, options, str)
    if found is not None:
        _shown(found)
    return found


def _work(scenario: Scenario, method: str, limit: int, bounds: _Bounds, of: _Days) -> Any:
    def work(job: PlanningJob) -> ShiftSchedule:
        from sim.planning import plan_shifts

        def progress(done: int, planned: int) -> None:
            if job.was_stopped:
                raise KeyboardInterrupt

        return plan_shifts(
            scenario,
            method="cover" if method == "simulation" else method,
            requirement="simulation" if method in BY_SIMULATION else "formula",
            time_limit=float(limit),
            seats=bounds[0],
            max_occupancy=bounds[1],
            simulate=True,
            runs=of[0],
            seed=of[1],
            workers=1,
            progress=progress,
        )

    return work


def _patterns(scenario: Scenario) -> str:
    """Return from what shifts are planned."""
    names = ", ".join(scenario.pattern)
    own = (
        f"Patterns of the scenario: {as_text(names)}."
        if names
        else "The scenario has no shift patterns, so full-time shifts of 8 h 30 min and part-time "
        "shifts of 4 h are assumed; enter your own on page Scenario, under Patterns."
    )
    return f"Finds the cheapest shifts, with their breaks placed. {own}"


def _shown(found: ShiftSchedule) -> None:
    """Draw cost and coverage of a schedule, its notes, and a button that discards it."""
    import streamlit as st

    from sim.report.formatting import show
    from sim.report.goal_view import goal_table, goals_alt_text, method_table
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
    if found.goals:
        rows = goal_table(found.goals)
        st.dataframe(rows, hide_index=True, width="stretch", alt=goals_alt_text(found.goals))
    if len(found.methods) > 1:
        unit = "money" if found.cost_is == "wages" else "h"
        st.dataframe(
            method_table(found.methods, unit), hide_index=True, width="stretch",
            alt="Hours, cost and goals of each method",
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
