"""A validation on a page: values, chart, bias and error, and how good the bands are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.app.chart_display import draw_chart
from sim.app.option_words import in_app_words
from sim.app.workspace import as_text, recall, remember

if TYPE_CHECKING:
    from sim.planning.actuals_error import MetricError
    from sim.planning.compare_with_actuals import Validation

SUMMARY_TABLES = (
    ("Verdict", "Actual", "Simulated"),
    ("Bias", "Error"),
    ("Random error", "Inside", "Hours inside", "Days inside"),
)
"""Columns of the summary by table."""


def show_validation(validation: Validation) -> None:
    """Draw verdict, warnings and notes, then the metrics of one queue: values, chart, tables."""
    import streamlit as st

    from sim.report.validation import notes_of, queues_of, warnings_of
    from sim.report.validation_sentence import verdict_sentence

    if sentence := verdict_sentence(validation):
        st.markdown(f"**{as_text(sentence)}**")
    for warning in warnings_of(validation):
        st.warning(as_text(in_app_words(warning)), icon=":material/warning:")
    if not validation.verdicts:
        st.info("The table has no values to compare within the opening hours of the scenario.")
        return
    names = queues_of(validation)
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
    notes = [in_app_words(note) for note in notes_of(validation)]
    if notes:
        st.subheader("Notes", divider="gray")
        st.markdown("\n".join(f"- {as_text(note)}" for note in notes))


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

    with st.grid(min_column_width=230, gap="small"):
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
    frame = pd.DataFrame(summary_rows(own)).set_index("Metric", drop=False)
    for names in SUMMARY_TABLES:  # narrow ones, which fit without scrolling sideways
        config = {
            name: st.column_config.TextColumn(name, help=EXPLAINED.get(name)) for name in names
        }
        st.dataframe(
            frame[["Metric", *names]], hide_index=True, width="stretch", height="content",
            column_config=config, alt=f"{', '.join(names)} of each metric",
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
