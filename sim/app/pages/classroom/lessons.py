"""Classroom: predict, decide, watch a day, compare many, see how far off you were."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.app.pages.classroom import after_decision, before_decision, common
from sim.app.pages.classroom.common import Learner
from sim.app.scenario_picker import show_problems
from sim.app.workspace import as_text
from sim.units import BadInputError

if TYPE_CHECKING:
    from sim.training import Lesson, LessonAttempt

DRAWN = (
    before_decision.predict,
    before_decision.decide,
    after_decision.day,
    after_decision.many,
    after_decision.error,
    after_decision.debrief,
    after_decision.transfer,
)


def page() -> None:
    """Draw the page."""
    import streamlit as st

    from sim.training import AttemptStore

    with st.sidebar:
        who = common.learner_fields()
        try:
            attempts = AttemptStore().attempts(who.team, who.learner) if who else []
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
        "Each lesson first asks for your **prediction**, in writing and with a reason. Then you "
        "decide, watch one day, compare many, and see how far off you were. You learn more when "
        "you predict first than when you only watch."
    )
    st.info("Enter your name on the left to begin.", icon=":material/edit:")
    st.table(
        [
            {
                "Lesson": f"{one.number} {one.title}",
                "Topic": one.summary,
                "Minutes": str(one.minutes),
            }
            for one in (load_lesson(name) for name in shipped_lessons())
        ],
        border="horizontal",
    )


def _lesson(lesson: Lesson, who: Learner) -> None:
    """Draw the current stage of a learner, below the locked answers."""
    import streamlit as st

    attempt = _attempt(lesson, who)
    slot = f"learn:{who}:{lesson.name}:{lesson.mark}"
    st.title(f"{lesson.number} {as_text(lesson.title)}")
    stage = before_decision.stage_of(attempt, slot)
    before_decision.lesson_progress(stage)
    before_decision.locked(attempt, stage)
    with st.container(key="learn-stage"):
        DRAWN[stage](attempt, slot)
    after_decision.navigation(attempt, stage, slot)


def _attempt(lesson: Lesson, who: Learner) -> LessonAttempt:
    """Return the learner's last attempt, or a new one if they start over."""
    import streamlit as st

    from sim.training import AttemptStore, latest_attempt, new_attempt

    anew = f"learn:{who}:{lesson.name}:{lesson.mark}:anew"
    start = new_attempt if st.session_state.get(anew) else latest_attempt
    attempt = start(lesson, AttemptStore(), who.team, who.learner, common.simulate_for_lesson)
    if st.session_state.get(anew) and attempt.record.id:
        st.session_state.pop(anew)
    return attempt
