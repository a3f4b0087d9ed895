"""Validation: simulation compared with actuals, and the verification of the engine."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from sim.app.chart_display import draw_chart
from sim.app.column_mapping import show_table_problems, uploaded_table
from sim.app.planning_jobs import PlanningJob, finished_plan, start_plan
from sim.app.scenario_picker import ScenarioChoice, pick_scenario, show_problems
from sim.app.simulation_jobs import result_or_stop
from sim.app.workspace import as_text, recall, remember
from sim.units import BadInputError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sim.history.tables.actuals import Actuals
    from sim.planning.actuals_error import MetricError
    from sim.planning.compare_with_actuals import Validation
    from sim.planning.period_errors import PeriodError
    from sim.scenario import Scenario

RUNS = (50, 100, 200, 500)
WANTED = (
    "start",
    "date",
    "queue",
    "channel",
    "offered",
    "answered",
    "abandoned",
    "level",
    "asa",
    "aht",
    "total",
    "agents",
)
SUSPECTS = "suspects"
SUSPECT_RUNS = 40
"""Replications of each change that is tried."""
SUSPECT_LIMIT_S = 300.0
ACTUALS, VERIFICATION = "Compare with actuals", "Verification"


def page() -> None:
    """Draw the page."""
    import streamlit as st

    with st.sidebar:
        choice = pick_scenario()
    st.title("Validation")
    st.caption("Does the simulation match your center, and does it match known exact results?")
    key = recall("validation:part", ACTUALS, (ACTUALS, VERIFICATION))
    st.segmented_control(
        "Part", (ACTUALS, VERIFICATION), key=key, required=True, label_visibility="collapsed"
    )
    if remember(key) == VERIFICATION:
        _verification()
    elif isinstance(choice, ScenarioChoice):
        _compare_with_actuals(choice)
    else:
        show_problems(choice)


def _compare_with_actuals(choice: ScenarioChoice) -> None:
    """Draw the upload, then simulation and actuals."""
    import streamlit as st

    from sim.planning.actual_inputs import with_actual_inputs
    from sim.planning.compare_with_actuals import validate
    from sim.planning.import_volumes import sample_actuals

    scenario = choice.scenario
    st.caption(
        f"Upload actuals for **{as_text(choice.title)}**: contacts offered by queue and interval, "
        "and optionally answered, abandoned, service level, ASA and AHT. Dates outside the "
        "scenario are matched by weekday."
    )
    sample = ("actuals-sample.csv", sample_actuals(scenario))
    found = uploaded_table("actuals", scenario, sample, WANTED)
    if found is None:
        return
    actuals, queues = found
    st.subheader("Simulated and actual", divider="gray")
    key = recall("validation:runs", 100, RUNS)
    with st.container(width=260):
        st.select_slider(
            "Replications", RUNS, key=key,
            help="Number of simulated replications. The 95 % band of days needs at least 40.",
        )  # fmt: skip
    runs = int(remember(key))
    aht_content = _aht_content(actuals)
    taken = _taken(actuals)
    try:
        inputs = with_actual_inputs(scenario, actuals, taken, queues)
        scenario, actuals = inputs.scenario, inputs.actuals
        result = result_or_stop(
            scenario, runs, scenario.experiment.seed, "Simulating", "validation"
        )
        validation = validate(scenario, result, actuals, queues, aht_content)
    except BadInputError as error:
        show_table_problems(error)
        return
    validation = replace(
        validation, from_actuals=tuple(taken), notes=(*inputs.notes, *validation.notes)
    )
    _validated(validation)
    if validation.verdicts:
        _suspects(scenario, actuals, queues, aht_content, validation)


def _taken(actuals: Actuals) -> list[str]:
    """Draw what the simulation takes from the actuals, day by day."""
    import streamlit as st

    possible = ["arrivals", *(["agents"] if "agents" in actuals.fields else [])]
    st.session_state.setdefault("validation:taken", [])
    found = st.pills(
        "Take from the actuals, day by day", possible, selection_mode="multi",
        key="validation:taken",
        help="With the recorded arrivals the model of queueing is judged apart from the forecast, "
        "with the recorded agents (column agents) also apart from the roster.",
    )  # fmt: skip
    return [one for one in possible if one in (found or [])]


def _suspects(
    scenario: Scenario,
    actuals: Actuals,
    queues: dict[str, str] | None,
    aht_content: str | None,
    validation: Validation,
) -> None:
    """Draw which assumption is most suspect; it is searched in the background."""
    import pandas as pd
    import streamlit as st

    from sim.experiment import simulate
    from sim.planning.compare_with_actuals import validate
    from sim.planning.suspects import find_suspects
    from sim.report.validation_details import ABOUT_SUSPECTS, suspect_rows, suspect_words

    st.subheader("Which assumption is suspect?", divider="gray")
    mark = (scenario.fingerprint, validation.runs, aht_content, validation.actuals)

    def work(job: PlanningJob) -> object:
        def errors_of(changed: Scenario) -> Sequence[PeriodError]:
            if job.was_stopped:
                raise KeyboardInterrupt
            found = simulate(changed, runs=SUSPECT_RUNS, seed=scenario.experiment.seed)
            return validate(changed, found, actuals, queues, aht_content).errors

        base = errors_of(scenario)
        return find_suspects(scenario, base, errors_of, lambda *done: job.report(done))

    if st.button("Try changes of the assumptions", icon=":material/troubleshoot:"):
        start_plan(SUSPECTS, PlanningJob(mark, "Trying changes", work, SUSPECT_LIMIT_S))
    found = finished_plan(SUSPECTS, mark, lambda done: f"{done[0]} of {done[1]} changes tried")
    if found:
        st.markdown(f"**{suspect_words(found)}**")
        st.dataframe(
            pd.DataFrame(suspect_rows(found)), hide_index=True, width="content",
            alt="Assumptions that were changed, with the misfit that is left",
        )  # fmt: skip
    st.caption(ABOUT_SUSPECTS)


def _aht_content(actuals: Actuals) -> str | None:
    """Draw the question what the AHT of the actuals includes; None while unknown."""
    import streamlit as st

    from sim.planning.compared_metrics import HANDLE, TALK, WITH_GAPS

    if not actuals.fields & {"aht", "total"}:
        return None
    words = {
        "": "unknown",
        TALK: "talk and hold only",
        HANDLE: "talk, hold and wrap-up",
        WITH_GAPS: "also idle time between contacts",
    }
    key = recall("validation:aht", "", words)
    st.segmented_control(
        "AHT in the actuals includes", list(words), key=key, required=True,
        format_func=words.__getitem__,
        help="Systems differ. An AHT that includes idle time is not compared.",
    )  # fmt: skip
    return str(remember(key)) or None


def _validated(validation: Validation) -> None:
    import streamlit as st

    from sim.report.validation import notes_of

    if not validation.verdicts:
        st.info("The table has no values to compare within the opening hours of the scenario.")
        return
    for note in notes_of(validation):
        st.info(as_text(note), icon=":material/info:")
    names = list(dict.fromkeys(one.queue for one in validation.verdicts))
    queue = names[0]
    if len(names) > 1:
        key = recall("validation:queue", queue, names)
        st.segmented_control("Queue", names, key=key, required=True, format_func=as_text)
        queue = str(remember(key))
    own = [one for one in validation.verdicts if one.queue == queue]
    _cards(own)
    _chart(validation, own)
    _tables(validation, own)
    _details(validation, queue)


def _details(validation: Validation, queue: str) -> None:
    """Draw errors by interval, hour and day, and how often actuals lie below quantiles."""
    import pandas as pd
    import streamlit as st

    from sim.report.validation_charts import alt_text_quantiles, quantile_chart
    from sim.report.validation_details import ABOUT_ERRORS, ABOUT_QUANTILES, error_rows

    errors = [one for one in validation.errors if one.queue == queue]
    if errors:
        st.subheader("Errors by interval, hour and day", divider="gray")
        st.dataframe(
            pd.DataFrame(error_rows(errors)).drop(columns="Queue"), hide_index=True,
            width="stretch", height="content",
            alt="Mean absolute errors of simulation and Erlang A by period",
        )  # fmt: skip
        st.caption(ABOUT_ERRORS)
    shares = [one for one in validation.quantiles if one.queue == queue]
    if shares:
        st.subheader("Are the bands right?", divider="gray")
        draw_chart(quantile_chart(shares), alt=alt_text_quantiles(shares))
        st.caption(ABOUT_QUANTILES)


def _cards(own: list[MetricError]) -> None:
    """Draw a card for each metric."""
    import streamlit as st

    from sim.report.validation import card_of

    with st.grid(min_column_width=200, gap="small"):
        for one in own:
            title, value, below, explained = card_of(one)
            st.metric(
                title, value, below, delta_color="off", delta_arrow="off", border=True,
                height="stretch", help=explained,
            )  # fmt: skip


def _chart(validation: Validation, own: list[MetricError]) -> None:
    """Draw one metric by interval."""
    import streamlit as st

    from sim.report.validation import band_words, titles
    from sim.report.validation_charts import alt_text_validation, validation_chart

    named = titles(own)
    key = recall("validation:metric", next(iter(named)), named)
    st.segmented_control(
        "Metric", list(named), key=key, required=True, format_func=named.__getitem__
    )
    one = next(v for v in own if v.metric == remember(key))
    cells = validation.of(one.queue, one.metric)
    title = f"{named[one.metric]} of {one.queue}: simulated and actual"
    draw_chart(
        validation_chart(cells, title, band_words(validation)), alt=alt_text_validation(cells, one)
    )


def _tables(validation: Validation, own: list[MetricError]) -> None:
    """Draw bias and error of every metric, and every interval of one."""
    import pandas as pd
    import streamlit as st

    from sim.report.validation import EXPLAINED, cells_csv, interval_rows, summary_rows

    st.subheader("Bias and error", divider="gray")
    frame = pd.DataFrame(summary_rows(own)).drop(columns="Queue")
    config = {
        name: st.column_config.TextColumn(name, help=text) for name, text in EXPLAINED.items()
    }
    st.dataframe(
        frame, hide_index=True, width="stretch", height="content", column_config=config,
        alt="Actual and simulated metrics with bias, error and share of intervals in the band",
    )  # fmt: skip
    st.caption(
        f"In brackets the 95 % confidence interval from {validation.runs} replications (seed "
        f"{validation.seed}). "
        + " ".join(f"**{name}**: {text}" for name, text in EXPLAINED.items())
    )
    metric = str(st.session_state["validation:metric"])
    with st.expander("By interval as a table"):
        cells = validation.of(own[0].queue, metric)
        st.dataframe(
            pd.DataFrame(interval_rows(cells)), hide_index=True, width="stretch",
            alt="Actual and simulated by interval",
        )  # fmt: skip
    st.download_button(
        "All intervals and metrics (CSV)", data=lambda: cells_csv(validation),
        file_name="simulated-and-actual.csv", mime="text/csv", icon=":material/download:",
        on_click="ignore",
    )  # fmt: skip


def _verification() -> None:
    """Draw expected and computed values of the verification."""
    import pandas as pd
    import streamlit as st

    from sim.report.verification import verified

    try:
        found = verified()
    except FileNotFoundError as error:
        st.info(str(error), icon=":material/info:")
        return
    st.success(as_text(found.summary), icon=":material/verified:")
    for words in found.method:
        st.caption(as_text(words))
    titles = [section.title for section in found.sections]
    key = recall("validation:section", titles[0], titles)
    st.segmented_control("What is verified", titles, key=key, required=True)
    section = found.sections[titles.index(str(remember(key)))]
    for words in section.words:
        st.write(as_text(words))
    source = None
    if len(section.sources) > 1:
        source = st.selectbox("Source", ["all", *section.sources], key=f"source:{section.title}")
    for rows in section.tables:
        shown = [row for row in rows if source in (None, "all", row.get("source"))]
        st.dataframe(
            pd.DataFrame(shown), hide_index=True, width="stretch",
            alt=f"{section.title}: expected and computed values",
        )  # fmt: skip
