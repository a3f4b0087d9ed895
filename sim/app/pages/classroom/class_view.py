"""Class view for the trainer: who predicted what, then the truth."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.app.chart_display import draw_chart
from sim.app.polling import polled
from sim.app.scenario_picker import show_problems
from sim.app.workspace import recall, remember
from sim.units import BadInputError

if TYPE_CHECKING:
    from sim.training import AttemptRecord, AttemptStore
    from sim.training.class_results import LessonResult

EVERY_S = 4.0
"""Time (s) between two checks for new predictions."""


def page() -> None:
    """Draw the page."""
    import streamlit as st

    from sim.training import AttemptStore

    st.title("Class view")
    try:
        store = AttemptStore()
        teams = store.teams()
        if not teams:
            st.info(
                "No predictions yet. Learners open the page Classroom, enter a name and a class, "
                "and lock a prediction; it then appears here.",
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
    st.selectbox("Class", teams, key=key, format_func=lambda name: name or "no class")
    return str(remember(key))


def _class(store: AttemptStore, team: str) -> None:
    """Draw a class; new predictions appear until the truth is revealed."""
    import streamlit as st

    from sim.training.class_results import lesson_results

    lessons = {
        f"{one.lesson}:{one.attempts[0].mark}": one for one in lesson_results(store.attempts(team))
    }
    if not lessons:
        st.info("No predictions in this class yet.")
        return
    last = list(lessons)[-1]
    key = recall("class:lesson", last, lessons)
    st.selectbox("Lesson", list(lessons), key=key, format_func=lambda k: lessons[k].title)
    chosen = str(remember(key))
    slot = f"class:{team}:{chosen}:revealed"
    revealed = bool(st.session_state.get(slot))

    def look() -> None:
        found = {
            f"{g.lesson}:{g.attempts[0].mark}": g for g in lesson_results(store.attempts(team))
        }
        if chosen in found:
            _lesson(found[chosen], revealed)

    polled(look, None if revealed else EVERY_S)
    _reveal(slot, revealed)
    _export(store.attempts(team), team)


def _lesson(one: LessonResult, revealed: bool) -> None:
    """Draw the predictions of one lesson."""
    import pandas as pd
    import streamlit as st

    from sim.report.formatting import show
    from sim.training.charts import class_chart
    from sim.training.class_results import alt_text_class, class_rows

    with st.grid(min_column_width=170, gap="small"):
        st.metric("Predictions", str(len(one.attempts)), border=True)
        st.metric(
            "Class median",
            show(one.middle, one.unit),
            border=True,
            help="Half of the class predicted more, half less.",
        )
        if revealed:
            truth = "not seen yet" if one.truth is None else show(one.truth, one.unit)
            st.metric("Truth", truth, border=True)
            st.metric("Within the tolerance", f"{one.right} of {one.seen}", border=True)
    draw_chart(
        class_chart(one, revealed, f"What the class predicted: {one.title}"),
        alt=alt_text_class(one, revealed),
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


def _export(attempts: list[AttemptRecord], team: str) -> None:
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
