"""The first stages of a lesson: where one is, the prediction, the decision."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from sim.app.scenario_picker import show_problems
from sim.app.workspace import as_text
from sim.training.amounts import COUNT, SECONDS, SHARE
from sim.training.attempt import Step
from sim.units import BadInputError

if TYPE_CHECKING:
    from sim.training import Passage

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
UNITS = {SHARE: "in per cent", SECONDS: "in seconds", COUNT: "a number"}


def stage_of(passage: Passage, slot: str) -> int:
    """Return the stage to draw: the one gone to, within what may be seen."""
    import streamlit as st

    most = _furthest(passage, slot)
    first = {Step.PREDICT: PREDICT, Step.DECIDE: DECIDE, Step.SEE: DAY, Step.DONE: TRANSFER}
    wish = st.session_state.get(f"{slot}:stage", first[passage.step])
    least = {Step.PREDICT: PREDICT, Step.DECIDE: DECIDE}.get(passage.step, DAY)
    return int(min(max(wish, least), most))


def _furthest(passage: Passage, slot: str) -> int:
    import streamlit as st

    if passage.step is Step.PREDICT:
        return PREDICT
    if passage.step is Step.DECIDE:
        return DECIDE
    if passage.step is Step.DONE:
        return TRANSFER
    shown = DEBRIEF if passage.attempt.revealed else DAY
    return int(max(shown, min(st.session_state.get(f"{slot}:seen", DAY), TRANSFER)))


def lesson_progress(stage: int) -> None:
    """Draw where in the lesson one is."""
    import streamlit as st

    names = [f"**{k + 1} {name}**" if k == stage else f"{k + 1} {name}"
             for k, name in enumerate(STAGES)]  # fmt: skip
    st.caption(" → ".join(names))
    st.progress((stage + 1) / len(STAGES), text=None)


def locked(passage: Passage, stage: int) -> None:
    """Show what was predicted and decided; it cannot be changed."""
    import streamlit as st

    from sim.report.formatting import show

    one = passage.attempt
    if one.prediction is None or stage == PREDICT:
        return
    words = f"You predicted **{as_text(show(one.prediction, one.unit))}**, because " + as_text(
        one.reason or ""
    )
    if one.decision is not None:
        words += f"  \nYou decided: **{as_text(one.decision)}**"
    with st.container(border=True):
        st.markdown(f":material/lock: {words}")


def situation(passage: Passage) -> None:
    """Draw the text of the lesson with its numbers."""
    import streamlit as st

    from sim.training.tables import paragraphs

    for part in paragraphs(passage.facts.text(passage.lesson.text)):
        st.markdown(as_text(part))


def predict(passage: Passage, slot: str) -> None:
    """Draw the situation and the form that locks a prediction."""
    import streamlit as st

    question = passage.lesson.prediction
    situation(passage)
    st.subheader("Your prediction")
    st.markdown(f"**{as_text(passage.facts.text(question.question))}**")
    if question.hint:
        st.caption(as_text(passage.facts.text(question.hint)))
    with st.form("predict", border=False):
        value = field("Prediction", passage.unit, f"{slot}:predict")
        reason = st.text_area(
            "Because",
            key=f"{slot}:because",
            max_chars=1000,
            placeholder="one sentence: where does your number come from?",
            help="Once locked, prediction and reason stay as they are.",
        )
        pressed = st.form_submit_button("Lock it", type="primary", icon=":material/lock:")
    if pressed and succeeds(lambda: passage.predict(words_of(value, passage.unit), reason)):
        st.session_state.pop(f"{slot}:anew", None)
        st.session_state[f"{slot}:stage"] = DECIDE
        st.rerun()


def field(label: str, unit: str, key: str) -> float | None:
    """Draw the field of a number; shares are typed in per cent."""
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
    """Do something, or tell what is wrong with it."""
    try:
        act()
    except BadInputError as error:
        show_problems(error)
        return False
    return True


def decide(passage: Passage, slot: str) -> None:
    """Draw the decision."""
    import streamlit as st

    asked = passage.lesson.decision
    with st.expander("The situation, once more"):
        situation(passage)
    st.subheader("Your decision")
    st.markdown(f"**{as_text(passage.facts.text(asked.question))}**")
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
            names = {one.name: as_text(passage.facts.text(one.name)) for one in asked.option}
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
    if pressed and succeeds(lambda: passage.decide(choice)):
        st.session_state[f"{slot}:stage"] = DAY
        st.rerun()
