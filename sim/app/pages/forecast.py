"""Forecast: a history of contacts, the coming days with their band, and how good it is."""

from __future__ import annotations

from dataclasses import replace
from pathlib import PurePath
from typing import TYPE_CHECKING, Any

from sim.app.chart_display import draw_chart
from sim.app.column_mapping import mapping_fields, preview, show_table_problems
from sim.app.planning_jobs import PlanningJob, StepsDone, finished_plan, plan_job, start_plan
from sim.app.result_components import file_name
from sim.app.scenario_picker import show_problems
from sim.app.uploaded_files import temporary_files
from sim.app.workspace import as_text
from sim.units import BadInputError

if TYPE_CHECKING:
    from sim.app.uploads import Upload
    from sim.fileio import Table
    from sim.history.forecast_history import HistoryForecast

SLOT = "forecast"
WANTED = ("start", "date", "queue", "channel", "offered", "answered", "aht")
LAYOUTS = {"connect": "Amazon Connect", "genesys": "Genesys Cloud", "nice": "NICE IEX"}
ENDINGS = {"connect": "csv", "genesys": "json", "nice": "txt"}
SAMPLE = "shop.csv.gz"


def page() -> None:
    """Draw the page."""
    import streamlit as st

    st.title("Forecast")
    st.write(
        "Upload contacts by interval of past weeks. Several methods are tried on this history, "
        "those that did best forecast the coming days, and their errors are shown."
    )
    file = _upload()
    if file is None:
        return
    raw = _table(file)
    if raw is None:
        return
    columns = _columns(file.name, raw)
    options, is_valid = _options()
    events = _events()
    wanted = {**options, "columns": columns}
    mark = (file.name, hash(file.getvalue()), repr(wanted), hash(events and events.getvalue()))
    if st.button(
        "Forecast", type="primary", key="forecast:start", icon=":material/trending_up:",
        disabled=not is_valid,
    ):  # fmt: skip
        work = _work(file, events, wanted)
        start_plan(SLOT, PlanningJob(mark, "Forecasting", work, noun="forecast"))
        st.rerun()
    found: HistoryForecast | None = finished_plan(SLOT, mark, _words)
    if found is not None:
        _result(found)
    elif plan_job(SLOT, mark) is None:
        st.caption("What you upload is deleted when the forecast is done or cancelled.")


def _upload() -> Upload | None:
    """Draw the upload and the sample, and return the file."""
    import streamlit as st

    from sim.fileio import MEGABYTE, UPLOADS
    from sim.resources import scenarios_dir

    left, right = st.columns([3, 1], vertical_alignment="bottom")
    with left:
        file = st.file_uploader(
            "History (CSV, CSV.GZ or XLSX)", type=["csv", "gz", "tsv", "txt", "xlsx"],
            key="forecast:file", max_upload_size=UPLOADS.size // MEGABYTE,
            help="One row per queue and interval, several weeks or more. Exports of Avaya CMS, "
            "Five9, Zendesk, Amazon Connect, Genesys Cloud, NICE and Eleveo are recognised.",
        )  # fmt: skip
    with right:
        st.download_button(
            "Sample file", data=(scenarios_dir() / "history" / SAMPLE).read_bytes,
            file_name=SAMPLE, icon=":material/download:", on_click="ignore",
            key="forecast:sample", width="stretch",
        )  # fmt: skip
    return file


def _table(file: Upload) -> Table | None:
    from sim.fileio import table_from_bytes

    try:
        return table_from_bytes(file.name, file.getvalue())
    except BadInputError as error:
        show_table_problems(error)
        return None


def _columns(name: str, raw: Table) -> dict[str, str]:
    """Draw the mapping and the first rows; return the columns that differ from the guess."""
    import streamlit as st

    from sim.history.tables.column_mapping import MEANINGS, export_of
    from sim.history.tables.wide_table import guess_columns

    guessed, system = guess_columns(raw), export_of(raw)
    known = (
        f" It looks like an export of {system}."
        if system not in (None, "", "interval rows")
        else ""
    )
    st.caption(
        f"**{as_text(name)}**: {len(raw.rows):,} rows.{known} Columns were guessed from their "
        "titles; correct them below."
    )
    of = f"{SLOT}:{hash((raw.name, raw.header))}"
    sure = {"start", "offered"} <= guessed.keys()
    with st.expander("Column mapping", expanded=not sure, icon=":material/view_column:"):
        meanings = {key: MEANINGS[key] for key in WANTED}
        mapping = mapping_fields(of, raw.header, meanings, guessed)
        preview(raw, mapping)
    return {key: title for key, title in mapping.items() if title != guessed.get(key, "")}


def _options() -> tuple[dict[str, Any], bool]:
    """Draw days, country and time zone; return them, and whether they are valid."""
    import streamlit as st

    left, middle, right = st.columns(3)
    with left:
        days = st.number_input("Days ahead", 1, 366, 28, key="forecast:days")
    with middle:
        country = st.text_input(
            "Country of public holidays", key="forecast:country", placeholder="none",
            help="A code such as US, or with a part of the country such as DE-BY.",
        ).strip()  # fmt: skip
        is_valid = _is_valid(country, _holidays)
    with right:
        zone = st.text_input(
            "Time zone of the center", key="forecast:zone", placeholder="not set",
            help="Such as Europe/Berlin: hours that daylight saving skips or doubles are then "
            "recognised. The export to Amazon Connect requires it.",
        ).strip()  # fmt: skip
        is_valid = _is_valid(zone, _zone) and is_valid
    return {"days": int(days), "country": country or None, "center_zone": zone or None}, is_valid


def _holidays(country: str) -> None:
    import datetime as dt

    from sim.history.named_days import holidays_of

    holidays_of(country, dt.date.today(), dt.date.today())


def _zone(name: str) -> None:
    from sim.history.tables import time_zones

    time_zones.zone(name)


def _is_valid(text: str, check: Any) -> bool:
    """Show below a field what is wrong with it, and return whether nothing is."""
    try:
        if text:
            check(text)
    except BadInputError as error:
        show_problems(error)
        return False
    return True


def _events() -> Upload | None:
    """Draw the upload of known events."""
    import streamlit as st

    from sim.fileio import MEGABYTE, UPLOADS

    with st.expander("Campaigns and other events", icon=":material/event:"):
        return st.file_uploader(
            "Events (CSV or XLSX)", type=["csv", "tsv", "txt", "xlsx"], key="forecast:events",
            max_upload_size=UPLOADS.size // MEGABYTE,
            help="Columns date and name; perhaps until, change (such as +20%) and queue. Without "
            "change the effect is estimated from past days of the same name.",
        )  # fmt: skip


def _work(file: Upload, events: Upload | None, options: dict[str, Any]) -> Any:
    contents = {file.name: file.getvalue()}
    events_file = f"events-{events.name}" if events is not None else None
    if events is not None and events_file is not None:
        contents[events_file] = events.getvalue()

    def work(job: PlanningJob) -> HistoryForecast:
        from sim.history.forecast_history import forecast

        with temporary_files(contents) as path:
            found = forecast(
                path(file.name),
                events=None if events_file is None else path(events_file),
                progress=lambda done, queues: job.step("queues", done, queues),
                **options,
            )
        return replace(found, history=replace(found.history, name=file.name))

    return work


def _words(state: StepsDone) -> str:
    return f"{state.done} of {state.steps} queues"


def _result(found: HistoryForecast) -> None:
    """Draw what was odd, the forecast with its band, the back-test and the downloads."""
    import streamlit as st

    from sim.report.forecast_charts import (
        forecast_alt_text,
        forecast_by_day,
        forecast_by_interval,
        weeks_of,
    )
    from sim.report.forecast_text import EXPLAINED, choice_rows, error_rows, forecast_notes

    names = [one.queue for one in found.queues]
    queue = 0
    if len(names) > 1:
        queue = names.index(st.segmented_control(
            "Queue", names, default=names[0], required=True, key="forecast:queue"
        ))  # fmt: skip
    alt_text = forecast_alt_text(found, queue)
    draw_chart(forecast_by_day(found, queue), alt=alt_text)
    weeks = weeks_of(found)
    week = st.selectbox(
        "Week by interval", range(len(weeks)), format_func=lambda k: f"from {weeks[k]}",
        key="forecast:week", width=240,
    )  # fmt: skip
    draw_chart(forecast_by_interval(found, queue, week), alt=alt_text)
    st.subheader("Odd in the history", divider="gray")
    _odd(found, queue)
    st.subheader("Errors on the history itself", divider="gray")
    _table_of(error_rows(found.queues[queue]), "Back-test: methods by horizon")
    _table_of(choice_rows(found.queues[queue]), "What forecasts each horizon")
    with st.expander("What these numbers are"):
        st.markdown("\n".join(f"- **{name}**: {as_text(text)}" for name, text in EXPLAINED.items()))
    notes = [*forecast_notes(found), *(f"{k}: {v}" for k, v in found.queues[queue].refused.items())]
    if notes:
        with st.expander("Notes"):
            st.markdown("\n".join(f"- {as_text(note)}" for note in notes))
    _downloads(found)


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
    stem = file_name(PurePath(found.history.name).name.split(".")[0])
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


def _layout(found: HistoryForecast, stem: str, layout: str) -> str:
    """Draw the download of a layout; return why there is none, else nothing."""
    import streamlit as st

    if layout == "connect" and not found.center_zone:
        return f"{LAYOUTS[layout]}: times are in UTC; set the time zone of the center above"
    try:
        content = found.in_layout(layout)
    except BadInputError as error:
        return f"{LAYOUTS[layout]}: {error}"
    st.download_button(
        LAYOUTS[layout], data=content.encode(), on_click="ignore", icon=":material/download:",
        file_name=f"{stem}-{layout}.{ENDINGS[layout]}", key=f"forecast:{layout}",
    )  # fmt: skip
    return ""
