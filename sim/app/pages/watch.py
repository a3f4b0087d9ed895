"""Watch: one day as an animation, and the story of any of its customers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.app.scenario_picker import ScenarioChoice, pick_scenario, show_problems
from sim.app.workspace import as_text, recall, remember
from sim.units import BadInputError

if TYPE_CHECKING:
    from sim.log import Log
    from sim.report.replay import Window

DAYS = 50
"""Simulated days among which one can choose."""


def page() -> None:
    """Draw the page."""
    import streamlit as st

    from sim.report.replay import simulated_log

    with st.sidebar:
        choice = pick_scenario()
        wish = _options(choice) if isinstance(choice, ScenarioChoice) else None
    st.title("Watch a day")
    if not isinstance(choice, ScenarioChoice) or wish is None:
        st.write("Choose a scenario at the left, and see one of its days go by.")
        show_problems(choice if isinstance(choice, list) else [])
        return
    st.caption(
        f"{as_text(choice.heading)}: one simulated day (run {wish[1]}, seed {wish[0]}). "
        "One day is one day: what is usual shows only over many, on page Start."
    )
    try:
        with st.spinner("Living the day"):
            log = simulated_log(choice.scenario, *wish)
    except BadInputError as error:
        show_problems(error)
        return
    window = _window(log)
    if window is None:
        st.info("Nothing arrives and nobody works on this day, so there is nothing to watch.")
        return
    _shown(choice, wish, log, window)


def _options(choice: ScenarioChoice) -> tuple[int, int]:
    """Draw the choice of the day; return seed and run."""
    import streamlit as st

    seed = recall("seed", choice.scenario.experiment.seed)
    run = recall("watch:run", 1)
    st.number_input(
        "Run",
        1,
        DAYS,
        key=run,
        step=1,
        help="Each run is another day of the same scenario, with other chance.",
    )
    st.number_input(
        "Seed",
        min_value=0,
        max_value=2**31,
        step=1,
        key=seed,
        help="Fixes all chance. The same seed and run give the same day again.",
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
    """Draw the animation, and the same in words and numbers."""
    import pandas as pd
    import streamlit as st

    from sim.app.animation import draw
    from sim.report.replay import quarter_rows, replay

    mark = f"watch-{choice.scenario.fingerprint[:12]}-{wish[0]}-{wish[1]}-{window.start:.0f}"
    draw(replay(log, window), mark)
    with st.expander("The same as a table, every quarter of an hour"):
        st.dataframe(
            pd.DataFrame(quarter_rows(log, window)),
            hide_index=True,
            width="stretch",
            alt="Contacts waiting and agents by what they do, every quarter of an hour",
        )
        st.caption(
            "So far: since the day began, without a warm-up. In time: the service level of those "
            "whose wait is over, each queue by its own formula and threshold."
        )
    with st.expander("The story of a customer as text"):
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
