"""The first stages of a lesson: progress, prediction, decision."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from sim.app.scenario_picker import show_problems
from sim.app.workspace import as_text
from sim.training.attempt import Stage
from sim.training.quantity import COUNT, SECONDS, SHARE
from sim.units import BadInputError

if TYPE_CHECKING:
    from sim.training import LessonAttempt

PREDICT, DECIDE, DAY, MANY, ERROR, DEBRIEF, TRANSFER = range(7)
STAGES = (
    "Predict",
    "Decide",
    "One day",
    "Many days",
    "How far off",
    "Debrief",
    "New numbers",
)
UNITS = {SHARE: "in percent", SECONDS: "in seconds", COUNT: "a number"}


def stage_of(attempt: LessonAttempt, slot: str) -> int:
    """Return the stage to draw: the chosen one, as far as it is open."""
    import streamlit as st

    most = _furthest(attempt, slot)
    first = {Stage.PREDICT: PREDICT, Stage.DECIDE: DECIDE, Stage.SEE: DAY, Stage.DONE: TRANSFER}
    wish = st.session_state.get(f"{slot}:stage", first[attempt.stage])
    least = {Stage.PREDICT: PREDICT, Stage.DECIDE: DECIDE}.get(attempt.stage, DAY)
    return int(min(max(wish, least), most))


def _furthest(attempt: LessonAttempt, slot: str) -> int:
    import streamlit as st

    if attempt.stage is Stage.PREDICT:
        return PREDICT
    if attempt.stage is Stage.DECIDE:
        return DECIDE
    if attempt.stage is Stage.DONE:
        return TRANSFER
    shown = DEBRIEF if attempt.record.revealed else DAY
    return int(max(shown, min(st.session_state.get(f"{slot}:seen", DAY), TRANSFER)))


def lesson_progress(stage: int) -> None:
    """Draw the progress in the lesson."""
    import streamlit as st

    names = [f"**{k + 1} {name}**" if k == stage else f"{k + 1} {name}"
             for k, name in enumerate(STAGES)]  # fmt: skip
    st.caption(" → ".join(names))
    st.progress((stage + 1) / len(STAGES), text=None)


def locked(attempt: LessonAttempt, stage: int) -> None:
    """Show the locked prediction and decision."""
    import streamlit as st

    from sim.report.formatting import show

    one = attempt.record
    if one.prediction is None or stage == PREDICT:
        return
    words = f"You predicted **{as_text(show(one.prediction, one.unit))}**, because " + as_text(
        one.reason or ""
    )
    if one.decision is not None:
        words += f"  \nYou decided: **{as_text(one.decision)}**"
    with st.container(border=True):
        st.markdown(f":material/lock: {words}")


def situation(attempt: LessonAttempt) -> None:
    """Draw the text of the lesson with its numbers."""
    import streamlit as st

    from sim.training.lesson_text import paragraphs

    for part in paragraphs(attempt.quantities.text(attempt.lesson.text)):
        st.markdown(as_text(part))


def predict(attempt: LessonAttempt, slot: str) -> None:
    """Draw the situation and the form that locks a prediction."""
    import streamlit as st

    question = attempt.lesson.prediction
    situation(attempt)
    st.subheader("Your prediction")
    st.markdown(f"**{as_text(attempt.quantities.text(question.question))}**")
    if question.hint:
        st.caption(as_text(attempt.quantities.text(question.hint)))
    with st.form("predict", border=False):
        value = field("Prediction", attempt.unit, f"{slot}:predict")
        reason = st.text_area(
            "Because",
            key=f"{slot}:because",
            max_chars=1000,
            placeholder="one sentence: where does your number come from?",
            help="Once locked, prediction and reason cannot be changed.",
        )
        pressed = st.form_submit_button("Lock prediction", type="primary", icon=":material/lock:")
    if pressed and succeeds(lambda: attempt.predict(words_of(value, attempt.unit), reason)):
        st.session_state.pop(f"{slot}:anew", None)
        st.session_state[f"{slot}:stage"] = DECIDE
        st.rerun()


def field(label: str, unit: str, key: str) -> float | None:
    """Draw the field of a number; shares are typed in percent."""
    import streamlit as st

    return st.number_input(
        f"{label}, {UNITS.get(unit, 'a number')}",
        value=None,
        key=key,
        step=1 if unit == COUNT else None,
        placeholder="your number",
    )


def words_of(value: float | None, unit: str) -> str:
    """Return what was typed as the library reads it."""
    if value is None:
        return ""
    return f"{value}%" if unit == SHARE else f"{value}"


def succeeds(act: Callable[[], object]) -> bool:
    """Call a function and return whether it succeeded; show its problem otherwise."""
    try:
        act()
    except BadInputError as error:
        show_problems(error)
        return False
    return True


def decide(attempt: LessonAttempt, slot: str) -> None:
    """Draw the decision."""
    import streamlit as st

    asked = attempt.lesson.decision
    with st.expander("Reread the situation"):
        situation(attempt)
    st.subheader("Your decision")
    st.markdown(f"**{as_text(attempt.quantities.text(asked.question))}**")
    with st.form("decide", border=False):
        if asked.path:
            value = st.number_input(
                f"From {asked.low} to {asked.high}",
                min_value=asked.low,
                max_value=asked.high,
                value=asked.start,
                step=1,
                key=f"{slot}:decide",
                placeholder="your number",
            )
            choice = "" if value is None else str(value)
        else:
            names = {one.name: as_text(attempt.quantities.text(one.name)) for one in asked.option}
            choice = (
                st.radio(
                    "Options",
                    list(names),
                    index=None,
                    format_func=names.__getitem__,
                    key=f"{slot}:decide",
                    label_visibility="collapsed",
                )
                or ""
            )
        pressed = st.form_submit_button("Decide", type="primary", icon=":material/gavel:")
    if pressed and succeeds(lambda: attempt.decide(choice)):
        st.session_state[f"{slot}:stage"] = DAY
        st.rerun()
