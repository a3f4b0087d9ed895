"""View of sweeps: design, progress, cancel, resume, results."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from sim.app.chart_display import draw_chart
from sim.app.polling import polled
from sim.app.scenario_picker import ScenarioChoice, pick_scenario, show_problems
from sim.app.sliders import center_sliders, part_sliders
from sim.app.sweep.design import Range, default_range, document_of, study_of
from sim.app.sweep.downloads import sweep_downloads
from sim.app.sweep.process_manager import runner
from sim.app.sweep.saved_sweeps import SavedSweep, sweeps, write_sweep
from sim.app.workspace import as_text, recall, remember, workspace
from sim.units import BadInputError

if TYPE_CHECKING:
    from streamlit.delta_generator import DeltaGenerator

    from sim.experiment.sweep.worker import CellResult
    from sim.scenario import Scenario

OTHER, NONE = "Another field …", "none"
RUNS = (5, 10, 20, 50, 100)
LABELS = {
    "service_level": "Service level",
    "abandonment": "Abandonment",
    "asa_s": "ASA",
    "wait_p90_s": "90th percentile wait",
    "occupancy": "Occupancy",
    "offered": "Offered (average per replication)",
    "cost": "Cost",
}


def sweep_view() -> None:
    """Draw the design of a sweep and the sweeps of the workspace."""
    import streamlit as st

    with st.sidebar:
        choice = pick_scenario()
    if isinstance(choice, ScenarioChoice):
        _designed(choice)
    else:
        show_problems(choice)
    found, wrong = sweeps(workspace().folder)
    show_problems(wrong)
    if not found:
        st.info(
            "No sweeps yet. Choose a field and its range, and press *Start sweep*.",
            icon=":material/grid_on:",
        )
        return
    st.subheader("Sweeps", divider="gray")
    by_place = {one.place: one for one in reversed(found)}
    if (wish := st.session_state.pop("sweep:next", None)) in by_place:
        st.session_state["sweep:shown"] = wish
    key = recall("sweep:shown", next(iter(by_place)), by_place)
    st.selectbox("Sweep", by_place, key=key, format_func=lambda place: by_place[place].name)
    _shown(by_place[remember(key)])


# Design ----------------------------------------------------------------------------------------


def _designed(choice: ScenarioChoice) -> None:
    """Draw the fields of a design, and the button that starts it."""
    import streamlit as st

    scenario = choice.scenario
    with st.expander(f"New sweep of {as_text(scenario.name)}", expanded=True):
        st.caption(
            "The scenario is simulated with each value of a field, always on the same simulated "
            "days, so that differences are due to the field."
        )
        ranges, wrong = _ranges(scenario)
        columns = st.columns([3, 1, 1], vertical_alignment="bottom")
        named = " and ".join(one.name for one in ranges)
        name = columns[0].text_input("Name", value=f"{scenario.name}: {named}", max_chars=80)
        with columns[1]:
            key = recall("sweep:runs", 20, RUNS)
            st.selectbox("Replications", RUNS, key=key, help="Of each variant.")
        runs = int(remember(key))
        begin = columns[2].button(
            "Start sweep",
            type="primary",
            icon=":material/play_arrow:",
            width="stretch",
            disabled=wrong,
        )
        if wrong:
            return
        seed = int(workspace().values.get("seed", scenario.experiment.seed))
        try:
            study = study_of(scenario, name.strip(), ranges, runs, seed)
            _show_size(scenario, [len(one.values()) for one in ranges], runs)
            if begin:
                _begin(choice, document_of(study.name, ranges, runs, seed))
        except BadInputError as error:
            show_problems(error)


def _show_size(scenario: Scenario, counts: list[int], runs: int) -> None:
    import math

    import streamlit as st

    from sim.app.simulation_jobs import contacts
    from sim.report.formatting import show

    cells = math.prod(counts)
    expected = show(contacts(scenario) * runs * cells, "contacts")
    st.caption(f"{cells} variants, {runs} replications each: about {expected} contacts.")


def _begin(choice: ScenarioChoice, document: dict[str, object]) -> None:
    import streamlit as st

    words = choice.words
    saved = write_sweep(workspace().folder, choice.scenario, document, words)
    runner().start(saved)
    st.session_state["sweep:next"] = saved.place
    st.rerun()


def _ranges(scenario: Scenario) -> tuple[list[Range], bool]:
    """Draw one or two fields with from, to and step; show errors below each."""
    import streamlit as st

    known = {one.name: one for one in _known(scenario)}
    ranges, wrong = [], False
    for k, title in enumerate(("Field", "Second field")):
        names = [*(() if k == 0 else (NONE,)), *known, OTHER]
        prefix = f"sweep:{scenario.fingerprint[:12]}:{k}"
        columns = st.columns([3, 1, 1, 1], vertical_alignment="bottom")
        with columns[0]:
            key = recall(f"{prefix}:field", names[0], names)
            st.selectbox(title, names, key=key)
        name = remember(key)
        if name == NONE:
            continue
        found = known.get(name) or _other(prefix)
        one = _bounds(found, f"{prefix}:{name}", columns[1:])
        try:
            if not one.paths[0]:
                raise BadInputError("field: is empty; give a path such as queue.billing.balk")
            one.check(scenario)
        except BadInputError as error:
            show_problems(error)
            wrong = True
        ranges.append(one)
    return ranges, wrong


def _known(scenario: Scenario) -> list[Range]:
    sliders = [*center_sliders(scenario), *part_sliders(scenario)]
    named = ((f"{one.section}: {one.label}" if one.section else one.label, one) for one in sliders)
    return [default_range(slider, name) for name, slider in named]


def _other(prefix: str) -> Range:
    """Draw a field for any path."""
    import streamlit as st

    key = recall(f"{prefix}:path", "")
    st.text_input(
        "Path of the field",
        key=key,
        placeholder="queue.billing.balk",
        help="As --set on the command line.",
    )
    path = str(remember(key)).strip()
    return Range(path or "field", (path,), "", "", "")


def _bounds(found: Range, prefix: str, columns: Sequence[DeltaGenerator]) -> Range:
    texts = []
    helps = ("The first value.", "The last value.", "From one value to the next.")
    fields = (("From", found.first), ("To", found.last), ("Step", found.step))
    for column, (label, default), text in zip(columns, fields, helps, strict=True):
        with column:
            texts.append(_text(label, f"{prefix}:{label}", default, text))
    return replace(found, first=texts[0], last=texts[1], step=texts[2])


def _text(label: str, slot: str, default: str, text: str) -> str:
    import streamlit as st

    key = recall(slot, default)
    st.text_input(
        label,
        key=key,
        help=f"{text} A value with + or - changes the current one: +10%, -2.",
    )
    return str(remember(key)).strip()


# Results ---------------------------------------------------------------------------------------


def _shown(saved: SavedSweep) -> None:
    """Draw the progress of a sweep, buttons to cancel or resume it, and its results."""
    import streamlit as st

    running = runner().is_running(saved)

    def look() -> None:
        at_work = runner().is_running(saved)
        if running and not at_work:
            st.rerun()  # it has ended: the whole page says so
        _state(saved, at_work)
        _found(saved)

    polled(look, 1.0 if running else None)


def _state(saved: SavedSweep, at_work: bool) -> None:
    import streamlit as st

    done, planned = saved.done, len(saved.plan.cells)
    left, first, second = st.columns([5, 1, 1], vertical_alignment="center")
    left.progress(min(done / planned, 1.0), f"{done} of {planned} variants finished")
    if at_work:
        if first.button("Cancel", icon=":material/stop:", width="stretch", key="sweep:cancel"):
            runner().stop(saved)
            st.rerun()
        return
    if not saved.is_finished:
        if first.button("Resume", icon=":material/play_arrow:", width="stretch", key="sweep:go-on"):
            _go_on(saved)
        failure = runner().failure(saved)
        if failure:
            st.error(
                f"The sweep ended early; finished variants are saved. {as_text(failure)}",
                icon=":material/error:",
            )
        else:
            left.caption("Stopped. Finished variants are saved.")
    if second.button("Remove", icon=":material/delete:", width="stretch", key="sweep:remove"):
        workspace().folder.remove(saved.place)
        st.rerun()


def _go_on(saved: SavedSweep) -> None:
    import streamlit as st

    try:
        runner().start(saved)
    except BadInputError as error:
        show_problems(error)
        return
    st.rerun()


def _targets(saved: SavedSweep) -> tuple[float, float]:
    """Return the lowest and the highest service level target of the base."""
    from sim.model import build
    from sim.report.result_views import target_span

    return target_span(build(saved.study.scenario))


def _found(saved: SavedSweep) -> None:
    """Draw the cells that are finished."""
    import pandas as pd
    import streamlit as st

    from sim.report.sweep.charts import (
        alt_text_sweep,
        formula_of,
        sweep_chart,
        sweep_rows,
        swept_metrics,
        swept_points,
    )

    known: dict[int, CellResult] = st.session_state.setdefault(f"cells:{saved.where}", {})
    cells = saved.finished_cells(known)
    if not cells:
        return
    metrics = swept_metrics(cells)
    key = recall("sweep:metric", metrics[0], metrics)
    st.segmented_control(
        "Metric", metrics, key=key, required=True, format_func=lambda m: LABELS.get(m, m)
    )
    metric, axes = remember(key), saved.plan.axes
    points = swept_points(saved.plan.cells, cells, axes, metric)
    if points and len(axes) <= 2:
        formula = formula_of(cells, metric)
        name = f"{LABELS[metric]} ({formula})" if formula else LABELS[metric]
        title = f"{name} by {' and '.join(axes)}"
        chart = sweep_chart(points, axes, metric, title, _targets(saved), formula)
        draw_chart(chart, alt=alt_text_sweep(points, axes, metric))
    rows = sweep_rows(saved.plan.cells, cells, axes, metrics)
    with st.expander("As a table"):
        st.caption("± is half the width of the 95 % confidence interval.")
        st.dataframe(
            pd.DataFrame(rows), hide_index=True, width="stretch", alt=f"Metrics of {saved.name}"
        )
    sweep_downloads(saved, cells, rows)
