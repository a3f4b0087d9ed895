"""Method Simulation of page Staffing: goals, the search as it improves, and its result."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sim.app.apply_edit import apply_edit
from sim.app.background_jobs import SimulationTask
from sim.app.chart_display import draw_chart
from sim.app.csv_download import csv_bytes
from sim.app.planning_jobs import PlanningJob, finished_plan, start_plan
from sim.app.result_components import file_name
from sim.app.save_result import save_result
from sim.app.scenario_picker import show_problems
from sim.app.simulation_jobs import simulate_all
from sim.app.staffing_options import pick_group
from sim.app.workspace import as_text, recall, remember
from sim.units import BadInputError

if TYPE_CHECKING:
    from sim.app.scenario_picker import ScenarioChoice
    from sim.app.staffing_options import StaffingOptions
    from sim.planning import Staffing
    from sim.planning.simulated_staffing import SimulatedStaffing
    from sim.scenario import Scenario

SLOT = "staff-search"
PERIODS = {"day": "Each day", "interval": "Each interval", "horizon": "Whole horizon"}
LIMITS = (10, 30, 60, 120, 300, 600, 1800)
"""Time limits of the search (s)."""
PLANNED, FORMULA = "by simulation", "by formula"
BEST, LAST = "best plan so far", "simulated last"
EXAMPLES = "total=80/20\nqueue.billing=90/15\nqueue.mail.on_time=95%\ngroup.cards.occupancy<=85%"


def staff_search(choice: ScenarioChoice, options: StaffingOptions, formula: Staffing) -> None:
    """Draw the goals, the search and its result.

    Parameters
    ----------
    choice : ScenarioChoice
    options : StaffingOptions
    formula : Staffing
        Of the same scenario by formula, to compare with.
    """
    import streamlit as st

    scenario = choice.scenario
    goals, per, days_met = _goals(scenario, options)
    key = recall("staff-search:limit", 60, LIMITS)
    st.select_slider(
        "Time limit of the search", LIMITS, key=key, format_func=lambda s: f"{s} s",
        help="The best plan found by then is shown. The result is checked on new simulated days.",
    )  # fmt: skip
    limit = int(remember(key))
    mark = (scenario.fingerprint, goals, per, days_met, limit, options.seed)
    if st.button(
        "Find the least staff", type="primary", key="staff-search:start", icon=":material/search:"
    ):
        work = _work(scenario, goals, per, days_met, limit, options.seed)
        start_plan(SLOT, PlanningJob(mark, "Searching the least staff", work, limit))
        st.rerun()
    found: SimulatedStaffing | None = finished_plan(SLOT, mark, _words, _improving)
    if found is not None:
        _result(choice, options, formula, found)


def _goals(scenario: Scenario, options: StaffingOptions) -> tuple[tuple[str, ...], str, str | None]:
    """Draw the goals; return them as texts, their period, and the share of days."""
    import streamlit as st

    prefix = f"staff-search:{scenario.fingerprint[:12]}"
    with st.expander("Goals", expanded=True, icon=":material/flag:"):
        key = recall(f"{prefix}:goals", "")
        st.text_area(
            "Goals, one per line", key=key, placeholder=EXAMPLES, height=110,
            help="Service level, on time, asa, abandonment or occupancy of the total, a queue, "
            "channel or group. Empty: the targets of the scenario, or the one in the sidebar.",
        )  # fmt: skip
        texts = tuple(line.strip() for line in str(remember(key)).splitlines() if line.strip())
        left, right = st.columns(2)
        with left:
            key = recall("staff-search:per", "day", PERIODS)
            st.segmented_control(
                "Each goal must hold in", PERIODS, key=key, required=True,
                format_func=PERIODS.__getitem__,
            )  # fmt: skip
            per = str(remember(key))
        with right:
            key = recall("staff-search:days", "")
            st.text_input(
                "On a share of days", key=key, placeholder="on average of all days",
                help="Such as 90%: each goal must hold on 90 % of the simulated days.",
            )  # fmt: skip
            days_met = str(remember(key)).strip() or None
    if not texts and options.target:
        live = [name for name, queue in scenario.queue.items() if not queue.is_deferred]
        texts = tuple(f"queue.{name}={options.target}" for name in live)
    return texts, per, days_met


def _work(
    scenario: Scenario,
    goals: tuple[str, ...],
    per: str,
    days_met: str | None,
    limit: int,
    seed: int,
) -> Any:
    def work(job: PlanningJob) -> SimulatedStaffing:
        from sim.planning.least_staff import staff_by_simulation

        return staff_by_simulation(
            scenario, goals, per=per, days_met=days_met, time_limit=float(limit), seed=seed,
            report=lambda progress, space: job.report((progress, space)),
            stop=lambda: job.was_stopped,
        )  # fmt: skip

    return work


def _words(state: Any) -> str:
    from sim.report.simulated_staffing_view import progress_words

    return progress_words(state[0])


def _improving(state: Any) -> None:
    """Draw the best plan so far and the one simulated last."""
    from sim.report.simulated_staffing_charts import alt_text_planned, planned_chart
    from sim.report.simulated_staffing_view import progress_intervals

    rows = progress_intervals(*state)
    if rows:
        chart = planned_chart(rows, "The plan as it improves, all groups", BEST, LAST)
        draw_chart(chart, alt=alt_text_planned(rows, BEST, LAST))


def _result(
    choice: ScenarioChoice, options: StaffingOptions, formula: Staffing, found: SimulatedStaffing
) -> None:
    """Draw cost, goals, the four methods, the plan, and what single agents change."""
    import streamlit as st

    from sim.report import goal_view
    from sim.report import simulated_staffing_view as view
    from sim.report.staffing_view import ALL

    with st.grid(min_column_width=150, gap="small"):
        for name, value, text in view.staffing_cards(found):
            st.metric(name, value, border=True, help=text, height="stretch")
    goals = [row.record() for row in found.goals]
    st.subheader("Goals", divider="gray")
    _table(goal_view.goal_table(goals), goal_view.goals_alt_text(goals))
    st.caption(
        f"Simulated on {found.days:,} replications that the search did not use; in brackets the "
        "95 % confidence interval of the worst period."
    )
    st.subheader("Methods", divider="gray")
    rows = goal_view.method_table(
        [row.record() for row in found.methods], "money" if found.paid else "h"
    )
    _table(rows, "Hours, cost and goals met of the formulas and of the simulation")
    st.caption("All four plans are simulated on the same days with the same goals.")
    _plan(choice, options, formula, found, ALL)
    if found.notes:
        with st.expander("Notes on the search"):
            st.markdown("\n".join(f"- {as_text(note)}" for note in found.notes))
    _keep(choice, options, found)


def _table(rows: list[dict[str, str]], alt: str) -> None:
    import streamlit as st

    st.dataframe(rows, hide_index=True, width="stretch", height="content", alt=alt)


def _plan(
    choice: ScenarioChoice,
    options: StaffingOptions,
    formula: Staffing,
    found: SimulatedStaffing,
    every: str,
) -> None:
    """Draw the requirement beside the formula's, and the effect of single agents."""
    import streamlit as st

    from sim.app.staffing_options import FORMULAS
    from sim.report import simulated_staffing_view as view
    from sim.report.simulated_staffing_charts import (
        alt_text_methods,
        alt_text_planned,
        methods_chart,
        planned_chart,
    )

    st.subheader("Requirement by interval", divider="gray")
    group = pick_group(choice.scenario, [every, *choice.scenario.group])
    one = None if group == every or len(choice.scenario.group) == 1 else group
    methods = view.method_intervals(found, one)
    if methods:
        title = f"Agents on duty by each method, {'all groups' if one is None else one}"
        draw_chart(methods_chart(methods, title), alt=alt_text_methods(methods))
    rows = view.planned_intervals(found, formula, one)
    other = f"required by {FORMULAS[options.by]}"
    title = f"Agents on duty by simulation and by formula, {'all groups' if one is None else one}"
    draw_chart(
        planned_chart(rows, title, PLANNED, other), alt=alt_text_planned(rows, PLANNED, FORMULA)
    )
    effects = view.effect_table(found, one)
    if effects:
        with st.expander("Which goal binds, and what one agent more or less changes"):
            _table(effects, "Effect of single agents by interval and group")
            st.caption(
                "Binding: the goal nearest to a miss among those that the agents of this interval "
                "affect. Changes of it, estimated on the same simulated days."
            )


def _keep(choice: ScenarioChoice, options: StaffingOptions, found: SimulatedStaffing) -> None:
    """Draw the ways to apply, save and export the plan."""
    import streamlit as st

    from sim.report.simulated_staffing_view import plan_edit

    edit = plan_edit(choice.scenario, found)
    st.subheader("Use this plan", divider="gray")
    try:
        staffed = choice.scenario.with_(**edit.changes)
        results = simulate_all(
            [SimulationTask(staffed, options.runs, options.seed)], "Simulating the plan", SLOT
        )
    except BadInputError as error:
        show_problems(error)
        return
    with st.container(horizontal=True):
        apply_edit(choice, edit, "Apply this plan", "staff-search:apply")
        if results is not None:
            title = f"{choice.title}: agents by simulation"
            save_result((*choice.words, edit.words), title, staffed, results[0], "staff-search")
        stem = file_name(choice.scenario.name)
        st.download_button(
            "Plan (CSV)", data=lambda: csv_bytes(found.staffing), icon=":material/download:",
            file_name=f"{stem}-staffing.csv", on_click="ignore",
        )  # fmt: skip
        st.download_button(
            "All of it (JSON)", data=lambda: found.to_json().encode(), on_click="ignore",
            file_name=f"{stem}-staffing.json", icon=":material/download:",
            help="As ccplan staff --method simulation --json prints it.",
        )  # fmt: skip
