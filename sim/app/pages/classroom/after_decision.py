"""The stages of a lesson after the decision: one day, many days, error, debrief, transfer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.app.chart_display import draw_chart
from sim.app.pages.classroom import common
from sim.app.pages.classroom.before_decision import (
    DAY,
    STAGES,
    TRANSFER,
    field,
    succeeds,
    words_of,
)
from sim.app.workspace import as_text
from sim.training.attempt import Stage

if TYPE_CHECKING:
    from sim.training import LessonAttempt
    from sim.training.grading import Grade
    from sim.training.reveal import CaseEstimate

MARKS = {"within the tolerance": "success", "near": "warning", "far off": "error"}


def day(attempt: LessonAttempt, slot: str) -> None:
    """Play one day with the decision."""
    import streamlit as st

    from sim.model import build
    from sim.report.result_views import common_target
    from sim.training.reveal import decided_scenario

    st.subheader("One day with your decision")
    st.caption("One simulated day. Only many days show what is typical; they come next.")
    scenario = decided_scenario(attempt.lesson, attempt.quantities, attempt.record.decision or "")
    moments = common.simulated_day(scenario, attempt.quantities.seed)
    target = common_target(build(scenario))
    where = f"{slot}:day:{attempt.record.id}"
    common.day_player(
        moments, where, lambda until: common.day_so_far(moments, until, target, where)
    )


def many(attempt: LessonAttempt, slot: str) -> None:
    """Compare many days of every case with the formula."""
    import pandas as pd
    import streamlit as st

    from sim.training.charts import cases_chart
    from sim.training.lesson_text import alt_text_cases, case_rows, days_of, metric_name

    reveal = attempt.lesson.reveal
    rows, days = attempt.simulate_cases(), days_of(attempt.lesson)
    st.subheader(as_text(reveal.title))
    st.caption(
        f"{days} of each case on common random numbers, with 95 % confidence intervals. "
        "Formulas describe the long-run average."
    )
    metric = reveal.figures[0]
    if len(reveal.figures) > 1:
        metric = st.segmented_control(
            "Metric",
            reveal.figures,
            default=metric,
            required=True,
            key=f"{slot}:metric",
            format_func=metric_name,
        )
    title = f"{metric_name(metric)}, {days} of each case"
    draw_chart(cases_chart(rows, metric, reveal.axis, title), alt=alt_text_cases(rows, metric))
    _table(pd.DataFrame(case_rows(rows)), rows)
    if reveal.staffing:
        _staffing(attempt)


def _table(frame: object, rows: list[CaseEstimate]) -> None:
    import streamlit as st

    with st.expander("All metrics as a table", expanded=any(row.x is None for row in rows)):
        st.dataframe(
            frame,
            hide_index=True,
            width="stretch",
            height="content",
            alt="Every case with its simulated metrics and those of formulas",
        )


def _staffing(attempt: LessonAttempt) -> None:
    """Draw agents needed by formula and on duty with the decision."""
    from sim.model import build
    from sim.planning.queue_agents import staffing
    from sim.report.charts import alt_text_staffing, staffing_chart
    from sim.training.reveal import decided_scenario

    scenario = decided_scenario(attempt.lesson, attempt.quantities, attempt.record.decision or "")
    needs = staffing(scenario, build(scenario), list(scenario.queue))
    draw_chart(
        staffing_chart(needs, "Agents needed by formula and on duty, with your decision"),
        alt=alt_text_staffing(needs),
    )


def error(attempt: LessonAttempt, slot: str) -> None:
    """Show how far off the prediction was."""
    import streamlit as st

    grade = attempt.reveal_error()
    st.subheader("How far off was I?")
    st.markdown(f"*{as_text(attempt.quantities.text(attempt.lesson.prediction.question))}*")
    _graded(grade)
    truth = attempt.truth()
    if truth.half:
        st.caption(f"By simulation: {as_text(str(truth))} (95 % confidence interval).")
    st.markdown(f"You wrote: *{as_text(attempt.record.reason or '')}*")
    st.caption("Which part of your reason was right, and what was missing? Say it aloud first.")


def _graded(grade: Grade) -> None:
    import streamlit as st

    box = {"success": st.success, "warning": st.warning, "error": st.error}
    box[MARKS[grade.verdict.value]](as_text(grade.words()))


def debrief(attempt: LessonAttempt, slot: str) -> None:
    """Show what changed, the principle, what to do on Monday, and the review of the decision."""
    import streamlit as st

    from sim.training.lesson_text import paragraphs

    for head, text in attempt.debrief().items():
        st.subheader(head)
        for part in paragraphs(text):
            st.markdown(as_text(part))
    st.subheader("The decision")
    for one in attempt.review():
        icon = ":material/check_circle:" if one.good else ":material/cancel:"
        mine, why = " (yours)" if one.mine else "", " ".join(one.why.split())
        st.markdown(f"{icon} **{as_text(one.name)}**{mine}, *{one.verdict}*. {as_text(why)}")


def transfer(attempt: LessonAttempt, slot: str) -> None:
    """Ask the same question with new numbers."""
    import streamlit as st

    question = attempt.lesson.transfer
    unit = attempt.lesson.unit_of(question.truth)
    st.subheader("With new numbers")
    st.markdown(f"**{as_text(attempt.quantities.text(question.question))}**")
    if attempt.stage is not Stage.DONE:
        with st.form("transfer", border=False):
            value = field("Answer", unit, f"{slot}:transfer")
            pressed = st.form_submit_button("Answer", type="primary", icon=":material/check:")
        if pressed and succeeds(lambda: attempt.transfer(words_of(value, unit))):
            st.session_state[f"{slot}:stage"] = TRANSFER
            st.rerun()
        return
    _graded(attempt.transfer_grade())
    st.markdown(as_text(" ".join(attempt.quantities.text(question.explain).split())))
    if st.button("Start over", icon=":material/replay:", key=f"{slot}:begin"):
        for key in [k for k in st.session_state if str(k).startswith(slot)]:
            del st.session_state[key]
        st.session_state[f"{slot}:anew"] = True
        st.rerun()


def navigation(attempt: LessonAttempt, stage: int, slot: str) -> None:
    """Draw the buttons Back and Next."""
    import streamlit as st

    if attempt.stage in (Stage.PREDICT, Stage.DECIDE):
        return
    with st.container(horizontal=True, horizontal_alignment="distribute"):
        if st.button(
            "Back", key=f"{slot}:back", disabled=stage <= DAY, icon=":material/arrow_back:"
        ):
            st.session_state[f"{slot}:stage"] = stage - 1
            st.rerun()
        if stage < TRANSFER and st.button(
            f"Next: {STAGES[stage + 1]}",
            key=f"{slot}:on",
            type="primary",
            icon=":material/arrow_forward:",
        ):
            st.session_state[f"{slot}:stage"] = stage + 1
            seen = st.session_state.get(f"{slot}:seen", DAY)
            st.session_state[f"{slot}:seen"] = max(stage + 1, seen)
            st.rerun()
