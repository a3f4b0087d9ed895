"""Whether queues meet their targets, a change that may help, and the interval table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.app.cache import cached
from sim.app.unsaved_edits import add_edit
from sim.app.workspace import as_text
from sim.metrics.target_status import MET, MISSED, UNDECIDED

if TYPE_CHECKING:
    from sim.app.scenario_picker import ScenarioChoice
    from sim.experiment import Result
    from sim.scenario import Scenario

ICONS = {
    MET: ":green[:material/check_circle:]",
    MISSED: ":orange[:material/error:]",
    UNDECIDED: ":gray[:material/help:]",
    "": ":gray[:material/remove:]",
}


def verdicts(choice: ScenarioChoice, scenario: Scenario, result: Result, queue: str | None) -> None:
    """Draw the status of each queue, or of one, with a change that may help if it misses.

    Parameters
    ----------
    choice : ScenarioChoice
        A change that is tried becomes an unsaved change of it.
    scenario : Scenario
        The one that was simulated.
    result : Result
    queue : str or None
        Or a target, with its queues; all queues unless given.
    """
    import streamlit as st

    from sim.planning.agents_to_add import agents_to_add
    from sim.report.formatting import unbroken
    from sim.report.interval_metrics import queues_at
    from sim.report.queue_verdicts import queue_verdicts

    here = {queue, *(each.name for each in queues_at(result.model, queue))} if queue else {None}
    for one in queue_verdicts(result):
        if not {None, one.queue} & here:
            continue
        words = f"{ICONS[one.verdict]} {unbroken(as_text(one.words))}"
        st.markdown(words)
        if one.verdict != MISSED or one.queue not in scenario.queue:
            continue
        key = ("agents to add", scenario.fingerprint, result.runs, result.seed, one.queue)
        found = cached(
            key,
            lambda name=one.queue: [agents_to_add(scenario, result, name)],  # type: ignore[misc]
        )
        edit = found[0]
        if edit is not None:
            st.button(
                f"Try {as_text(edit.words)}",
                key=f"add-agents:{one.queue}",
                icon=":material/build:",
                on_click=add_edit,
                args=(choice.base, choice.place, edit),
                help="Adds these agents as an unsaved change in the intervals with most late "
                "answers: the shortfall by formula, at least one.",
            )
        else:
            st.caption("More agents or less volume would help.")


def interval_grid(
    scenario: Scenario, result: Result, queue: str | None, max_occupancy: str | None = None
) -> None:
    """Draw volume, staff and service of every interval, coloured by the target.

    The agents required keep a limit of occupancy, if any.
    """
    import streamlit as st

    from sim.report.interval_grid import alt_text_intervals, interval_lines, interval_table

    key = ("grid", scenario.fingerprint, result.runs, result.seed, queue, max_occupancy)
    lines = cached(key, lambda: interval_lines(scenario, result, queue, max_occupancy))
    if not lines:
        st.info("No contacts offered.", icon=":material/info:")
        return
    st.dataframe(
        interval_table(lines),
        hide_index=True,
        width="stretch",
        height=460,
        alt=alt_text_intervals(lines),
    )
    occupancy = "" if queue is None else " Occupancy is shown for the whole center only."
    st.caption(
        "Volume: mean of the replications. Required: agents by formula. On duty: net of shrinkage, "
        "absence and breaks. Target: met or missed when the whole 95 % confidence interval of the "
        f"service level is above or below it, else undecided.{occupancy}"
    )
