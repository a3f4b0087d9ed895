"""Staffing: agents required and scheduled, the simulated service level, ±3 agents."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from sim.app.agent_count_effect import agents_delta_view
from sim.app.apply_edit import apply_edit
from sim.app.background_jobs import SimulationTask
from sim.app.chart_display import draw_chart
from sim.app.day_picker import pick_day
from sim.app.requirement_view import draw_requirement
from sim.app.result_components import file_name, overload_warnings
from sim.app.scenario_picker import ScenarioChoice, pick_scenario, show_problems
from sim.app.simulation_jobs import cached_result, simulate_all
from sim.app.staff_search import staff_search
from sim.app.staffing_options import (
    StaffingOptions,
    formula_only,
    judged_by,
    pick_group,
    staffing_options,
    with_service,
)
from sim.app.workspace import as_text, recall, remember
from sim.units import BadInputError

if TYPE_CHECKING:
    from sim.planning import Staffing
    from sim.scenario import Scenario

NEED, SERVICE, MORE = "Over- and understaffing", "Simulated service level", "What if ±3 agents"
BY_FORMULA, BY_SIMULATION = "Formula", "Simulation"
SLOT = "staffing"


def page() -> None:
    """Draw the page."""
    import streamlit as st

    with st.sidebar:
        choice = pick_scenario()
        options = staffing_options(choice) if isinstance(choice, ScenarioChoice) else None
    st.title("Staffing")
    if not isinstance(choice, ScenarioChoice) or options is None:
        st.write("Choose a scenario in the sidebar to see how many agents it requires, and when.")
        show_problems(choice if isinstance(choice, list) else [])
        return
    scenario = choice.scenario
    st.caption(
        f"{as_text(choice.heading)}. Required: the fewest agents that reach the targets, by "
        "formula for each queue and interval, or by simulation of the whole center. On duty: "
        "scheduled agents, net of shrinkage, absence and breaks."
    )
    try:
        found = formula_only(scenario, options)
    except BadInputError as error:
        show_problems(error)
        return
    key = recall("staffing:method", BY_FORMULA, (BY_FORMULA, BY_SIMULATION))
    st.segmented_control(
        "Method",
        (BY_FORMULA, BY_SIMULATION),
        key=key,
        required=True,
        help="By formula: each queue on its own, interval by interval. By simulation: the least "
        "staff whose goals hold when the whole center is simulated.",
    )
    if remember(key) == BY_SIMULATION:
        staff_search(choice, options, found)
        return
    _overloads(scenario, found)
    _applied(choice, found)
    _views(choice, options, found)


def _overloads(scenario: Scenario, found: Staffing) -> None:
    """Warn where the scheduled or the required agents lack the time for all contacts."""
    import streamlit as st

    from sim.planning.occupancy_limit import overload_notes

    overload_warnings(scenario)
    needed = found.requirement
    for text in overload_notes(needed.model, needed.queues):
        st.warning(as_text(f"{text}: field *Occupancy at most* in the sidebar."),
                   icon=":material/warning:")  # fmt: skip


def _applied(choice: ScenarioChoice, found: Staffing) -> None:
    """Draw the button that applies the required agents to the scenario."""
    from sim.planning.apply_required import apply_required

    edit = apply_required(choice.scenario, found)
    if edit.changes:
        apply_edit(choice, edit, "Apply required agents", "staffing:apply")


def _views(choice: ScenarioChoice, options: StaffingOptions, found: Staffing) -> None:
    """Draw whether targets are met, one view at a time, and the export."""
    import streamlit as st

    from sim.planning.staff_scenario import with_targets_in_force
    from sim.report.one_day import days_of
    from sim.report.staffing_view import slots

    scenario = choice.scenario
    above = st.container()
    key = recall("staffing:view", NEED, (NEED, SERVICE, MORE))
    st.segmented_control(
        "View", [NEED, SERVICE, MORE], key=key, required=True, label_visibility="collapsed"
    )
    view = remember(key)
    if view == NEED:
        draw_requirement(scenario, found, pick_day(choice, days_of(slots(found))))
    else:
        try:
            if view == SERVICE:
                day = pick_day(choice, days_of(slots(found)))
                _service(scenario, options, found, day)
            else:
                group = pick_group(scenario, list(scenario.group))
                judged = judged_by(with_targets_in_force(scenario, options.target), options)
                agents_delta_view(judged, group, options.runs, options.seed)
        except BadInputError as error:
            show_problems(error)
    # Only now: what the view above has just simulated says whether targets are reached.
    required = cached_result(judged_by(found.staffed, options), options.runs, options.seed)
    with above:
        _targets(found if required is None else with_service(scenario, options, required))
    _export(scenario, options, found)


def _targets(found: Staffing) -> None:
    """Show which targets the required agents miss or exceed in simulation."""
    import streamlit as st

    from sim.planning.target_check import paragraphs

    if not found.targets:
        with st.container(horizontal=True, vertical_alignment="center"):
            st.info("The required agents have not been simulated yet.", icon=":material/help:")
            st.button(
                "Simulate the required agents",
                key="staffing:check",
                icon=":material/play_arrow:",
                on_click=_show_service,
                help="Checks by simulation which targets they miss or exceed.",
            )
        return
    boxes = {"missed": st.error, "undecided": st.warning, "overshot": st.info, "met": st.success}
    for status, box in boxes.items():
        lines = paragraphs([one for one in found.targets if one.status == status])
        if lines:
            box("\n\n".join(map(as_text, lines)))


def _show_service() -> None:
    """Show the view that simulates the required agents."""
    import streamlit as st

    st.session_state["staffing:view"] = SERVICE


def _export(scenario: Scenario, options: StaffingOptions, found: Staffing) -> None:
    """Draw the workbook download, with simulated service level when known."""
    import streamlit as st

    required = cached_result(judged_by(found.staffed, options), options.runs, options.seed)
    book = found if required is None else with_service(scenario, options, required)
    st.subheader("Export", divider="gray")
    st.download_button(
        "Workbook with live formulas (XLSX)",
        data=lambda: _workbook(book),
        file_name=f"{file_name(scenario.name)}-staffing.xlsx",
        icon=":material/download:",
        on_click="ignore",
        help="Change volume or handle time on sheet By queue, or shrinkage on sheet Requirement: "
        "the Erlang formulas update the requirement and the agents to schedule. Sheet Notes lists "
        "what does not update.",
    )
    if required is None:
        st.caption(
            "The workbook includes simulated service levels once the required agents have been "
            f"simulated (view *{SERVICE}* above)."
        )
    if found.notes:
        with st.expander("Notes on the calculation"):
            st.markdown("\n".join(f"- {as_text(note)}" for note in found.notes))


def _service(
    scenario: Scenario, options: StaffingOptions, found: Staffing, day: str | None
) -> None:
    """Draw the simulated service level of the scheduled and of the required agents."""
    import streamlit as st

    from sim.planning.staff_scenario import with_targets_in_force
    from sim.report.charts import alt_text_day
    from sim.report.one_day import of_day
    from sim.report.readable_intervals import readable_points
    from sim.report.result_views import common_target, over_the_day
    from sim.report.staffing_charts import two_levels_chart
    from sim.report.staffing_view import service_table

    present = judged_by(with_targets_in_force(scenario, options.target), options)
    staffed = judged_by(found.staffed, options)
    tasks = [SimulationTask(one, options.runs, options.seed) for one in (staffed, present)]
    results = simulate_all(tasks, "Simulating the required and the scheduled agents", SLOT)
    if results is None:
        return
    required, now = results
    found = with_service(scenario, options, required)
    before, after = (
        over_the_day(each, "service_level")
        if day is not None
        else readable_points(each.model, partial(over_the_day, each, "service_level", None))[0]
        for each in (now, required)
    )
    title = "Service level of all live queues"
    if day is not None:
        before, after = of_day(before, day), of_day(after, day)
        title += f", {day}"
    if before or after:
        chart = two_levels_chart(before, after, common_target(now.model), title)
        words = (
            alt_text_day(before, "As scheduled now"),
            alt_text_day(after, "With the required agents"),
        )
        draw_chart(chart, alt=" ".join(words))
    st.dataframe(
        service_table(found, now),
        hide_index=True,
        width="stretch",
        alt="Service level by queue, by formula and simulated",
    )
    st.caption(
        f"{options.runs} replications; in brackets the 95 % confidence interval. The required "
        "agents are simulated without shrinkage and absence, as the formulas assume. The formula "
        "pools queues that share all agents; only simulation shows the effect of other sharing."
    )


def _workbook(found: Staffing) -> bytes:
    from pathlib import Path
    from tempfile import TemporaryDirectory

    with TemporaryDirectory(prefix="ccplan-") as folder:
        file = Path(folder) / "staffing.xlsx"
        found.to_xlsx(file)
        return file.read_bytes()
