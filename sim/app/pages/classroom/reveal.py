"""The stages of a lesson after the decision: the day, many days, own error, debrief, transfer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.app.chart_display import draw_chart
from sim.app.pages.classroom import common
from sim.app.pages.classroom.predict import (
    DAY,
    STAGES,
    TRANSFER,
    field,
    succeeds,
    words_of,
)
from sim.app.workspace import as_text
from sim.training.attempt import Step

if TYPE_CHECKING:
    from sim.training import Passage
    from sim.training.grading import Grade
    from sim.training.reveal import Lived

MARKS = {"within the tolerance": "success", "near": "warning", "far off": "error"}


def day(passage: Passage, slot: str) -> None:
    """Let one day go by with the decision."""
    import streamlit as st

    from sim.model import build
    from sim.report.result_views import common_target
    from sim.training.reveal import decided

    st.subheader("One day with your decision")
    st.caption("One simulated day. What is usual shows only over many: that comes next.")
    scenario = decided(passage.lesson, passage.facts, passage.attempt.decision or "")
    moments = common.simulated_day(scenario, passage.facts.seed)
    target = common_target(build(scenario))
    where = f"{slot}:day:{passage.attempt.id}"
    common.day_player(
        moments, where, lambda until: common.day_so_far(moments, until, target, where)
    )


def many(passage: Passage, slot: str) -> None:
    """Compare many days of every case with the formula."""
    import pandas as pd
    import streamlit as st

    from sim.training.charts import many_chart
    from sim.training.tables import days_of, figure_name, lived_rows, told_many

    reveal = passage.lesson.reveal
    rows, days = passage.many(), days_of(passage.lesson)
    st.subheader(as_text(reveal.title))
    st.caption(
        f"{days} of each case, all with the same chance; 95 % intervals. A formula speaks of "
        "the long run, where it has an answer."
    )
    metric = reveal.figures[0]
    if len(reveal.figures) > 1:
        metric = st.segmented_control(
            "Metric",
            reveal.figures,
            default=metric,
            required=True,
            key=f"{slot}:figure",
            format_func=figure_name,
        )
    title = f"{figure_name(metric)}, {days} of each case"
    draw_chart(many_chart(rows, metric, reveal.axis, title), alt=told_many(rows, metric))
    _table(pd.DataFrame(lived_rows(rows)), rows)
    if reveal.staffing:
        _staffing(passage)


def _table(frame: object, rows: list[Lived]) -> None:
    import streamlit as st

    with st.expander("All figures as a table", expanded=any(row.x is None for row in rows)):
        st.dataframe(
            frame,
            hide_index=True,
            width="stretch",
            height="content",
            alt="Every case with its simulated figures and those of formulas",
        )


def _staffing(passage: Passage) -> None:
    """Draw agents needed by formula and on duty with the decision."""
    from sim.model import build
    from sim.planning.queue_agents import staffing
    from sim.report.charts import alt_text_staffing, staffing_chart
    from sim.training.reveal import decided

    scenario = decided(passage.lesson, passage.facts, passage.attempt.decision or "")
    needs = staffing(scenario, build(scenario), list(scenario.queue))
    draw_chart(
        staffing_chart(needs, "Agents needed by formula and on duty, with your decision"),
        alt=alt_text_staffing(needs),
    )


def error(passage: Passage, slot: str) -> None:
    """Tell how far off the prediction was."""
    import streamlit as st

    grade = passage.own_error()
    st.subheader("How far off was I?")
    st.markdown(f"*{as_text(passage.facts.text(passage.lesson.prediction.question))}*")
    _graded(grade)
    interval = passage.truth()
    if interval.half:
        st.caption(f"By simulation: {as_text(str(interval))} (95 % interval).")
    st.markdown(f"You wrote: *{as_text(passage.attempt.reason or '')}*")
    st.caption("What in this reason holds, and what was missing? Say it aloud before you go on.")


def _graded(grade: Grade) -> None:
    import streamlit as st

    box = {"success": st.success, "warning": st.warning, "error": st.error}
    box[MARKS[grade.verdict.value]](as_text(grade.words()))


def debrief(passage: Passage, slot: str) -> None:
    """Say what changed, which law that is, what to do on Monday, and judge the decision."""
    import streamlit as st

    from sim.training.tables import paragraphs

    for head, text in passage.debrief().items():
        st.subheader(head)
        for part in paragraphs(text):
            st.markdown(as_text(part))
    st.subheader("The decision")
    for one in passage.judged():
        icon = ":material/check_circle:" if one.good else ":material/cancel:"
        mine, why = " (yours)" if one.mine else "", " ".join(one.why.split())
        st.markdown(f"{icon} **{as_text(one.name)}**{mine}, *{one.verdict}*. {as_text(why)}")


def transfer(passage: Passage, slot: str) -> None:
    """Ask the same law with new numbers."""
    import streamlit as st

    question = passage.lesson.transfer
    unit = passage.lesson.unit_of(question.truth)
    st.subheader("With new numbers")
    st.markdown(f"**{as_text(passage.facts.text(question.question))}**")
    if passage.step is not Step.DONE:
        with st.form("transfer", border=False):
            value = field("Answer", unit, f"{slot}:transfer")
            pressed = st.form_submit_button("Answer", type="primary", icon=":material/check:")
        if pressed and succeeds(lambda: passage.transfer(words_of(value, unit))):
            st.session_state[f"{slot}:stage"] = TRANSFER
            st.rerun()
        return
    _graded(passage.transferred())
    st.markdown(as_text(" ".join(passage.facts.text(question.explain).split())))
    if st.button("Begin anew", icon=":material/replay:", key=f"{slot}:begin"):
        for key in [k for k in st.session_state if str(k).startswith(slot)]:
            del st.session_state[key]
        st.session_state[f"{slot}:anew"] = True
        st.rerun()


def navigation(passage: Passage, stage: int, slot: str) -> None:
    """Draw the way back and on."""
    import streamlit as st

    if passage.step in (Step.PREDICT, Step.DECIDE):
        return
    with st.container(horizontal=True, horizontal_alignment="distribute"):
        if st.button(
            "Back", key=f"{slot}:back", disabled=stage <= DAY, icon=":material/arrow_back:"
        ):
            st.session_state[f"{slot}:stage"] = stage - 1
            st.rerun()
        if stage < TRANSFER and st.button(
            f"On to: {STAGES[stage + 1]}",
            key=f"{slot}:on",
            type="primary",
            icon=":material/arrow_forward:",
        ):
            st.session_state[f"{slot}:stage"] = stage + 1
            seen = st.session_state.get(f"{slot}:seen", DAY)
            st.session_state[f"{slot}:seen"] = max(stage + 1, seen)
            st.rerun()
