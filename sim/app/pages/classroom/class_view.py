"""Class view: who predicted what, then the truth, for a trainer's screen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.app.chart_display import draw_chart
from sim.app.polling import polled
from sim.app.scenario_picker import show_problems
from sim.app.workspace import recall, remember
from sim.units import BadInputError

if TYPE_CHECKING:
    from sim.training import Attempt, Store
    from sim.training.class_results import Gathered

EVERY_S = 4.0
"""Time between two looks for new predictions."""


def page() -> None:
    """Draw the page."""
    import streamlit as st

    from sim.training import Store

    st.title("Class view")
    try:
        store = Store()
        teams = store.teams()
        if not teams:
            st.info(
                "Nobody has predicted anything yet. Let learners open page Classroom, write their "
                "name and this class, and lock a prediction: it appears here by itself.",
                icon=":material/co_present:",
            )
            return
        with st.sidebar:
            team = _team(teams)
        _class(store, team)
    except BadInputError as error:
        show_problems(error)


def _team(teams: list[str]) -> str:
    import streamlit as st

    key = recall("class:team", teams[-1], teams)
    st.selectbox("Class", teams, key=key, format_func=lambda name: name or "without a class")
    return str(remember(key))


def _class(store: Store, team: str) -> None:
    """Draw a class; new predictions appear by themselves until the truth is revealed."""
    import streamlit as st

    from sim.training.class_results import gathered

    lessons = {
        f"{one.lesson}:{one.attempts[0].mark}": one for one in gathered(store.attempts(team))
    }
    if not lessons:
        st.info("Nobody of this class has locked a prediction yet.")
        return
    last = list(lessons)[-1]
    key = recall("class:lesson", last, lessons)
    st.selectbox("Lesson", list(lessons), key=key, format_func=lambda k: lessons[k].title)
    chosen = str(remember(key))
    slot = f"class:{team}:{chosen}:revealed"
    revealed = bool(st.session_state.get(slot))

    def look() -> None:
        found = {f"{g.lesson}:{g.attempts[0].mark}": g for g in gathered(store.attempts(team))}
        if chosen in found:
            _lesson(found[chosen], revealed)

    polled(look, None if revealed else EVERY_S)
    _reveal(slot, revealed)
    _export(store.attempts(team), team)


def _lesson(one: Gathered, revealed: bool) -> None:
    """Draw the predictions of one lesson."""
    import pandas as pd
    import streamlit as st

    from sim.report.formatting import show
    from sim.training.charts import class_chart
    from sim.training.class_results import class_rows, told_class

    with st.grid(min_column_width=170, gap="small"):
        st.metric("Predictions", str(len(one.attempts)), border=True)
        st.metric(
            "Middle of the class",
            show(one.middle, one.unit),
            border=True,
            help="The median: as many predicted more as predicted less.",
        )
        if revealed:
            truth = "nobody has seen it yet" if one.truth is None else show(one.truth, one.unit)
            st.metric("Truth", truth, border=True)
            st.metric("Within the tolerance", f"{one.right} of {one.seen}", border=True)
    draw_chart(
        class_chart(one, revealed, f"What the class predicted: {one.title}"),
        alt=told_class(one, revealed),
    )
    st.dataframe(
        pd.DataFrame(class_rows(one, revealed)),
        hide_index=True,
        width="stretch",
        height="content",
        alt="Every learner with prediction, reason and decision",
    )


def _reveal(slot: str, revealed: bool) -> None:
    import streamlit as st

    word, icon = ("Hide the truth", "visibility_off") if revealed else ("Reveal", "visibility")
    if st.button(word, key="class:reveal", type="primary", icon=f":material/{icon}:"):
        st.session_state[slot] = not revealed
        st.rerun()


def _export(attempts: list[Attempt], team: str) -> None:
    """Draw the progress of the class, and all of it as CSV."""
    import pandas as pd
    import streamlit as st

    from sim.app.workspace.names import slug
    from sim.training.class_results import as_csv, progress_rows

    with st.expander("Progress of the class"):
        st.dataframe(
            pd.DataFrame(progress_rows(attempts)),
            hide_index=True,
            width="stretch",
            height="content",
            alt="Every learner with the lessons begun and finished",
        )
    st.download_button(
        "All predictions and answers (CSV)",
        data=lambda: as_csv(attempts).encode("utf-8-sig"),
        file_name=f"class-{slug(team)}.csv",
        mime="text/csv",
        icon=":material/download:",
        on_click="ignore",
    )
