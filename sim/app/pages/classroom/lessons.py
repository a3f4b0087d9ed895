"""Classroom: predict, decide, watch a day, compare many, see how far off you were."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.app.pages.classroom import common, predict, reveal
from sim.app.pages.classroom.common import Learner
from sim.app.scenario_picker import show_problems
from sim.app.workspace import as_text
from sim.units import BadInputError

if TYPE_CHECKING:
    from sim.training import Lesson, Passage

DRAWN = (
    predict.predict,
    predict.decide,
    reveal.day,
    reveal.many,
    reveal.error,
    reveal.debrief,
    reveal.transfer,
)


def page() -> None:
    """Draw the page."""
    import streamlit as st

    from sim.training import Store

    with st.sidebar:
        who = common.learner_fields()
        try:
            attempts = Store().attempts(who.team, who.learner) if who else []
        except BadInputError as error:
            show_problems(error)
            return
        lesson = common.pick_lesson(attempts)
    if isinstance(lesson, list):
        st.title("Classroom")
        show_problems(lesson)
        return
    if who is None:
        _welcome()
        return
    try:
        _lesson(lesson, who)
    except BadInputError as error:
        show_problems(error)


def _welcome() -> None:
    import streamlit as st

    from sim.training import load_lesson, shipped_lessons

    st.title("Classroom")
    st.markdown(
        "Each lesson asks for your **prediction** first, in writing and with a reason. Then you "
        "decide, watch one day, compare many, and see how far off you were. Those who predict "
        "first learn more than those who only watch."
    )
    st.info("Write your name at the left to begin.", icon=":material/edit:")
    st.table(
        [
            {
                "Lesson": f"{one.number} {one.title}",
                "What it is about": one.summary,
                "Minutes": str(one.minutes),
            }
            for one in (load_lesson(name) for name in shipped_lessons())
        ],
        border="horizontal",
    )


def _lesson(lesson: Lesson, who: Learner) -> None:
    """Draw the stage that a learner is at, below what is locked already."""
    import streamlit as st

    passage = _passage(lesson, who)
    slot = f"learn:{who}:{lesson.name}:{lesson.mark}"
    st.title(f"{lesson.number} {as_text(lesson.title)}")
    stage = predict.stage_of(passage, slot)
    predict.lesson_progress(stage)
    predict.locked(passage, stage)
    with st.container(key="learn-stage"):
        DRAWN[stage](passage, slot)
    reveal.navigation(passage, stage, slot)


def _passage(lesson: Lesson, who: Learner) -> Passage:
    """Return the learner's last attempt, or a fresh one where they wish to begin anew."""
    import streamlit as st

    from sim.training import Store, again, latest

    anew = f"learn:{who}:{lesson.name}:{lesson.mark}:anew"
    start = again if st.session_state.get(anew) else latest
    passage = start(lesson, Store(), who.team, who.learner, common.simulate_for_lesson)
    if st.session_state.get(anew) and passage.attempt.id:
        st.session_state.pop(anew)
    return passage
