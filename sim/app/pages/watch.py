"""Watch: one simulated day as an animation, and the timeline of each customer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.app.scenario_picker import ScenarioChoice, pick_scenario, show_problems
from sim.app.workspace import as_text, recall, remember
from sim.units import BadInputError

if TYPE_CHECKING:
    from sim.log import Log
    from sim.report.replay import Window

DAYS = 50
"""Replications to choose from."""


def page() -> None:
    """Draw the page."""
    import streamlit as st

    from sim.report.replay import simulated_log

    with st.sidebar:
        choice = pick_scenario()
        wish = _options(choice) if isinstance(choice, ScenarioChoice) else None
    st.title("Watch a day")
    if not isinstance(choice, ScenarioChoice) or wish is None:
        st.write("Choose a scenario in the sidebar to watch a simulated day.")
        show_problems(choice if isinstance(choice, list) else [])
        return
    st.caption(
        f"{as_text(choice.heading)}: one simulated day (replication {wish[1]}, seed {wish[0]}). "
        "A single day can be untypical; page Start shows averages over many."
    )
    try:
        with st.spinner("Simulating the day"):
            log = simulated_log(choice.scenario, *wish)
    except BadInputError as error:
        show_problems(error)
        return
    window = _window(log)
    if window is None:
        st.info("This day has no contacts and no agents, so there is nothing to watch.")
        return
    _shown(choice, wish, log, window)


def _options(choice: ScenarioChoice) -> tuple[int, int]:
    """Draw the choice of the day; return seed and replication."""
    import streamlit as st

    seed = recall("seed", choice.scenario.experiment.seed)
    run = recall("watch:run", 1)
    st.number_input(
        "Replication",
        1,
        DAYS,
        key=run,
        step=1,
        help="Each replication is another simulated day of the same scenario.",
    )
    st.number_input(
        "Random seed",
        min_value=0,
        max_value=2**31,
        step=1,
        key=seed,
        help="The same seed and replication give the same day.",
    )
    return int(remember(seed)), int(remember(run))


def _window(log: Log) -> Window | None:
    """Draw the choice of a day, or of a part of it, where there are several."""
    import streamlit as st

    from sim.report.replay import windows

    found = {one.label: one for one in windows(log)}
    if len(found) < 2:
        return next(iter(found.values()), None)
    key = recall(f"watch:{log.model.fingerprint[:12]}:day", next(iter(found)))
    if st.session_state[key] not in found:
        st.session_state[key] = next(iter(found))
    st.selectbox("Day", list(found), key=key)
    return found[str(remember(key))]


def _shown(choice: ScenarioChoice, wish: tuple[int, int], log: Log, window: Window) -> None:
    """Draw the animation, and the same as a table and as text."""
    import pandas as pd
    import streamlit as st

    from sim.app.animation import draw
    from sim.report.replay import replay
    from sim.report.replay_table import quarter_rows

    mark = f"watch-{choice.scenario.fingerprint[:12]}-{wish[0]}-{wish[1]}-{window.start:.0f}"
    draw(replay(log, window), mark)
    with st.expander("As a table, by quarter of an hour"):
        st.dataframe(
            pd.DataFrame(quarter_rows(log, window)),
            hide_index=True,
            width="stretch",
            alt="Contacts waiting and agents by state, every quarter of an hour",
        )
        st.caption(
            "Totals count from the start of the day, after the warm-up. Service level: of contacts "
            "whose wait has ended, each queue by its own formula and threshold."
        )
    with st.expander("Timeline of a customer"):
        _timeline(log)


def _timeline(log: Log) -> None:
    import streamlit as st

    from sim.report.replay import alt_text_timeline

    last = len(log.issues) - 1
    number = st.number_input("Customer", 0, max(last, 0), step=1, help="Numbered as in the log.")
    try:
        lines = alt_text_timeline(log, int(number))
    except BadInputError as error:
        show_problems(error)
        return
    st.markdown("\n".join(f"- {as_text(line)}" for line in lines))
