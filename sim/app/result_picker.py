"""Choice of saved results to compare, all on the same simulated days."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.app.background_jobs import SimulationTask
from sim.app.simulation_jobs import result_cache, simulate_all
from sim.app.workspace import SavedResult, recall, remember

if TYPE_CHECKING:
    from sim.experiment import Result

MOST = 5
"""Results that are compared at once."""


BASE = "compare:base"
"""Key of the choice of the base."""


def usual_base(saved: list[SavedResult]) -> str:
    """Return the first result of an unchanged scenario, else the first of all."""
    return next((one.name for one in saved if not one.scenario.steps), saved[0].name)


def base_of(saved: list[SavedResult]) -> str:
    """Return the name of the base, before its field is drawn."""
    key = recall(BASE, usual_base(saved), [one.name for one in saved])
    return str(remember(key))


def use_as_base(name: str) -> None:
    """Make a result the base."""
    import streamlit as st

    st.session_state[BASE] = name


def choose_results(saved: list[SavedResult]) -> list[SavedResult] | None:
    """Draw the choice of a base and of the results compared with it; the base comes first.

    Returns
    -------
    list of SavedResult or None
        None while nothing is chosen.
    """
    import streamlit as st

    names = [one.name for one in saved]
    by_name = {one.name: one for one in saved}
    left, right = st.columns([1, 2])
    with left:
        key = recall(BASE, usual_base(saved), names)
        st.selectbox("Base", names, key=key, help="All differences are shown from this result.")
    base = by_name[remember(key)]
    rest = [name for name in names if name != base.name]
    if not rest:
        return [base]
    with right:
        picked = st.multiselect(
            "Compare with",
            rest,
            default=rest[: MOST - 1],
            max_selections=MOST - 1,
            help=f"One to {MOST - 1} results. The base is always shown.",
        )
    if not picked:
        st.info("Choose at least one result to compare with the base.")
        return None
    return [base, *(by_name[name] for name in picked)]


def with_same_days(chosen: list[SavedResult], slot: str) -> list[Result] | None:
    """Return results with replications and seed of the base, simulated where they differ."""
    runs, seed = chosen[0].runs, chosen[0].seed
    for one in chosen:
        if one.result is not None:
            result_cache().put((one.scenario.fingerprint, one.runs, one.seed), one.result)
    tasks = [SimulationTask(one.scenario, runs, seed) for one in chosen]
    return simulate_all(tasks, "Simulating saved results", slot)
