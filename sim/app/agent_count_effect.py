"""What up to three agents more or fewer change, by formula and simulated."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.app.background_jobs import SimulationTask
from sim.app.chart_display import draw_chart
from sim.app.simulation_jobs import result_or_stop, simulate_all
from sim.app.workspace import as_text, recall, remember

if TYPE_CHECKING:
    from sim.scenario import Scenario

SLOT = "staffing"
"""Name of the background job, shared by the views of page Staffing."""


def agents_delta_view(scenario: Scenario, group: str, runs: int, seed: int) -> None:
    """Draw what up to three agents more or fewer in a group change."""
    import streamlit as st

    from sim.planning.queue_agents import no_formula
    from sim.report.staffing_charts import alt_text_plus_minus, plus_minus_chart
    from sim.report.staffing_view import neighbours, plus_minus, plus_minus_table, where_more

    queues = [q for q in scenario.group[group].skills if not scenario.queue[q].is_deferred]
    if not queues:
        st.info(f"{as_text(group)} has no live queue, so there is no service level to show.")
        return
    queue = queues[0]
    if len(queues) > 1:
        key = recall(f"staffing:{scenario.fingerprint[:12]}:queue:{group}", queue)
        st.selectbox("Queue", queues, key=key)
        queue = str(remember(key))
    tasks = [SimulationTask(one, runs, seed) for one in neighbours(scenario, group).values()]
    if simulate_all(tasks, "Simulating ±3 agents", SLOT) is None:
        return
    rows = plus_minus(
        scenario, group, queue, lambda one, what: result_or_stop(one, runs, seed, what, SLOT)
    )
    where = where_more(scenario, group)
    for what, title in (
        ("level", f"Service level of {queue} with ±3 agents in {group}"),
        ("occupancy", f"Occupancy of {group} with ±3 agents"),
    ):
        chart = plus_minus_chart(rows, what, title, where)
        draw_chart(chart, alt=f"{title}. {alt_text_plus_minus(rows, what)}")
    st.dataframe(
        plus_minus_table(rows, where),
        hide_index=True,
        width="stretch",
        alt="Service level and occupancy with three agents fewer to three more",
    )
    why = no_formula(scenario, queue)
    formula = (
        f"There is no formula for {as_text(queue)}: {why}."
        if why
        else "The formula looks at each interval on its own, with the agents split among queues by "
        "load; its occupancy leaves out deferred work and overflow from other queues."
    )
    st.caption(
        f"Agents added or removed {where}. All variants use the same simulated days. {formula}"
    )
