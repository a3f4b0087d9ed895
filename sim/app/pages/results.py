"""Results: saved results side by side, by change, by day, by interval."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from sim.app import result_components
from sim.app.chart_display import draw_chart
from sim.app.comparison_views import day_view, interval_view, origin, waterfall_view
from sim.app.result_picker import base_of, choose_results, use_as_base, with_same_days
from sim.app.saved_roster_forms import compared_rosters
from sim.app.scenario_picker import ScenarioChoice, pick_scenario, show_problems
from sim.app.workspace import SavedResult, as_text, recall, remember, workspace
from sim.app.workspace_panel import warn_of_damage, workspace_panel

if TYPE_CHECKING:
    from sim.experiment import Comparison, Result

SIDE, CHANGES, DAYS, INTERVALS = VIEWS = ("Side by side", "Waterfall", "Days", "Intervals")
ALL, ONE = "All scenarios", "This scenario"
CHARTED = {
    "service_level": "Service level",
    "abandonment": "Abandonment",
    "asa_s": "ASA",
    "occupancy": "Occupancy",
    "cost": "Cost",
    "csat": "CSAT",
    "effort": "Customer effort",
    "value_lost": "Customer value lost",
}


def page() -> None:
    """Draw the page."""
    import streamlit as st

    with st.sidebar:
        only = _only_of(pick_scenario())
    warn_of_damage()
    st.title("Results")
    key = recall("compare:view", SIDE, VIEWS)
    st.segmented_control(
        "View", VIEWS, key=key, required=True, label_visibility="collapsed", width="stretch"
    )
    view = remember(key)
    every = list(workspace().saved_results.values())
    saved = [one for one in every if only in ("", one.scenario.name)]
    if every and not saved:
        st.info(
            "No saved results of this scenario. Choose *All scenarios* in the sidebar to see the "
            "others.",
            icon=":material/bookmark:",
        )
    elif not saved:
        st.info(
            "No saved results yet. On page Start, press *Save result* and enter a name.",
            icon=":material/bookmark:",
        )
    elif view == CHANGES:
        waterfall_view(saved)
    else:
        _compared(saved, view)
    compared_rosters()
    workspace_panel()


def _only_of(choice: ScenarioChoice | list[str]) -> str:
    """Draw the choice of results to show; return the name of their scenario, empty for all."""
    import streamlit as st

    if not isinstance(choice, ScenarioChoice):
        show_problems(choice)
        return ""
    key = recall("compare:of", ALL, (ALL, ONE))
    st.segmented_control(
        "Results of",
        (ALL, ONE),
        key=key,
        required=True,
        width="stretch",
        help="Saved results of all scenarios, or those of the scenario above and its variants.",
    )
    return choice.base.name if remember(key) == ONE else ""


def _compared(saved: list[SavedResult], view: str) -> None:
    """Draw the saved results and one view of those chosen."""
    import streamlit as st

    if view == SIDE:
        _list(saved)
    if len(saved) < 2 and view == SIDE:
        st.info("Save a second result to compare it with this one.", icon=":material/bookmark:")
        return
    chosen = choose_results(saved)
    if chosen is None:
        return
    results = with_same_days(chosen, "compare")
    if results is None:
        return
    _warn_of_versions(chosen, results)
    draw: Callable[[list[SavedResult], list[Result]], None] = {
        SIDE: _differences,
        DAYS: day_view,
        INTERVALS: interval_view,
    }[view]
    draw(chosen, results)


def _list(saved: list[SavedResult]) -> None:
    """Draw the saved results, each with a button to remove it."""
    import streamlit as st

    st.subheader("Saved results", divider="gray")
    base = base_of(saved)
    for one in saved:
        left, middle, right = st.columns([6, 2, 2], vertical_alignment="center")
        if len(saved) > 1:
            middle.button(
                "Base" if one.name == base else "Use as base",
                key=f"base:{one.name}",
                icon=":material/flag:",
                on_click=use_as_base,
                args=(one.name,),
                disabled=one.name == base,
                width="stretch",
                help="All differences below are shown from the base.",
            )
        words = ", ".join(one.words)
        left.markdown(
            f"**{as_text(one.name)}**  \n"
            f":gray[{_level(one)}, {one.runs} replications, seed {one.seed}; "
            f"{as_text(words or f'{one.scenario.name}, {origin(one.scenario)}')}]"
            + (f"  \n{as_text(one.note)}" if one.note else "")
        )
        with right.popover("Remove", icon=":material/delete:", width="stretch"):
            st.caption("This cannot be undone.")
            st.button(
                f"Remove {as_text(one.name)}",
                key=f"remove:{one.name}",
                on_click=workspace().remove_result,
                args=(one.name,),
            )


def _level(one: SavedResult) -> str:
    from sim.report.formatting import show

    level = one.service_level
    if level is None:
        return "no service level"
    return f"service level {show(level.value, 'share', level.half)}"


def _warn_of_versions(chosen: list[SavedResult], results: list[Result]) -> None:
    """Warn where a result differs from the one that was saved."""
    import streamlit as st

    from sim.app.workspace.results import service_level
    from sim.report.formatting import show

    for one, result in zip(chosen, results, strict=True):
        now, then = service_level(result), one.service_level
        if (one.runs, one.seed) != (result.runs, result.seed) or now is None or then is None:
            continue
        if now.value != then.value:
            st.warning(
                f"{as_text(one.name)} was saved by version {as_text(one.version)} with a service "
                f"level of {show(then.value, 'share')}; this version computes "
                f"{show(now.value, 'share')}.",
                icon=":material/history:",
            )


def _differences(chosen: list[SavedResult], results: list[Result]) -> None:
    """Draw charts and tables of the differences."""
    import streamlit as st

    from sim.experiment import Comparison
    from sim.report.comparison_workbook import About
    from sim.report.metrics_by_scenario import alt_text_matrix, comparison_matrix, matrix_table
    from sim.report.result_views import main_differences

    base, *others = chosen
    comparison = Comparison(tuple(results), tuple(one.name for one in chosen))
    st.subheader(f"Differences from {as_text(base.name)}", divider="gray")
    st.caption(
        f"All used the same {base.runs} simulated replications (seed {base.seed}), so differences "
        "are paired. A difference whose 95 % confidence interval contains zero is not significant; "
        "that does not prove that there is none."
    )
    lines = comparison_matrix(comparison)
    st.dataframe(
        matrix_table(lines, base.name),
        hide_index=True,
        width="stretch",
        height="content",
        column_config={"Metric": st.column_config.TextColumn(pinned=True)},
        alt=" ".join(alt_text_matrix(lines, one.name) for one in others),
    )
    st.caption(
        "In brackets: difference from the base. * and colour: significant at 95 % (green better, "
        "orange worse, grey neither)."
    )
    _chart(comparison)
    for one in others:
        with st.expander(f"{as_text(one.name)}: differences with confidence intervals"):
            rows = main_differences(comparison, one.name)
            words = f"Differences of {one.name} from {base.name}"
            result_components.difference_rows(rows, comparison, words)
    _costs(results, [one.name for one in chosen])
    st.download_button(
        "Workbook with all differences (XLSX)",
        data=lambda: result_components.workbook(
            comparison, {one.name: About(one.words, one.note) for one in chosen}
        ),
        file_name=f"{result_components.file_name(base.name)}-compared.xlsx",
        icon=":material/download:",
        on_click="ignore",
    )


def _costs(results: list[Result], names: list[str]) -> None:
    """Draw cost against service, where groups have a wage."""
    import streamlit as st

    from sim.report.cost_chart import alt_text_costs, cost_chart, cost_points

    points = cost_points(results, names)
    if not points:
        st.caption("To compare cost and service level, enter the wage of groups on page Scenario.")
        return
    chart = cost_chart(points, "Cost and service level")
    draw_chart(chart, alt=alt_text_costs(points))
    st.caption(
        "Cost: pay for scheduled hours and overtime at the wages of the scenario; groups without a "
        "wage are not included."
    )


def _chart(comparison: Comparison) -> None:
    """Draw one metric of all scenarios against the base."""
    import streamlit as st

    from sim.metrics import catalogue
    from sim.report.charts import alt_text_differences, difference_chart
    from sim.report.coefficients import calibrated_title, calibration_of

    have = {row.metric for row in comparison.rows if row.scope == "total"}
    metrics = [metric for metric in CHARTED if metric in have]
    key = recall("compare:metric", metrics[0], metrics)
    st.segmented_control("Metric", metrics, key=key, required=True, format_func=CHARTED.__getitem__)
    metric = remember(key)
    rows = [r for r in comparison.rows if (r.scope, r.metric) == ("total", metric)]
    unit = catalogue()[metric].unit
    shown = calibrated_title(metric, calibration_of(comparison))
    title = f"{shown}: difference from {comparison.labels[0]}, 95 % confidence interval"
    draw_chart(difference_chart(rows, unit, title), alt=alt_text_differences(rows, unit))
