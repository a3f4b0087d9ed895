"""The result of page Forecast: charts, tables, errors, what was odd, and ways on."""

from __future__ import annotations

from pathlib import PurePath
from typing import TYPE_CHECKING

from sim.app.chart_display import draw_chart
from sim.app.forecast_into_scenario import forecast_into_scenario
from sim.app.forecast_table import open_as_new_scenario
from sim.app.option_words import in_app_words
from sim.app.result_components import file_name
from sim.app.workspace import as_text
from sim.units import BadInputError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sim.history.forecast_history import HistoryForecast

LAYOUTS = {"connect": "Amazon Connect", "genesys": "Genesys Cloud", "nice": "NICE IEX"}
ENDINGS = {"connect": "csv", "genesys": "json", "nice": "txt"}
HOLIDAYS = (
    "Days of the history are odd, in this queue or another (*Odd in the history* below), and no "
    "country is chosen. If public holidays explain them, "
    "choose the *Country of public holidays* with the file (choose that again, too, where it is no "
    "longer shown) and forecast again: they are then known among the coming days too."
)
GENESYS = (
    "Genesys Cloud imports whole weeks: the forecast must begin on the first day of the week of "
    "the business unit."
)


def draw_forecast(found: HistoryForecast) -> None:
    """Draw the forecast with its band, what was odd, the back-test and the downloads.

    Parameters
    ----------
    found : HistoryForecast
    """
    import streamlit as st

    from sim.history.forecast_history import HOLIDAYS_UNNAMED
    from sim.report.forecast_charts import (
        forecast_alt_text,
        forecast_by_day,
        forecast_by_interval,
        weeks_of,
    )
    from sim.report.forecast_text import coverage_sentences, day_rows, week_rows
    from sim.report.forecast_verdict import verdict_sentences

    names = [one.queue for one in found.queues]
    queue = 0
    if len(names) > 1:
        queue = names.index(st.segmented_control(
            "Queue", names, default=names[0], required=True, key="forecast:queue"
        ))  # fmt: skip
    _ways_on(found)
    if HOLIDAYS_UNNAMED in found.notes:
        st.info(HOLIDAYS, icon=":material/event_busy:")
    one = found.queues[queue]
    for sentence in verdict_sentences(one, found.history.queues[queue].days):
        st.markdown(as_text(sentence))
    _coverage(coverage_sentences(one))
    alt_text = forecast_alt_text(found, queue)
    draw_chart(forecast_by_day(found, queue), alt=alt_text)
    weeks = weeks_of(found)
    week = st.selectbox(
        "Seven days by interval", range(len(weeks)), format_func=weeks.__getitem__,
        key="forecast:week", width=340,
    )  # fmt: skip
    draw_chart(forecast_by_interval(found, queue, week), alt=alt_text)
    by_week, by_day = st.tabs(["By seven days", "By day"])
    with by_week:
        _table_of(week_rows(found, queue), "Contacts of each seven days, with prediction intervals")
    with by_day:
        _table_of(day_rows(found, queue), "Contacts by day, with prediction intervals", False)
    _quality(found, queue)
    _downloads(found)


def _ways_on(found: HistoryForecast) -> None:
    """Draw what puts the forecast into a new scenario, or into one that there is."""
    import streamlit as st

    from sim.history.interval_forecast import forecast_csv

    if st.button(
        "Open as new scenario", key="forecast:scenario", icon=":material/table_view:",
        help="Page New scenario adds handle time, patience and target, and finds the agents.",
    ):  # fmt: skip
        open_as_new_scenario(f"{_stem(found)}-forecast.csv", forecast_csv(found.intervals))
    forecast_into_scenario(found)


def _coverage(sentences: list[str]) -> None:
    """Draw where prediction intervals were off: too narrow as a warning, too wide as a remark."""
    import streamlit as st

    shown = [as_text(f"{text[0].upper()}{text[1:]}.") for text in sentences]
    narrow = [text for text in shown if "too narrow" in text]
    if narrow:
        st.warning("\n\n".join(narrow), icon=":material/straighten:")
    if len(narrow) < len(shown):
        st.caption("  \n".join(text for text in shown if text not in narrow))


def _stem(found: HistoryForecast) -> str:
    return file_name(PurePath(found.history.name).name.split(".")[0])


def _quality(found: HistoryForecast, queue: int) -> None:
    """Draw what was odd, the errors of the back-test, and the notes."""
    import streamlit as st

    from sim.history.forecast_history import HOLIDAYS_UNNAMED
    from sim.report.forecast_text import (
        EXPLAINED,
        chosen_lines,
        coverage_rows,
        error_rows,
        forecast_notes,
    )

    st.subheader("Odd in the history", divider="gray")
    _odd(found, queue)
    st.subheader("Errors on the history itself", divider="gray")
    _table_of(error_rows(found.queues[queue]), "Back-test: methods by horizon")
    _list(as_text(line) for line in chosen_lines(found.queues[queue]))
    _table_of(coverage_rows(found.queues[queue]), "Coverage and busyness at each horizon")
    with st.expander("What these numbers are"):
        _list(f"**{name}**: {as_text(text)}" for name, text in EXPLAINED.items())
    shown = [note for note in forecast_notes(found) if note != HOLIDAYS_UNNAMED]
    notes = [*shown, *(f"{k}: {v}" for k, v in found.queues[queue].refused.items())]
    if notes:
        with st.expander("Notes"):
            _list(as_text(in_app_words(note)) for note in notes)


def _list(lines: Iterable[str]) -> None:
    import streamlit as st

    st.markdown("\n".join(f"- {line}" for line in lines))


def _odd(found: HistoryForecast, queue: int) -> None:
    import streamlit as st

    from sim.report.forecast_text import odd_rows

    rows = odd_rows(found, queue)
    if len(rows) == 1:
        st.write("Nothing.")
    else:
        _table_of(rows, "What is odd in the history", content=False)


def _table_of(rows: list[list[str]], alt: str, content: bool = True) -> None:
    """Draw rows, the first of which has the titles."""
    import pandas as pd
    import streamlit as st

    titles = [title if head.count(title) == 1 else f"{title}{' ' * k}"
              for head in [rows[0]] for k, title in enumerate(head)]  # fmt: skip
    st.dataframe(
        pd.DataFrame(rows[1:], columns=titles), hide_index=True, width="stretch",
        height="content" if content else "auto", alt=alt,
    )  # fmt: skip


def _downloads(found: HistoryForecast) -> None:
    """Draw a button for each file; what a layout lacks is shown instead."""
    import streamlit as st

    from sim.history.interval_forecast import forecast_csv

    st.subheader("Download", divider="gray")
    stem = _stem(found)
    with st.container(horizontal=True):
        st.download_button(
            "Interval rows (CSV)", data=lambda: forecast_csv(found.intervals).encode(),
            file_name=f"{stem}-forecast.csv", mime="text/csv", on_click="ignore",
            icon=":material/download:", key="forecast:rows",
            help="Staffing, scenarios and page New scenario read it as it is.",
        )  # fmt: skip
        missing = [_layout(found, stem, layout) for layout in LAYOUTS]
    for text in filter(None, missing):
        st.caption(as_text(text))
    st.caption(GENESYS)


def _layout(found: HistoryForecast, stem: str, layout: str) -> str:
    """Draw the download of a layout; return why there is none, else nothing."""
    import streamlit as st

    if layout == "connect" and not found.center_zone:
        return f"{LAYOUTS[layout]}: times are in UTC; set the time zone of the center above"
    try:
        content = found.in_layout(layout)
    except BadInputError as error:
        return in_app_words(f"{LAYOUTS[layout]}: {error}")
    st.download_button(
        LAYOUTS[layout], data=content.encode(), on_click="ignore", icon=":material/download:",
        file_name=f"{stem}-{layout}.{ENDINGS[layout]}", key=f"forecast:{layout}",
    )  # fmt: skip
    return ""
