"""Views of saved results: by change, by day, by interval."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.app.background_jobs import SimulationTask
from sim.app.chart_display import draw_chart
from sim.app.scenario_picker import show_problems
from sim.app.simulation_jobs import simulate_all
from sim.app.workspace import SavedResult, recall, remember
from sim.units import BadInputError

if TYPE_CHECKING:
    from sim.experiment import Result
    from sim.scenario import Scenario

METRICS = {
    "service_level": "Service level",
    "abandonment": "Abandonment",
    "asa_s": "ASA",
    "occupancy": "Occupancy",
}
SHADED = {
    "service_level": "Service level",
    "abandonment": "Abandonment",
    "asa_s": "ASA",
}


def waterfall_view(saved: list[SavedResult]) -> None:
    """Draw what each change of a saved result adds, one after the other."""
    import streamlit as st

    changed = {one.name: one for one in saved if one.scenario.steps}
    if not changed:
        st.info(
            "No saved result has changes. Change something on page Start, then press *Save "
            "result*.",
            icon=":material/bookmark:",
        )
        return
    left, right = st.columns([2, 3], vertical_alignment="bottom")
    names = list(changed)
    with left:
        key = recall("waterfall:of", names[-1], names)
        st.selectbox("Result", names, key=key)
    one = changed[remember(key)]
    with right:
        key = recall("waterfall:metric", "service_level", METRICS)
        st.segmented_control(
            "Metric", METRICS, key=key, required=True, format_func=METRICS.__getitem__
        )
    metric = remember(key)
    try:
        scenarios = stages(one)
    except BadInputError as error:
        show_problems(error)
        return
    tasks = [SimulationTask(scenario, one.runs, one.seed) for scenario in scenarios]
    results = simulate_all(tasks, "Simulating change by change", "waterfall")
    if results is not None:
        _waterfall(one, results, metric)


def stages(one: SavedResult) -> list[Scenario]:
    """Return the scenario of a result unchanged, then with one more change at a time."""
    found = [one.scenario.written]
    for step in one.scenario.steps:
        found.append(found[-1].with_(**step))
    return found


def origin(scenario: Scenario) -> str:
    """Return whether a scenario, without its changes, is an example or the user's own file."""
    from sim.resources import shipped_scenarios

    shipped = (file.read_text(encoding="utf-8") for file in shipped_scenarios().values())
    return "example" if scenario.written.text in shipped else "your own file"


def _waterfall(one: SavedResult, results: list[Result], metric: str) -> None:
    import pandas as pd
    import streamlit as st

    from sim.report.waterfall import alt_text_waterfall, waterfall, waterfall_chart, waterfall_table

    labels = [origin(one.scenario), *(words for words, _ in one.changes)]
    steps = waterfall(results, labels, metric)
    if not steps:
        st.info("This scenario does not have this metric.", icon=":material/info:")
        return
    title = f"{METRICS[metric]}: from {one.scenario.name}, {labels[0]}, to {one.name}"
    chart = waterfall_chart(steps, metric, title)
    draw_chart(chart, alt=alt_text_waterfall(steps, metric))
    st.caption(
        f"Changes are applied in the order in which they were made, all on the same {one.runs} "
        f"simulated replications (seed {one.seed}). Their effects depend on that order, as changes "
        "interact."
    )
    st.dataframe(
        pd.DataFrame(waterfall_table(steps, metric)),
        hide_index=True,
        width="stretch",
        height="content",
        alt=f"What each change adds to {METRICS[metric]}",
    )


def day_view(chosen: list[SavedResult], results: list[Result]) -> None:
    """Draw the distribution of days."""
    import pandas as pd
    import streamlit as st

    from sim.report.day_spread import alt_text_spread, spread, spread_chart, spread_table
    from sim.report.result_views import common_target

    labels = [one.name for one in chosen]
    target = common_target(results[0].model)
    chart = spread_chart(
        spread(results, labels),
        target,
        "Service level of single days: number of days by service level",
    )
    draw_chart(chart, alt=alt_text_spread(results, labels))
    days = results[0].model.days * results[0].runs
    st.caption(
        f"Each of the {days:,} simulated days counts once; the average hides the bad days. In "
        "brackets: 95 % confidence intervals, which are wide at the ends when there are few days. "
        "A day is on target when every queue reaches its own target (or the center reaches its "
        "target, if it has one), so fewer days are on target than the bars for all queues suggest."
    )
    st.dataframe(
        pd.DataFrame(spread_table(results, labels)),
        hide_index=True,
        width="stretch",
        height="content",
        alt="Quantiles of the service level of single days",
    )


def interval_view(chosen: list[SavedResult], results: list[Result]) -> None:
    """Draw a heatmap of intervals: scenarios below each other, or the days of one."""
    import streamlit as st

    from sim.report.heatmap import alt_text_heatmap, has_days, heat_chart, tiles
    from sim.report.result_views import target_span

    key = recall("heat:metric", "service_level", SHADED)
    st.segmented_control("Metric", SHADED, key=key, required=True, format_func=SHADED.__getitem__)
    metric = remember(key)
    several = any(has_days(result) for result in results)
    pairs = list(zip(chosen, results, strict=True))
    groups = [[pair] for pair in pairs] if several else [pairs]
    for group in groups:
        found = [
            tile
            for one, result in group
            for tile in tiles(result, metric, row="" if several else one.name)
        ]
        of = f" of {group[0][0].name}" if several else ""
        title = f"{SHADED[metric]}{of} by interval"
        if found:
            chart = heat_chart(found, metric, title, target_span(group[0][1].model))
            draw_chart(chart, alt=alt_text_heatmap(found, title))
        else:
            st.info("No contacts offered.", icon=":material/info:")
    st.caption(
        "Contacts count in the interval in which they arrive. Hover over a tile for its 95 % "
        "confidence interval. Intervals with less than one contact per replication are left out."
    )
