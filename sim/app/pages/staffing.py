"""Staffing: agents required and scheduled, the service they give, a few more or less."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sim.app.agents_delta import agents_delta_view
from sim.app.apply_edit import apply_edit
from sim.app.background_jobs import SimulationTask
from sim.app.cache import cached
from sim.app.chart_display import draw_chart
from sim.app.result_components import file_name
from sim.app.scenario_picker import ScenarioChoice, pick_scenario, show_problems
from sim.app.simulation_jobs import cached_result, simulate_all
from sim.app.start_fields import FEW, RUNS
from sim.app.workspace import as_text, recall, remember
from sim.units import BadInputError

if TYPE_CHECKING:
    from sim.experiment import Result
    from sim.planning import Staffing
    from sim.report.staffing_view import Balance
    from sim.scenario import Scenario

NEED, SERVICE, MORE = "Over and under", "Service it gives", "A few agents more or less"
SLOT = "staffing"
OWN = "as each queue says"
FORMULAS = {"erlang_a": "Erlang A", "erlang_c": "Erlang C"}


@dataclass(frozen=True)
class StaffingOptions:
    """How a staffing is to be found."""

    target: str | None
    by: str
    runs: int
    seed: int


def page() -> None:
    """Draw the page."""
    import streamlit as st

    with st.sidebar:
        choice = pick_scenario()
        wish = _options(choice.scenario) if isinstance(choice, ScenarioChoice) else None
    st.title("Staffing")
    if not isinstance(choice, ScenarioChoice) or wish is None:
        st.write("Choose a scenario at the left, and see how many agents it needs, and when.")
        show_problems(choice if isinstance(choice, list) else [])
        return
    scenario = choice.scenario
    st.caption(
        f"{as_text(choice.heading)}. Required: the fewest agents by formula with which each queue "
        "reaches its target in each interval. On duty: of the scheduled, net of shrinkage, absence "
        "and breaks."
    )
    try:
        found = formula_only(scenario, wish)
    except BadInputError as error:
        show_problems(error)
        return
    _applied(choice, found)
    _views(scenario, wish, found)


def _applied(choice: ScenarioChoice, found: Staffing) -> None:
    """Draw the ways to take the required agents over into the scenario."""
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
        help="One target for every live queue, such as 80/20 or 80% in 20s. Empty: each queue's "
        "own.",
    )
    target = str(remember(key)).strip() or None
    if target is not None:
        target = _checked(target)
    key = recall("staffing:by", "erlang_a", FORMULAS)
    st.segmented_control(
        "Formula that counts",
        list(FORMULAS),
        key=key,
        required=True,
        format_func=FORMULAS.__getitem__,
        help="Erlang A knows that customers hang up; Erlang C does not, and asks for more. Where "
        "nobody hangs up Erlang C counts anyway.",
    )
    by = str(remember(key))
    key = recall("runs", FEW, RUNS)
    st.select_slider("Runs", RUNS, key=key, help="Four times as many halve the intervals.")
    seed = recall("seed", scenario.experiment.seed)
    st.number_input(
        "Seed", min_value=0, max_value=2**31, step=1, key=seed, help="Fixes all chance."
    )
    return StaffingOptions(target, by, int(remember(key)), int(remember(seed)))


def _checked(target: str) -> str | None:
    """Return a target that can be read, else tell beside the field what is wrong."""
    from sim.erlang import read_target

    try:
        read_target(target)
    except BadInputError as error:
        show_problems(error)
        return None
    return target


def formula_only(scenario: Scenario, wish: StaffingOptions) -> Staffing:
    """Return the staffing by formula."""
    from sim.planning import staff

    key = ("staff", scenario.fingerprint, wish.target, wish.by)
    return cached(key, lambda: staff(scenario, simulate=False, target=wish.target, by=wish.by))


def with_service(scenario: Scenario, wish: StaffingOptions, required: Result) -> Staffing:
    """Return the staffing with what the simulation of the required agents gave."""
    from sim.planning import staff

    key = ("staffed", scenario.fingerprint, wish.target, wish.by, wish.runs, wish.seed)
    return cached(
        key,
        lambda: staff(scenario, simulate=lambda _: required, target=wish.target, by=wish.by),
    )


def _views(scenario: Scenario, wish: StaffingOptions, found: Staffing) -> None:
    """Draw what the simulation says of the targets, one view at a time, and the export."""
    import streamlit as st

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
                _service(scenario, wish, found)
            else:
                group = _group(scenario, list(scenario.group))
                agents_delta_view(scenario, group, wish.runs, wish.seed)
        except BadInputError as error:
            show_problems(error)
    # Only now: what the view above has just simulated says whether targets are reached.
    required = cached_result(found.staffed, wish.runs, wish.seed)
    with above:
        _targets(found if required is None else with_service(scenario, wish, required))
    _export(scenario, wish, found)


def _targets(found: Staffing) -> None:
    """Say first which target the simulation of the required agents shows missed or overshot."""
    import streamlit as st

    if not found.targets:
        st.info(
            "Whether the required agents reach the targets is not simulated yet: open "
            f"*{SERVICE}*.",
            icon=":material/help:",
        )
        return
    boxes = {"missed": st.error, "undecided": st.warning, "overshot": st.info, "met": st.success}
    for status, box in boxes.items():
        lines = [as_text(one.sentence()) for one in found.targets if one.status == status]
        if lines:
            box("\n\n".join(lines))


def _export(scenario: Scenario, wish: StaffingOptions, found: Staffing) -> None:
    """Draw the workbook, with the simulated service when that is known."""
    import streamlit as st

    required = cached_result(found.staffed, wish.runs, wish.seed)
    book = found if required is None else with_service(scenario, wish, required)
    st.subheader("Export", divider="gray")
    st.download_button(
        "Workbook with live formulas (XLSX)",
        data=lambda: _workbook(book),
        file_name=f"{file_name(scenario.name)}-staffing.xlsx",
        icon=":material/download:",
        on_click="ignore",
        help="Change volume or handle time on the sheet By queue, or shrinkage on Requirement: "
        "Erlang formulas in the cells give the new requirement and the people to schedule. What "
        "does not follow is said on the sheet Notes.",
    )
    if required is None:
        st.caption(f"Without simulated service, until *{SERVICE}* has been looked at.")
    if found.notes:
        with st.expander("What stands behind the numbers"):
            st.markdown("\n".join(f"- {as_text(note)}" for note in found.notes))


def _needed(scenario: Scenario, found: Staffing) -> None:
    """Draw required against scheduled, and what is over and under."""
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
        st.info("No work and no people here, so nothing is required.")
        return
    _balance(balance(rows, found.interval_s))
    scope = "all groups" if group == ALL else f"group {group}"
    draw_chart(
        over_under_chart(rows, f"Agents over and under the requirement, {scope}"),
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
        ("Required", show(sums.required_h, "h"), "Agent-hours on the phones, by formula."),
        ("On duty now", show(sums.on_duty_h, "h"), "Net of shrinkage, absence and breaks."),
        ("Under", _or_none(sums.under_h), "Agent-hours missing in the intervals that are short."),
        ("Over", _or_none(sums.over_h), "Agent-hours beyond the requirement in the others."),
        (
            "Intervals short",
            f"{sums.under} of {sums.intervals}",
            "Short by half an agent or more.",
        ),
    )
    with st.grid(min_column_width=150, gap="small"):
        for name, value, text in cards:
            st.metric(name, value, border=True, help=text, height="stretch")
    if worst is not None and worst.net <= -0.5:
        st.caption(
            f"Tightest at {worst.interval.replace('T', ' ')}: {worst.on_duty:.1f} on duty, "
            f"{worst.required:.0f} required. Hours over do not make up for hours under: who "
            "waits at noon is not helped at four."
        )


def _group(scenario: Scenario, names: list[str]) -> str:
    """Draw the choice of a group when there are several."""
    import streamlit as st

    if len(scenario.group) == 1:
        return next(iter(scenario.group))
    key = recall(f"staffing:{scenario.fingerprint[:12]}:group:{names[0]}", names[0])
    st.selectbox("Group", names, key=key)
    return str(remember(key))


def _service(scenario: Scenario, wish: StaffingOptions, found: Staffing) -> None:
    """Draw the service that the staffings give when they are simulated."""
    import streamlit as st

    from sim.planning.staff_scenario import with_targets_in_force
    from sim.report.charts import alt_text_day
    from sim.report.result_views import common_target, over_the_day
    from sim.report.staffing_charts import two_levels_chart
    from sim.report.staffing_view import service_table

    present = with_targets_in_force(scenario, wish.target)
    tasks = [SimulationTask(one, wish.runs, wish.seed) for one in (found.staffed, present)]
    results = simulate_all(tasks, "Simulating the required and the scheduled agents", SLOT)
    if results is None:
        return
    required, now = results
    found = with_service(scenario, wish, required)
    before, after = (over_the_day(each, "service_level") for each in (now, required))
    if before or after:
        chart = two_levels_chart(
            before, after, common_target(now.model), "Service level of all live queues"
        )
        words = alt_text_day(before, "As scheduled now")
        words += " " + alt_text_day(after, "With the required agents")
        draw_chart(chart, alt=words)
    st.dataframe(
        service_table(found, now),
        hide_index=True,
        width="stretch",
        alt="Service by queue, by formula and simulated",
    )
    st.caption(
        f"Simulated in {wish.runs} runs, in brackets the 95 % interval. The required agents are "
        "taken as they are, without shrinkage and absence, as the formulas count them. Queues with "
        "the same agents are one pool in the formula; what other sharing does to the service only "
        "the simulation shows."
    )


def _workbook(found: Staffing) -> bytes:
    from pathlib import Path
    from tempfile import TemporaryDirectory

    with TemporaryDirectory(prefix="ccplan-") as folder:
        file = Path(folder) / "staffing.xlsx"
        found.to_xlsx(file)
        return file.read_bytes()
