"""Free play: run a shift, decide every quarter of an hour, then compare with other plans."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.app.cache import cached
from sim.app.chart_display import draw_chart
from sim.app.pages.classroom import common
from sim.app.scenario_picker import show_problems
from sim.app.workspace import as_text, recall, remember, workspace
from sim.training.free_play import DECISIONS, FreePlayShift, QuarterDecision, Score, load_free_play
from sim.units import BadInputError

if TYPE_CHECKING:
    from sim.training.reveal import Moment

DAYS = 50
MOVES = "play:moves"
INTRODUCTION = (
    "A rush at eleven, another at four, breaks to schedule, mails waiting: you decide every "
    "quarter of an hour, and the past stays as it was. At the end you see how other plans "
    "would have done **with the same callers on the same day**."
)


def page() -> None:
    """Draw the page."""
    import streamlit as st

    shift = load_free_play()
    with st.sidebar:
        day = _day()
        moves = _moves(shift, day)
        st.button(
            "Restart the shift",
            icon=":material/replay:",
            on_click=lambda: workspace().set_value(MOVES, [day]),
            width="stretch",
        )
    st.title("Free play")
    now = len(moves)
    moments, score = _day_and_score(shift, moves, day)
    if now >= shift.quarters:
        _end(shift, moves, day, moments)
        return
    st.subheader(f"It is {shift.clock(now)}")
    if not now:
        st.caption(INTRODUCTION)
    _current_state(moments[now], score, shift.left(moves, now), now)
    _decide(shift, moves, day)
    with st.expander("How points are counted", expanded=not now):
        st.caption(shift.rules())
    common.day_charts(moments, now, shift.target, "play")


def _day() -> int:
    """Draw the choice of the day; another day starts another shift."""
    import streamlit as st

    key = recall("play:day", 1, lambda value: 1 <= value <= DAYS)
    st.number_input(
        "Day", 1, DAYS, key=key, step=1, help="Each number is another day with other callers."
    )
    return int(remember(key))


def _moves(shift: FreePlayShift, day: int) -> dict[int, QuarterDecision]:
    """Return the decisions made so far on a day; invalid stored ones are ignored."""
    stored = workspace().values.get(MOVES)
    if not isinstance(stored, list | tuple) or not stored or stored[0] != day:
        return {}
    moves: dict[int, QuarterDecision] = {}
    for quarter, row in enumerate(stored[1 : shift.quarters + 1]):
        try:
            breaks, extra, callbacks, blend = row
            decision = QuarterDecision(int(breaks), int(extra), bool(callbacks), int(blend))
            shift.check(moves, quarter, decision)
        except (TypeError, ValueError):
            break
        moves[quarter] = decision
    return moves


def _store(moves: dict[int, QuarterDecision], day: int) -> None:
    rows = [[m.breaks, m.extra, m.callbacks, m.blend] for m in moves.values()]
    workspace().set_value(MOVES, [day, *rows])


def _day_and_score(
    shift: FreePlayShift, moves: dict[int, QuarterDecision], day: int
) -> tuple[list[Moment], Score]:
    """Return the whole day with the decisions so far, and its cost; only the past is shown."""
    from sim.training.reveal import moments

    def day_and_cost() -> tuple[list[Moment], Score]:
        log = shift.log(moves, 1, day)
        return moments(log), shift.score(log, moves, len(moves))

    return cached(("play", day, tuple(moves.items())), day_and_cost)


def _current_state(moment: Moment, score: Score, owed: int, now: int) -> None:
    """Draw the current state above the decisions."""
    import streamlit as st

    from sim.report.formatting import show

    metrics = (
        ("Points", f"{score.points:,.1f}"),
        ("In time", show(moment.level, "share")),
        ("Hung up", str(score.lost)),
        ("Waiting", str(moment.waiting)),
        ("Agents busy", f"{moment.busy} of {moment.on_duty}"),
        ("Breaks owed", str(owed)),
        ("Mails open", str(score.mail)),
    )
    with st.grid(min_column_width=105, gap="xsmall"):
        for name, value in metrics:
            st.metric(name, value, border=True, height="stretch")
    when = "Before opening" if not now else "The day so far"
    st.caption(f"{when}. Points: fewer are better, and open mails count.")


def _decide(shift: FreePlayShift, moves: dict[int, QuarterDecision], day: int) -> None:
    """Draw the decisions of the next quarter of an hour."""
    import streamlit as st

    now = len(moves)
    plan = shift.suggested(moves, now)
    most = shift.most(moves, now)
    with st.form(f"play:{now}", border=True):
        st.markdown(f"**From {shift.clock(now)} on**")
        with st.grid(min_column_width=180, gap="small"):
            breaks = st.number_input(
                DECISIONS["breaks"],
                0,
                None,
                plan.breaks,
                key=f"play:{now}:breaks",
                help=f"0 to {most['breaks']}. The plan gives {plan.breaks} now; "
                f"{shift.left(moves, now)} are still owed.",
            )
            extra = st.number_input(
                DECISIONS["hour more"],
                0,
                None,
                0,
                key=f"play:{now}:extra",
                help=f"0 to {most['hour more']}. People who take calls for an hour from now on, "
                "paid as overtime.",
            )
            blend = st.number_input(
                DECISIONS["mails"],
                0,
                None,
                min(plan.blend, most["mails"]),
                key=f"play:{now}:blend",
                help=f"0 to {most['mails']}. Blending: these people take calls first, and mails "
                "when no caller waits.",
            )
            offers = st.toggle(
                "Offer callbacks",
                plan.callbacks,
                key=f"play:{now}:callbacks",
                help="Callers who wait 45 s from now on may be called back instead; they "
                "keep their place in the queue.",
            )
        wrong = st.empty()
        with st.container(horizontal=True):
            quarter = st.form_submit_button(
                "Next quarter hour", type="primary", icon=":material/play_arrow:"
            )
            hour = st.form_submit_button("Next hour", icon=":material/fast_forward:")
            rest = st.form_submit_button("To the end", icon=":material/last_page:")
    if quarter or hour or rest:
        steps = shift.quarters if rest else 4 if hour else 1
        decision = QuarterDecision(int(breaks), int(extra), offers, int(blend))
        try:
            _store(shift.go_on(moves, decision, steps), day)
        except BadInputError as error:
            with wrong:
                show_problems(error)
            return
        st.rerun()


def _end(
    shift: FreePlayShift, moves: dict[int, QuarterDecision], day: int, moments: list[Moment]
) -> None:
    """Draw the cost of the shift, and how other plans would have done."""
    import pandas as pd
    import streamlit as st

    from sim.training.charts import plans_chart
    from sim.training.free_play_plans import DAYS as OTHERS
    from sim.training.free_play_plans import compare_plans, describe_best, plan_rows

    st.subheader("The shift is over")
    with st.spinner("Simulating the same day with other plans"):
        key = ("play:tried", day, tuple(moves.items()))
        found = cached(key, lambda: compare_plans(shift, moves, 1, day))
    own = found[0].today
    with st.grid(min_column_width=130, gap="small"):
        for name, value in (
            ("Points", f"{own.points:,.1f}"),
            ("Hung up", str(own.lost)),
            ("Answered late", str(own.late)),
            ("Called back", str(own.called)),
            ("Mails open", str(own.mail)),
            ("Extra hours", f"{own.hours:g}"),
            ("Breaks missed", str(own.missed)),
        ):
            st.metric(name, value, "this day", delta_color="off", delta_arrow="off", border=True)
    st.info(as_text(describe_best(found)), icon=":material/lightbulb:")
    title = "Cost of each plan"
    draw_chart(plans_chart(found, title), alt=describe_best(found))
    st.dataframe(
        pd.DataFrame(plan_rows(found)),
        hide_index=True,
        width="stretch",
        height="content",
        alt="Every plan with what it cost on this day and on other days",
    )
    st.caption(
        f"This day: the same callers for every plan. Other days: {OTHERS} further days, mean and "
        "95 % confidence interval; against yours: mean paired difference. You made your decisions "
        "on this day, so they may fit other days less well."
    )
    with st.expander("About the plans"):
        st.markdown(
            "\n".join(
                f"- **{as_text(one.plan.name)}**: {as_text(one.plan.words)}" for one in found[1:]
            )
        )
    with st.expander("Review the day"):
        common.day_so_far(moments, len(moments) - 1, shift.target, "play")
