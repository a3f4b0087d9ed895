"""Start: change a scenario, simulate it at once, save results."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.app import result_components
from sim.app.background_jobs import Job, SimulationTask
from sim.app.chart_display import draw_chart
from sim.app.day_picker import pick_day
from sim.app.occupancy_field import occupancy_field, occupancy_limit
from sim.app.queue_verdicts import interval_grid, verdicts
from sim.app.save_result import export, save_result
from sim.app.scenario_picker import ScenarioChoice, pick_scenario, show_problems
from sim.app.simulation_jobs import (
    MANY,
    MOMENT,
    cached_result,
    confirm_large,
    contacts,
    first_runs,
    show_progress,
    simulate_now,
    start_job,
)
from sim.app.start_fields import SimulationInputs, simulation_inputs
from sim.app.start_intro import intro
from sim.app.workspace import as_text, recall, remember
from sim.app.workspace_panel import warn_of_damage, workspace_panel
from sim.units import BadInputError

if TYPE_CHECKING:
    from streamlit.delta_generator import DeltaGenerator

    from sim.experiment import Result
    from sim.scenario import Scenario

WHOLE = "Whole center"
SLOT = "start"
"""Name of the job that simulates the remaining replications."""


def page() -> None:
    """Draw the page."""
    import streamlit as st

    with st.sidebar:
        choice = pick_scenario(with_changes=False)
        fields = (
            simulation_inputs(choice.scenario, choice.place)
            if isinstance(choice, ScenarioChoice)
            else None
        )
    if not isinstance(choice, ScenarioChoice) or fields is None:
        st.title("Simulate")
        st.write(
            "Choose a scenario in the sidebar, change it, and see the effect on service level."
        )
        show_problems(choice if isinstance(choice, list) else [])
        return
    slot = _head(choice)
    if fields.scenario is None:
        st.warning("Fix the marked field to simulate.")
        show_problems(fields.problems)
        return
    result = _first(fields.scenario, fields)
    if result is None:
        return
    try:
        job = _refined(choice, fields, fields.scenario, result)
    except BadInputError as error:  # the unchanged scenario is too large
        show_problems(error)
        return
    if job is not None:
        show_progress(job, SLOT)
    with slot:
        title = choice.title + (", changed" if fields.changes else "")
        save_result((*choice.words, *fields.words), title, fields.scenario, result)
    _shown(choice, fields, fields.scenario, result)
    workspace_panel()


def _head(choice: ScenarioChoice) -> DeltaGenerator:
    """Draw the title, and return a container next to it."""
    import streamlit as st

    warn_of_damage()
    with st.container(horizontal=True, vertical_alignment="center"):
        st.title(as_text(choice.heading))
        right = st.container(width="content")  # as wide as its button, however narrow the page
    if choice.question:
        st.markdown(f"*{as_text(choice.question)}*")
    intro(choice)
    return right


def _first(scenario: Scenario, fields: SimulationInputs) -> Result | None:
    """Simulate what takes a moment; the rest runs in the background."""
    try:
        few = first_runs(scenario, fields.runs)
        whole = cached_result(scenario, fields.runs, fields.seed)
        if whole is not None or contacts(scenario) * few <= MOMENT:
            return whole or simulate_now(scenario, few, fields.seed)
        if not confirm_large(scenario, few, f"many:{scenario.fingerprint[:12]}", 2 * MANY):
            return None
        job = start_job([SimulationTask(scenario, few, fields.seed)], "First replications", SLOT)
        if job is None:
            return cached_result(scenario, few, fields.seed)
        show_progress(job, SLOT)
    except BadInputError as error:
        show_problems(error)
    except Exception as error:
        _crashed(error)
    return None


def _crashed(error: Exception) -> None:
    """Say what to do when a simulation fails for a reason other than its input."""
    import logging

    import streamlit as st

    logging.getLogger(__name__).exception("a simulation failed")
    st.error(
        f"The simulation failed: {as_text(str(error))}  \nSaved work is safe. Undo the last "
        "change in the sidebar; if that does not help, report this error.",
        icon=":material/error:",
    )


def _refined(
    choice: ScenarioChoice, fields: SimulationInputs, scenario: Scenario, result: Result
) -> Job | None:
    """Simulate the remaining replications in the background, those of the base too."""
    import streamlit as st

    if result.runs == fields.runs:
        return None
    tasks = [SimulationTask(scenario, fields.runs, fields.seed)]
    if fields.changes:
        tasks.append(SimulationTask(choice.scenario, fields.runs, fields.seed))
    expected = sum(contacts(task.scenario) * task.runs for task in tasks)
    key = f"all:{scenario.fingerprint[:12]}:{fields.runs}"
    if expected > MANY and not st.session_state.get(key):
        left, right = st.columns([5, 2], vertical_alignment="center")
        left.info(
            f"The first {result.runs} of {fields.runs} replications are shown. All of them have "
            f"about {expected / 1e6:,.0f} million contacts.",
            icon=":material/hourglass_top:",
        )
        right.checkbox("Simulate all replications", key=key)
        return None
    return start_job(tasks, "Simulating more replications", SLOT)


def _shown(
    choice: ScenarioChoice, fields: SimulationInputs, scenario: Scenario, result: Result
) -> None:
    """Draw everything about a result, one topic a section."""
    import streamlit as st

    from sim.report.interval_metrics import place_title, places

    result_components.overload_warnings(scenario)
    for note in result.notes:
        st.warning(as_text(note), icon=":material/warning:")
    names = [WHOLE, *(place for place in places(result.model) if place not in scenario.queue)]
    names += scenario.queue
    key = recall(f"look:{choice.scenario.fingerprint[:12]}", WHOLE, names)
    st.segmented_control(
        "Look at", names, key=key, required=True, label_visibility="collapsed",
        format_func=lambda place: as_text(place_title(place)),
    )  # fmt: skip
    look = remember(key)
    queue = None if look == WHOLE else str(look)
    verdicts(choice, scenario, result, queue)
    result_components.cards(result, queue)
    result_components.level_caption(result, queue)
    with st.container():  # always there, so that the tabs below keep their position
        if fields.changes:
            _against(choice.scenario, fields, result)
    day, grid, staff, formula_comparison = st.tabs(
        [
            "Over the week" if _has_days(scenario) else "Over the day",
            "By interval",
            "Staffing",
            "Formula vs. simulation",
        ]
    )
    with day:
        _day(choice, result, queue)
    with grid:
        interval_grid(scenario, result, queue, occupancy_limit(choice.key))
    with staff:
        _staffing(choice.key, scenario, result, queue)
    with formula_comparison:
        _formula_comparison(scenario, result, queue)
    export(choice, fields, result)
    result_components.plain_words(scenario)


def _has_days(scenario: Scenario) -> bool:
    return scenario.center.length is None and scenario.center.grid.days > 1


def _against(base: Scenario, fields: SimulationInputs, result: Result) -> None:
    """Draw the effect of the changes on the chosen scenario or variant, on the same days."""
    import streamlit as st

    from sim.experiment import Comparison
    from sim.report.result_views import main_differences

    written = simulate_now(base, result.runs, fields.seed, "Simulating the base")
    comparison = Comparison((written, result), ("base", "changed"))
    st.subheader("Effect of the changes", divider="gray")
    st.caption(
        f"Changed: {as_text('; '.join(fields.words))}. Both use the same {result.runs} simulated "
        "replications, so random variation that they share cancels out."
    )
    rows = [row for row in main_differences(comparison, "changed") if row.scope == "total"]
    result_components.difference_rows(
        rows, comparison, "Differences between the changed and the original scenario"
    )


def _day(choice: ScenarioChoice, result: Result, queue: str | None) -> None:
    """Draw the service level over the day, or over all days or one of several."""
    import streamlit as st

    from sim.report.charts import alt_text_day, service_chart
    from sim.report.interval_metrics import place_title
    from sim.report.one_day import days_of, of_day
    from sim.report.readable_intervals import readable_points
    from sim.report.result_views import common_target, over_the_day

    points = over_the_day(result, "service_level", queue)
    if not points:
        st.info("No contacts offered, so there is no service level.")
        return
    day = pick_day(choice, days_of(points))
    together = ""
    if day is not None:
        points = of_day(points, day)
    else:
        points, together = readable_points(
            result.model, lambda many: over_the_day(result, "service_level", queue, many)
        )
    title = f"Service level of {place_title(queue) if queue else 'all live queues'}"
    title += f", {day}" if day else (f" by {together}" if together else "")
    chart = service_chart(points, common_target(result.model, queue), title, result.runs)
    draw_chart(chart, alt=alt_text_day(points, title))
    more = " Choose a day to see its intervals." if together else ""
    st.caption(f"Contacts count in the {together or 'interval'} in which they arrive.{more}")


def _staffing(key: str, scenario: Scenario, result: Result, queue: str | None) -> None:
    """Draw the limit of occupancy, and agents required and on duty."""
    import streamlit as st

    from sim.planning.queue_agents import no_formula, staffing
    from sim.report.charts import alt_text_staffing, staffing_chart
    from sim.report.interval_metrics import place_title, queues_at
    from sim.report.readable_intervals import readable_agents

    queues = [q.name for q in queues_at(result.model, queue)] if queue else list(scenario.queue)
    without = {name: why for name in queues if (why := no_formula(scenario, name))}
    most = occupancy_field(key) if len(without) < len(queues) else None
    needs = staffing(scenario, result.model, queues, most)
    if needs:
        of = place_title(queue) if queue else "all queues with a formula"
        title = f"Agents required and on duty, {of}"
        shown, together = readable_agents(needs)
        title += f", mean of each {together}" if together else ""
        draw_chart(staffing_chart(shown, title), alt=alt_text_staffing(needs))
        limit = f" and all contacts need at most {most} of their time" if most else ""
        st.caption(
            "Required: the fewest agents by Erlang A (Erlang C for unlimited patience) with which "
            f"each queue alone reaches its target{limit}; agents with several skills may need "
            "fewer. On "
            "duty: net of shrinkage, absence and breaks; a group whose first preference is several "
            "queues is split by their load."
        )
    for name, why in without.items():
        st.info(f"{as_text(name)} not included: {why}.", icon=":material/info:")


def _formula_comparison(scenario: Scenario, result: Result, queue: str | None) -> None:
    """Draw formulas and simulation side by side."""
    import streamlit as st

    from sim.planning.queue_agents import no_formula
    from sim.report.erlang_comparison import broken_here, formula_comparison
    from sim.report.interval_metrics import queues_at

    names = [q.name for q in queues_at(result.model, queue)] if queue else list(scenario.queue)
    fitting = [name for name in names if not no_formula(scenario, name)]
    if not fitting:
        for name in names:
            st.info(f"{as_text(name)}: {no_formula(scenario, name)}.", icon=":material/info:")
        return
    key = recall(f"beside:{result.model.fingerprint[:12]}:{queue}", fitting[0])
    if len(fitting) > 1:
        st.selectbox("Queue", fitting, key=key)
    found = formula_comparison(scenario, result, str(st.session_state[key]))
    if found is None:
        st.info("No agents or no contacts, so no formula applies.")
        return
    result_components.formula_comparison(found, broken_here(scenario, str(st.session_state[key])))
