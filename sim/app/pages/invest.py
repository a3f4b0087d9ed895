"""Invest: levers with their cost, a budget, the best mix, frontier, tornado and advice."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sim.app.chart_display import draw_chart
from sim.app.planning_jobs import PlanningJob, finished_plan, start_plan
from sim.app.result_components import file_name
from sim.app.scenario_picker import ScenarioChoice, pick_scenario, show_problems
from sim.app.workspace import as_text, recall, remember

if TYPE_CHECKING:
    from sim.planning import Investment
    from sim.scenario import Scenario
    from sim.scenario.lever_changes import ScenarioLever

SLOT = "invest"
LIMITS = (30, 60, 120, 300, 600, 1800)
"""Time limits of the search (s)."""
DAYS = (10, 30, 60, 120)
METRICS = ("csat", "value", "cost_per_resolved", "fcr", "resolution", "service_level",
           "contacts_per_issue", "asa_s", "abandonment", "effort", "total_cost")  # fmt: skip
"""Objectives that the list offers; the page shows those that the scenario has."""


def page() -> None:
    """Draw the page."""
    import streamlit as st

    with st.sidebar:
        choice = pick_scenario()
    st.title("Invest")
    if not isinstance(choice, ScenarioChoice):
        st.write("Choose a scenario in the sidebar to see where money helps most.")
        show_problems(choice)
        return
    st.caption(
        f"{as_text(choice.heading)}. Levers are changes with a cost; the simulation finds the mix "
        "that improves one metric most for a budget."
    )
    scenario = choice.scenario
    key = recall(f"invest:catalogue:{scenario.fingerprint[:12]}", not scenario.lever)
    st.toggle(
        "Levers of the catalogue", key=key,
        help="Adds the levers of the catalogue that fit this scenario. Their costs are made up.",
    )  # fmt: skip
    offered = with_levers(scenario, bool(remember(key)))
    levers = _switches(offered)
    options = _options(offered)
    mark = (scenario.fingerprint, tuple(map(repr, levers)), *options.values())
    if not levers:
        st.info("Switch on at least one lever.", icon=":material/toggle_off:")
    elif st.button(
        "Find the best mix", type="primary", key="invest:start", icon=":material/search:"
    ):
        work = _work(offered, [lever.name for lever in levers], options)
        limit = float(options["time_limit"])
        start_plan(SLOT, PlanningJob(mark, "Searching the best mix", work, limit))
        st.rerun()
    found: Investment | None = finished_plan(SLOT, mark, _words)
    if found is not None:
        _result(found)


def with_levers(scenario: Scenario, catalogue: bool) -> Scenario:
    """Return a scenario with the levers of the catalogue that do not contradict its own."""
    from sim.planning.investment.find_mix import with_catalogue

    return with_catalogue(scenario)[0] if catalogue else scenario


def _switches(scenario: Scenario) -> list[ScenarioLever]:
    """Draw a switch for each lever; return those that are on."""
    import streamlit as st

    from sim.report.investment_view import lever_label
    from sim.scenario.lever_changes import scenario_levers

    chosen = []
    with st.expander("Levers", expanded=True, icon=":material/toggle_on:"):
        for lever in scenario_levers(scenario):
            key = recall(f"invest:lever:{lever.name}", True)
            changes = ", ".join(f"{path} {value}" for path, value in lever.changes.items())
            st.toggle(as_text(lever_label(lever)), key=key, help=as_text(
                f"{changes[:300]}. Evidence: {lever.source}."
            ))  # fmt: skip
            if remember(key):
                chosen.append(lever)
    return chosen


def _options(scenario: Scenario) -> dict[str, Any]:
    """Draw budget, objective and how long to search."""
    import streamlit as st

    from sim.metrics.metric_titles import reference_label
    from sim.model import build
    from sim.planning.investment.objective import objective_names

    names = objective_names(build(scenario), METRICS)
    with st.container(horizontal=True):
        key = recall("invest:budget", 5000.0)
        st.number_input("Budget a month", 0.0, 1e9, step=500.0, key=key, format="%.0f")
        budget = float(remember(key))
        key = recall("invest:objective", names[0], names)
        st.selectbox("Improve", names, key=key, format_func=reference_label)
        objective = str(remember(key))
        key = recall("invest:days", 30, DAYS)
        st.selectbox("Simulated days of each mix", DAYS, key=key)
        days = int(remember(key))
        key = recall("invest:limit", 300, LIMITS)
        st.selectbox("Time limit (s)", LIMITS, key=key)
        limit = int(remember(key))
    return {"budget": budget, "objective": objective, "days": days, "time_limit": limit}


def _work(scenario: Scenario, levers: list[str], options: dict[str, Any]) -> Any:
    def work(job: PlanningJob) -> Investment:
        from sim.planning.investment import find_mix

        return find_mix.invest(
            scenario, levers=levers, report=job.report, stop=lambda: job.was_stopped, **options
        )

    return work


def _words(state: Any) -> str:
    from sim.report.investment_view import progress_words

    return as_text(progress_words(state))


def _result(found: Investment) -> None:
    """Draw the best mix, the advice, frontier, levers alone, tornado and naive answers."""
    import streamlit as st

    from sim.report import investment_charts as charts
    from sim.report import investment_view as view

    st.subheader(as_text(f"Recommended: {found.recommended['words']}"), divider="gray")
    with st.grid(min_column_width=150, gap="small"):
        for name, value, text in view.cards(found):
            st.metric(as_text(name), value, border=True, help=text, height="stretch")
    st.markdown("\n".join(f"- {as_text(sentence)}" for sentence in found.advice))
    if found.undecided:
        with st.expander(f"{len(found.undecided)} mixes that cannot be told apart from it"):
            _table(view.mix_table(found, found.undecided), "Mixes not told apart from the best")
    st.subheader("Frontier", divider="gray")
    draw_chart(charts.frontier_chart(found), alt=charts.alt_text_frontier(found))
    _table(view.mix_table(found, found.frontier), "Mixes that no other beats")
    st.subheader("Levers alone", divider="gray")
    _table(view.lever_table(found), "Cost and effect of each lever alone")
    if found.tornado:
        st.subheader("What would change the advice", divider="gray")
        draw_chart(charts.tornado_chart(found), alt=charts.alt_text_tornado(found))
    if found.notes:
        with st.expander("Notes"):
            st.markdown("\n".join(f"- {as_text(note)}" for note in found.notes))
    st.download_button(
        "All of it (JSON)", data=lambda: found.to_json().encode(), on_click="ignore",
        file_name=f"{file_name(found.name)}-invest.json", icon=":material/download:",
        help="As ccplan invest --json prints it.",
    )  # fmt: skip


def _table(rows: list[dict[str, str]], alt: str) -> None:
    import streamlit as st

    st.dataframe(rows, hide_index=True, width="stretch", height="content", alt=alt)
