"""Staffing: agents required and scheduled, the simulated service level, ±3 agents."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sim.app.agent_count_effect import agents_delta_view
from sim.app.apply_edit import apply_edit
from sim.app.background_jobs import SimulationTask
from sim.app.cache import cached
from sim.app.chart_display import draw_chart
from sim.app.result_components import file_name
from sim.app.scenario_picker import ScenarioChoice, pick_scenario, show_problems
from sim.app.simulation_jobs import cached_result, simulate_all
from sim.app.start_fields import FEW, REPLICATIONS, RUNS, SEED
from sim.app.workspace import as_text, recall, remember
from sim.units import BadInputError

if TYPE_CHECKING:
    from sim.experiment import Result
    from sim.planning import Staffing
    from sim.report.staffing_view import Balance
    from sim.scenario import Scenario

NEED, SERVICE, MORE = "Over- and understaffing", "Simulated service level", "What if ±3 agents"
SLOT = "staffing"
OWN = "targets of the scenario"
FORMULAS = {"erlang_a": "Erlang A", "erlang_c": "Erlang C"}


@dataclass(frozen=True)
class StaffingOptions:
    """Target, formula and simulation settings of a staffing."""

    target: str | None
    by: str
    runs: int
    seed: int


def page() -> None:
    """Draw the page."""
    import streamlit as st

    with st.sidebar:
        choice = pick_scenario()
        options = _options(choice.scenario) if isinstance(choice, ScenarioChoice) else None
    st.title("Staffing")
    if not isinstance(choice, ScenarioChoice) or options is None:
        st.write("Choose a scenario in the sidebar to see how many agents it requires, and when.")
        show_problems(choice if isinstance(choice, list) else [])
        return
    scenario = choice.scenario
    st.caption(
        f"{as_text(choice.heading)}. Required: the fewest agents by formula that reach each "
        "queue's target in each interval. On duty: scheduled agents, net of shrinkage, absence and "
        "breaks."
    )
    try:
        found = formula_only(scenario, options)
    except BadInputError as error:
        show_problems(error)
        return
    _applied(choice, found)
    _views(scenario, options, found)


def _applied(choice: ScenarioChoice, found: Staffing) -> None:
    """Draw the button that applies the required agents to the scenario."""
    from sim.planning.apply_required import apply_required

    edit = apply_required(choice.scenario, found)
    if edit.changes:
        apply_edit(choice, edit, "Apply required agents", "staffing:apply")


def _options(scenario: Scenario) -> StaffingOptions:
    """Draw the fields."""
    import streamlit as st

    prefix = f"staffing:{scenario.fingerprint[:12]}"
    key = recall(f"{prefix}:target", "")
    st.text_input(
        "Target",
        key=key,
        placeholder=OWN,
        help="One target for all live queues, such as 80/20 or 80% in 20s. Empty: the targets of "
        "the scenario.",
    )
    target = str(remember(key)).strip() or None
    if target is not None:
        target = _checked(target)
    key = recall("staffing:by", "erlang_a", FORMULAS)
    st.segmented_control(
        "Staffing formula",
        list(FORMULAS),
        key=key,
        required=True,
        format_func=FORMULAS.__getitem__,
        help="Erlang A includes abandonment; Erlang C does not, and requires more agents. Queues "
        "with unlimited patience always use Erlang C.",
    )
    by = str(remember(key))
    key = recall("runs", FEW, RUNS)
    st.select_slider("Replications", RUNS, key=key, help=REPLICATIONS)
    seed = recall("seed", scenario.experiment.seed)
    st.number_input("Random seed", min_value=0, max_value=2**31, step=1, key=seed, help=SEED)
    return StaffingOptions(target, by, int(remember(key)), int(remember(seed)))


def _checked(target: str) -> str | None:
    """Return a target that can be read, else show next to the field what is wrong."""
    from sim.erlang import read_target

    try:
        read_target(target)
    except BadInputError as error:
        show_problems(error)
        return None
    return target


def formula_only(scenario: Scenario, options: StaffingOptions) -> Staffing:
    """Return the staffing by formula."""
    from sim.planning import staff

    key = ("staff", scenario.fingerprint, options.target, options.by)
    return cached(
        key, lambda: staff(scenario, simulate=False, target=options.target, by=options.by)
    )


def with_service(scenario: Scenario, options: StaffingOptions, required: Result) -> Staffing:
    """Return the staffing with the simulated service level of the required agents."""
    from sim.planning import staff

    key = ("staffed", scenario.fingerprint, options.target, options.by, options.runs, options.seed)
    return cached(
        key,
        lambda: staff(scenario, simulate=lambda _: required, target=options.target, by=options.by),
    )


def _judged_by(scenario: Scenario, options: StaffingOptions) -> Scenario:
    """Return a scenario in which the target of the sidebar is also that of the center."""
    from sim.planning.staff_scenario import with_target_everywhere

    return with_target_everywhere(scenario, options.target)


def _views(scenario: Scenario, options: StaffingOptions, found: Staffing) -> None:
    """Draw whether targets are met, one view at a time, and the export."""
    import streamlit as st

    from sim.planning.staff_scenario import with_targets_in_force

    above = st.container()
    key = recall("staffing:view", NEED, (NEED, SERVICE, MORE))
    st.segmented_control(
        "View", [NEED, SERVICE, MORE], key=key, required=True, label_visibility="collapsed"
    )
    view = remember(key)
    if view == NEED:
        _needed(scenario, found)
    else:
        try:
            if view == SERVICE:
                _service(scenario, options, found)
            else:
                group = _group(scenario, list(scenario.group))
                judged = _judged_by(with_targets_in_force(scenario, options.target), options)
                agents_delta_view(judged, group, options.runs, options.seed)
        except BadInputError as error:
            show_problems(error)
    # Only now: what the view above has just simulated says whether targets are reached.
    required = cached_result(_judged_by(found.staffed, options), options.runs, options.seed)
    with above:
        _targets(found if required is None else with_service(scenario, options, required))
    _export(scenario, options, found)


def _targets(found: Staffing) -> None:
    """Show which targets the required agents miss or exceed in simulation."""
    import streamlit as st

    if not found.targets:
        st.info(
            "The required agents have not been simulated yet. Open "
            f"*{SERVICE}* to check the targets.",
            icon=":material/help:",
        )
        return
    boxes = {"missed": st.error, "undecided": st.warning, "overshot": st.info, "met": st.success}
    for status, box in boxes.items():
        lines = [as_text(one.sentence()) for one in found.targets if one.status == status]
        if lines:
            box("\n\n".join(lines))


def _export(scenario: Scenario, options: StaffingOptions, found: Staffing) -> None:
    """Draw the workbook download, with simulated service level when known."""
    import streamlit as st

    required = cached_result(_judged_by(found.staffed, options), options.runs, options.seed)
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
        st.caption(f"To include simulated service levels, open *{SERVICE}* first.")
    if found.notes:
        with st.expander("Notes on the calculation"):
            st.markdown("\n".join(f"- {as_text(note)}" for note in found.notes))


def _needed(scenario: Scenario, found: Staffing) -> None:
    """Draw required and scheduled agents, and over- and understaffing."""
    import streamlit as st

    from sim.report.staffing_charts import (
        alt_text_balance,
        alt_text_required,
        over_under_chart,
        required_chart,
    )
    from sim.report.staffing_view import ALL, balance, slot_table, slots

    group = _group(scenario, [ALL, *scenario.group])
    rows = slots(found, None if group == ALL else group)
    if not rows:
        st.info("No workload and no agents here, so nothing is required.")
        return
    _balance(balance(rows, found.interval_s))
    scope = "all groups" if group == ALL else f"group {group}"
    draw_chart(
        over_under_chart(rows, f"Over- and understaffing, {scope}"),
        alt=alt_text_balance(rows),
    )
    draw_chart(
        required_chart(rows, f"Agents required and on duty, {scope}"),
        alt=alt_text_required(rows),
    )
    with st.expander("As a table"):
        st.dataframe(
            slot_table(rows),
            hide_index=True,
            width="stretch",
            alt=f"Required and scheduled by interval, {scope}",
        )


def _or_none(hours: float) -> str:
    """Return hours as text, none where they round to nothing."""
    from sim.report.formatting import show

    return show(hours, "h") if hours >= 0.005 else "none"


def _balance(sums: Balance) -> None:
    import streamlit as st

    from sim.report.formatting import show

    worst = sums.worst
    cards = (
        ("Required", show(sums.required_h, "h"), "Agent-hours required by formula."),
        ("On duty", show(sums.on_duty_h, "h"), "Net of shrinkage, absence and breaks."),
        ("Understaffed", _or_none(sums.under_h), "Agent-hours missing in understaffed intervals."),
        (
            "Overstaffed",
            _or_none(sums.over_h),
            "Agent-hours above the requirement in overstaffed intervals.",
        ),
        (
            "Understaffed intervals",
            f"{sums.under} of {sums.intervals}",
            "Half an agent or more below the requirement.",
        ),
    )
    with st.grid(min_column_width=150, gap="small"):
        for name, value, text in cards:
            st.metric(name, value, border=True, help=text, height="stretch")
    if worst is not None and worst.under >= 0.5:
        st.caption(
            f"Most understaffed at {worst.interval.replace('T', ' ')}: {worst.under:.1f} agents "
            f"short, most in {as_text(worst.short_group)}. A surplus in other intervals or groups "
            "does not make up for it."
        )


def _group(scenario: Scenario, names: list[str]) -> str:
    """Draw the choice of a group when there are several."""
    import streamlit as st

    if len(scenario.group) == 1:
        return next(iter(scenario.group))
    key = recall(f"staffing:{scenario.fingerprint[:12]}:group:{names[0]}", names[0])
    st.selectbox("Group", names, key=key)
    return str(remember(key))


def _service(scenario: Scenario, options: StaffingOptions, found: Staffing) -> None:
    """Draw the simulated service level of the scheduled and of the required agents."""
    import streamlit as st

    from sim.planning.staff_scenario import with_targets_in_force
    from sim.report.charts import alt_text_day
    from sim.report.result_views import common_target, over_the_day
    from sim.report.staffing_charts import two_levels_chart
    from sim.report.staffing_view import service_table

    present = _judged_by(with_targets_in_force(scenario, options.target), options)
    staffed = _judged_by(found.staffed, options)
    tasks = [SimulationTask(one, options.runs, options.seed) for one in (staffed, present)]
    results = simulate_all(tasks, "Simulating the required and the scheduled agents", SLOT)
    if results is None:
        return
    required, now = results
    found = with_service(scenario, options, required)
    before, after = (over_the_day(each, "service_level") for each in (now, required))
    if before or after:
        chart = two_levels_chart(
            before, after, common_target(now.model), "Service level of all live queues"
        )
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
