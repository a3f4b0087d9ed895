"""Agents required and scheduled by interval, with over- and understaffing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.app.chart_display import draw_chart
from sim.app.staffing_options import pick_group
from sim.app.workspace import as_text

if TYPE_CHECKING:
    from sim.planning import Staffing
    from sim.report.staffing_view import Balance
    from sim.scenario import Scenario


def draw_requirement(scenario: Scenario, found: Staffing, day: str | None = None) -> None:
    """Draw required and scheduled agents, and over- and understaffing, of a day or of all."""
    import streamlit as st

    from sim.report.readable_intervals import readable_agents
    from sim.report.staffing_charts import (
        alt_text_balance,
        alt_text_required,
        over_under_chart,
        required_chart,
    )
    from sim.report.staffing_view import ALL, balance, slot_table, slots

    group = pick_group(scenario, [ALL, *scenario.group])
    rows = slots(found, None if group == ALL else group, day)
    if not rows:
        st.info("No workload and no agents here, so nothing is required.")
        return
    _balance(balance(rows, found.interval_s))
    scope = "all groups" if group == ALL else f"group {group}"
    scope += f", {day}" if day else ""
    shown, together = readable_agents(rows)
    scope += f", mean of each {together}" if together else ""
    draw_chart(
        over_under_chart(shown, f"Over- and understaffing, {scope}"),
        alt=alt_text_balance(rows),
    )
    draw_chart(
        required_chart(shown, f"Agents required and on duty, {scope}"),
        alt=alt_text_required(rows),
    )
    with st.expander("As a table", expanded=day is not None):
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
            f"short, most in {as_text(worst.short_group)}. Overstaffing in other intervals or "
            "groups does not make up for it."
        )
